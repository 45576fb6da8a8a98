"""Where the organisation stands: what is measured, and what is to be expected from here."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import numpy as np
import streamlit as st

from analysis.app import asked, decided, now_charts, now_observed, session, studies, why_charts
from analysis.app.following import followed, refined
from analysis.app.session import draw, inert
from analysis.app.why_charts import BAD, GOOD, Bar
from analysis.decisions import forecast_texts as texts
from analysis.decisions import measuring
from analysis.decisions.forecast import FEWEST_MONTHS, Forecast
from analysis.decisions.observed import Observed
from analysis.words.languages import Language
from sim.people.population import chart
from sim.programme.ledger import with_access
from sim.scenario.schema import Scenario


def show() -> None:
    """Show the page: what was observed and what is to come, then what to measure."""
    words = session.words()
    st.title(words._("Where are we now?"), anchor=False)
    with decided.only_shown():
        _parts(words)


def _parts(words: Language) -> None:
    scenario = asked.strategy(words._("Strategy under way"), "under way", 9, words)
    st.subheader(words._("What was measured, and where it leads"), anchor=False)
    session.guarded(lambda: _observed(scenario, words))()
    st.subheader(
        words._("What to measure, and what to expect of it: a plan of one page"), anchor=False
    )
    followed(lambda: studies.quick(session.current()), lambda answered: _plan(answered, scenario))


# --- What is to come --------------------------------------------------------------------------


def _observed(scenario: Scenario, words: Language) -> None:
    observed = now_observed.asked(words)
    if observed is None:
        return
    staff = chart(scenario)
    access = np.concatenate([[0.0], with_access(scenario, staff)])
    for text in texts.other_people(observed, len(staff.role), access, words):
        st.warning(inert(text), icon=":material/warning:")
    last, end = observed.last, scenario.simulation.months
    if len(observed.months) < FEWEST_MONTHS:
        st.info(words._("One month says too little of those to come: measure one more."))
        return
    if last >= end:
        st.info(
            words._(
                "Observed to month {last}, simulated to month {end}: simulate more months in step 1.",
                last=last,
                end=end,
            )
        )
        return
    month = asked.month("now month", words, last + 1)
    setup = session.current()
    refined(
        f"forecast {scenario.name} {month} {observed.plain()}",
        lambda: decided.forecast(setup, scenario, observed, month, False),
        lambda: decided.forecast(setup, scenario, observed, month, True),
        lambda ahead, coming: _ahead(ahead, observed, coming),
    )


def _ahead(ahead: Forecast | None, observed: Observed, coming: bool) -> None:
    """Show what is to come, how far that is to be trusted, and what each strategy does from here."""
    words = session.words()
    if ahead is None:
        st.info(words._("Too few of the first organisations fit: more are on their way."))
        return
    st.markdown(f"#### {inert(texts.message(ahead, words))}")
    fits = words._(
        "A misfit as large as this one is seen in {share} of the simulated organisations.",
        share=words.percent(ahead.surprise),
    )
    if ahead.doubted:
        st.warning(
            words._(
                "Not to be trusted: what was observed hardly fits this strategy. Look at the months, at what was "
                "really done, and at who had access."
            )
            + " "
            + fits,
            icon=":material/warning:",
        )
    else:
        st.markdown(inert(words._("It fits this strategy well enough.") + " " + fits))
    kpi = texts.kpi_name(ahead.levels.kpi, words)
    draw(now_charts.course(ahead, words._("{kpi}, % of employees", kpi=kpi), words))
    st.caption(
        words._(
            "Dots: observed. Grey: eight in ten of all organisations simulated for this strategy. Thin lines: some "
            "that fit what was observed. Blue: where eight in ten of those that fit lie from here. {runs} "
            "organisations.",
            runs=words.number(ahead.runs),
        )
        + " "
        + words._("Step 3 does not know what was observed, so it says another figure.")
        + asked.more_coming(coming, words)
    )
    _from_here(ahead, words)
    st.markdown(f"**{inert(again(ahead, words))}**")
    _tables(ahead, observed, words)


def _from_here(ahead: Forecast, words: Language) -> None:
    """Show what each of the other strategies does from here."""
    heading = words._("What each choice does from here, by month {month}", month=ahead.asked.month)
    st.markdown(f"#### {inert(heading)}")
    draw(
        why_charts.bars(
            [
                _way(row, place, words)
                for place, (_, row) in enumerate(texts.table(ahead, words).iterrows())
            ],
            words._("{kpi}, % of employees", kpi=texts.kpi_name(ahead.levels.kpi, words)),
            percent=True,
        )
    )


def _way(row: Any, place: int, words: Language) -> Bar:
    """Return what a choice reaches as a bar, and what it does beside going on."""
    told = _ends(row, words)
    if place:
        told += "; " + words._(
            "{points} points beside going on ({low} to {high}), {euro}",
            points=words.number(row["difference"], 1, sign=True),
            low=words.number(row["difference_low"], 1),
            high=words.number(row["difference_high"], 1),
            euro=words.euro(row["more_cost"], sign=True, step=1000.0),
        )
    colour = GOOD if not place or row["difference"] >= 0.0 else BAD
    return Bar(row["title"], told, row["low"], row["high"], row["low"], row["low"], colour)


def _ends(row: Any, words: Language) -> str:
    """Return a band: '31 to 52 %'."""
    return texts.between(np.array([row["low"], row["high"]]) / 100.0, words)


def again(ahead: Forecast, words: Language) -> str:
    """Return when to measure again."""
    return words._(
        "Measure every month, and look again after month {month}.",
        month=ahead.levels.last + ahead.learning.when,
    )


def _tables(ahead: Forecast, observed: Observed, words: Language) -> None:
    """Show the same as tables, and what an analyst wants to know."""
    asked.as_table(
        [
            {
                words._("Month"): words.number(int(month)),
                words._("Observed"): ""
                if row["observed"] != row["observed"]
                else words.percent(row["observed"] / 100.0),
                words._("Eight in ten"): _ends(row, words),
            }
            for month, row in ahead.months.iterrows()
        ],
        words,
    )
    with st.expander(words._("For the analyst")):
        for text in [*texts.sentences(ahead, words), *observed.notes]:
            st.markdown(f"- {inert(text)}")


# --- What to measure --------------------------------------------------------------------------


def _plan(answered: studies.Found, scenario: Scenario) -> None:
    """Show the plan of one page, and offer it as a file."""
    words = session.words()
    if answered.answer is None or scenario.name not in answered.answer.result.scenarios:
        st.info(words._("This strategy cannot be simulated: see step 3 for the reason."))
        return
    result = answered.answer.result
    rows = measuring.plan(result, scenario.name)
    heads = measuring.heads(rows, words)
    lines = measuring.cells(rows, words)
    st.html(plan_table(heads, lines))
    for note in measuring.notes_of(result, words):
        st.caption(inert(note))
    client = str(session.field("client") or "")
    st.download_button(
        words._("The plan on one page (to print)"),
        measuring.page(result, scenario.name, client, words),
        "measuring-plan.html",
        "text/html",
        key="measuring plan",
        icon=":material/download:",
    )


def plan_table(heads: list[str], lines: list[list[str]]) -> str:
    """Return the plan as a table; on a phone each KPI is a card."""
    head = "".join(f"<th scope='col'>{escape(text)}</th>" for text in heads)
    body = "".join(
        f"<tr><th scope='row'>{escape(line[0])}</th>"
        + "".join(
            f"<td data-head='{escape(name)}'>{escape(text)}</td>"
            for name, text in zip(heads[1:], line[1:], strict=True)
        )
        + "</tr>"
        for line in lines
    )
    return f"<style>{PLAN}</style><table class='plan'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


PLAN: Final = """
.plan { border-collapse: collapse; width: 100%; font-size: .95rem; }
.plan th, .plan td { text-align: left; vertical-align: top; padding: .45rem .6rem; border-bottom: 1px solid #d9d9d9; }
.plan th { font-weight: 600; } .plan thead th { border-bottom: 2px solid #005b94; }
@media (max-width: 640px) {
  .plan thead { position: absolute; left: -10000px; }
  .plan tr { display: block; border-bottom: 1px solid #8a8f94; padding: .5rem 0; }
  .plan th, .plan td { display: block; border: 0; padding: .12rem 0; }
  .plan td::before { content: attr(data-head) ": "; color: #5c5c5c; }
}
"""
