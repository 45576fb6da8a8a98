"""The search for the best plan at a price, whatever a plan is and whatever says how good it is.

Options are lumpy: a measure has a least price, a department is in or out. So no slope is followed.
A greedy start takes what brings most for its money; a climb then adds, drops, swaps, changes levels
and moves money between pairs, each judged by paired differences on the same organisations; a last
round on organisations that had no part in it decides among the best.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np

from sim.engine.kinds import Array

Option = tuple[int, ...]
"""Where a lever stands: its level, from 0, then its place on each of its other axes."""

Plan = tuple[Option | None, ...]
"""Where each lever stands; None where it is not in the plan."""

SCREEN: Final = 0
"""Group of organisations on which all moves are looked at."""

JUDGE: Final = 1
"""Group on which the better part of them is looked at too."""

FRESH: Final = (2, 3, 4)
"""Groups that had no part in the search: those that decide among the best plans."""

FINALISTS: Final = 20
"""Plans in the last round."""

KEPT: Final = 6
"""Moves, or a quarter of them if that is more, that are judged after the screening."""

CLEAR: Final = 2.0
"""Standard errors by which a plan is clearly worse, in the last round."""

NOISE: Final = 0.5
"""Standard errors by which a move has to help before it is made."""

ROUNDS: Final = 40
"""Most moves made at one length of stride."""

CENT: Final = 0.005
"""Euros that are none."""


class Lever(NamedTuple):
    """Something a plan may have, at a level.

    Attributes
    ----------
    name
        What it is called.
    sizes
        Number of places on each of its axes. The first is its level: more costs more. On the others
        any place may follow any other.
    entries
        Options with which it comes into a plan.
    stays
        Whether it has to be in.
    """

    name: str
    sizes: tuple[int, ...]
    entries: tuple[Option, ...]
    stays: bool = False


class Bench(Protocol):
    """What says which plans there are, what they cost and how good they are."""

    @property
    def levers(self) -> Sequence[Lever]:
        """What a plan may have."""

    def price(self, plan: Plan) -> float:
        """Return what a plan costs [euro]."""

    def lacking(self, plan: Plan) -> float:
        """Return how far a plan is from one that may be chosen, whatever it costs; 0 if it may."""

    def values(self, plans: Sequence[Plan], group: int) -> Array:
        """Return how good plans are in a group of organisations, more is better [plans, organisations]."""


class Tried:
    """What was tried so far: no plan is looked at twice in the same organisations.

    Parameters
    ----------
    bench
        What is searched.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.known: dict[tuple[Plan, int], Array] = {}
        self.rates: dict[tuple[int, Option], float] = {}
        """Gain for its money of each option of a lever that comes in first."""
        self.latest: dict[int, tuple[float, float]] = {}
        """Gain for its money, and gain, of each lever as it was seen last."""
        self.closed: set[int] = set()
        """Levers that may not come in."""

    def look(self, plans: Sequence[Plan], *groups: int) -> Array:
        """Return values of plans in some groups [plans, organisations], the groups one after the other."""
        for group in groups:
            lacking = [plan for plan in dict.fromkeys(plans) if (plan, group) not in self.known]
            if lacking:
                for plan, row in zip(lacking, self.bench.values(lacking, group), strict=True):
                    self.known[plan, group] = row
        return np.array(
            [np.concatenate([self.known[plan, group] for group in groups]) for plan in plans]
        )

    def seen(self, *groups: int) -> list[Plan]:
        """Return the plans seen in all of some groups, in the order in which they were tried."""
        plans = dict.fromkeys(plan for plan, _ in self.known)
        return [plan for plan in plans if all((plan, group) in self.known for group in groups)]

    def remember(self, k: int, gain: float, cost: float) -> None:
        """Keep what a lever brought last, for the order in which others are tried."""
        self.latest[k] = gain / max(cost, CENT), gain


def with_(plan: Plan, k: int, option: Option | None) -> Plan:
    """Return a plan in which one lever stands elsewhere."""
    return (*plan[:k], option, *plan[k + 1 :])


def mean_and_error(differences: Array) -> tuple[float, float]:
    """Return the mean of paired differences and its standard error; 0 of a single one."""
    count = differences.size
    error = float(differences.std(ddof=1)) / count**0.5 if count > 1 else 0.0
    return float(differences.mean()), error


# --- The greedy start -----------------------------------------------------------------------


def greedy(tried: Tried, start: Plan, most: float) -> list[Plan]:
    """Return the path of plans, each the last one with what brings most for its money.

    Lazy: what an addition brought once is taken as the most it can bring later, so only the first
    in the row is looked at again.

    Parameters
    ----------
    tried
        What was tried so far; what additions bring is remembered there.
    start
        Where the path begins.
    most
        What may be spent [euro].
    """
    bench, plan, path = tried.bench, start, [start]
    first_look(tried, start)
    rates = {
        key: rate for key, rate in tried.rates.items() if rate > 0.0 and key[0] not in tried.closed
    }
    fresh: set[tuple[int, Option]] = set()
    while rates:
        key = max(rates, key=lambda key: rates[key])
        k, option = key
        there = plan[k]
        after = with_(plan, k, option)
        useless = there is not None and (there == option or option[0] <= there[0])
        if useless or bench.price(after) > most + CENT:
            del rates[key]
            continue
        if key not in fresh:
            ahead = _stale(rates, fresh, plan, bench, most)
            for (other, choice), rate in _looked_again(tried, plan, ahead).items():
                rates[other, choice] = rate
                fresh.add((other, choice))
            rates = {key: rate for key, rate in rates.items() if rate > 0.0}
            continue
        plan = after
        path.append(plan)
        fresh.clear()
    return path


def first_look(tried: Tried, start: Plan) -> None:
    """See what every lever brings when it comes in first."""
    keys = [
        (k, option)
        for k, lever in enumerate(tried.bench.levers)
        for option in lever.entries
        if start[k] is None or option[0] > start[k][0]  # type: ignore[index]
    ]
    lacking = [key for key in keys if key not in tried.rates]
    tried.rates |= _looked_again(tried, start, lacking)


def _stale(
    rates: dict[tuple[int, Option], float],
    fresh: set[tuple[int, Option]],
    plan: Plan,
    bench: Bench,
    most: float,
) -> list[tuple[int, Option]]:
    """Return the first few in the row that are to be looked at again: as many as two processors do."""
    row = sorted((key for key in rates if key not in fresh), key=lambda key: -rates[key])
    fits = (key for key in row if bench.price(with_(plan, *key)) <= most + CENT)
    return [key for key, _ in zip(fits, range(4), strict=False)]


def _looked_again(
    tried: Tried, plan: Plan, keys: Sequence[tuple[int, Option]]
) -> dict[tuple[int, Option], float]:
    """Return gain for its money of some additions to a plan."""
    plans = [with_(plan, k, option) for k, option in keys]
    values = tried.look([plan, *plans], SCREEN, JUDGE)
    before = tried.bench.price(plan)
    rates: dict[tuple[int, Option], float] = {}
    for (k, option), after, row in zip(keys, plans, values[1:], strict=True):
        gain, error = mean_and_error(row - values[0])
        cost = tried.bench.price(after) - before
        tried.remember(k, gain, cost)
        # Luck is no reason to come in.
        rates[k, option] = gain / max(cost, CENT) if gain > error else 0.0
    return rates


def mended(tried: Tried, plan: Plan, most: float) -> Plan:
    """Return a plan that may be chosen, changed step by step; as near to one as comes, if none does."""
    bench = tried.bench
    while (lacks := bench.lacking(plan)) > 0.0:
        options = [
            with_(plan, k, entry)
            for k, lever in enumerate(bench.levers)
            if k not in tried.closed
            for entry in lever.entries
            if entry != plan[k]
        ]
        fits = [move for move in options if bench.price(move) <= most + CENT]
        nearer = [move for move in fits if bench.lacking(move) < lacks]
        if not nearer:
            break
        plan = min(nearer, key=bench.lacking)
    return plan


# --- The climb ------------------------------------------------------------------------------


def climb(tried: Tried, start: Plan, most: float, breadth: int = 8) -> Plan:
    """Return a plan from which no move helps any more, within what may be spent.

    Levels are changed in strides of a quarter of all there are, then in strides half as long, down to
    the shortest. Additions and swaps are tried with the first and the last; places on other
    axes with the last.

    Parameters
    ----------
    tried
        What was tried so far.
    start
        Where the climb begins.
    most
        What may be spent [euro].
    breadth
        How many levers that are not in a plan may come in: those that seem best.
    """
    plan, longest = start, max(max(lever.sizes[0] // 4, 1) for lever in tried.bench.levers)
    stride = longest
    while stride >= 1:
        ends = stride in (longest, 1)
        if ends:
            refresh(tried, plan)
        for _ in range(ROUNDS):
            moves = [
                move
                for move in moves_of(tried, plan, most, stride, breadth if ends else 0)
                if stride == 1 or not _aside(plan, move)
            ]
            better = _best(tried, plan, moves)
            if better is None:
                break
            plan = better
        stride //= 2
    return plan


def moves_of(
    tried: Tried, plan: Plan, most: float, stride: int = 1, breadth: int = 8
) -> list[Plan]:
    """Return the plans next to a plan that may be chosen and paid, each once.

    Parameters
    ----------
    tried
        What was tried so far: which levers seem best.
    plan
        Where the moves begin.
    most
        What may be spent [euro].
    stride
        Levels moved at once.
    breadth
        How many other levers may come in; 0: neither additions nor swaps nor drops.
    """
    bench = tried.bench
    plans = [*_changes(bench, plan, most, stride)]
    if breadth:
        plans += [
            with_(plan, k, None)
            for k, lever in enumerate(bench.levers)
            if plan[k] is not None and not lever.stays
        ]
        plans += _comings(tried, plan, most, breadth)
    return [
        move
        for move in dict.fromkeys(plans)
        if move != plan and bench.price(move) <= most + CENT and bench.lacking(move) == 0.0
    ]


def _changes(bench: Bench, plan: Plan, most: float, stride: int) -> Iterator[Plan]:
    """Yield a plan with one lever on another level or place, and with money moved between two."""
    within = [(k, option) for k, option in enumerate(plan) if option is not None]
    for k, option in within:
        sizes = bench.levers[k].sizes
        down = with_(plan, k, (max(0, option[0] - stride), *option[1:]))
        higher = min(sizes[0] - 1, option[0] + stride)
        up = with_(plan, k, (higher, *option[1:]))
        yield down
        yield up
        for axis in range(1, len(sizes)):
            for place in range(sizes[axis]):
                yield with_(plan, k, (*option[:axis], place, *option[axis + 1 :]))
        if up != plan and bench.price(up) > most + CENT:
            for other, from_ in within:
                if other != k:
                    yield _moved(bench, up, (other, from_), most, stride)


def _moved(bench: Bench, up: Plan, other: tuple[int, Option], most: float, stride: int) -> Plan:
    """Return a plan that is too dear with another lever lowered as little as makes it fit."""
    k, option = other
    for steps in range(1, 9):
        level = option[0] - steps * stride
        if level < 0:
            break
        lower = with_(up, k, (level, *option[1:]))
        if bench.price(lower) <= most + CENT:
            return lower
    return up  # does not fit: is left out


def promising(tried: Tried, plan: Plan, breadth: int) -> list[int]:
    """Return levers that are not in a plan: half by gain for their money, half by gain alone.

    The second half is for what is lumpy: it brings little for its money alone and much in all.
    """
    out = [k for k, option in enumerate(plan) if option is None and k not in tried.closed]
    nothing = (0.0, 0.0)
    by_rate = sorted(out, key=lambda k: -tried.latest.get(k, nothing)[0])[: (breadth + 1) // 2]
    by_gain = sorted(out, key=lambda k: -tried.latest.get(k, nothing)[1])
    return list(dict.fromkeys([*by_rate, *by_gain]))[:breadth]


def refresh(tried: Tried, plan: Plan) -> None:
    """See anew what every lever that is not in a plan would bring to it, whether it can be paid or not.

    What brings little alone may bring much beside another: recognition needs somebody to recognise.
    """
    bench = tried.bench
    out = [k for k, option in enumerate(plan) if option is None and k not in tried.closed]
    if not out:
        return
    more = [with_(plan, k, bench.levers[k].entries[0]) for k in out]
    gains = (tried.look(more, SCREEN) - tried.look([plan], SCREEN)).mean(axis=1)
    for k, after, gain in zip(out, more, gains, strict=True):
        tried.remember(k, float(gain), bench.price(after) - bench.price(plan))


def _comings(tried: Tried, plan: Plan, most: float, breadth: int) -> Iterator[Plan]:
    """Yield a plan with a lever more, or one instead of another, at the highest entry that fits."""
    bench = tried.bench
    for k in promising(tried, plan, breadth):
        entries = sorted(bench.levers[k].entries, reverse=True)
        yield from (with_(plan, k, entry) for entry in entries)
        for other, option in enumerate(plan):
            if option is None or bench.levers[other].stays:
                continue
            without = with_(plan, other, None)
            swaps = (with_(without, k, entry) for entry in entries)
            fits = (swap for swap in swaps if bench.price(swap) <= most + CENT)
            yield from (swap for swap, _ in zip(fits, range(1), strict=False))
        yield from (_room(tried, with_(plan, k, entry), k, most) for entry in entries)


def _room(tried: Tried, plan: Plan, newest: int, most: float) -> Plan:
    """Return a plan that is too dear without what brings least for its money, until it fits."""
    bench = tried.bench
    within = [
        k
        for k, option in enumerate(plan)
        if option is not None and k != newest and not bench.levers[k].stays
    ]
    for k in sorted(within, key=lambda k: tried.latest.get(k, (0.0, 0.0))[0]):
        if bench.price(plan) <= most + CENT:
            break
        plan = with_(plan, k, None)
    return plan


def _aside(plan: Plan, move: Plan) -> bool:
    """Return whether a move is to another place of a lever that stays on its level."""
    return any(
        before is not None and after is not None and before[1:] != after[1:]
        for before, after in zip(plan, move, strict=True)
    )


def _best(tried: Tried, plan: Plan, moves: Sequence[Plan]) -> Plan | None:
    """Return the move that helps most, None if none does clearly enough; what is cheaper wins ties."""
    if not moves:
        return None
    bench = tried.bench
    screened = (tried.look(moves, SCREEN) - tried.look([plan], SCREEN)).mean(axis=1)
    kept = max(KEPT, len(moves) // 4)
    chosen = [moves[number] for number in np.argsort(-screened, kind="stable")[:kept]]
    gains = tried.look(chosen, SCREEN, JUDGE) - tried.look([plan], SCREEN, JUDGE)
    best, most = None, 0.0
    for move, row in zip(chosen, gains, strict=True):
        mean, error = mean_and_error(row)
        _remember_move(tried, plan, move, mean)
        dearer = bench.price(move) >= bench.price(plan) - CENT
        if mean > max(most, NOISE * error) or (
            best is None and mean == 0.0 and error == 0.0 and not dearer
        ):
            best, most = move, max(most, mean)
    return best


def _remember_move(tried: Tried, plan: Plan, move: Plan, gain: float) -> None:
    """Keep what a lever brought that came in by itself."""
    changed = [k for k, (a, b) in enumerate(zip(plan, move, strict=True)) if a != b]
    if len(changed) == 1 and plan[changed[0]] is None:
        tried.remember(changed[0], gain, tried.bench.price(move) - tried.bench.price(plan))


# --- The last round ---------------------------------------------------------------------------


class Selected(NamedTuple):
    """What the last round decided.

    Attributes
    ----------
    plan
        The plan with the highest mean of all that were seen to the end.
    ties
        Plans seen to the end: none of them is clearly worse.
    tried
        How many there were at the beginning.
    """

    plan: Plan
    ties: tuple[Plan, ...]
    tried: int


def finalists(tried: Tried, most: float, number: int = FINALISTS) -> list[Plan]:
    """Return the best plans tried that may be chosen and paid, best first."""
    bench = tried.bench
    there = [
        plan
        for plan in tried.seen(SCREEN, JUDGE)
        if bench.price(plan) <= most + CENT and bench.lacking(plan) == 0.0
    ]
    if not there:
        return []
    means = tried.look(there, SCREEN, JUDGE).mean(axis=1)
    return [there[place] for place in np.argsort(-means, kind="stable")[:number]]


def select(tried: Tried, plans: Sequence[Plan], keep: Sequence[Plan] = ()) -> Selected:
    """Return the best of some plans on organisations that had no part in the search.

    Group after group, a plan that is clearly worse than the best so far stops; ties go on.

    Parameters
    ----------
    tried
        What was tried so far.
    plans
        Plans to choose from, at least one with those of ``keep``.
    keep
        Plans that are seen to the end whatever they bring: the best for less money.
    """
    left = list(dict.fromkeys([*keep, *plans]))
    number = len(left)
    for seen in range(1, len(FRESH) + 1):
        values = tried.look(left, *FRESH[:seen])
        leader = values[int(np.argmax(values.mean(axis=1)))]
        worse = [mean_and_error(row - leader) for row in values]
        left = [
            plan
            for plan, (mean, error) in zip(left, worse, strict=True)
            if mean >= -CLEAR * error or plan in keep
        ]
    values = tried.look(left, *FRESH)
    best = left[int(np.argmax(values.mean(axis=1)))]
    return Selected(best, tuple(left), number)


def search(
    tried: Tried,
    start: Plan,
    most: float,
    starts: Sequence[Plan] = (),
    notice: Callable[[str], None] = lambda _: None,
) -> Plan:
    """Return the best plan that a climb from the greedy plan, or from others, comes to.

    Parameters
    ----------
    tried
        What was tried so far.
    start
        The least plan there is: what has to be in, and nothing else.
    most
        What may be spent [euro].
    starts
        Plans to begin from as well, such as the best for less money; only the best of all is
        climbed from, and the best single lever too where that is another one.
    notice
        Told what is being done.
    """
    notice("greedy")
    path = greedy(tried, start, most)
    path[-1] = mended(tried, path[-1], most)
    single = [
        with_(start, k, entry)
        for k in promising(tried, start, 4)
        for entry in tried.bench.levers[k].entries
    ]
    there = [
        plan
        for plan in dict.fromkeys([path[-1], *starts, *single])
        if tried.bench.price(plan) <= most + CENT and tried.bench.lacking(plan) == 0.0
    ]
    if not there:
        return path[-1]
    values = tried.look(there, SCREEN, JUDGE).mean(axis=1)
    first = there[int(np.argmax(values))]
    notice("climb")
    return climb(tried, first, most)
