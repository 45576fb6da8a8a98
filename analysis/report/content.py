"""What the report says, as plain values in one language; the renderers only lay it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.figures.frame import CROWD
from analysis.report import plans, sections, turning
from analysis.report.appendices import appendices_of
from analysis.report.assumptions import origin_line
from analysis.report.cover import Cover
from analysis.report.values import Bars, Curve, Report
from analysis.results.answer import Answer, Strategy, same_question
from analysis.results.colours import PALETTE, REFERENCE
from analysis.results.comparison import paired
from analysis.results.firm import euros, firm
from analysis.results.undone import lowered
from analysis.words.languages import Language

if TYPE_CHECKING:
    from analysis.decisions.frontier import Frontier


def report_of(
    answer: Answer,
    words: Language,
    cover: Cover | None = None,
    warnings: Sequence[str] = (),
    frontier: Frontier | None = None,
) -> Report:
    """Return everything the report says.

    Parameters
    ----------
    one
        The answer.
    words
        Language it is said in.
    cover
        Client, logo, question, decision and day; what is left out follows from the answer, but for
        the day: the same result gives the same bytes.
    warnings
        What was left out, and why.
    frontier
        The best plans for some budgets, where they were searched for.
    """
    cover = cover or Cover()
    asked = cover.question.strip() or same_question(list(answer.result.scenarios.values()))
    leads = tuple(
        filter(
            None,
            (*_leads(answer, words), answer.against_second(words), answer.for_the_money(words)),
        )
    )
    whole = Report(
        language=words.code,
        title=words._("Use of AI at {name}: strategies compared", name=answer.organisation),
        eyebrow=_eyebrow(answer, words),
        day=words.date(cover.day) if cover.day else "",
        client=cover.client,
        logo=cover.picture,
        decision=cover.decision or turning.decision(answer, words),
        question=asked or words._("Which strategy brings most people to weekly use of AI?"),
        headline=answer.headline(words),
        outcome=answer.outcome(words),
        not_done=tuple(answer.not_done(words)),
        leads=leads,
        warnings=(*_warnings(answer, words), *warnings),
        curves=tuple(_curve(strategy, words) for strategy in answer.strategies),
        months=tuple(answer.months),
        chart=words._("Weekly users of AI, % of all employees"),
        reading=_reading(answer, words),
        alt=_alt(answer, words),
        money=_money_bars(answer, words),
        adds=turning.add_bars(answer, words),
        timeline=plans.timeline(answer, words),
        levels=sections.levels(answer, words),
        costs=sections.costs(answer, words),
        sure=sections.sure(answer, words),
        why=sections.why(answer, words),
        next_steps=sections.next_steps(answer, words),
        limits=sections.limits(words),
        choices=plans.choices(answer, words),
        added=turning.added(answer, words),
        parts=turning.parts(answer, words),
        within=plans.within(answer, words, frontier is not None),
        turns=turning.turns(answer, words),
        days=plans.days(answer, words),
        messages=_messages(answer, words),
        origin=origin_line(answer, words),
        words=_layout(words, cover.client),
    )
    whole = replace(whole, appendices=appendices_of(answer, words))
    if frontier is None:
        return whole
    messages = whole.messages | {"within": plans.searched_message(frontier, words)}
    return replace(whole, searched=(plans.searched(frontier, words),), messages=messages)


# --- The first page ----------------------------------------------------------------------------


def _eyebrow(answer: Answer, words: Language) -> str:
    count = len(answer.strategies)
    people = words.plural("{number} person", "{number} people", answer.people)
    compared = words.plural("{number} strategy", "{number} strategies compared", count)
    name = answer.organisation
    return (
        f"{compared} · {name}" if str(answer.people) in name else f"{compared} · {name}, {people}"
    )


def _warnings(answer: Answer, words: Language) -> list[str]:
    """Return what a reader has to know before anything else."""
    result, warnings = answer.result, []
    if result.interrupted:
        warnings.append(
            words._(
                "The simulation was interrupted: {runs} of {asked} organisations are in this report.",
                runs=words.number(result.runs),
                asked=words.number(result.asked),
            )
        )
    if result.runs == 1:
        warnings.append(
            words._(
                "One organisation was simulated: nothing can be said about luck, there are no bands "
                "and no intervals. Simulate a hundred or more before anything is decided."
            )
        )
    elif result.runs < 30:
        warnings.append(
            words._(
                "Only {runs} organisations were simulated: bands and intervals are rough.",
                runs=words.number(result.runs),
            )
        )
    if len({scenario.simulation.months for scenario in result.scenarios.values()}) > 1:
        warnings.append(
            words._(
                "Strategies differ in length; all are shown to month {month}, the last they share.",
                month=answer.last,
            )
        )
    return warnings


def _leads(answer: Answer, words: Language) -> list[str]:
    """Return how sure the answer is and what it costs; whose it is, if that is not the winner."""
    leads = [answer.how_sure(words), answer.price(words)]
    best, base = answer.best, answer.reference
    if best.same_as == base.name:
        leads = [
            f"{best.quoted(words)}: {lowered(answer.price(words))}"
        ]  # the rest is said already
    elif best is not base and not best.added[answer.last].low > 0.0:
        leads = [f"{best.quoted(words)}: {lowered(sentence)}" for sentence in leads]
    shown = [base] if best is base or best.same_as == base.name else [base, best]
    falls = [(strategy, answer.falls(strategy, words)) for strategy in shown]
    return [
        *leads[:-1],
        *(f"{strategy.quoted(words)}: {fall}." for strategy, fall in falls if fall),
        leads[-1],
    ]


def _curve(strategy: Strategy, words: Language) -> Curve:
    mean, low, high = (tuple(100.0 * float(value) for value in part) for part in strategy.adoption)
    return Curve(
        strategy.called(words),
        strategy.colour,
        mean,
        low,
        high,
        words.percent(strategy.at(-1).mean),
    )


def _reading(answer: Answer, words: Language) -> str:
    runs = words.number(answer.result.runs)
    if answer.result.runs == 1:
        return words._("Line: the one organisation simulated.")
    if len(answer.strategies) > CROWD:
        return words._(
            "Line: mean of {runs} organisations. Bar at its end: 80 of 100 organisations lie there "
            "(10-90%).",
            runs=runs,
        )
    return words._(
        "Line: mean of {runs} organisations. Shade: 80 of 100 organisations lie there (10-90%).",
        runs=runs,
    )


def _alt(answer: Answer, words: Language) -> str:
    parts = [
        words._(
            "{label}: {share} in month {month} (10-90%: {low} to {high})",
            label=strategy.called(words),
            share=words.percent(level.mean),
            month=answer.last,
            low=words.percent(level.low),
            high=words.percent(level.high),
        )
        for strategy in answer.strategies
        for level in [strategy.at(answer.last)]
    ]
    text = words._("Line chart of weekly users by month, a line for each strategy.")
    return f"{text} {'; '.join(parts)}."


# --- Slides ------------------------------------------------------------------------------------


def _money_bars(answer: Answer, words: Language) -> Bars:
    spent, earned = (
        tuple(
            firm(amount)
            for strategy in answer.strategies
            for amount in [getattr(strategy.money, part)]
        )
        for part in ("spent", "earned")
    )
    return Bars(
        words._("Euros over {month} months", month=answer.last),
        tuple(strategy.called(words) for strategy in answer.strategies),
        ((words._("Spent"), REFERENCE, spent), (words._("Earned"), PALETTE[2], earned)),
        "€",
    )


def _messages(answer: Answer, words: Language) -> dict[str, str]:
    """Return what slides say in their titles."""
    best, base, early, last = answer.best, answer.reference, answer.months[0], answer.last
    messages = {
        "curves": answer.headline(words),
        "levels": words._(
            "After {month} months {share} use it every week with {label}.",
            month=early,
            share=words.percent(best.at(early).mean),
            label=best.quoted(words),
        ),
        "choices": plans.choices_message(answer, words),
        "added": turning.added_message(answer, words),
        "parts": turning.parts_message(answer, words),
        "within": plans.within_message(answer, words),
        "turns": turning.turns_message(answer, words),
        "days": plans.days_message(answer, words),
        "costs": words._(
            "{label} costs {spent} and earns {earned} in {month} months.",
            label=best.quoted(words),
            spent=euros(best.money.spent, words),
            earned=euros(best.money.earned, words),
            month=last,
        ),
        "sure": answer.how_sure(words),
        "next": words._("Begin small, measure, and put in your own numbers."),
        "rests": words._("Much is assumed: read the order of strategies, not the decimals."),
    }
    if best is base:
        return messages
    values = {"month": early, "label": best.quoted(words), "base": base.quoted(words)}
    ahead, end = best.added[early], best.added[last]
    points = words.points(abs(ahead.mean), sign=False)
    if ahead.low > 0.0:
        messages["levels"] = words._(
            "After {month} months {label} is {points} points ahead of {base}.",
            **values,
            points=points,
        )
    elif ahead.high < 0.0:
        messages["levels"] = words._(
            "After {month} months {label} is {points} points behind {base}.",
            **values,
            points=points,
        )
    elif ahead.equal == 1.0:
        messages["levels"] = words._(
            "After {month} months {label} has exactly as many weekly users as {base}.", **values
        )
    else:
        messages["levels"] = words._(
            "After {month} months {label} is not clearly ahead of {base}.", **values
        )
    messages["sure"] = answer.how_sure(words)
    if end.equal < 1.0:
        ahead_ = end.mean >= 0.0
        pairs = paired(answer.result, best.name, base.name)
        holds = end.better if ahead_ else 1.0 - end.better - end.equal
        messages["sure"] = words._(
            "{label} brings more weekly users than {base} in {organisations}.",
            label=(best if ahead_ else base).quoted(words),
            base=(base if ahead_ else best).quoted(words),
            organisations=answer.organisations(holds, words, pairs),
        )
    return messages


def _layout(words: Language, client: str) -> dict[str, str]:
    return {
        "appendix": words._("Appendix"),
        "decision": words._("Decision asked"),
        "logo": words._("Logo of {client}", client=client) if client else words._("Logo"),
        "more": words._("and {number} more", number="{number}"),
        "first": words._("Read this first"),
        "month": words._("Month of the programme"),
        "go_live": words._("go-live"),
        "skip": words._("Skip to the answer"),
        "author": "ai-adoption",
        "band": words._("10-90% of organisations"),
        "dashes": words._("Dashed: 80 of 100 organisations lie between (10-90%)"),
    }
