"""Why one strategy does more than another: measure by measure, department by department, person by person."""

from __future__ import annotations

import streamlit as st

from analysis.app import asked, decided, session, studies, why_charts
from analysis.app.following import followed, refined
from analysis.app.session import draw, inert
from analysis.app.why_charts import BAD, ENDS, GOOD, Bar
from analysis.decisions.colleague import Colleague
from analysis.decisions.colleague_texts import sentences as of_colleague
from analysis.decisions.explain import Explained
from analysis.decisions.explain_texts import sentences, side, title
from analysis.decisions.game import BARE, bare, differing
from analysis.results.answer import Answer
from analysis.results.estimates import Estimate
from analysis.results.summary import called, group_name
from analysis.words.languages import Language
from sim.scenario.schema import Scenario


def show(words: Language) -> None:
    """Show the part."""
    setup = session.current()
    left, middle, right = st.columns([1.2, 1.2, 1], gap="medium")
    with left:
        reference = _reference(words)
    with middle:
        whole = asked.strategy(words._("To"), "why to", len(setup.scenarios) - 1, words)
    with right:
        month = asked.month("why month", words)
    if reference is None:
        reference = bare(whole)
    if reference is whole or not differing(whole, reference):
        st.info(words._("These two do the same: choose two strategies that differ."))
    else:
        against = reference
        refined(
            f"why {whole.name} {against.name} {month}",
            lambda: decided.explained(setup, whole, against, month, False),
            lambda: decided.explained(setup, whole, against, month, True),
            lambda why, coming: _waterfall(why, coming),
        )
    _departments(words)
    _colleagues(whole, words)


def _reference(words: Language) -> Scenario | None:
    """Ask from which strategy; None is the roll-out without measures."""
    listed = {**asked.names(words), BARE: words._("Roll-out without measures")}
    kept = session.field("why from")
    names = list(listed)
    start = names.index(kept) if kept in names else (0 if len(names) > 2 else len(names) - 1)
    chosen = st.selectbox(
        words._("From"), names, index=start, format_func=listed.__getitem__,
        key=session.key("why from"),
    )  # fmt: skip
    if chosen != names[start]:
        session.fill("why from", chosen)
    return next((each for each in session.current().scenarios if each.name == chosen), None)


# --- A bar for each measure -------------------------------------------------------------------


def _waterfall(why: Explained, coming: bool) -> None:
    words = session.words()
    st.subheader(inert(headline(why, words)), anchor=False)
    st.markdown(inert(firm(why, words)))
    draw(
        why_charts.bars(
            steps(why, words),
            words._("Weekly users in month {month}, % of employees", month=why.goal.month),
            zero=False,
        )
    )
    note = words._(
        "Each bar is what a measure adds on average, whichever comes first; the line at its end is the 95% "
        "interval of {runs} organisations with the same people and the same luck. Euro: what it costs to "
        "that month, beside the other strategy.",
        runs=words.number(why.runs),
    )
    st.caption(note + asked.as_before(words) + asked.more_coming(coming, words))
    said = sentences(why, words)
    for text in said:
        st.markdown(f"- {inert(text)}")
    asked.as_table(
        [
            {
                words._("Measure"): title(why.players[k], why, words),
                words._("Points"): words.number(why.share(k).value, 1, sign=True),
                words._("95 % interval"): between(why.share(k), words),
                words._("Euro"): words.euro(float(why.costs[k]), step=100.0),
            }
            for k in why.order
        ],
        words,
    )


def headline(why: Explained, words: Language) -> str:
    """Return in a sentence which measure does most of the difference."""
    total, first = why.total, why.order[0]
    share = why.share(first)
    names = {"whole": side(why, why.scenario, words), "base": side(why, why.reference, words)}
    if total.low <= 0.0 <= total.high:
        return words._("“{whole}” and “{base}” do about as much", **names)
    if total.value < 0.0:
        return words._(
            "“{whole}” does {points} points less than “{base}”",
            points=words.number(-total.value, 1), **names,
        )  # fmt: skip
    if share.low <= 0.0 or len(why.order) == 1:
        return words._(
            "“{whole}” does {points} points more than “{base}”",
            points=words.number(total.value, 1), **names,
        )  # fmt: skip
    return words._(
        "The measure “{measure}” does {share} of the {points} points that “{whole}” adds to “{base}”",
        measure=title(why.players[first], why, words),
        share=words.number(share.value, 1),
        points=words.number(total.value, 1),
        **names,
    )


def firm(why: Explained, words: Language) -> str:
    """Return how firm that is: the interval of the whole, and whether the order is clear."""
    text = words._(
        "The whole difference is {points} points, {between} in 95 of 100 such studies.",
        points=words.number(why.total.value, 1, sign=True),
        between=between(why.total, words),
    )
    if len(why.order) < 2:
        return text
    apart = why.shares[why.order[0]] - why.shares[why.order[1]]
    clear = float((apart > 0.0).mean())
    return f"{text} " + words._(
        "“{first}” does more than “{second}” in {share} of the organisations.",
        first=title(why.players[why.order[0]], why, words),
        second=title(why.players[why.order[1]], why, words),
        share=words.percent(clear),
    )


def between(value: Estimate, words: Language) -> str:
    """Return an interval: '11.0 to 13.1'."""
    low, high = (words.number(end, 1) for end in (value.low, value.high))
    return words._("{low} to {high}", low=low, high=high)


def steps(why: Explained, words: Language) -> list[Bar]:
    """Return the bars of the waterfall, from the reference to the whole."""
    first, last = why.level(0), why.level(1)
    at = first.value
    rows = [_end(side(why, why.reference, words), first, why.runs, words)]
    for k in why.order:
        share = why.share(k)
        after = at + share.value
        euro = float(why.costs[k])
        told = words._(
            "{points} points ({between})",
            points=words.number(share.value, 1, sign=True),
            between=between(share, words),
        )
        if euro:
            told += f", {words.euro(euro, sign=True, step=1000.0)}"
        rows.append(
            Bar(
                title(why.players[k], why, words), told, at, after, at + share.low, at + share.high,
                GOOD if share.value >= 0.0 else BAD,
            )
        )  # fmt: skip
        at = after
    return [*rows, _end(side(why, why.scenario, words), last, why.runs, words)]


def _end(name: str, level: Estimate, runs: int, words: Language) -> Bar:
    told = asked.own_figure(level, runs, words)
    return Bar(name, told, 0.0, level.value, level.low, level.high, ENDS)


# --- Department by department -----------------------------------------------------------------


def _departments(words: Language) -> None:
    """Show who uses it where under which strategy, from what step 3 simulated."""
    st.subheader(words._("Where it lands: departments and strategies"), anchor=False)
    followed(lambda: studies.quick(session.current()), _heat)


def _heat(answered: studies.Found) -> None:
    words = session.words()
    answer = answered.answer
    if answer is None:
        st.info(words._("No strategy can be simulated: see step 3 for the reason."))
        return
    groups = [group for group in answer.groups if group.kind == "department"]
    least = answer.reference.scenario.privacy.min_group
    if not groups:
        st.caption(words._("Groups of fewer than {least} people are not shown.", least=least))
        return
    beside = False
    if len(answer.strategies) > 1:
        beside = st.toggle(
            words._("Points beside {base}", base=answer.reference.called(words)), key="heat beside"
        )
    st.html(heat_of(answer, beside, words))
    st.caption(
        words._(
            "Weekly users in month {month}, % of the people there; in brackets: people, on average. Groups of "
            "fewer than {least} people are not shown.",
            month=answer.last,
            least=least,
        )
    )


def heat_of(answer: Answer, beside: bool, words: Language) -> str:
    """Return departments and strategies as a table, as levels or as differences to the reference."""
    groups = [group for group in answer.groups if group.kind == "department"]
    shown = [each for each in answer.strategies if not (beside and each is answer.reference)]
    base = answer.reference.name
    rows, cells = [], []
    for group in groups:
        own = [group.users[each.name] - beside * group.users[base] for each in shown]
        name = group_name("department", group.name, words)
        rows.append((f"{name} ({words.number(group.people)})", own))
        cells.append([words.points(value) if beside else words.percent(value) for value in own])
    most = max([0.01, *(abs(value) for _, own in rows for value in own)]) if beside else 1.0
    heads = [each.called(words) for each in shown]
    return why_charts.heat(rows, heads, cells, words._("Department"), most)


# --- Person by person -------------------------------------------------------------------------


def _colleagues(scenario: Scenario, words: Language) -> None:
    """Show an invented colleague of each archetype."""
    name = called(scenario, words)
    st.subheader(
        inert(words._("One invented colleague of each kind, under “{plan}”", plan=name)),
        anchor=False,
    )
    followed(lambda: decided.colleagues(session.current(), scenario), _persons)


def _persons(listed: tuple[Colleague, ...]) -> None:
    words = session.words()
    for pair in (listed[k : k + 2] for k in range(0, len(listed), 2)):
        for column, me in zip(st.columns(2, gap="medium"), pair, strict=False):
            with column.container(border=True, height="stretch"):
                st.markdown(f"**{inert(group_name('archetype', me.archetype, words))}**")
                st.markdown(inert(" ".join(of_colleague(me, words))))
    note = words._(
        "Nobody real. The person of each kind whose months of use are nearest the middle of all of that kind, "
        "in ten simulated organisations; reasons as the simulation recorded them."
    )
    if session.current().first.organisation.people is not None:
        note += " " + words._(
            "Your people come from a file: here an invented organisation of the same size is looked at."
        )
    st.caption(note)
