"""The study of ties: odds of starting with and without contagion, and other ties on the same people.

A figure by itself proves nothing: where everybody uses AI in the end, most who start have a using
colleague whatever moved them. So each is held against a control without contagion whose level is
raised until as many use it, and against the same people with other ties.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.studies.form import beside, records
from analysis.studies.ties.odds import Ratio, concordance, mantel_haenszel, ratio
from analysis.studies.ties.starts import MOST, counted, lives
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.parameters import numbers
from sim.programme.deployments import deployments_of, measure_of
from sim.scenario import as_scenario
from sim.scenario.schema import Scenario
from sim.simulator import Simulator
from sim.study.experiments import Progress
from sim.study.intervals import t_quantile

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

QUESTION: Final = "Do ties matter for who starts next, and for how fast use spreads?"

Changes = Mapping[str, Any]

SCENARIO: Final = "on-request"
"""Where ties can show: nothing makes everybody start at once."""

RUNS: Final = 120
SEED: Final = 1

SILENT: Final[Changes] = {
    "parameters.peer_weight": 0.0,
    "parameters.hearsay_rate": 0.0,
    "parameters.consider_peers": 0.0,
}
"""Contagion off: colleagues' use neither pulls, nor is believed, nor makes anybody consider AI."""

NO_EXAMPLE: Final[Changes] = {"parameters.leader_weight": 0.0, "parameters.consider_example": 0.0}
"""No leaders' example either: a boss who uses AI is a colleague too."""

COLLEAGUES: Final[Mapping[str, tuple[int, int]]] = {
    "1": (1, 1),
    "2": (2, 2),
    "3": (3, 3),
    "4 or more": (4, MOST),
    "2 or more": (2, MOST),
}
"""Numbers of using colleagues that are held against none."""

CONFIRMED: Final = "2 or more"
"""The one that decides."""

MONTHS: Final = (6, 9, 12)
"""Months in which curves are compared, and the one that is spoken of."""
SPOKEN_OF: Final = 9

CROSS: Final = (0.0, 4.0, 12.0)
"""Ties across teams that are compared."""

CLUSTERED: Final = "clustered"
REWIRED: Final = "rewired"

TOLERANCE: Final = 0.002
"""How near the control has to come to the level it is raised to."""

STRIDE: Final = 0.5
"""First step of the search, of desire [log-odds] and of the log of a rate."""

STEPS: Final = 16
ROUNDS: Final = 5
"""Most steps of one search, and times that both numbers are sought in turn."""

SEARCH: Final = 30
"""Steps the search usually takes, for the bar of progress."""

LEAST_RATE: Final = 1e-5
"""Lowest rate of coming to consider AI by oneself that is tried [1/month]."""


class Control(NamedTuple):
    """The same people without contagion, their level raised.

    Attributes
    ----------
    changes
        What differs, by dotted path.
    adoption, tried
        How much more people are weekly users, and have tried it, in the last month than with
        contagion [share]: near 0 where the level was reached.
    apart
        Mean distance of the mean curves over all months but month 0 [share].
    spread
        Standard deviation of adoption between organisations in the last month, with contagion and
        without [share].
    """

    changes: dict[str, float]
    adoption: float
    tried: float
    apart: float
    spread: tuple[float, float]


class Ties(NamedTuple):
    """What the study found.

    Attributes
    ----------
    scenario
        Whose ties.
    runs, seed
        Organisations and seed.
    odds
        Row per ``contagion`` (``on``; ``off``, at the same level; ``neither`` it nor leaders' example,
        at whatever level) and ``colleagues`` of :data:`COLLEAGUES`: pooled
        ``odds`` ratio of a first start against people without a using colleague, ``low`` and
        ``high`` of its 95 % interval, ``starts`` of such people, and how many were ``at_risk``
        [person-months].
    next
        Row per ``contagion``: ``auc`` of the number of using colleagues for starting in the month,
        ``low``, ``high``.
    differences
        Row per ``contrast`` and ``month``: ``points`` of weekly users more in the first than in the
        second, ``error``, ``low``, ``high``.
    curves
        Adoption by arm [organisations, months + 1].
    control
        The arm without contagion.
    notes
        What a reader has to know beside it, a sentence each.
    """

    scenario: Scenario
    runs: int
    seed: int
    odds: pd.DataFrame
    next: pd.DataFrame
    differences: pd.DataFrame
    curves: dict[str, Array]
    control: Control
    notes: tuple[str, ...]

    @property
    def question(self) -> str:
        """What is asked."""
        return QUESTION

    @property
    def answer(self) -> str:
        """Whether ties matter, in a line."""
        text: str = beside(self, "verdicts").verdict(self)
        return text

    @property
    def table(self) -> pd.DataFrame:
        """The odds of starting, in numbers."""
        return self.odds

    def figure(self, lang: str = "en") -> Picture:
        """Draw odds, and curves with other ties."""
        drawn: Picture = beside(self, "figure").ties_figure(self, lang)
        return drawn

    def as_json(self) -> dict[str, Any]:
        """Return what was found as plain values; of curves, means."""
        return {
            "scenario": self.scenario.name,
            "runs": self.runs,
            "seed": self.seed,
            "figures": [],
            "verdict": self.answer,
            "odds": records(self.odds),
            "next": records(self.next),
            "differences": records(self.differences),
            "curves": {name: curve.mean(axis=0).tolist() for name, curve in self.curves.items()},
            "control": self.control._asdict(),
            "notes": self.notes,
        }


def ties(
    scenario: Scenario | str = SCENARIO,
    runs: int = RUNS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Ties:
    """Ask whether ties matter in a scenario.

    Parameters
    ----------
    scenario
        Scenario, name or path; one in which nothing makes everybody start at once shows most.
    runs
        Organisations, the same in every arm [at least 2].
    seed
        Seed of the study.
    progress
        Called with the number of steps finished and the total.

    Raises
    ------
    AdoptionError
        If the scenario cannot be read or simulated, or there are too few organisations.
    """
    import pandas as pd

    base = as_scenario(scenario)
    if runs < 2:
        raise AdoptionError(f"runs: found {runs}, expected at least 2: differences need an error")
    study = Simulator(base, runs, seed)
    arms = other_ties(base)
    total = SEARCH + 3 + len(arms)
    tell = progress or (lambda done, total: None)

    control = raised(study, lambda looked: tell(min(looked, SEARCH), total))
    seen = {}
    asked = {"on": None, "off": control.changes, "neither": {**control.changes, **NO_EXAMPLE}}
    for done, (contagion, changes) in enumerate(asked.items(), 1):
        seen[contagion] = starting(study, changes)
        tell(SEARCH + done, total)
    curves = {"on": study.curves(), "off": study.curves(control.changes)}
    for done, (name, other) in enumerate(arms.items(), 4):
        curves[name] = study.curves(other)
        tell(SEARCH + done, total)
    odds = pd.DataFrame(
        [
            {"contagion": contagion, "colleagues": name} | row
            for contagion, start in seen.items()
            for name, row in start.odds.items()
        ]
    ).set_index(["contagion", "colleagues"])
    following = pd.DataFrame(
        {contagion: start.next._asdict() for contagion, start in seen.items()}
    ).T.rename(columns={"value": "auc"})
    following.index.name = "contagion"
    whole = Ties(base, runs, seed, odds, following, compared(curves), curves, control, ())
    return whole._replace(notes=tuple(notes(whole)))


# --- Who starts next -----------------------------------------------------------------------


class Starting(NamedTuple):
    """Odds by number of using colleagues, and how well that number says who starts next."""

    odds: dict[str, dict[str, float]]
    next: Ratio


def starting(study: Simulator, programme: Changes | None = None) -> Starting:
    """Return the odds of a first start by number of using colleagues, within strata."""
    parts: dict[str, list[tuple[Array, Array]]] = {name: [] for name in (*COLLEAGUES, "next")}
    starts, risk = (dict.fromkeys(COLLEAGUES, 0) for _ in range(2))
    for worlds, lived in lives(study, programme):
        counts = counted(worlds, lived)
        parts["next"].append(concordance(counts))
        for name, (least, most) in COLLEAGUES.items():
            some = counts[:, :, least : most + 1].sum(axis=2)
            parts[name].append(mantel_haenszel(some, counts[:, :, 0]))
            starts[name] += int(some[..., 1].sum())
            risk[name] += int(some.sum())
    ratios = {}
    for name, every in parts.items():
        above, below = (np.concatenate(part) for part in zip(*every, strict=True))
        ratios[name] = ratio(above, below, study.seed)
    odds = {
        name: {
            "odds": ratios[name].value,
            "low": ratios[name].low,
            "high": ratios[name].high,
            "starts": float(starts[name]),
            "at_risk": float(risk[name]),
        }
        for name in COLLEAGUES
    }
    return Starting(odds, ratios["next"])


# --- Without contagion ---------------------------------------------------------------------


def raised(study: Simulator, tell: Callable[[int], None] = lambda _: None) -> Control:
    """Return the control: contagion off, and the level raised to where it was.

    The desire of all is raised until as many are weekly users in the last month; where people have
    to consider AI first, how fast they come to do so by themselves is raised until as many have
    tried it. Each is sought between brackets, both in turn. ``tell`` is called with the number of
    levels looked at.
    """
    p, looked = study.scenario.numbers, 0
    wanted = {kpi: float(study.outcome(None, kpi).mean()) for kpi in ("adoption", "tried")}
    desire, alone = p.base_desire, math.log(max(p.consider_alone, LEAST_RATE))
    considering = p.considers_before < 1.0

    def changes(desire: float, alone: float) -> dict[str, float]:
        rate = {"parameters.consider_alone": math.exp(alone)} if considering else {}
        return {**SILENT, "parameters.base_desire": desire, **rate}

    def gap(kpi: str, desire: float, alone: float) -> float:
        nonlocal looked
        looked += 1
        tell(looked)
        return float(study.outcome(changes(desire, alone), kpi).mean()) - wanted[kpi]

    bounds = numbers()["base_desire"]
    rates = math.log(LEAST_RATE), math.log(numbers()["consider_alone"].high)

    def as_many_use(stride: float) -> float:
        ends = bounds.low, bounds.high
        return met(lambda x: gap("adoption", x, alone), desire, stride, ends)

    desire = as_many_use(STRIDE)
    for turn in range(ROUNDS if considering else 0):
        if abs(gap("tried", desire, alone)) <= TOLERANCE:
            break
        alone = met(lambda y: gap("tried", desire, y), alone, STRIDE / (1 + turn), rates)  # noqa: B023
        desire = as_many_use(0.25 * STRIDE)
    chosen = changes(desire, alone)
    on, off = study.curves(), study.curves(chosen)
    return Control(
        chosen,
        gap("adoption", desire, alone),
        gap("tried", desire, alone),
        float(np.abs((on - off).mean(axis=0)[1:]).mean()),
        (float(on[:, -1].std(ddof=1)), float(off[:, -1].std(ddof=1))),
    )


def met(
    gap: Callable[[float], float],
    start: float,
    stride: float,
    ends: tuple[float, float],
) -> float:
    """Return where a rising gap is 0, or nearest it, walking from a start until it is bracketed.

    Between brackets the secant is taken, an end that stays twice counting half (Illinois rule).
    """
    here, there = start, gap(start)
    best = (abs(there), here)
    other, beyond = here, there
    way = -math.copysign(stride, there)
    for _ in range(STEPS):
        if best[0] <= TOLERANCE:
            break
        if beyond * there >= 0.0:  # not bracketed yet
            following = min(max(other + way, ends[0]), ends[1])
            if following == other:  # an end of what is allowed
                break
            here, there, way = other, beyond, 2.0 * way
            other, beyond = following, gap(following)
            best = min(best, (abs(beyond), other))
            continue
        middle = other - beyond * (other - here) / (beyond - there)
        value = gap(middle)
        best = min(best, (abs(value), middle))
        if value * beyond < 0.0:
            here, there = other, beyond
        else:
            there *= 0.5
        other, beyond = middle, value
    return best[1]


# --- Other ties ----------------------------------------------------------------------------


def other_ties(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Return arms that differ in ties alone, by name: what each changes.

    Clustered is a ring, in which colleagues know each other; rewired the same ring whose ties
    swapped ends until no circles are left, so that everybody has as many as before. Cross ties
    come on top of the teams.
    """
    network = "organisation.network"
    drawn: dict[str, Any] = (
        {} if scenario.organisation.ties is None else {"organisation.ties": None}
    )
    ring = {**drawn, f"{network}.kind": "ring"}
    swapped = {
        f"{network}.kind": "small_world",
        f"{network}.rewiring": 1.0,
        f"{network}.keep_degree": True,
    }
    teams = {**drawn, f"{network}.kind": "teams"}
    return {CLUSTERED: ring, REWIRED: {**drawn, **swapped}} | {
        crossed(number): {**teams, f"{network}.cross_ties": number} for number in CROSS
    }


def crossed(number: float) -> str:
    """Return the name of the arm of teams with so many cross ties."""
    return f"{number:g} cross ties"


def compared(curves: Mapping[str, Array]) -> pd.DataFrame:
    """Return differences of paired curves in the months looked at, with standard errors."""
    import pandas as pd

    runs, last = (curves["on"].shape[k] - k for k in (0, 1))
    pairs = [(CLUSTERED, REWIRED)] + [(crossed(CROSS[0]), crossed(n)) for n in CROSS[1:]]
    rows = []
    for one, other in pairs:
        for month in months_looked_at(last):
            gain = 100.0 * (curves[one] - curves[other])[:, month]
            error = float(gain.std(ddof=1)) / math.sqrt(runs)
            half = float(t_quantile(runs - 1.0)) * error
            points = float(gain.mean())
            rows.append(
                {
                    "contrast": f"{one} - {other}",
                    "month": month,
                    "points": points,
                    "error": error,
                    "low": points - half,
                    "high": points + half,
                }
            )
    return pd.DataFrame(rows).set_index(["contrast", "month"])


def months_looked_at(last: int) -> tuple[int, ...]:
    """Return the months in which curves are compared where there are so many."""
    return tuple(month for month in MONTHS if month <= last) or (last,)


def month_spoken_of(last: int) -> int:
    """Return the month that is spoken of."""
    return min((abs(month - SPOKEN_OF), month) for month in months_looked_at(last))[1]


# --- What a reader has to know -------------------------------------------------------------


def notes(studied: Ties) -> list[str]:
    """Return what a reader has to know beside the figures."""
    said = []
    scenario = studied.scenario
    every = {name: measure_of(name, d) for name, d in deployments_of(scenario).items()}
    launches = [name for name, measure in every.items() if measure.pushes.launch > 0.0]
    if launches:
        said.append(
            f"{scenario.name} has a launch ({', '.join(launches)}), which makes people start whatever "
            "their colleagues do: licences on request show more"
        )
    appointing = [
        name for name, measure in every.items() if measure.appoints in ("champions", "leaders")
    ]
    if appointing:
        said.append(
            f"who is appointed ({', '.join(appointing)}) starts by that role and counts as any other"
        )
    kind = scenario.organisation.network.kind
    if studied.odds["odds"].isna().all():
        why = {
            "none": "nobody notices anybody (organisation.network.kind is none)",
            "complete": "everybody notices everybody (organisation.network.kind is complete)",
        }.get(
            kind, "nobody who could start saw more use than others beside them, or nobody started"
        )
        said.append(f"there are no odds: {why}")
    if scenario.organisation.ties is not None:
        said.append("other ties than those of the file are drawn for the comparison of ties")
    if abs(studied.control.adoption) > 5.0 * TOLERANCE:
        said.append(
            "without contagion the level could not be reached: weekly users in the last month are "
            f"{100.0 * studied.control.adoption:+.1f} points off, so both sides are not alike"
        )
    return said
