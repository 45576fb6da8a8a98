"""The page of Mesa: one organisation lived through month by month, in Mesa's own SolaraViz.

``adopt mesa`` serves it.
"""

from __future__ import annotations

from html import escape
from typing import Final

import numpy as np
import solara
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

import sim
from analysis.app.people import before, dots
from analysis.figures import theme
from analysis.network.champions import cast, offices
from analysis.results.summary import label_of
from analysis.words.languages import ENGLISH
from sim.kpis import is_weekly_user
from sim.state import ROLES

STRATEGIES: Final = {
    scenario.label: scenario
    for scenario in map(
        sim.load,
        (
            "baseline",
            "information-only",
            "training-heavy",
            "buddies",
            "champions",
            "leadership",
            "leadership-champions",
            "mandate-without-example",
            "participatory",
            "full-programme",
        ),
    )
}

FIRST: Final = "Leaders and champions"

CHAMPIONS: Final = 8
"""Champions to begin with [% of the staff]."""

LINES: Final = {
    "adoption": "#00794f",
    "felt_threat": "#D55E00",
    "skill": "#0072B2",
    "habit": "#4B1D6B",
}
"""What is followed month by month, and in which colour."""

KINDS: Final = ("has never used AI", "has stopped", "uses it now and then", "uses it every week")


class Organisation(sim.AdoptionModel):
    """One organisation with one strategy, as one chooses it on the page.

    Its parameters are its own: under Mesa 3.5 SolaraViz gives any model with a parameter
    ``scenario``, or with parameters it does not name, a scenario of Mesa's at every reset.

    Parameters
    ----------
    strategy
        Title of the scenario.
    champions
        Share of the staff appointed, where the strategy has champions [%].
    number
        Which organisation, from 1.
    """

    def __init__(self, strategy: str = FIRST, champions: int = CHAMPIONS, number: int = 1) -> None:
        scenario, run = STRATEGIES[strategy], number - 1
        named = offices(scenario)
        scenario = scenario.changed(
            {f"programme.{measure}.share": champions / 100 for measure in named}
        )
        (worlds,) = cast(scenario, scenario.simulation.seed, [run])
        super().__init__(scenario, run=run, worlds=worlds, agent_reporters=None)
        self.drawn = before(scenario, worlds)

    def step(self) -> None:
        """Live through a month; stop after the last one, also under Mesa 3.3."""
        if self.running:
            super().step()
            self.running = self.month < self.plan.months


# --- What is drawn -------------------------------------------------------------------------

# As SVG inside the page: what draws charts in Solara fetches its scripts from elsewhere.

CSS: Final = f"""
.adoption {{ color: {theme.INK}; background: white; padding: 1rem 1.5rem; }}
.adoption h1 {{ font-size: 1.7rem; line-height: 1.2; margin: 0; }}
.adoption p {{ color: {theme.QUIET}; margin: .3rem 0 0; }}
.adoption .both {{ display: grid; grid-template-columns: 1.2fr 1fr; gap: 1.5rem; align-items: start; }}
.adoption .key {{ display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .8rem 0; }}
.adoption .key i {{ display: inline-block; width: .8em; height: .8em; border-radius: 50%;
    margin-right: .4em; }}
.adoption svg {{ width: 100%; max-height: 72vh; display: block; font-family: Roboto, sans-serif; }}
@media (max-width: 1000px) {{ .adoption .both {{ grid-template-columns: 1fr; }} }}
"""


def page(model: Organisation) -> str:
    """Return the month that was lived through last: a sentence, the people, the curves [HTML]."""
    weekly = ENGLISH.percent(model.kpi("adoption"))
    organisation = model.settings.organisation
    return f"""
        <h1>{escape(model.settings.label)}: {weekly} use AI every week</h1>
        <p>Month {model.month} of {model.plan.months}. One organisation as it could be:
        {escape(organisation.name.split(",")[0])}, {len(model.staff)} invented people.</p>
        <div class="both">
            <div>{people(model)}</div>
            <div>{curves(model)}</div>
        </div>"""


def people(model: Organisation) -> str:
    """Return everybody by how they use AI now, with a legend that counts them [HTML]."""
    use = [
        3 if is_weekly_user(me, model.p) else 2 if me.uses else 1 if me.ever_used else 0
        for me in model.staff
    ]
    drawn = model.drawn._replace(use=np.array([use]))
    spots, ties, shades, names = dots(drawn, "use", 0, ENGLISH, KINDS)
    legend = "".join(
        f'<span><i style="background: {shade}"></i>{kind}: <b>{use.count(k)}</b></span>'
        for k, (kind, shade) in enumerate(shades.items())
    )
    lines = " ".join(
        f"M{tie['x']:.2f} {-tie['y']:.2f}L{tie['x2']:.2f} {-tie['y2']:.2f}" for tie in ties
    )
    shapes = [f'<path d="{lines}" stroke="#9aa0a6" stroke-opacity=".3" stroke-width=".07"/>']
    for me, spot, size in zip(model.staff, spots, drawn.size, strict=True):
        x, y = f"{spot['x']:.2f}", f"{-spot['y']:.2f}"
        labels = [ROLES[me.role].replace("_", " "), *["champion"] * me.champion, spot["told"]]
        if me.champion:
            shapes.append(
                f'<circle cx="{x}" cy="{y}" r="{size / 2 + 0.28:.2f}" fill="white" '
                f'stroke="{theme.INK}" stroke-width=".2"/>'
            )
        shapes.append(
            f'<circle cx="{x}" cy="{y}" r="{size / 2:.2f}" fill="{shades[spot["kind"]]}">'
            f"<title>{escape(', '.join(labels))}</title></circle>"
        )
    shapes += [
        f'<text x="{name["x"]:.2f}" y="{-name["y"]:.2f}" text-anchor="middle" font-size="1.1" '
        f'font-weight="600" fill="{theme.QUIET}">{escape(name["name"])}</text>'
        for name in names
    ]
    low, high = drawn.place.min(axis=0) - 2.0, drawn.place.max(axis=0) + 3.0
    wide, tall = high - low
    box = f"{low[0]:.2f} {-high[1]:.2f} {wide:.2f} {tall:.2f}"
    champions = sum(me.champion for me in model.staff)
    ringed = f", ringed for the {champions} champions" if champions else ""
    return f"""
        <div class="key">{legend}</div>
        <svg viewBox="{box}" role="img" aria-label="Who uses AI, and who notices whom">{"".join(shapes)}</svg>
        <p>A dot is a person, larger for leaders{ringed}; a line is a tie: two who notice each other.</p>"""


def curves(model: Organisation) -> str:
    """Return the KPIs month by month, each line with its name and value where it ends [HTML]."""
    collected, months = model.datacollector.model_vars, model.plan.months
    wide, tall, left, room = 440.0, 420.0, 32.0, 140.0

    def across(month: float) -> float:
        return left + (wide - left - room) * month / months

    def down(value: float) -> float:
        return 12.0 + (tall - 52.0) * (1.0 - value)

    marks = [
        f'<line x1="{left}" x2="{wide - room}" y1="{down(k / 5):.1f}" y2="{down(k / 5):.1f}" '
        f'stroke="{theme.FAINT}"/><text x="{left - 8}" y="{down(k / 5) + 4:.1f}" '
        f'text-anchor="end">{k / 5:.1f}</text>'
        for k in range(6)
    ]
    marks += [
        f'<text x="{across(tick):.1f}" y="{tall - 18}" text-anchor="middle">{tick}</text>'
        for tick in theme.month_ticks(months)
    ]
    marks.append(f'<text x="{across(months / 2):.1f}" y="{tall}" text-anchor="middle">Month</text>')
    ends = [down(collected[name][-1]) for name in LINES]
    places = theme.spread(ends, [9.0] * len(ends), [9.0] * len(ends), 0.0, tall - 30.0)
    for (name, shade), place in zip(LINES.items(), places, strict=True):
        values = collected[name]
        path = " ".join(f"{across(k):.1f},{down(share):.1f}" for k, share in enumerate(values))
        end = across(len(values) - 1)
        marks.append(
            f'<polyline points="{path}" fill="none" stroke="{shade}" stroke-width="3" '
            f'stroke-linejoin="round" stroke-linecap="round"/>'
            f'<circle cx="{end:.1f}" cy="{down(values[-1]):.1f}" r="4.5" fill="{shade}"/>'
            f'<text x="{end + 11:.1f}" y="{place + 4.5:.1f}" font-size="14.5" font-weight="600" '
            f'fill="{theme.readable(shade)}">{label_of(name)} {values[-1]:.2f}</text>'
        )
    return f"""
        <div class="key">Share of people, or their mean [0 to 1]</div>
        <svg viewBox="0 0 {wide} {tall + 6}" role="img" aria-label="Curves of four KPIs by month" font-size="13"
        fill="{theme.QUIET}">{"".join(marks)}</svg>"""


# --- The page ------------------------------------------------------------------------------


@solara.component  # type: ignore[untyped-decorator]
def Month(model: solara.Reactive[Organisation]) -> None:  # noqa: N802
    """Show the month that was lived through last."""
    update_counter.get()  # drawn again after each step
    solara.Style(CSS)
    solara.HTML("div", unsafe_innerHTML=page(model.value), classes=["adoption"])


@solara.component  # type: ignore[untyped-decorator]
def Page() -> None:  # noqa: N802
    """Let one choose a strategy, and live through it."""
    model = solara.use_reactive(solara.use_memo(Organisation, []))
    SolaraViz(
        model,
        components=[],
        play_interval=251,  # [ms]; the slider goes in tens from 1
        name="AI adoption, month by month",
        model_params={
            "strategy": {
                "type": "Select",
                "label": "Strategy",
                "value": FIRST,
                "values": list(STRATEGIES),
            },
            "champions": {
                "type": "SliderInt",
                "label": "Champions, % of staff",
                "value": CHAMPIONS,
                "min": 1,
                "max": 20,
                "step": 1,
            },
            "number": {
                "type": "SliderInt",
                "label": "Organisation",
                "value": 1,
                "min": 1,
                "max": 20,
                "step": 1,
            },
        },
    )
    with solara.Sidebar():
        solara.Text(
            "Play, or step by month. Reset starts anew, with the parameters as they are set then.",
            style={"color": theme.QUIET},
        )
    Month(model)
