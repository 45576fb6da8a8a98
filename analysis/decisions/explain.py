"""Why a scenario reaches what it reaches: what each measure adds, exactly, and who moved."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.decisions import reasons, shapley
from analysis.decisions.game import APPOINTED, Game, Played, bare
from analysis.decisions.goal import Goal
from analysis.decisions.stored import Place
from analysis.results.estimates import Estimate, estimate
from analysis.results.pieces import Pieces
from analysis.results.summary import known, scale_of
from analysis.studies.form import beside
from analysis.words.languages import ENGLISH, Language
from sim.elementary import mean
from sim.engine.kinds import Array
from sim.errors import AdoptionError, InterruptedStudyError, whole_number
from sim.scenario import as_scenario
from sim.scenario.schema import Scenario
from sim.simulator import Vector
from sim.study.experiments import Progress
from sim.study.intervals import half_width
from sim.study.precision import MOST, Reached, until

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

    def level(self, side: int) -> Estimate:
        """Return what the reference (0) or the scenario (1) reaches."""
        return _estimated(self.levels[side])

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

    def figure(self, words: Language = ENGLISH) -> Picture:
        """Draw it as a waterfall from the reference to the scenario."""
        drawn: Picture = beside(self, "explain_figure").explain_figure(self, words)
        return drawn

    def as_json(self, words: Language = ENGLISH) -> dict[str, Any]:
        """Return it as plain values."""
        content: dict[str, Any] = beside(self, "explain_texts").as_dict(self, words)
        return content


def _estimated(values: Array) -> Estimate:
    """Return a mean with its interval [vectors, organisations]."""
    return estimate(mean, values)


class Asked(NamedTuple):
    """What is asked.

    Attributes
    ----------
    scenario, reference
        The two sides.
    goal
        What is counted.
    groups
        Players that come together, by the name of the group.
    sets
        Parameter vectors by evidence.
    runs, seed
        Organisations of each vector, seed of the study.
    pairs, most
        Pairs of orders that are sampled where there are more than ``most`` measures.
    """

    scenario: Scenario
    reference: Scenario
    goal: Goal
    groups: Mapping[str, tuple[str, ...]]
    sets: Mapping[str, Sequence[Vector]]
    runs: int
    seed: int
    pairs: int
    most: int

    def game(self, runs: int | None = None, first: int = 0) -> Game:
        """Return the game, in all organisations or in some."""
        vectors = [vector for several in self.sets.values() for vector in several]
        runs = self.runs if runs is None else runs
        return Game(
            self.scenario,
            self.reference,
            self.goal,
            vectors,
            runs=runs,
            seed=self.seed,
            first=first,
        )

    @property
    def players(self) -> tuple[str, ...]:
        """Who plays: what differs, and those appointed."""
        game = self.game()
        return (*game.players, APPOINTED) if game.splits else game.players

    @property
    def unions(self) -> list[list[int]]:
        """Which players come together."""
        players = self.players
        together = [[players.index(name) for name in names] for names in self.groups.values()]
        grouped = {k for union in together for k in union}
        return [*together, *([k] for k in range(len(players)) if k not in grouped)]

    @property
    def orders(self) -> list[tuple[int, ...]]:
        """Orders that are sampled; none where all are taken."""
        if len(self.game().players) <= self.most:
            return []
        return shapley.orders(self.unions, self.pairs, self.seed)

    @property
    def masks(self) -> set[int]:
        """Coalitions that are needed."""
        number = len(self.players)
        everybody = (1 << number) - 1
        some = {mask for order in self.orders for mask in shapley.along(order)}
        ends = {end for k in range(number) for end in (1 << k, everybody & ~(1 << k))}
        return (some or set(shapley.needed(self.unions))) | ends | {0, everybody}

    @property
    def size(self) -> int:
        """Number of coalitions to simulate, over all vectors."""
        game = self.game()
        wanted = {mask & game.whole & ~game.idle for mask in self.masks}
        wanted |= {mask & ~game.appointing for mask in wanted}
        return len(wanted) * len(game.vectors)

    @property
    def place(self) -> Place:
        """Where it lies on disk."""
        names = (f"{self.scenario.name}", f"against {self.reference.name}")
        return Place(
            "explain",
            dict(zip(names, (self.scenario, self.reference), strict=True)),
            self.seed,
            self.runs,
            {
                "goal": list(self.goal),
                "groups": dict(self.groups),
                "pairs": [self.pairs, self.most],
            },
            self.sets,
        )


def question(
    scenario: Scenario | str | Path,
    reference: Scenario | str | Path | None = None,
    goal: Goal | None = None,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    sets: Mapping[str, Sequence[Vector]] | None = None,
    runs: int = 100,
    seed: int = 1,
    pairs: int = PAIRS,
    most: int = EXACT,
) -> Asked:
    """Return what is asked, or say why it cannot be; see :func:`explain`."""
    whole_number("runs", runs, 2)
    whole_number("seed", seed, 0, 2**32 - 1)
    whole_number("pairs", pairs, 2)
    whole_number("most", most, 1, 12)
    whole = as_scenario(scenario)
    against = bare(whole) if reference is None else as_scenario(reference)
    named = {group: tuple(names) for group, names in (groups or {}).items()}
    sets = {SHIPPED: [{}]} if sets is None else sets
    asked = Asked(whole, against, goal or Goal(), named, sets, runs, seed, pairs, most)
    players, homes = asked.players, dict[str, str]()
    for group, names in named.items():
        if group in players:
            raise AdoptionError(
                f"group {group}: found the name of a measure, expected another name"
            )
        for name in names:
            known(name, players, "measure")
            if name in homes:
                raise AdoptionError(f"group {group}: '{name}' is in group {homes[name]} already")
            homes[name] = group
    return asked


def explain(
    scenario: Scenario | str | Path,
    reference: Scenario | str | Path | None = None,
    goal: Goal | None = None,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    sets: Mapping[str, Sequence[Vector]] | None = None,
    runs: int = 100,
    seed: int = 1,
    pairs: int = PAIRS,
    most: int = EXACT,
    precision: float | None = None,
    most_runs: int = MOST,
    progress: Progress | None = None,
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
    seed
        Seed of the study.
    pairs
        Pairs of orders that are sampled where there are more than ``most`` measures.
    most
        Measures up to which every coalition is simulated [1 to 12].
    precision, most_runs
        Organisations are added, instead of ``runs``, until each share is so precise [points], or
        there are so many; for the shipped numbers alone.
    progress
        Called with the number of coalitions finished and the total.

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
    asked = question(
        scenario, reference, goal,
        groups=groups, sets=sets, runs=runs, seed=seed, pairs=pairs, most=most,
    )  # fmt: skip
    if precision is None:
        return investigate(asked, progress)
    return precisely(asked, precision, most_runs, progress)[0]


def investigate(
    asked: Asked, progress: Progress | None = None, pieces: Pieces | None = None
) -> Explained:
    """Simulate every coalition that is needed; those in ``pieces`` are taken from there."""
    game = asked.game()
    return _concluded(asked, game, values_of(asked, game, progress, pieces))


def precisely(
    asked: Asked,
    precision: float,
    most: int = MOST,
    progress: Progress | None = None,
    pieces: Pieces | None = None,
) -> tuple[Explained, Reached]:
    """Add organisations until each share is so precise, and say how far it came.

    Raises
    ------
    AdoptionError
        If the precision cannot be, or there are several parameter vectors: it is that of the luck of
        organisations.
    """
    if sum(map(len, asked.sets.values())) != 1:
        raise AdoptionError(
            "precision: found several parameter vectors, expected one: it is that of the luck of "
            "organisations"
        )
    blocks: list[dict[int, Array]] = []

    def more(count: int) -> Array:
        there = sum(block[0].shape[1] for block in blocks)
        blocks.append(values_of(asked, asked.game(count - there, there), progress, pieces))
        shares, _ = _shares(asked, _together(blocks))
        return np.asarray(shares[:, 0].T)

    reached = until(precision, more, most)
    exactly = asked._replace(runs=reached.runs)
    return _concluded(exactly, exactly.game(), _together(blocks)), reached


def expected_seconds(asked: Asked, workers: int) -> float:
    """Return about how long it takes here, from the whole in a few organisations [s]."""
    few = min(10, asked.runs)
    game = asked.game(few)
    game.played(0, 0)  # people drawn, and the engine loaded
    began = time.perf_counter()
    game.played(game.whole, 0)
    seconds = (time.perf_counter() - began) * asked.runs / few
    return seconds * asked.size / min(workers, asked.size)


def save(why: Explained, asked: Asked, root: Path, words: Language = ENGLISH) -> Path:
    """Write every table and plain value, and what made them; return the folder."""
    tables = {"measures": why.table, "funnel": why.funnel}
    if not why.begun.empty:
        tables |= {"begun": why.begun, "moved": why.moved}
    return asked.place.save(root, why.as_json(words), tables)


def _together(blocks: Sequence[Mapping[int, Array]]) -> dict[int, Array]:
    """Return what coalitions reach in all organisations that were looked at."""
    return {mask: np.concatenate([block[mask] for block in blocks], axis=1) for mask in blocks[0]}


def values_of(
    asked: Asked, game: Game, progress: Progress | None = None, pieces: Pieces | None = None
) -> dict[int, Array]:
    """Return what each coalition that is needed reaches [vectors, organisations]."""
    played = _played(game, asked.masks, progress, pieces or Pieces())
    return {mask: _value(game, played, mask) for mask in asked.masks}


def _shares(asked: Asked, values: Mapping[int, Array]) -> tuple[Array, Array | None]:
    """Return what each player adds [players, vectors, organisations], and by pairs of orders."""
    if not asked.orders:
        return shapley.exact(asked.unions, values.__getitem__), None
    adds = shapley.sampled(asked.orders, values.__getitem__)
    return adds.mean(axis=0), adds


def _concluded(asked: Asked, game: Game, values: Mapping[int, Array]) -> Explained:
    """Return what came out."""
    shares, adds = _shares(asked, values)
    number = len(asked.players)
    everybody = (1 << number) - 1
    steps = [1 << k for k in range(number)]
    return Explained(
        asked.scenario,
        asked.reference,
        asked.goal,
        asked.seed,
        asked.sets,
        asked.players,
        asked.groups,
        np.array([values[0], values[everybody]]),
        shares,
        np.array([values[step] - values[0] for step in steps]),
        np.array([values[everybody] - values[everybody & ~step] for step in steps]),
        _odds(asked, values),
        None if adds is None else adds.mean(axis=(2, 3)),
        None if adds is not None else shapley.interactions(number, values.__getitem__),
        np.array([*game.costs(), *([0.0] if game.splits else [])]),
        *_told(game, number),
    )


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
            f"{label}-{game.first}-{game.runs}", work, range(len(jobs)), tuple, report
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


def _odds(asked: Asked, values: Mapping[int, Array]) -> Array | None:
    """Return the shares of the log-odds; half a person more on either side, so that none is infinite."""
    if scale_of(asked.goal.kpi).factor != 100.0:
        return None
    people = asked.scenario.organisation.employees
    logits = {}
    for mask, value in values.items():
        count = value / 100.0 * people
        logits[mask] = np.log((count + 0.5) / (people - count + 0.5))
    return _shares(asked, logits)[0]


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
