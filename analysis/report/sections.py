"""The sections of the first two pages: how many, at what price, how sure, why, what next."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Final

from analysis.report.values import DASH, Cell, Row, Section, Table, span
from analysis.results.answer import Answer, Group, Strategy, of_cases
from analysis.results.firm import Amount, percents
from analysis.results.firm import head as head_of
from analysis.results.firm import span as span_of
from analysis.results.summary import SUCCESS_LEVEL, SUCCESS_MONTH, group_name
from analysis.words.languages import SPACE, Language

ALIKE: Final = 0.05
"""Groups whose gains differ by less are said to gain alike, where they gain much."""

MOSTLY: Final = 0.9
"""Share of parameter vectors from which on an order is said not to hang on them."""


def alike(gained: Collection[float]) -> bool:
    """Return whether groups gain about as much, for what they gain [shares]."""
    most = max(map(abs, gained))
    return max(gained) - min(gained) < max(0.02, min(ALIKE, 0.25 * most))


def levels(answer: Answer, words: Language) -> Section:
    """Return how many use it every week in the months people ask about."""
    rows = tuple(
        Row(
            (
                Cell(strategy.called(words)),
                *(_level(strategy, month, answer, words) for month in answer.months),
            ),
            strategy.colour,
            strategy is answer.best,
        )
        for strategy in answer.strategies
    )
    table = Table(
        words._("Weekly users of AI, % of all employees"),
        (words._("Strategy"), *(words._("Month {month}", month=month) for month in answer.months)),
        rows,
        note=""
        if answer.result.runs == 1
        else words._("Small: where 80 of 100 organisations like this one end up."),
    )
    return Section("levels", words._("How many use it every week"), tables=(table,))


def _level(strategy: Strategy, month: int, answer: Answer, words: Language) -> Cell:
    level = strategy.at(month)
    band = span(words.number(100.0 * level.low), words.percent(level.high))
    return Cell(words.percent(level.mean), "" if answer.result.runs == 1 else band)


# --- The second page ---------------------------------------------------------------------------


def costs(answer: Answer, words: Language) -> Section:
    """Return what each strategy costs and brings."""
    rows = tuple(
        Row(
            (
                Cell(strategy.called(words)),
                _amount(strategy.money.spent, words),
                _amount(strategy.money.earned, words),
                _amount(strategy.money.net, words, sign=True),
                Cell(*percents(strategy.money.roi, words)),
                _even(strategy, answer, words),
                *_extra(strategy, answer, words),
            ),
            strategy.colour,
            strategy is answer.best,
        )
        for strategy in answer.strategies
    )
    head = [
        words._("Strategy"),
        words._("Spent"),
        words._("Earned"),
        words._("Net"),
        words._("Return"),
        words._("Earned back"),
    ]
    if len(answer.strategies) > 1:
        head += [words._("Extra users"), words._("Per extra user")]
    note = words._(
        "Over {month} months, excluding VAT, without discounting. Earned: a part of the time saved "
        "counts as money. Earned back: median month. Return: net per euro spent.",
        month=answer.last,
    )
    small = words._(
        "Small: 95% interval over organisations; other numbers for how people react can move it further."
    )
    captured = {s.tool.capture_rate for s in answer.result.scenarios.values()}
    if len(captured) == 1:
        note = words._(
            "Over {month} months, excluding VAT, without discounting. Earned: {share} of the time "
            "saved counts as money. Earned back: median month. Return: net per euro spent.",
            month=answer.last,
            share=words.percent(captured.pop()),
        )
    if answer.result.runs > 1:
        note = f"{note} {small}"
    table = Table(words._("What it costs and brings"), tuple(head), rows, note=note)
    return Section("costs", words._("What it costs and brings"), tables=(table,))


def _amount(amount: Amount, words: Language, sign: bool = False) -> Cell:
    between = span_of(amount, words)
    if between and amount.low >= 0.0:  # the sign of the euro once, as room is scarce
        low, high = (words.euro(end, step=amount.step) for end in amount[1:])
        between = span(low, high.lstrip(f"€{SPACE}"))
    return Cell(head_of(amount, words, sign), between)


def _even(strategy: Strategy, answer: Answer, words: Language) -> Cell:
    month, _, between = answer.even(strategy, words).partition(" (")
    return Cell(month, between.removesuffix(")"))


def _extra(strategy: Strategy, answer: Answer, words: Language) -> list[Cell]:
    if len(answer.strategies) == 1:
        return []
    if strategy is answer.reference:
        return [Cell(DASH), Cell(DASH)]
    users = strategy.extra.extra_users
    low, high = (words.number(end, sign=True) for end in users[1:])
    bounds = words._("{low} to {high}", low=low, high=high) if users.step else ""
    each = strategy.extra.cost_per_extra_user
    return [Cell(words.number(users.mean, sign=True), bounds), _amount(each, words)]


def sure(answer: Answer, words: Language) -> Section:
    """Return how sure it is."""
    several, last = answer.strategies[1:], answer.last
    tried = next((list(s.beats) for s in several if s.beats), [])
    troughs = any(math.isfinite(s.trough) for s in answer.strategies)
    head = [words._("Strategy")]
    head += [
        {
            "literature": words._("By the research"),
            "vendor": words._("By practitioners"),
        }.get(name, name)
        for name in tried
    ]
    head += [words._("Difference, points"), words._("Does better in")]
    head += [words._("Never users"), words._("Falls from its top")]
    head += [words._("Dips early")] if troughs else []
    rows = []
    for strategy in answer.strategies:
        cells = [Cell(strategy.called(words))]
        if strategy is answer.reference:
            cells += [Cell(DASH)] * (2 + len(tried))
        else:
            added = strategy.added[last]
            interval = words._(
                "{low} to {high}", low=words.points(added.low), high=words.points(added.high)
            )
            bounded = math.isfinite(added.low)
            share, equal = answer.wins(strategy, words)
            better = Cell(share, words._("equal in {equal}", equal=equal) if equal else "")
            cells += [
                *(_of_vectors(strategy, name, words) for name in tried),
                Cell(words.points(added.mean), interval if bounded else ""),
                Cell(words._("identical")) if strategy.same_as == answer.reference.name else better,
            ]
        cells.append(Cell(words.percent(strategy.never.mean)))
        cells.append(_fall(strategy, words))
        cells += [Cell(words.percent(strategy.trough))] if troughs else []
        rows.append(Row(tuple(cells), strategy.colour, strategy is answer.best))
    return Section(
        "sure",
        words._("How sure it is"),
        (*_sure_sentences(answer, tried, words), _fails(answer, words)),
        tables=(
            Table(
                words._("How sure it is"),
                tuple(head),
                tuple(rows),
                note=_sure_note(answer, bool(tried), troughs, words),
            ),
        ),
    )


def _of_vectors(strategy: Strategy, name: str, words: Language) -> Cell:
    """Return under which share of parameter vectors a strategy does better, or the same."""
    equal = strategy.ties.get(name, 0.0)
    note = words._("equal in {equal}", equal=words.percent(equal)) if equal else ""
    return Cell(of_cases(strategy.beats[name], strategy.vectors, words), note)


def _fails(answer: Answer, words: Language) -> str:
    """Return how often each strategy fails: too few weekly users when a programme should have worked."""
    listed = [
        words._(
            "{label} in {share}", label=strategy.quoted(words), share=words.percent(strategy.fails)
        )
        for strategy in answer.strategies
    ]
    return words._(
        "Fewer than {level} weekly users in month {month}: {listed} of the organisations, with the usual "
        "numbers.",
        level=words.percent(SUCCESS_LEVEL),
        month=min(SUCCESS_MONTH, answer.last),
        listed=words.listed(listed),
    )


def _fall(strategy: Strategy, words: Language) -> Cell:
    if strategy.fall is None:
        return Cell(words._("no"))
    fall = strategy.fall
    return Cell(words.points(fall.low - fall.high))


def _sure_sentences(answer: Answer, tried: list[str], words: Language) -> list[str]:
    if len(answer.strategies) == 1:
        return [answer.how_sure(words)]
    best, base = answer.best, answer.reference
    shares = [best.beats[name] for name in tried] if best.beats else []
    if best.same_as == base.name:
        return []  # the title says it
    if not shares:
        return []
    ties = [best.ties.get(name, 0.0) for name in tried]
    worse = [1.0 - share - tie for share, tie in zip(shares, ties, strict=True)]
    if min(ties) >= MOSTLY:
        return [
            words._(
                "{label} and {base} do equally well under nearly all numbers that fit the evidence.",
                label=best.quoted(words),
                base=base.quoted(words),
            )
        ]
    if min(shares) >= MOSTLY or min(worse) >= MOSTLY:
        winner, loser = (best, base) if min(shares) >= MOSTLY else (base, best)
        return [
            words._(
                "{label} does better than {base} under nearly all numbers that fit the evidence, of "
                "either kind.",
                label=winner.quoted(words),
                base=loser.quoted(words),
            )
        ]
    return [
        words._(
            "That {label} does better than {base} depends on numbers nobody knows exactly: treat "
            "it as a possibility, not as advice.",
            label=answer.best.quoted(words),
            base=answer.reference.quoted(words),
        )
    ]


def _sure_note(answer: Answer, tried: bool, troughs: bool, words: Language) -> str:
    sentences = []
    if len(answer.strategies) > 1:
        sentences.append(
            words._(
                "Difference: points of weekly users in month {month} compared with {base}, small its 95% interval. Does better in: organisations, with the usual numbers.",
                month=answer.last,
                base=answer.reference.quoted(words),
            )
        )
    if tried:
        sentences.append(
            words._(
                "By the research, by practitioners: under how many other sets of numbers for how people react it does better."
            )
        )
    sentences.append(words._("Never users: had access for half a year and never used it weekly."))
    sentences.append(
        words._(
            "Falls from its top: points of weekly users the mean loses after its highest month, if a tenth or more."
        )
    )
    if troughs:
        sentences.append(
            words._(
                "Dips early: share of organisations whose expected use in months 4 to 9 of access is a tenth or more below its top before; later falls do not count."
            )
        )
    return " ".join(sentences)


def why(answer: Answer, words: Language) -> Section:
    """Return why, and who gains."""
    tables = []
    for kind in dict.fromkeys(group.kind for group in answer.groups):
        if kind == "department":
            continue  # a section of its own, with every strategy
        groups = [group for group in answer.groups if group.kind == kind]
        tables.append(_group_table(kind, groups, answer, words))
    gained = gains(answer, words)
    sentences = [gained] if gained else []
    if answer.reasons and answer.best.same_as != answer.reference.name and not answer.why(words):
        sentences.append(words._("Nothing inside people explains a clear difference."))
    also = [words._("Also different: {what}", what=line) for line in answer.also(words)]
    return Section(
        "why",
        words._("Why, and who gains"),
        tuple(sentences),
        (*answer.why(words), *also),
        tuple(tables),
    )


def kind_name(kind: str, words: Language) -> str:
    """Return what a kind of groups is called."""
    names = {
        "archetype": words._("By main objection"),
        "department": words._("By department"),
    }
    return names[kind]


def kind_title(kind: str, words: Language) -> str:
    """Return what one group of a kind is called."""
    return {"archetype": words._("Main objection"), "department": words._("Department")}[kind]


def _group_table(kind: str, groups: list[Group], answer: Answer, words: Language) -> Table:
    best, base = answer.best, answer.reference
    head = [kind_title(kind, words), words._("People")]
    rows = []
    if best is base:
        head.append(words._("Weekly users"))
        for group in groups:
            cells = [*_group_cells(group, words), Cell(words.percent(group.users[best.name]))]
            rows.append(Row(tuple(cells)))
    else:
        head += [base.called(words), best.called(words), words._("Points")]
        for group in groups:
            low, high = group.users[base.name], group.users[best.name]
            cells = [
                *_group_cells(group, words),
                Cell(words.percent(low)),
                Cell(words.percent(high)),
                Cell(words.points(high - low)),
            ]
            rows.append(Row(tuple(cells)))
    return Table(kind_name(kind, words), tuple(head), tuple(rows))


def _group_cells(group: Group, words: Language) -> list[Cell]:
    return [Cell(group_name(group.kind, group.name, words)), Cell(words.number(group.people))]


def gains(answer: Answer, words: Language) -> str:
    """Return which group gains most and which least."""
    best, base = answer.best, answer.reference
    if best is base or len(answer.groups) < 2 or best.added[answer.last].low <= 0.0:
        return ""
    sentences = []
    spread = [group.users[best.name] - group.users[base.name] for group in answer.groups]
    if alike(spread):
        return words._(
            "All groups gain about as much ({least} to {most} points).",
            least=words.points(min(spread)),
            most=words.points(max(spread)),
        )
    for kind in dict.fromkeys(group.kind for group in answer.groups):
        gained = {
            group_name(kind, group.name, words): group.users[best.name] - group.users[base.name]
            for group in answer.groups
            if group.kind == kind
        }
        most, least = (pick(gained, key=lambda name: gained[name]) for pick in (max, min))
        if alike(gained.values()):
            sentences.append(
                words._(
                    "{kind}: all gain about as much ({least} to {most} points).",
                    kind=kind_name(kind, words),
                    most=words.points(gained[most]),
                    least=words.points(gained[least]),
                )
            )
            continue
        sentences.append(
            words._(
                "{kind}: {first} gains most ({most} points), {last} least ({least}).",
                kind=kind_name(kind, words),
                first=most,
                most=words.points(gained[most]),
                last=least,
                least=words.points(gained[least]),
            )
        )
    return " ".join(sentences)


def next_steps(answer: Answer, words: Language) -> Section:
    """Return what to do next."""
    points = (
        words._(
            "Put in what is your own: staff, ties and what measures cost you. Every cost here is an "
            "assumption until then."
        )
        if answer.result.scenarios[answer.reference.name].organisation.people is None
        else words._("Put in what measures cost you: every cost here is an assumption until then."),
        words._(
            "Go through the measures that rest on assumption with the people who know "
            "the organisation."
        ),
        words._(
            "Begin in one department and measure: a survey after three months says more than this "
            "model ever will."
        ),
    )
    return Section("next", words._("What to do next"), points=points)


def limits(words: Language) -> Section:
    """Return what this cannot tell."""
    points = (
        words._(
            "It is a what-if, not a forecast: many organisations like yours were simulated, and "
            "nobody knows which of them is yours."
        ),
        words._(
            "Intervals hold luck and organisations. That the rules themselves are wrong is in no "
            "interval, and when the model was tested it missed much."
        ),
        words._(
            "It says nothing about single people, jobs, other tools, or the quality of what is made "
            "with AI."
        ),
    )
    return Section("limits", words._("What this cannot tell"), points=points)
