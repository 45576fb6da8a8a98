"""What can be done from here on: plans that share the past with what was done."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from analysis.decisions.forecast_particles import SHOWN, Particles, packed, unpacked
from analysis.results.pieces import Pieces
from sim import kpis
from sim.engine.kinds import Array
from sim.errors import AdoptionError, InterruptedStudyError, said
from sim.programme.deployments import consent, first_month, measure_of
from sim.scenario import read_catalogue
from sim.scenario.schema import Deployment, Scenario
from sim.simulator import Simulator, Vector
from sim.study.experiments import Progress, same_people
from sim.study.results import curves

CONTINUE, STOP, LEADERS = "continue", "stop", "leaders"
"""Plans that are always looked at, where they differ."""

EXAMPLE: Final = "leadership-example"
"""The measure by which leaders set an example."""

DRAWN: Final = 300
"""Particles in which plans are simulated, drawn by their weights."""


class Outcomes(NamedTuple):
    """What each plan gives in the same particles; N plans, U particles, T months.

    Attributes
    ----------
    which
        Places of the particles among all [U].
    weights
        How often each was drawn [U; sums to 1].
    curves
        Share of the people by KPI [N, U, T + 1].
    cost
        What is spent from the month after the last observed on [N, U; euro].
    """

    which: Array
    weights: Array
    curves: Mapping[str, Array]
    cost: Array


# --- Plans ---------------------------------------------------------------------------------


def plans_of(scenario: Scenario, month: int, others: Mapping[str, Scenario]) -> dict[str, Scenario]:
    """Return what can be done after a month, by name: going on comes first.

    Stopping is there where something is in force, and the leaders' example where they set none.

    Parameters
    ----------
    scenario
        What was done so far, and is meant to go on.
    month
        The last month that was observed.
    others
        Other programmes by name, followed from the next month on.

    Raises
    ------
    AdoptionError
        If another programme is for other people, or has other adaptive rules.
    """
    plans = {CONTINUE: scenario}
    bare = scenario.model_copy(update={"programme": {}})
    stopped = followed(scenario, bare, month)
    if stopped.programme != _there(scenario) and not scenario.adaptive:
        plans[STOP] = stopped
    appointed = {
        read_catalogue()[deployment.measure or name].appoints
        for name, deployment in _there(scenario).items()
    }
    if "leaders" not in appointed:
        example = {**_there(scenario), EXAMPLE: Deployment(start=month + 1)}
        plans[LEADERS] = scenario.model_copy(update={"programme": example})
    for name, other in others.items():
        if name in plans:
            raise AdoptionError(
                said("plan {name}: found the name of another plan, expected its own", name=name)
            )
        if not same_people(scenario, other):
            raise AdoptionError(
                said(
                    "plan {name}: found other people or ties than in {other}, expected the same: only what is "
                    "done may differ",
                    name=name,
                    other=scenario.name,
                )
            )
        if other.adaptive != scenario.adaptive:
            raise AdoptionError(
                said(
                    "plan {name}: found other adaptive rules than in {other}, expected the same: put what is to "
                    "start under programme",
                    name=name,
                    other=scenario.name,
                )
            )
        plans[name] = followed(scenario, other, month)
    return plans


def _there(scenario: Scenario) -> dict[str, Deployment]:
    return {name: given for name, given in scenario.programme.items() if given is not None}


def followed(scenario: Scenario, other: Scenario, month: int) -> Scenario:
    """Return a scenario whose programme is that of another one after a month, and its own before.

    What both have alike goes on. What only the scenario has ends with the month. What only the other
    one has starts when it says, but not before the next month.
    """
    here, there = _there(scenario), _there(other)
    programme: dict[str, Deployment] = {}
    for name, deployment in here.items():
        kept = deployment if there.get(name) == deployment else ended(scenario, name, month)
        if kept is not None:
            programme[name] = kept
    for name, deployment in there.items():
        if here.get(name) == deployment:
            continue
        start = max(first_month(deployment, other) + 1, month + 1)
        update = {"measure": deployment.measure or name, "start": start, "after_go_live": None}
        unused = name if name not in programme else f"{name}-from-{month + 1}"
        programme[unused] = deployment.model_copy(update=update)
    return scenario.model_copy(update={"programme": programme})


def ended(scenario: Scenario, name: str, month: int) -> Deployment | None:
    """Return a deployment that ends with a month, None if it would start later.

    What is spread over months keeps its dose a month. Of what is repeated, the round that has begun
    is carried through.
    """
    deployment = scenario.programme[name]
    assert deployment is not None
    measure = measure_of(name, deployment)
    start = first_month(deployment, scenario)
    if measure.needs_consent:
        start = max(start, consent(scenario))
    ran = month - start
    if ran < 1:
        return None
    if deployment.repeat is not None:
        times = min(deployment.repeat.times, (ran - 1) // deployment.repeat.every + 1)
        again = deployment.repeat.model_copy(update={"times": times})
        return deployment.model_copy(update={"repeat": again})
    one_off = measure.lasting == "one_off"
    length = deployment.months or (1 if one_off else None)
    if length is not None and ran >= length:
        return deployment
    dose = _part(deployment.dose, ran, length) if one_off and length else deployment.dose
    return deployment.model_copy(update={"months": ran, "dose": dose})


def _part(dose: float, ran: int, length: int) -> float:
    """Return the dose that is the same a month over fewer months, to the last bit where there is one."""
    part = dose * ran / length
    near = (part, math.nextafter(part, 0.0), math.nextafter(part, math.inf))
    return next((some for some in near if some / ran == dose / length), part)


# --- What they give ------------------------------------------------------------------------


def outcomes_of(
    plans: Mapping[str, Scenario],
    particles: Particles,
    drawn: tuple[Array, Array],
    month: int,
    *,
    vectors: Sequence[Vector],
    seed: int,
    progress: Progress | None = None,
    pieces: Pieces | None = None,
) -> Outcomes:
    """Return what each plan gives in particles that fit, those in ``pieces`` from there.

    Parameters
    ----------
    plans
        What can be done, by name; going on comes first.
    particles, drawn
        All of them; which are looked at, and how often each was drawn.
    month
        The last month that was observed: up to it all plans have to be alike.
    vectors, seed
        Every vector, and the seed of the study.

    Raises
    ------
    AdoptionError
        If a plan changes what was before.
    InterruptedStudyError
        If it is interrupted.
    """
    which, times = drawn
    numbers = np.unique(particles.vector[which])

    def work(number: int, last: int) -> str:
        streams = particles.stream[which[particles.vector[which] == number]]
        simulator = Simulator(
            plans[CONTINUE], seed=seed, vectors=[vectors[number]], streams=streams, threads=1
        )
        lived = [_lived(simulator, plan, last, particles.people) for plan in plans.values()]
        return packed({name: np.array([some[name] for some in lived]) for name in lived[0]})

    kept = (pieces or Pieces()).over(
        "plans", partial(work, last=month), numbers.tolist(), str, progress
    )
    parts = [unpacked(text) for _, text in sorted(kept)]
    if len(parts) < len(numbers):
        raise InterruptedStudyError(
            f"interrupted: plans are finished under {len(parts):,} of {len(numbers):,} vectors; the same "
            "command goes on from there"
        )
    together = {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}
    shares = {kpi: together[kpi] / particles.people for kpi in SHOWN}
    _same_past(list(plans), particles, which, shares, month)
    return Outcomes(which, times / times.sum(), shares, together["cost"])


def _lived(simulator: Simulator, plan: Scenario, month: int, people: int) -> dict[str, Array]:
    """Return counts of people by KPI, and what is spent after a month, of each organisation."""
    rows = simulator.simulate(plan).rows
    arrays = {
        kpi: np.rint(rows[:, :, kpis.COLUMN[kpi]] * people).astype(np.uint32) for kpi in SHOWN
    }
    spent = curves(simulator.scenario_of(plan, 0), rows, "cost")[:, month + 1 :]
    return {**arrays, "cost": spent.sum(axis=1)}


def _same_past(
    names: Sequence[str],
    particles: Particles,
    which: Array,
    shares: Mapping[str, Array],
    month: int,
) -> None:
    """Raise unless every plan is, up to the last month observed, what was weighed."""
    for k, name in enumerate(names):
        for kpi in SHOWN:
            before = particles.curves[kpi][which][:, : month + 1]
            if not np.array_equal(shares[kpi][k][:, : month + 1], before):
                raise AdoptionError(
                    said(
                        "plan {name}: it changes months before {month} (a budget that is cut anew, or "
                        "trainers' hours that are shared otherwise): state doses and months instead",
                        name=name,
                        month=month + 1,
                    )
                )
