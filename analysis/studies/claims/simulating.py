"""Every experiment under every parameter vector: same organisations, people, ties and luck."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.results.ensemble import Progress, troughs, under
from analysis.results.estimates import Estimate, of_vectors
from analysis.results.pieces import Pieces
from analysis.studies.claims.experiments import Agenda, Experiment, Question, Side
from analysis.studies.claims.statistics import STATISTICS, Arm, Pairs, failures
from sim import kernel, kpis
from sim.engine.kinds import Array
from sim.errors import AdoptionError, InterruptedStudyError
from sim.people.population import department_names
from sim.scenario.library import read_archetypes
from sim.scenario.schema import Scenario
from sim.simulator import Simulator, Vector
from sim.state import ROLES

CONTRASTS: Final = ("without", "with", "difference", "ratio", "odds_ratio")
"""What is told of every comparison, whatever the claim is about."""

WHOLE, FIRST, SECOND = range(3)
"""All organisations of a vector, and its two halves."""

RUN, KIND, EXPOSURE = (kernel.EVENT.index(name) for name in ("run", "kind", "exposure"))


class Simulated(NamedTuple):
    """What an arm gave under one vector.

    Attributes
    ----------
    scenario
        With the numbers of the vector.
    found
        What the engine measured.
    troughs
        Which of the first organisations sag after the novelty; None if that was not looked at.
    places
        First group of each kind that was measured.
    """

    scenario: Scenario
    found: kernel.Simulated
    troughs: Array | None
    places: Mapping[str, int]


class Answer(NamedTuple):
    """What the simulation says to a question.

    Attributes
    ----------
    question
        What was asked.
    found
        The statistic, with the interval of the parameters.
    contrasts
        ``without``, ``with``, ``difference``, ``ratio`` and, of shares, ``odds_ratio`` of the KPI,
        with intervals; empty where nothing is compared.
    opposite
        Share of organisations whose difference has the other sign [0 to 1].
    base
        Share that a ratio starts from here; None where there is none.
    """

    question: Question
    found: Estimate
    contrasts: Mapping[str, Estimate]
    opposite: float = math.nan
    base: float | None = None


class Tested(NamedTuple):
    """A claim and what the simulation says to it.

    Attributes
    ----------
    experiment
        How it was tested.
    answers
        One for each question.
    tried
        Of a sweep: mean of the KPI with its interval, by the value tried.
    """

    experiment: Experiment
    answers: tuple[Answer, ...]
    tried: Mapping[float, Estimate]


class _Seen(NamedTuple):
    """What one vector says to a question: the three parts of its organisations each."""

    statistic: list[float]
    contrasts: list[list[float]]
    differences: Array
    base: float = math.nan


def simulated_claims(
    agenda: Agenda,
    vectors: Sequence[Vector],
    organisations: int,
    seed: int,
    sagging: int | None = None,
    *,
    progress: Progress | None = None,
    pieces: Pieces | None = None,
    label: str = "claims",
) -> dict[str, Tested]:
    """Return what the simulation says to each claim.

    Parameters
    ----------
    agenda
        Experiments and their arms; see :func:`analysis.studies.claims.experiments.agenda`.
    vectors
        Numbers of the rules by name, such as rows of a posterior.
    organisations
        Organisations of each vector, the same in every arm [at least 2].
    seed
        Seed of the study.
    sagging
        How many of them are continued many times, to look for troughs; by default all.
    progress
        Called with the number of vectors finished and the total.
    pieces, label
        Where what each vector gives is kept, and taken from, and under which name.

    Raises
    ------
    AdoptionError
        If there are fewer than two organisations.
    InterruptedStudyError
        If Ctrl-C came before the last vector was finished.
    """
    if organisations < 2:
        raise AdoptionError(f"organisations: found {organisations}, expected at least 2")
    if not agenda.experiments:  # only patterns were asked for
        return {}
    every = agenda.experiments.values()
    wanted = [question for experiment in every for question in experiment.questions]
    continued = {name for question in wanted for name in question.continued}
    logged = {name for question in wanted for name in question.logged}
    kinds = kinds_of(wanted)

    def work(number: int) -> dict[str, list[_Seen]]:
        first = next(iter(agenda.arms.values()), "baseline")
        simulator = under(vectors[number], number, first, organisations, seed)
        arms = {}
        for name, arm in agenda.arms.items():
            sags = troughs(simulator, arm, sagging) if name in continued else None
            arms[name] = simulated(simulator, arm, kinds.get(name, ()), name in logged, sags)
        return {experiment.name: _answers(experiment, arms) for experiment in every}

    pieces = pieces or Pieces()
    parts = dict(pieces.over(label, work, range(len(vectors)), _read, progress))
    if len(parts) < len(vectors):
        raise InterruptedStudyError("interrupted before the claims were finished")
    return {
        experiment.name: _tested(experiment, [parts[v][experiment.name] for v in range(len(parts))])
        for experiment in every
    }


def _read(kept: Mapping[str, Any]) -> dict[str, list[_Seen]]:
    """Return what a vector gave from the plain values of a piece that was kept."""
    return {
        name: [
            _Seen(statistic, contrasts, np.array(differences, dtype=float), base)
            for statistic, contrasts, differences, base in several
        ]
        for name, several in kept.items()
    }


def kinds_of(questions: Sequence[Question]) -> dict[str, tuple[str, ...]]:
    """Return the kinds of groups to measure, by arm."""
    kinds: dict[str, tuple[str, ...]] = {}
    for question in questions:
        for side in (question.without, question.treated):
            names = [*kinds.get(side.arm, ()), *(kind for kind, _ in side.among)]
            kinds[side.arm] = tuple(kind for kind in kernel.GROUPS if kind in names)
    return kinds


def simulated(
    simulator: Simulator, arm: Scenario, by: Sequence[str], log: bool, sags: Array | None
) -> Simulated:
    """Return what an arm gives under the one vector of a simulator.

    Parameters
    ----------
    simulator
        Organisations under one vector.
    arm
        The scenario.
    by
        Kinds of groups to measure as well.
    log
        Whether who starts and stops is asked for.
    sags
        Which organisations sag after the novelty, if that is asked for.
    """
    rows = simulator.simulate(arm, by=by, keep_events=log)
    places = simulator.first_groups(arm, by) if by else {}
    return Simulated(simulator.scenario_of(arm, 0), rows, sags, places)


# --- One vector ----------------------------------------------------------------------------


def _answers(experiment: Experiment, arms: Mapping[str, Simulated]) -> list[_Seen]:
    """Return what one vector says to the questions of an experiment; of a sweep, to each value."""
    if experiment.tried:
        question = experiment.questions[0]
        return [
            _Seen(
                [_at(part_of(arms, Side(arm), part), question) for part in range(3)],
                [],
                np.empty(0),
            )
            for _, arm in experiment.tried
        ]
    return [_seen(question, arms) for question in experiment.questions]


def _at(arm: Arm, question: Question) -> float:
    return float(arm.curves(question.kpi)[:, question.month].mean())


def _seen(question: Question, arms: Mapping[str, Simulated]) -> _Seen:
    pairs = [
        Pairs(
            part_of(arms, question.without, part),
            part_of(arms, question.treated, part),
            question.kpi,
            question.month,
            question.level,
        )
        for part in range(3)
    ]
    statistic = [STATISTICS[question.of](pair) for pair in pairs]
    if not question.compares:
        return _Seen(statistic, [], np.empty(0))
    contrasts = [[STATISTICS[name](pair) for pair in pairs] for name in CONTRASTS]
    whole = pairs[WHOLE]
    base = float(whole.before.mean())
    if question.of == "success_ratio":
        base = 1.0 - failures(whole.without, question.month)
    return _Seen(statistic, contrasts, whole.after - whole.before, base)


def part_of(arms: Mapping[str, Simulated], side: Side, part: int) -> Arm:
    """Return one arm, seen in all organisations of a vector or in one half of them."""
    arm = arms[side.arm]
    size = arm.found.rows.shape[0]
    here = _slice(size, part)
    rows = arm.found.rows[here]
    for kind, names in side.among:
        rows = _among(arm, here, kind, names)
    sags = None if arm.troughs is None else arm.troughs[_slice(arm.troughs.size, part)]
    log = arm.found.events
    exposures = None
    if log.size or not arm.found.rows[:, :, kpis.AT.using].any():  # nobody started, or not logged
        within = np.isin(log[:, RUN].astype(int), np.arange(size)[here])
        exposures = log[(log[:, KIND] == kernel.START) & within, EXPOSURE]
    return Arm(arm.scenario, rows, sags, exposures)


def _slice(size: int, part: int) -> slice:
    return (slice(None), slice(size // 2), slice(size // 2, None))[part]


def _among(arm: Simulated, here: slice, kind: str, names: tuple[str, ...]) -> Array:
    """Return KPIs of some groups together, each counting by its people."""
    labels = {
        "archetype": list(read_archetypes()),
        "department": department_names(arm.scenario.organisation),
        "role": list(ROLES),
    }[kind]
    places = [arm.places[kind] + labels.index(name) for name in names]
    heads = arm.found.heads[here][..., places]
    values = arm.found.grouped[here][..., places, :]
    rows = np.full((*heads.shape[:2], kpis.COUNT), np.nan)
    people = heads.sum(axis=-1)[..., None]
    total = (heads[..., None] * np.where(heads[..., None] > 0.0, values, 0.0)).sum(axis=-2)
    rows[..., : kpis.PERSONAL] = np.divide(
        total, people, out=np.full_like(total, np.nan), where=people > 0.0
    )
    return rows


# --- All vectors ---------------------------------------------------------------------------


def _tested(experiment: Experiment, parts: Sequence[Sequence[_Seen]]) -> Tested:
    """Return a claim with what all vectors say to it."""
    if experiment.tried:
        return _swept(experiment, parts)
    answers = []
    for place, question in enumerate(experiment.questions):
        seen = [part[place] for part in parts]
        contrasts = {
            name: _estimate([vector.contrasts[k] for vector in seen])
            for k, name in enumerate(CONTRASTS if question.compares else ())
            if name != "odds_ratio" or kpis.KPIS[question.kpi].unit == "share"
        }
        opposite, base = math.nan, None
        if question.compares:
            base = float(np.mean([vector.base for vector in seen]))
            gained = np.concatenate([vector.differences for vector in seen])
            opposite = float((gained * np.sign(np.nanmean(gained)) < 0.0).mean())
        estimate = _estimate([vector.statistic for vector in seen])
        answers.append(Answer(question, estimate, contrasts, opposite, base))
    return Tested(experiment, tuple(answers), {})


def _swept(experiment: Experiment, parts: Sequence[Sequence[_Seen]]) -> Tested:
    """Return a sweep: the mean at every value, and where it is highest under each vector."""
    values = [value for value, _ in experiment.tried]
    means = np.array([[seen.statistic for seen in part] for part in parts])
    best = np.array(values)[means.argmax(axis=1)]
    tried = {value: _estimate(list(means[:, k])) for k, value in enumerate(values)}
    answers = tuple(
        Answer(question, _estimate(list(best)), {}) for question in experiment.questions
    )
    return Tested(experiment, answers, tried)


def _estimate(parts: Sequence[Sequence[float] | Array]) -> Estimate:
    """Return an estimate from what each vector gives: in all its organisations, and in halves."""
    halves = [(float(part[FIRST]), float(part[SECOND])) for part in parts]
    return of_vectors([float(part[WHOLE]) for part in parts], halves)


__all__ = ["CONTRASTS", "Answer", "Tested", "simulated_claims"]
