"""The strategies: up to four, each measures on a timeline, with what they cost and a budget."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from analysis.app import charts, session, setup
from analysis.app.session import draw, inert
from analysis.app.setup import colour_of
from analysis.results.levers import lever
from analysis.results.summary import called
from analysis.results.tables import plan_of
from analysis.results.undone import reasons, title_of, why_not
from analysis.words.languages import Language
from sim.errors import AdoptionError, BudgetError
from sim.people.population import chart
from sim.programme import ledger
from sim.programme.deployments import first_go_live, first_month, measure_of
from sim.scenario import read_catalogue
from sim.scenario.measure import Measure
from sim.scenario.schema import Deployment, Scenario


def show() -> None:
    """Show the page."""
    words = session.words()
    st.title(words._("Strategies"), anchor=False)
    now = session.current()
    columns = st.columns(setup.MOST)
    for place, column in enumerate(columns):
        with column.container(border=True, height="stretch"):
            if place < len(now.scenarios):
                _card(place, words)
            elif place == len(now.scenarios):
                _new(words)
    place = min(st.session_state.get("edited", len(now.scenarios) - 1), len(now.scenarios) - 1)
    st.divider()
    _edit(place, words)


def _card(place: int, words: Language) -> None:
    """Show a strategy: its name, what it costs, what can be done with it."""
    scenario = session.current().scenarios[place]
    session.named(called(scenario, words), colour_of(place))
    try:
        text = words.plural(
            "{number} measure, {cost}",
            "{number} measures, {cost}",
            len(scenario.deployments),
            cost=words.euro(plan_of(scenario).total),
        )
    except BudgetError:
        text = words._("does not fit its budget")
    except AdoptionError:
        text = words._("cannot be simulated")
    st.caption(text)
    bars = _bars(scenario, words)[1:]
    if bars:
        draw(charts.small_timeline(bars, scenario.simulation.months, colour_of(place), words))
    left, right = st.columns(2)
    if left.button(words._("Edit"), key=f"edit {place}", width="stretch"):
        st.session_state.edited = place
        st.rerun()
    if len(session.current().scenarios) > 1 and right.button(
        words._("Remove"), key=f"remove {place}", width="stretch"
    ):
        session.put(session.current().without(place), afresh=True)
        st.rerun()


def _new(words: Language) -> None:
    """Offer one more strategy."""
    titles = setup.titles(words)
    name = st.selectbox(
        words._("One more strategy, like"),
        list(titles),
        index=4,
        format_func=titles.__getitem__,
        key=session.key("like"),
    )
    if st.button(words._("Add"), key="add", type="primary"):
        session.put(session.current().added(setup.shipped(name, words)), afresh=True)
        st.session_state.edited = len(session.current().scenarios) - 1
        st.rerun()


# --- One strategy --------------------------------------------------------------------------


def _edit(place: int, words: Language) -> None:
    """Show a strategy in full, and let it be changed."""
    scenario = session.current().scenarios[place]
    left, right = st.columns([1, 2], gap="large")
    with left:
        title = st.text_input(
            words._("Name of the strategy"),
            scenario.label,
            max_chars=80,
            key=session.key(f"title {place}"),
        )
        if title and title != scenario.label:
            session.change({"title": title}, place)
        _measures(place, words)
        _budget(place, words)
    with right:
        _timeline(place, words)


def _measures(place: int, words: Language) -> None:
    """Let measures be chosen, and each be set."""
    scenario = session.current().scenarios[place]
    catalogue = read_catalogue()
    there = {name: measure_of(name, d) for name, d in scenario.deployments.items()}
    titles = {name: words.of(measure.title) for name, measure in (catalogue | there).items()}
    chosen = st.multiselect(
        words._("Measures"),
        list(titles),
        list(there),
        format_func=titles.__getitem__,
        key=session.key(f"measures {place}"),
    )
    changes: dict[str, Any] = {f"programme.{name}": None for name in there if name not in chosen}
    changes |= {f"programme.{name}": {} for name in chosen if name not in there}
    if changes:
        session.change(changes, place)
        scenario = session.current().scenarios[place]
    for name, deployment in scenario.deployments.items():
        measure = measure_of(name, deployment)
        with st.expander(inert(titles.get(name, name))):
            st.caption(words.of(measure.description))
            _deployment(place, name, deployment, measure, words)


def _deployment(
    place: int, name: str, deployment: Deployment, measure: Measure, words: Language
) -> None:
    """Let a measure be set: when, how much."""
    last = session.current().first.simulation.months
    path = f"programme.{name}"
    changes: dict[str, Any] = {}
    if deployment.after_go_live is None:
        start = st.slider(
            words._("First month"),
            1,
            max(last, deployment.start),
            deployment.start,
            key=session.key(f"start {place} {name}"),
        )
        if start != deployment.start:
            changes[f"{path}.start"] = start
    long = deployment.months or (1 if measure.lasting == "one_off" else last)
    months = st.slider(
        words._("Months"), 1, max(last, long), long, key=session.key(f"months {place} {name}")
    )
    if months != long:
        changes[f"{path}.months"] = months
    much = lever(name, deployment, session.current().scenarios[place], words)
    label = words._("How much: {unit}", unit=much.unit)
    changes |= session.moved(much, label, session.key(f"{much.path} {place}"))
    if changes:
        session.change(changes, place)
        st.rerun()


def _budget(place: int, words: Language) -> None:
    """Let a budget be set, and what happens when the plan costs more."""
    scenario = session.current().scenarios[place]
    limited = st.toggle(
        words._("A budget"), scenario.budget.total is not None, key=session.key(f"limited {place}")
    )
    if not limited:
        if scenario.budget.total is not None:
            session.change({"budget.total": None}, place)
            st.rerun()
        return
    start = (
        scenario.budget.total
        if scenario.budget.total is not None
        else 1_000.0 * np.ceil(_cost(scenario) / 1_000.0)
    )
    total = st.number_input(
        words._("Euros in all"),
        0.0,
        1e9,
        float(start),
        5_000.0,
        format="%.0f",
        key=session.key(f"budget {place}"),
    )
    ways = {
        "priority": words._("leave out what matters least"),
        "scale": words._("do everything a little less"),
    }
    if (
        scenario.budget.total is not None and scenario.budget.when_over == "fail"
    ):  # so it came from a file
        ways = {"fail": words._("say so"), **ways}
    over = st.selectbox(
        words._("If it does not fit"),
        list(ways),
        index=list(ways).index(scenario.budget.when_over)
        if scenario.budget.when_over in ways
        else 0,
        format_func=ways.__getitem__,
        key=session.key(f"over {place}"),
    )
    kept = list(scenario.budget.keep or ())
    if over != "fail":
        titles = {name: title_of(name, scenario, words) for name in scenario.deployments}
        kept = st.multiselect(
            words._("Never cut"),
            list(titles),
            [name for name in kept if name in titles],
            format_func=titles.__getitem__,
            key=session.key(f"keep {place}"),
        )
    if (total, over) != (scenario.budget.total, scenario.budget.when_over) or set(kept) != set(
        scenario.budget.keep or ()
    ):
        session.change(
            {"budget.total": total, "budget.when_over": over, "budget.keep": kept}, place
        )
        st.rerun()


def _cost(scenario: Scenario) -> float:
    try:
        return plan_of(scenario).total
    except AdoptionError:
        return scenario.budget.total or 0.0


def _timeline(place: int, words: Language) -> None:
    """Show what happens when, what it costs, and what is left of the budget."""
    scenario = session.current().scenarios[place]
    try:
        plan = plan_of(scenario)
        by_month = ledger.ledger(scenario, chart(scenario)).sum(axis=1)
    except AdoptionError as error:
        session.refused(error)
        return
    last = scenario.simulation.months
    costs = np.concatenate([[0.0], by_month.to_numpy().cumsum()])[: last + 1]
    st.subheader(
        words._(
            "{strategy}: {cost} in {months} months",
            strategy=inert(called(scenario, words)),
            cost=words.euro(plan.total),
            months=last,
        ),
        anchor=False,
    )
    for reason in reasons(scenario, ledger.undone_if_known(scenario), words):
        st.warning(inert(reason))
    _left(scenario, plan, words)
    shade = colour_of(place)
    draw(charts.timeline(_bars(scenario, words), last, shade, words))
    draw(charts.spending(costs, last, shade, words))
    items = plan.items["total"].sort_values(ascending=False)
    names = {name: words.of(measure_of(name, d).title) for name, d in scenario.deployments.items()}
    names |= {
        "licences": words._("licences"),
        "integration": words._("integration"),
        "support": words._("support"),
        "data": words._("data"),
        "investment": words._("investment"),
    }
    lines = [
        f"{inert(names.get(str(name), str(name)))}: {words.euro(float(cost))}"
        for name, cost in items.items()
        if cost >= 1.0
    ]
    st.caption(" · ".join(lines))
    st.caption(
        words._(
            "This is what is planned, with as many as are expected to take part. On the page Comparison "
            "stands what was delivered in the simulation, which can be a little more or less."
        )
    )


def _left(scenario: Scenario, plan: Any, words: Language) -> None:
    """Show how much of the budget is used, what is left, and what does not fit."""
    total = scenario.budget.total
    if total is None:
        return
    rest = max(0.0, plan.unspent or 0.0)
    used = min(1.0, 1.0 - rest / total) if total > 0.0 else 1.0
    st.progress(
        used,
        words._(
            "{used} of {total} used, {left} left",
            used=words.euro(total - rest),
            total=words.euro(total),
            left=words.euro(rest),
        ),
    )


def _bars(scenario: Scenario, words: Language) -> list[dict[str, Any]]:
    """Return when each measure is in force."""
    last = scenario.simulation.months
    undone = {missing.name: missing for missing in ledger.undone_if_known(scenario)}
    bars = []
    for name, deployment in scenario.deployments.items():
        measure = measure_of(name, deployment)
        start = max(1, first_month(deployment, scenario) + 1)
        long = deployment.months or (1 if measure.lasting == "one_off" else last)
        end = min(last, start + long - 1)
        text = words._("months {start} to {end}", start=start, end=end)
        if start == end:
            text = words._("month {month}", month=start)
        title, missing = words.of(measure.title), undone.get(name)
        if missing is not None:
            text = f"{text}; {why_not(missing, words)}"
            title = f"{title}: {why_not(missing, words)}"
        nothing = missing is not None and missing.part == 0.0
        bars.append(
            {
                "name": title,
                "start": min(start, last) - 0.5,
                "end": max(start, end) + 0.5,
                "told": text,
                "done": not nothing,
            }
        )
    live = first_go_live(scenario)
    bars.insert(
        0,
        {
            "name": words._("AI available"),
            "start": live - 0.5,
            "end": last + 0.5,
            "told": words._("from month {month}", month=live),
            "done": live <= last,
        },
    )
    return bars
