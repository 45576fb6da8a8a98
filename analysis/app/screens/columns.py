"""A strategy as a column: its months, its measures, what it costs, and what gives way."""

from __future__ import annotations

from html import escape
from typing import Final, NamedTuple

import streamlit as st

from analysis.app import meter as meters
from analysis.app import session, setup, studies
from analysis.app.lines import (
    Span,
    again,
    amount,
    audience,
    event_line,
    rule_line,
    span_of,
)
from analysis.app.meter import Meter
from analysis.app.session import inert
from analysis.app.setup import colour_of
from analysis.results.levers import lever
from analysis.results.undone import reasons, why_not
from analysis.words.languages import Language
from sim.errors import AdoptionError
from sim.programme import ledger
from sim.programme.deployments import first_go_live, measure_of, rounds
from sim.programme.ledger import Undone
from sim.scenario.schema import COUNCIL, Deployment, Scenario

LETTERS: Final = "ABC"
"""What the strategies beside the reference are called for short."""

ACCESS: Final = "access to AI"
"""What is open in a column where it is not a measure; no measure is called so."""

STYLE: Final = """
.col-head { display: flex; gap: .5rem; align-items: flex-start; border-top: 5px solid var(--own);
  padding-top: .45rem; min-height: 4.3rem; }
.col-letter { font-weight: 700; color: #fff; background: var(--own); border-radius: 4px; padding: 0 .45rem;
  line-height: 1.45rem; }
.col-name { font-weight: 600; line-height: 1.25; overflow-wrap: anywhere; }
.col-quiet { color: #5c5c5c; font-size: .82rem; font-weight: 400; line-height: 1.35; }
.ruler { position: relative; height: 2.3rem; margin-top: .1rem; font-size: .75rem; color: #5c5c5c;
  border-bottom: 1px solid #b9b9b9; }
.ruler span { position: absolute; bottom: .1rem; transform: translateX(-50%); }
.ruler .live { top: 0; bottom: auto; transform: none; color: #1a1a1a; font-weight: 600; white-space: nowrap; }
.track { position: relative; height: .8rem; background: #f0f0f0; border-radius: 3px; }
.track i { position: absolute; top: 0; bottom: 0; border-radius: 3px; background: var(--own);
  border: 1px solid var(--own); }
.track i.over { background: repeating-linear-gradient(135deg, var(--own) 0 4px, #fff 4px 8px); }
.track i.undone { background: #fff; border-style: dashed; }
.track b { position: absolute; top: -2px; bottom: -2px; border-left: 2px solid #1a1a1a; }
.under { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .6rem; font-size: .8rem;
  color: #4a4a4a; line-height: 1.4; margin-top: .1rem; font-variant-numeric: tabular-nums; }
.meter { margin-top: .2rem; font-variant-numeric: tabular-nums; }
.meter .track { height: 1.15rem; margin: .3rem 0 .4rem; }
.meter .track i.fixed { background: #767676; border-color: #767676; border-radius: 3px 0 0 3px; }
.meter .track i.fixed.over { background: repeating-linear-gradient(135deg, #767676 0 4px, #fff 4px 8px); }
.meter dl { display: grid; grid-template-columns: 1fr auto; gap: .05rem .8rem; margin: 0 !important; padding: 0 !important; font-size: .88rem; }
.meter dt, .meter dd { margin: 0 !important; padding: 0 !important; font-weight: inherit; } .meter dd { text-align: right; }
.meter dt.sum, .meter dd.sum { font-weight: 700; border-top: 1px solid #b9b9b9; }
.meter dt.short, .meter dd.short { color: #a4262c; font-weight: 700; }
.meter dt.left, .meter dd.left { color: #1d6b35; font-weight: 600; }
[class*=st-key-head] { flex-wrap: nowrap; }
[class*=st-key-head] > :first-child { flex: 1 1 auto; min-width: 0; }
[class*=st-key-head] > :last-child { flex: none; }
[class*=st-key-head] button { padding: .1rem .4rem; min-height: 1.8rem; font-size: .82rem; }
[class*=st-key-row] { gap: .15rem; }
[class*=st-key-row] button[kind=tertiary] { padding: 0; min-height: 1.6rem; justify-content: flex-start;
  text-align: left; }
[class*=st-key-ways] button { justify-content: flex-start; text-align: left; }
"""


class Shown(NamedTuple):
    """What a column shows: the strategy, its place, what it costs, what of it is not done."""

    place: int
    scenario: Scenario
    meter: Meter
    undone: dict[str, Undone]


def letter_of(place: int, words: Language) -> str:
    """Return what a strategy is called for short."""
    return words._("Ref.") if place == 0 else LETTERS[place - 1]


def column(place: int, most: float, words: Language) -> None:
    """Show a strategy.

    Parameters
    ----------
    place
        Which.
    most
        What the longest bar of cost stands for [euro], the same in every column.
    words
        The language.
    """
    scenario = session.current().scenarios[place]
    with st.container(key=f"head {place}", horizontal=True, gap="small"):
        st.html(_head(place, scenario, words))
        with st.popover(
            words._("Change"), help=words._("Rename, copy, move, reset or remove this strategy")
        ):
            _menu(place, scenario, words)
    try:
        shown = Shown(
            place,
            scenario,
            meters.meter(scenario),
            {missing.name: missing for missing in ledger.undone_if_known(scenario)},
        )
        st.html(_ruler(scenario, words))
        _access(shown, words)
        starts = {round_.name: round_.start + 1 for round_ in reversed(rounds(scenario))}
    except AdoptionError as error:
        session.refused(error)
        return
    for name, deployment in scenario.deployments.items():
        _measure(shown, name, deployment, starts.get(name, 1), words)
    if not scenario.deployments:
        st.caption(words._("No measures yet."))
    for name, rule in scenario.adaptive.items():
        st.caption(inert(rule_line(name, rule, words)))
    for name, event in scenario.happenings.items():
        st.caption(inert(event_line(name, event, words)))
    st.html(_meter(shown, most, words))
    _gives_way(shown, words)


# --- Its head -------------------------------------------------------------------------------


def _head(place: int, scenario: Scenario, words: Language) -> str:
    quiet = ""
    if place == 0 and len(session.current().scenarios) > 1:
        text = escape(words._("what happens otherwise"))
        quiet = f"<br><span class='col-quiet'>{text}</span>"
    return (
        f"<div class='col-head' style='--own:{colour_of(place)}'>"
        f"<span class='col-letter'>{escape(letter_of(place, words))}</span>"
        f"<span class='col-name'>{escape(scenario.label)}{quiet}</span></div>"
    )


def _menu(place: int, scenario: Scenario, words: Language) -> None:
    """Let a strategy be named, copied, moved, made as it was, and removed."""
    now = session.current()
    title = st.text_input(
        words._("Name of the strategy"),
        scenario.label,
        max_chars=80,
        key=session.key(f"title {place}"),
    )
    if title and title != scenario.label:
        session.change({"title": title}, place)
        st.rerun()
    several, shipped = len(now.scenarios), setup.origin(scenario)
    actions = {
        "copy": (words._("Copy"), several < setup.MOST),
        "left": (words._("Move to the left"), place > 0),
        "right": (words._("Move to the right"), place + 1 < several),
        "reset": (words._("As it was shipped"), shipped is not None),
        "remove": (words._("Remove"), several > 1),
    }
    for action, (label, possible) in actions.items():
        if st.button(label, key=f"{action} {place}", disabled=not possible, width="stretch"):
            _act(action, place, words)


def _act(action: str, place: int, words: Language) -> None:
    now = session.current()
    scenario = now.scenarios[place]
    if action == "copy":
        changed = now.added(scenario)
    elif action in ("left", "right"):
        changed = now.moved(place, -1 if action == "left" else 1)
    elif action == "remove":
        changed = now.without(place)
    else:
        fresh = setup.shipped(setup.origin(scenario) or scenario.name, words)
        total = {"budget.total": scenario.budget.total}
        changed = now.with_strategy(place, setup.as_in(now.first, fresh).changed(total))
    session.put(changed, afresh=True)
    st.rerun()


# --- Its months -----------------------------------------------------------------------------


def _at(month: float, months: int) -> str:
    """Return where the beginning of a month lies on the ruler."""
    return f"{100.0 * (month - 1.0) / months:.2f}%"


def _ruler(scenario: Scenario, words: Language) -> str:
    months = scenario.simulation.months
    step = max(1, round(months / 24)) * 6
    ticks = [1, *range(step, months + 1, step)]
    marks = "".join(
        f"<span style='left:{_at(month + 0.5, months)}'>{month}</span>" for month in ticks
    )
    live = first_go_live(scenario)
    text = escape(words._("go-live"))
    place = f"left:{_at(live, months)}" if live <= 0.7 * months else "right:0"
    flag = f"<span class='live' style='{place}'>\N{BLACK DOWN-POINTING TRIANGLE}{text}</span>"
    label = escape(words._("Months 1 to {last}; go-live in month {live}", last=months, live=live))
    return f"<div class='ruler' role='img' aria-label='{label}'>{marks}{flag if live <= months else ''}</div>"


def _track(span: Span, scenario: Scenario, kind: str, colour: str, said: str) -> str:
    """Return a bar on the ruler, with a line at go-live."""
    months, live = scenario.simulation.months, first_go_live(scenario)
    first = min(span.first, months)
    width = f"{100.0 * (min(span.last, months) - first + 1) / months:.2f}%"
    flag = f"<b style='left:{_at(live, months)}'></b>" if live <= months else ""
    return (
        f"<div class='track' role='img' aria-label='{escape(said, quote=True)}' style='--own:{colour}'>"
        f"<i class='{kind}' style='left:{_at(first, months)};width:{width}'></i>{flag}</div>"
    )


def _opened(shown: Shown, name: str, title: str, help: str) -> bool:
    """Show what a row is called, as a button that opens and closes it; return whether it is open."""
    this = [shown.scenario.name, name]
    is_open = st.session_state.get("open measure") == this
    if st.button(
        inert(title),
        key=f"open {shown.place} {name}",
        type="tertiary",
        icon=":material/expand_less:" if is_open else ":material/expand_more:",
        help=help,
    ):
        st.session_state["open measure"] = None if is_open else this
        st.rerun()
    return is_open


def _access(shown: Shown, words: Language) -> None:
    """Show who gets AI, and when; and let it be changed."""
    scenario, place = shown.scenario, shown.place
    months, live = scenario.simulation.months, first_go_live(scenario)
    there = meters.licences(scenario)
    number = words.plural("{number} licence", "{number} licences", there)
    with st.container(key=f"row {place} access"):
        help = words._("Who can use AI, and from when. Who gets no licence is drawn by chance.")
        is_open = _opened(shown, ACCESS, words._("AI available"), help)
        span = Span(live, max(live, months))
        kind = "" if shown.meter.fits else "over"
        said = words._("from month {month}", month=live)
        cost = words.euro(shown.meter.equipment)
        st.html(
            _track(span, scenario, kind, "#767676", said)
            + f"<div class='under'><span>{escape(number)}</span><span>{escape(cost)}</span></div>"
        )
        if not is_open:
            return
        most = meters.licences(meters.with_all_licences(scenario))
        if most > 1:
            asked = st.slider(
                words._("Licences"),
                1,
                most,
                min(max(1, there), most),
                key=session.key(f"licences {scenario.name}"),
            )
            if asked != there:
                changed = meters.with_licences(scenario, asked)
                session.put(session.current().with_strategy(place, changed))
                st.rerun()
            st.caption(
                words._(
                    "{cost} for licences", cost=words.euro(shown.meter.fixed.get("licences", 0.0))
                )
            )
        start = st.slider(
            words._("Go-live, month"),
            1,
            months,
            min(scenario.tool.go_live, months),
            key=session.key(f"go-live {scenario.name}"),
        )
        if start != scenario.tool.go_live:
            session.change({"tool.go_live": start}, place)
            st.rerun()


def _measure(shown: Shown, name: str, deployment: Deployment, start: int, words: Language) -> None:
    """Show a measure on the ruler; and let it be set, if it was opened."""
    scenario, place = shown.scenario, shown.place
    measure, missing = measure_of(name, deployment), shown.undone.get(name)
    span = span_of(name, deployment, scenario)
    late = max(0, start - span.first)
    span = Span(
        span.first + late, span.last + (late if span.last < scenario.simulation.months else 0)
    )
    said = f"{words.of(measure.title)}: {span.said(words)}"
    kind, note = "", amount(name, deployment, scenario, words)
    if not shown.meter.fits:
        kind, said = "over", "; ".join([said, words._("does not fit")])
    elif missing is not None:
        kind, note = "undone" if missing.part == 0.0 else "", why_not(missing, words)
        said = f"{said}; {note}"
    cost = shown.meter.measures.get(name)
    price = "" if cost is None else words.euro(cost)
    with st.container(key=f"row {place} {name}"):
        is_open = _opened(shown, name, words.of(measure.title), words.of(measure.description))
        st.html(
            _track(span, scenario, kind, colour_of(place), said)
            + f"<div class='under'><span>{escape(note)}</span><span>{escape(price)}</span></div>"
        )
        if is_open:
            _set(shown, name, deployment, late, words)


def _set(shown: Shown, name: str, deployment: Deployment, late: int, words: Language) -> None:
    """Let a measure be moved in time, be more or less, and be taken out."""
    scenario, place = shown.scenario, shown.place
    measure, months = measure_of(name, deployment), scenario.simulation.months
    asked = span_of(name, deployment, scenario)
    first, last = min(asked.first, months), min(asked.last, months)
    path, ident = f"programme.{name}", f"{scenario.name} {name}"
    changes: dict[str, object] = {}
    if months > 1:
        span = st.slider(
            words._("From month, to month"),
            1,
            months,
            (first, last),
            key=session.key(f"span {ident}"),
        )
        if span != (first, last):
            to_the_end = measure.lasting == "structural" and span[1] == months
            changes = {
                f"{path}.start": span[0],
                f"{path}.months": None if to_the_end else span[1] - span[0] + 1,
            }
            if deployment.after_go_live is not None:
                changes[f"{path}.after_go_live"] = None
    much = lever(name, deployment, scenario, words)
    label = words._("How much: {unit}", unit=much.unit)
    changes |= session.moved(much, label, session.key(f"much {ident}"))
    cost = shown.meter.measures.get(name)
    if cost is not None:
        st.caption(words._("costs {cost} here", cost=words.euro(cost)))
    for line in (again(deployment, words), audience(deployment, words)):
        if line:
            st.caption(inert(line))
    if late:
        st.caption(words._("Begins later than asked: the works council has to agree first."))
    if changes:
        session.change(changes, place)
        st.rerun()
    if st.button(words._("Take out"), key=f"out {place} {name}", icon=":material/delete:"):
        session.change({path: None}, place)
        st.session_state.epoch += 1  # the drawer shows what is in now
        st.rerun()


# --- What it costs, and what gives way ------------------------------------------------------


def _meter(shown: Shown, most: float, words: Language) -> str:
    """Return what is fixed, what the measures cost, and what that is of the budget."""
    meter, own = shown.meter, colour_of(shown.place)
    in_column = COUNCIL in shown.scenario.programme
    council = 0.0 if in_column else meter.measures.get(COUNCIL, 0.0)
    scale = max(most, 1.0)
    kind = "" if meter.fits else "over"

    def wide(value: float) -> str:
        return f"{100.0 * min(1.0, value / scale):.2f}%"

    limit = ""
    if meter.budget is not None:
        limit = f"<b style='left:{wide(meter.budget)}'></b>"
    names = {
        "licences": words._("licences"),
        "integration": words._("integration"),
        "support": words._("support"),
        "data": words._("data"),
        "investment": words._("investment"),
    }
    parts = words.listed([names[name] for name, cost in meter.fixed.items() if cost >= 1.0])
    rows = [
        (
            "",
            words._("Fixed: {parts}", parts=parts) if parts else words._("Fixed"),
            meter.equipment,
        ),
        ("", words._("Measures"), meter.plan - council),
        *([("", words._("Works council"), council)] if council else []),
        ("sum", words._("Total"), meter.total),
    ]
    if meter.budget is not None:
        rows.append(("", words._("Budget"), meter.budget))
        if meter.over >= 1.0:
            rows.append(("short", words._("Too much by"), meter.over))
        else:
            rows.append(("left", words._("Left"), meter.budget - meter.total))
    lines = "".join(
        f"<dt class='{style}'>{escape(name)}</dt><dd class='{style}'>{escape(words.euro(value))}</dd>"
        for style, name, value in rows
    )
    said = words._("{cost} in all", cost=words.euro(meter.total))
    if not meter.fits:
        said = "; ".join([said, words._("does not fit")])
    return (
        f"<div class='meter' style='--own:{own}'>"
        f"<div class='track' role='img' aria-label='{escape(said, quote=True)}'>"
        f"<i class='fixed {kind}' style='left:0;width:{wide(meter.equipment)}'></i>"
        f"<i class='{kind}' style='left:{wide(meter.equipment)};width:{wide(meter.plan)}'></i>{limit}</div>"
        f"<dl>{lines}</dl></div>"
    )


def _gives_way(shown: Shown, words: Language) -> None:
    """Say whether a strategy fits; offer what may give way; tell what gave way, and take it back."""
    scenario, meter, place = shown.scenario, shown.meter, shown.place
    if meters.chosen(scenario):
        line = meters.gave_way(scenario, words)
        if line:
            told = words._("Gave way: {what}", what=line)
            st.markdown(f"**{inert(told)}**")
        if line and st.button(
            words._("Take that choice back"), key=f"back {place}", icon=":material/undo:"
        ):
            _put(place, meters.as_asked(scenario))
    others = [
        missing
        for missing in shown.undone.values()
        if missing.reason not in ("budget", "scaled") or not meters.chosen(scenario)
    ]
    for reason in reasons(scenario, others, words) if meter.fits else ():
        st.warning(inert(reason))
    if not meter.fits:
        _ways(shown, words)


def _ways(shown: Shown, words: Language) -> None:
    """Offer the ways to make a strategy fit."""
    scenario, meter, place = shown.scenario, shown.meter, shown.place
    told = words._("This does not fit the budget, so it is not compared.")
    st.markdown(f"**{inert(told)}**")
    if meter.budget is None or meter.over < 1.0:  # another limit of a file, or something else
        error = studies.unusable(scenario)
        if error is not None:
            session.reason(error)
    elif meter.equipment > meter.budget:
        st.markdown(
            inert(
                words._(
                    "The fixed costs alone are {over} too much: only fewer licences helps.",
                    over=words.euro(meter.equipment - meter.budget),
                )
            )
        )
    labels = {
        "licences": words._("Fewer licences"),
        "scale": words._("Smaller measures"),
        "priority": words._("Leave out"),
    }
    ways = meters.ways_out(scenario)
    with st.container(key=f"ways {place}"):
        for way in ways:
            label = labels[way.name]
            if way.scenario is not None:
                what = meters.gave_way(way.scenario, words)
                if way.name == "priority":
                    what = words.listed(meters.left_out(way.scenario, words))
                label = words._("{way}: {what}", way=label, what=what) if what else label
            if (
                st.button(
                    inert(label),
                    key=f"way {place} {way.name}",
                    disabled=way.scenario is None,
                    width="stretch",
                )
                and way.scenario is not None
            ):
                _put(place, way.scenario)
    if all(way.scenario is None for way in ways):
        st.caption(
            words._(
                "Nothing of this makes it fit: raise the budget, or lower the prices in step 1."
            )
        )


def _put(place: int, scenario: Scenario) -> None:
    session.put(session.current().with_strategy(place, scenario), afresh=True)
    st.rerun()
