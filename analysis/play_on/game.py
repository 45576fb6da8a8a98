"""What a file of the game holds: a world of ``sim.play``, as the engine reads it and as a page says it.

Measures, events and what begins there are rounds of one table, from which the page takes those of a team. Who
answers the survey of a turn and who is quoted hangs on nothing a team does, so it is drawn here.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final, get_args

import numpy as np

from analysis.decisions.debrief import OTHERS, Replay, best_plan
from analysis.play_on.contents import carried_out, ground_of, pooled, requested
from sim import draws, kpis
from sim.engine.kinds import Array
from sim.engine.packing import packed
from sim.engine.running import current_engine
from sim.engine.types import Arrays
from sim.errors import AdoptionError, said
from sim.parameters import as_record
from sim.people.population import chart
from sim.play import Bet, World, begin
from sim.play.game import LONGEST, MISSED, start_of
from sim.play.seen import (
    HOPEFUL,
    LARGEST,
    WORRIED,
    in_order,
    quoted,
    read_quotes,
    wording,
)
from sim.programme import deployments
from sim.programme.budget import CENT
from sim.programme.deployments import consent, dearer, length_of, measure_of, rounds
from sim.programme.ledger import means_of
from sim.programme.levers import effective_numbers, in_service
from sim.scenario.folders import is_path
from sim.scenario.schema import Budget, Deployment, Scenario
from sim.scenario.writing import HEAD, scenario_text, scenario_values
from sim.state import Worry
from sim.study.intervals import t_quantile

COLUMNS: Final = ("adoption", "cost_technology", "cost_measures")
"""KPIs the page takes from a simulation."""

ANY: Final = Bet(low=0, high=0)


def game_of(world: World, pool: dict[str, int], *, plan: bool = True) -> dict[str, Any]:
    """Return what the page needs to know of a world, as JSON can hold it.

    Parameters
    ----------
    world
        The world; nobody in it may be real.
    pool
        Arrays of the page so far; more are added.
    plan
        Whether the best shipped plan is looked for: some seconds.

    Raises
    ------
    AdoptionError
        If the world is one of imported people.
    """
    if world.start.organisation.people is not None:
        raise AdoptionError(
            said(
                "{world}: its organisation is a file of people (organisation.people), and a file that is "
                "handed out holds none: play it with adopt play, or take a scenario of invented people",
                world=world.name,
            )
        )
    rules, free = world.rules, world.start.model_copy(update={"budget": Budget()})
    draw, run = carried_out(free, pool)
    content = {
        **ground_of(world.start),
        "columns": {kpi: kpis.COLUMN[kpi] for kpi in COLUMNS},
        "world": Path(world.name).name if is_path(world.name) else world.name,
        "title": rules.title.model_dump(),
        "story": rules.story.model_dump(),
        "seed": rules.seed,
        "run": rules.run,
        "turns": rules.turns,
        "length": rules.months,
        "money": rules.money,
        "most": rules.most_at_once,
        "answers": rules.survey.answers,
        "lag": rules.survey.lag,
        "draw": draw,
        "plan": run,
        **_table(world, pool),
        **_people(world),
        **_saved(world),
        "weekly": world.start.numbers.weekly_use,
        "limits": {
            "cent": CENT,
            "missed": MISSED,
            "hopeful": HOPEFUL,
            "worried": WORRIED,
            "largest": LARGEST,
            "team": LONGEST,
        },
        "others": OTHERS,
        "t": float(t_quantile(OTHERS - 1.0)),
        "best": _best(world) if plan else None,
    }
    text = json.dumps([rules.model_dump(mode="json"), scenario_values(world.start)], sort_keys=True)
    return {**content, "key": hashlib.sha256(text.encode()).hexdigest()[:16]}


# --- Rounds ------------------------------------------------------------------------------------


def _table(world: World, pool: dict[str, int]) -> dict[str, Any]:
    """Return every round there can be, and which of them each deployment and event is."""
    rules, start = world.rules, world.start
    there = {**start.deployments, **rules.measures}
    whole = start.model_copy(update={"programme": there, "events": dict(rules.events)})
    asked = rounds(whole)
    places: dict[tuple[bool, str], list[int]] = {}
    for d, round_ in enumerate(asked):
        places.setdefault((round_.event is not None, round_.name), []).append(d)
    record = current_engine().signatures["kernel_simulate_runs"].parameters["record"]
    terms = current_engine().signatures["compiling_planned"].parameters["terms"]
    plan = chart(start)

    def terms_of(scenario: Scenario) -> Any:
        return pooled(packed(terms, means_of(scenario, plan).terms), pool)

    def card(name: str, deployment: Deployment) -> dict[str, Any]:
        measure = measure_of(name, deployment)
        alone = start.model_copy(update={"programme": {name: deployment}})
        numbers = as_record(in_service(alone, effective_numbers(start)))
        return {
            "rows": places[False, name],
            "lengths": [
                length_of(asked[d].deployment, measure, world.last) for d in places[False, name]
            ],
            "start": start_of(begin(world), deployment),
            "earliest": consent(start) if measure.needs_consent else 0,
            "months": deployment.months,
            "structural": measure.lasting == "structural",
            "appoints": measure.appoints,
            "selection": deployment.selection,
            "measure": deployment.measure,
            "record": pooled(packed(record, numbers), pool),
            "title": measure.title.model_dump(),
            "text": measure.description.model_dump(),
            "fields": _fields(start, name, deployment),
        }

    council = [name for name in deployments.deployments_of(start) if name not in there]
    happening = sorted(rules.events.items(), key=lambda item: item[1].month)
    months = [event.month for _, event in happening]
    so_far = [
        start.model_copy(update={"events": dict(happening[:number])})
        for number in range(len(happening) + 1)
    ]
    return {
        "request": requested(whole, plan, pool),
        "terms": terms_of(start),
        "free": terms_of(start.model_copy(update={"budget": Budget()})),
        "dearer": [_array(dearer(scenario), pool) for scenario in so_far],
        "begin": list(start.deployments),
        "always": [{"name": name, "rows": places[False, name]} for name in council],
        "offered": list(rules.measures),
        "cards": {name: card(name, deployment) for name, deployment in there.items()},
        "events": [
            {
                "name": name,
                "month": month,
                "rows": places[True, name],
                "title": deployments.kind_of(name, event).title.model_dump(),
                "text": deployments.kind_of(name, event).description.model_dump(),
                "fields": scenario_values(so_far[-1])["events"][name],
            }
            for (name, event), month in zip(happening, months, strict=True)
        ],
    }


def _array(values: Array, pool: dict[str, int]) -> Any:
    return pooled(packed(Arrays("f8", 1), values), pool)


def _fields(start: Scenario, name: str, deployment: Deployment) -> dict[str, Any]:
    """Return what a file of a scenario says of a deployment."""
    values = scenario_values(start.model_copy(update={"programme": {name: deployment}}))
    said_of_it: dict[str, Any] = values["programme"][name]
    return said_of_it


# --- People ------------------------------------------------------------------------------------


def _people(world: World) -> dict[str, Any]:
    """Return who is asked and quoted in each turn, and what people may say."""
    state, plan = begin(world), chart(world.start)
    people = np.zeros(plan.department.size, [("key", np.int64), ("department", np.int64)])
    people["key"], people["department"] = np.arange(people.size), plan.department
    asked, says = [], []
    for turn in range(world.rules.turns + 1):
        there = state._replace(bets=(ANY,) * turn)
        line = in_order(there, people, draws.ASKED, turn)
        asked.append(line[: world.rules.survey.answers].tolist())
        says.append([[row, wording(there, row)] for row in quoted(there, people)])
    return {
        "asked": asked,
        "quoted": says,
        "remarks": [
            {"step": remark.step, "worry": remark.worry, "says": remark.says.model_dump()}
            for remark in read_quotes().values()
        ],
        "worries": list(get_args(Worry)),
    }


# --- What is saved -----------------------------------------------------------------------------


def _saved(world: World) -> dict[str, Any]:
    """Return what the file of a game says beside what a team did: sections as text, in their order."""
    text = scenario_text(begin(world).scenario).removeprefix(HEAD.format(name="team"))
    sections: dict[str, str] = {}
    for line in text.splitlines(keepends=True):
        if line[0] not in " -":
            name = line.partition(":")[0]
            sections[name] = ""
        sections[name] += line
    names = [name for name in Scenario.model_fields if name in {*sections, "programme", "events"}]
    own = ("title", "programme", "events", "play")
    return {
        "head": HEAD,
        "sections": [[name, None if name in own else sections[name]] for name in names],
        "fields": list(Deployment.model_fields),
    }


def _best(world: World) -> dict[str, Any] | None:
    """Return where the best shipped plan leads here; None if none can be paid."""
    plan = best_plan(world)
    if plan is None:
        return None
    line = Replay(world, 2).line(*plan)
    return {
        "label": line.label,
        "curve": line.curve.tolist(),
        "cost": line.cost,
        "never": line.never,
    }
