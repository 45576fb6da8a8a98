"""What each measure of the best strategy adds, in points and euro: worked out where that takes seconds."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from analysis.decisions.game import APPOINTED, ROLLOUT
from analysis.decisions.goal import Goal
from analysis.results.answer import Adds, Answer
from analysis.results.estimates import estimate
from analysis.results.firm import Amount
from analysis.words.languages import Language
from sim.elementary import mean
from sim.errors import AdoptionError, InterruptedStudyError
from sim.programme.deployments import measure_of
from sim.study.experiments import runs_key
from sim.study.kept import Kept

MOST_WORK: Final = 10_000_000
"""People times months of all coalitions together: some five seconds. What takes more is left out."""

FEWEST: Final = 10
"""Organisations of each coalition at least; fewer say too little."""


def adds_of(answer: Answer, kept: Kept[Any] | None = None) -> Adds | None:
    """Return what each measure of the best strategy adds to the reference.

    A strategy that is alone is held against the same roll-out without measures. All coalitions of
    measures are simulated (:mod:`analysis.decisions.explain`), in the organisations of the comparison
    or as many of them as take seconds.

    Parameters
    ----------
    answer
        The answer.
    kept
        Where it is kept, so that another report simulates nothing.

    Returns
    -------
    Adds or None
        None where strategies differ in more than measures and roll-out, there is nothing to compare,
        or there are too many measures or people for it.
    """
    best, base = answer.best, answer.reference
    if answer.result.runs < 2 or (best is not base and best.same_as == base.name):
        return None
    seed = answer.result.seed
    key = f"adds {MOST_WORK} {answer.last} {answer.result.runs} {runs_key(best.scenario, seed)}"
    key += "" if best is base else f" {runs_key(base.scenario, seed)}"
    there = None if kept is None else kept.get(key)
    if there is None:
        there = _worked_out(answer)
        if kept is not None:
            kept.put(key, there, len(key) + len(repr(there)))
    if not there["players"]:
        return None
    return Adds(
        tuple(there["players"]),
        tuple(Amount(*ends) for ends in there["points"]),
        tuple(there["costs"]),
        there["runs"],
    )


def _worked_out(answer: Answer) -> dict[str, Any]:
    """Return it as plain values, without players where it cannot be."""
    from analysis.decisions import explain, shapley

    nothing: dict[str, Any] = {"players": [], "points": [], "costs": [], "runs": 0}
    best, base = answer.best, answer.reference
    against = None if best is base else base.scenario
    goal = Goal("adoption", answer.last)
    try:
        asked = explain.question(best.scenario, against, goal, runs=2, seed=answer.result.seed)
        runs = MOST_WORK // (asked.size * answer.people * answer.last)
        runs = min(answer.result.runs, runs)
        if runs < min(FEWEST, answer.result.runs) or asked.orders:
            return nothing
        asked = asked._replace(runs=runs)
        game = asked.game()
        values = explain.values_of(asked, game)
        shares = shapley.exact(asked.unions, values.__getitem__) / 100.0
        costs = [*game.costs(), *([0.0] if game.splits else [])]
    except InterruptedStudyError:
        raise
    except AdoptionError:
        return nothing
    points = [estimate(mean, each) for each in shares]
    there = [k for k in range(len(points)) if costs[k] or shares[k].any()]  # others are not done
    order = sorted(there, key=lambda k: -points[k].value)
    return {
        "players": [asked.players[k] for k in order],
        "points": [[float(end) for end in points[k][:3]] for k in order],
        "costs": [float(np.asarray(costs[k])) for k in order],
        "runs": runs,
    }


def player_name(player: str, answer: Answer, words: Language) -> str:
    """Return what a measure, the roll-out or those appointed are called."""
    known = {
        ROLLOUT: words._("The roll-out"),
        APPOINTED: words._("Use by those appointed"),
    }
    for scenario in (answer.best.scenario, answer.reference.scenario):
        rule, deployment = scenario.adaptive.get(player), scenario.programme.get(player)
        deployment = rule.then if deployment is None and rule is not None else deployment
        if deployment is not None:
            return words.of(measure_of(player, deployment).title)
    return known.get(player, player)
