"""Why a scenario reaches what it reaches: what each measure adds, exactly, and who moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.decisions import reasons, shapley
from analysis.decisions.game import APPOINTED, Game, Played
from analysis.decisions.goal import Goal
from analysis.results.estimates import Estimate, estimate
from analysis.results.pieces import Pieces
from analysis.results.summary import known, scale_of
from analysis.studies.form import beside
from sim.elementary import mean
from sim.engine.kinds import Array
from sim.errors import AdoptionError, InterruptedStudyError, whole_number
from sim.scenario import as_scenario
from sim.scenario.schema import Scenario
from sim.simulator import Vector
from sim.study.experiments import Progress
from sim.study.intervals import half_width

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

QUESTION: Final = "Why does it reach what it reaches?"

EXACT: Final = 10
"""Measures up to which every coalition is simulated."""

PAIRS: Final = 8
"""Pairs of orders that are sampled where there are more."""

SHIPPED: Final = "shipped"


class Explained(NamedTuple):
    """What came out; V parameter vectors, R organisations of each, P players.

    Attributes
    ----------
    scenario, reference
        The two sides.
    goal
        What is counted.
    seed
        Seed of the study.
    sets
        Parameter vectors by the evidence they reproduce, one set after the other.
    players
        Measures, ``rollout`` and ``appointed``, as :class:`analysis.decisions.game.Game` names them.
    groups
        Players that come together, by the name of the group.
    levels
        What reference and scenario reach [2, V, R].
    shares, first, last
        What each player adds on average over orders, alone, and when all others are there
        [P, V, R each] [points].
    odds
        Shares of the log-odds [P, V, R]; None where it is no share.
    orders
        What players add in each pair of sampled orders, in the mean [pairs, P]; None if all orders
        were taken.
    interactions
        [P, P, V, R], None if orders were sampled; see :func:`analysis.decisions.shapley.interactions`.
    costs
        [P] [euro]
    people
        People who are counted only because of a player [P, V, R]; None where no people are counted.
    begun, funnel, moved
        Tables of :mod:`analysis.decisions.reasons`; the first and last are empty for real people.
    """

    scenario: Scenario
    reference: Scenario
    goal: Goal
    seed: int
    sets: Mapping[str, Sequence[Vector]]
    players: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    levels: Array
    shares: Array
    first: Array
    last: Array
    odds: Array | None
    orders: Array | None
    interactions: Array | None
    costs: Array
    people: Array | None
    begun: pd.DataFrame
    funnel: pd.DataFrame
    moved: pd.DataFrame

    @property
    def question(self) -> str:
        """What is asked."""
        return QUESTION

    @property
    def runs(self) -> int:
        """Organisations behind each number, of all vectors."""
        return int(self.levels[0].size)

    @property
    def total(self) -> Estimate:
        """What the scenario reaches beyond the reference."""
        return _estimated(self.levels[1] - self.levels[0])

    def share(self, player: int, of: str = "shares") -> Estimate:
        """Return what a player adds, with its interval: of organisations, orders and parameters."""
        values = getattr(self, of)[player]
        one = _estimated(values)
        if self.orders is None or of != "shares":
            return one
        error = float(half_width(self.orders[:, player]))
        down, up = (np.hypot(end, error) for end in (one.value - one.low, one.high - one.value))
        return Estimate(one.value, one.value - float(down), one.value + float(up))

    @property
    def order(self) -> list[int]:
        """Players, the one that adds most first."""
        size = self.shares.mean(axis=(1, 2)) * self.goal.better
        return sorted(range(len(self.players)), key=lambda k: -float(size[k]))

    @property
    def answer(self) -> str:
        """What came out, in a line."""
        text: str = beside(self, "explain_texts").message(self)
        return text

    @property
    def table(self) -> pd.DataFrame:
        """What each player adds, the most first."""
        rows: pd.DataFrame = beside(self, "explain_texts").table(self)
        return rows

    def figure(self) -> Picture:
        """Draw it as a waterfall from the reference to the scenario."""
        drawn: Picture = beside(self, "explain_figure").explain_figure(self)
        return drawn

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        content: dict[str, Any] = beside(self, "explain_texts").as_dict(self)
        return content


def _estimated(values: Array) -> Estimate:
    """Return a mean with its interval [vectors, organisations]."""
    return estimate(mean, values)


def explain(
    scenario: Scenario | str | Path,
    reference: Scenario | str | Path | None = None,
    goal: Goal | None = None,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    sets: Mapping[str, Sequence[Vector]] | None = None,
    runs: int = 100,
    seed: int = 1,
    first: int = 0,
    pairs: int = PAIRS,
    most: int = EXACT,
    progress: Progress | None = None,
    pieces: Pieces | None = None,
) -> Explained:
    """Return why a scenario reaches what it reaches.

    Parameters
    ----------
    scenario
        The whole.
    reference
        What it is held against: by default the same roll-out without measures.
    goal
        What is counted; by default weekly users in month 18.
    groups
        Players that come together, by the name of the group: measures of one idea share what it adds.
    sets
        Parameter vectors by evidence; by default the shipped numbers.
    runs
        Organisations of each vector.
    seed, first
        Seed of the study, number of the first organisation.
    pairs
        Pairs of orders that are sampled where there are more than ``most`` measures.
    most
        Measures up to which every coalition is simulated.
    progress
        Called with the number of coalitions finished and the total.
    pieces
        Where coalitions are kept, and taken from.

    Raises
    ------
    AdoptionError
        If the two differ in more than measures and tool, or in nothing, or a group does not fit.
    InterruptedStudyError
        If it is interrupted.

    Examples
    --------
    >>> why = explain("leadership-champions", runs=4)
    >>> bool(abs(why.shares.sum(axis=0) - (why.levels[1] - why.levels[0])).max() < 1e-9)
    True
    """
    whole_number("runs", runs, 2)
    whole_number("seed", seed, 0, 2**32 - 1)
    whole_number("pairs", pairs, 2)
    sets = {SHIPPED: [{}]} if sets is None else sets
    vectors = [vector for several in sets.values() for vector in several]
    against = None if reference is None else as_scenario(reference)
    game = Game(as_scenario(scenario), against, goal, vectors, runs=runs, seed=seed, first=first)
    players = (*game.players, APPOINTED) if game.splits else game.players
    unions, named = _unions(players, groups or {})
    sampled = len(game.players) > most
    some = shapley.orders(unions, pairs, seed) if sampled else []
    masks = {mask for order in some for mask in shapley.along(order)} or set(shapley.needed(unions))
    everybody = (1 << len(players)) - 1
    ends = {1 << k for k in range(len(players))} | {
        everybody & ~(1 << k) for k in range(len(players))
    }
    played = _played(game, masks | ends | {0, everybody}, progress, pieces or Pieces())
    values = {mask: _value(game, played, mask) for mask in masks | ends | {0, everybody}}
    adds = shapley.sampled(some, values.__getitem__) if sampled else None
    shares = shapley.exact(unions, values.__getitem__) if adds is None else adds.mean(axis=0)
    last = len(players) * [values[everybody]] - np.array(
        [values[everybody & ~(1 << k)] for k in range(len(players))]
    )
    odds = _odds(game, values, unions, some)
    return Explained(
        game.scenario,
        game.reference,
        game.goal,
        seed,
        sets,
        players,
        named,
        np.array([values[0], values[everybody]]),
        shares,
        np.array([values[1 << k] - values[0] for k in range(len(players))]),
        last,
        odds,
        None if adds is None else adds.mean(axis=(2, 3)),
        None if sampled else shapley.interactions(len(players), values.__getitem__),
        np.array([*game.costs(), *([0.0] if game.splits else [])]),
        *_told(game, len(players)),
    )


def _unions(
    players: Sequence[str], groups: Mapping[str, Sequence[str]]
) -> tuple[list[list[int]], dict[str, tuple[str, ...]]]:
    """Return which players come together, and the groups by name."""
    homes: dict[str, str] = {}
    for group, names in groups.items():
        for name in names:
            known(name, players, "player")
            if name in homes:
                raise AdoptionError(f"group {group}: '{name}' is in group {homes[name]} already")
            homes[name] = group
    together = [[players.index(name) for name in names] for names in groups.values()]
    alone = [[k] for k, name in enumerate(players) if name not in homes]
    named = {group: tuple(names) for group, names in groups.items()}
    return [*together, *alone], named


def _played(
    game: Game, masks: set[int], progress: Progress | None, pieces: Pieces
) -> dict[tuple[int, int], Played]:
    """Return what coalitions reach, by vector and coalition; those who appoint nobody go first."""
    wanted = {mask & game.whole & ~game.idle for mask in masks}
    wanted |= {mask & ~game.appointing for mask in wanted}
    free = sorted(mask for mask in wanted if not (game.splits and mask & game.appointing))
    rest = sorted(wanted - set(free))
    vectors, played = range(len(game.vectors)), {}
    users: dict[tuple[int, int], Array] = {}
    total = len(wanted) * len(game.vectors)

    def report(done: int, of: int) -> None:
        if progress is not None:
            progress(done + (total - of if len(users) else 0), total)

    for label, several in (("free", free), ("rest", rest)):
        jobs = [(v, mask) for v in vectors for mask in several]

        def work(number: int, jobs: list[tuple[int, int]] = jobs) -> tuple[Any, ...]:
            v, mask = jobs[number]
            base = users.get((v, mask & ~game.appointing)) if mask & game.appointing else None
            lived, counted = game.played(mask, v, base if game.splits else None)
            return *lived, *_packed(counted)

        for number, (value, undecreed, shape, bits) in pieces.over(
            label, work, range(len(jobs)), tuple, report
        ):
            played[jobs[number]] = Played(np.array(value), np.array(undecreed))
            if label == "free":
                users[jobs[number]] = _unpacked(shape, bits)
        if len(played) < (len(free) if label == "free" else len(wanted)) * len(game.vectors):
            raise InterruptedStudyError(
                f"interrupted: {len(played):,} of {total:,} coalitions are finished; the same command "
                "goes on from there"
            )
    return played


def _packed(counted: Array) -> tuple[tuple[int, ...], str]:
    """Return who is counted as a shape and a text."""
    return counted.shape, np.packbits(counted).tobytes().hex()


def _unpacked(shape: Sequence[int], bits: str) -> Array:
    """Return who is counted from a shape and a text."""
    size = int(np.prod(shape))
    flat = np.unpackbits(np.frombuffer(bytes.fromhex(bits), np.uint8), count=size)
    return flat.astype(bool).reshape(tuple(shape))


def _value(game: Game, played: Mapping[tuple[int, int], Played], mask: int) -> Array:
    """Return what a coalition reaches [vectors, organisations]; the last bit is those appointed."""
    decreed = not game.splits or mask >> len(game.players) & 1
    inside = mask & game.whole & ~game.idle
    several = [played[v, inside] for v in range(len(game.vectors))]
    return np.array([lived.value if decreed else lived.undecreed for lived in several])


def _odds(
    game: Game,
    values: Mapping[int, Array],
    unions: shapley.Unions,
    some: Sequence[Sequence[int]],
) -> Array | None:
    """Return the shares of the log-odds; half a person more on either side, so that none is infinite."""
    if scale_of(game.goal.kpi).factor != 100.0:
        return None
    people = game.scenario.organisation.employees
    logits = {}
    for mask, value in values.items():
        count = value / 100.0 * people
        logits[mask] = np.log((count + 0.5) / (people - count + 0.5))
    if some:
        return np.asarray(shapley.sampled(some, logits.__getitem__).mean(axis=0))
    return shapley.exact(unions, logits.__getitem__)


def _told(
    game: Game, players: int
) -> tuple[Array | None, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the people only a player brings, and the tables of who moved, and what they saw."""
    people, lived = None, []
    for v in range(len(game.vectors)):
        month = game.goal.month
        lived.append(
            tuple(
                game.simulated(mask, v, month, keep_people=True, keep_events=mask != 0)
                for mask in (0, game.whole)
            )
        )
    if game.counts:
        people = np.zeros((players, len(game.vectors), game.runs))
        for v in range(len(game.vectors)):
            there = game.counted(lived[v][1].people, v)
            for k in range(len(game.players)):
                _, less = game.played(game.whole & ~(1 << k), v)
                people[k, v] = (there & ~less).sum(axis=1)
        if game.splits:
            for v in range(len(game.vectors)):
                _, free = game.played(game.whole & ~game.appointing, v)
                ends = lived[v][1].people
                there = game.counted(ends, v)
                appointed = (ends["champion"] == 1) | (ends["committed"] == 1)
                people[-1, v] = (there & appointed & ~free).sum(axis=1)
    return people, *reasons.tables(game, lived)
