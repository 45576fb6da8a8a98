"""What an experiment comes down to: scenarios, points, vectors, and what tells two apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any, Final

from sim import kpis
from sim.errors import AdoptionError
from sim.scenario import as_scenario
from sim.scenario.items import Keys
from sim.scenario.schema import Scenario
from sim.scenario.words import suggestion
from sim.study.experiments import same_people
from sim.study.posteriors import posterior
from sim.study.provenance import library_in_use, provenance
from sim.study.sweeps.factors import check_factors, factor_of
from sim.study.sweeps.form import Experiment, Precise, Varied
from sim.study.sweeps.plan import Cut, Job
from sim.study.sweeps.points import Point, points_of
from sim.study.sweeps.store import ORIGIN
from sim.study.sweeps.work import made_with

EMPLOYEES: Final = "organisation.employees"

FREE: Final = {"name", "title", "question", "scenarios", "points", "listed", "seed"}
"""What of an experiment may change: words and paths, and what is compared by what it holds."""

Wrong = tuple[Keys, AdoptionError]
"""What cannot be used, and the keys that lead to it in the experiment."""


@dataclass(frozen=True)
class Prepared:
    """An experiment made concrete.

    Attributes
    ----------
    experiment
        What was asked.
    scenarios
        Scenarios by name, with the changes of the experiment.
    points
        Values by dotted path at each point.
    vectors
        Numbers of the rules under each vector, by dotted path; one empty vector for the shipped
        numbers.
    """

    experiment: Experiment
    scenarios: Mapping[str, Scenario]
    points: Sequence[Point]
    vectors: Sequence[Point]

    @cached_property
    def cut(self) -> Cut:
        """How it is cut into shards."""
        months = sum(scenario.simulation.months + 1 for scenario in self.scenarios.values())
        asked = self.experiment
        return Cut(
            self.points,
            self.vectors,
            asked.organisations,
            asked.replicates,
            months,
            self._people,
            asked.precision is not None,
        )

    @property
    def _people(self) -> int:
        """Size of the largest organisation, of the points that may be added too."""
        sizes = [scenario.organisation.employees for scenario in self.scenarios.values()]
        varied = self.experiment.factors.get(EMPLOYEES)
        if varied is not None:
            sizes += [int(size) for size in varied.values or (varied.high or 0,)]
        return max(sizes)

    @cached_property
    def columns(self) -> dict[str, str]:
        """What is varied by the design, each a column, with its type in Arrow."""
        paths = dict.fromkeys(path for point in self.points for path in point)
        return {path: _kind([point.get(path) for point in self.points]) for path in paths}

    @property
    def rows(self) -> int:
        """Rows of the finished data set."""
        cut = self.cut
        return cut.cells * cut.organisations * cut.replicates * cut.months

    @property
    def runs(self) -> int:
        """Runs of all scenarios."""
        return self.cut.runs * len(self.scenarios)

    def runs_in(self, shard: int, first: int = 0, last: int | None = None) -> int:
        """Return the runs of all scenarios in a shard, or in some of its pieces."""
        each = self.experiment.replicates * len(self.scenarios)
        return sum(
            (piece.last - piece.first) * each for piece in self.cut.pieces(shard)[first:last]
        )

    def job(self, shard: int, begun: int = 0) -> Job:
        """Return what there is to simulate for a shard of which so many pieces are there."""
        asked = self.experiment
        return Job(
            shard,
            self.scenarios,
            self.cut.pieces(shard)[begun:],
            asked.organisations,
            asked.replicates,
            asked.seed,
            asked.by,
            self.columns,
            self._words,
            made_with(),
            asked.precision,
        )

    @cached_property
    def _words(self) -> dict[str, str]:
        """What makes it, for the metadata of every shard; nothing that more points change."""
        made = self.origin
        return {
            "experiment": made["experiment"]["name"],
            "software": made["software"],
            "code": made["code"],
            "key": self.key,
            "seed": str(made["seed"]),
            "libraries": json.dumps(made["libraries"]),
            "scenarios": json.dumps(made["scenarios"]),
            "about": f"What made it in full: {ORIGIN} beside it.",
        }

    @property
    def key(self) -> str:
        """What tells it from another experiment; more points of it leave it as it is."""
        return str(self.origin["key"])

    @cached_property
    def origin(self) -> dict[str, Any]:
        """What makes it: everything to make it again, and to tell it from another."""
        asked = self.experiment
        made = provenance(self.scenarios, asked.seed, self.cut.runs)
        content = asked.model_dump(mode="json")
        without = FREE if asked.precision is not None else FREE | {"precision"}
        telling = {
            "experiment": {name: value for name, value in content.items() if name not in without},
            "hashes": made["hashes"],
            "library": library_in_use(),
            "vectors": _hash(self.vectors),
            "code": made["code"],
            "seed": asked.seed,
        }
        return {
            "experiment": content,
            "points": len(self.points),
            "shards": self.cut.shards,
            "rows": self.rows,
            "columns": self.columns,
            **made,
            "library": telling["library"],
            "vectors": telling["vectors"],
            "key": _hash(telling),
        }


def prepare(experiment: Experiment, given: Sequence[Scenario] | None = None) -> Prepared:
    """Return what an experiment comes down to, checked.

    Parameters
    ----------
    experiment
        What is asked.
    given
        Scenarios of these names, where they are no files.

    Raises
    ------
    AdoptionError
        If a scenario, a factor or a vector cannot be used.
    """
    scenarios, wrong = resolved(experiment, given)
    for _, error in wrong:
        raise error
    points = json.loads(json.dumps(points_of(experiment)))  # as they are read back
    vectors: list[Point] = [{}]
    if experiment.posterior is not None:
        table = posterior(experiment.posterior.evidence)
        vectors = [
            {f"parameters.{name}": float(value) for name, value in row.items()}
            for row in table.head(experiment.posterior.number).to_dict("records")
        ]
    return Prepared(experiment, scenarios, points, vectors)


def resolved(
    experiment: Experiment, given: Sequence[Scenario] | None = None
) -> tuple[dict[str, Scenario], list[Wrong]]:
    """Return the scenarios of an experiment by name, and what cannot be used, each with its place."""
    scenarios: dict[str, Scenario] = {}
    wrong: list[Wrong] = []
    asked: Sequence[Scenario | str] = given or experiment.scenarios
    for number, item in enumerate(asked):
        keys: Keys = ("scenarios", number)
        try:
            scenario = as_scenario(item)
            if scenario.name in scenarios:
                message = f"two scenarios are called '{scenario.name}'; give one another name"
                raise AdoptionError(message)
            keys = ("changes",)
            changes = experiment.changes
            scenarios[scenario.name] = scenario.changed(changes) if changes else scenario
        except AdoptionError as error:
            wrong.append((keys, error))
    if experiment.posterior is not None:
        asked_of, number = experiment.posterior.evidence, experiment.posterior.number
        there = len(posterior(asked_of))
        if number > there:
            message = (
                f"found {number}, expected 1 to {there}: so many reproduce the set '{asked_of}'"
            )
            wrong.append((("posterior", "number"), AdoptionError(f"posterior.number: {message}")))
    if experiment.precision is not None and not wrong:
        wrong += [(("precision",), error) for error in _imprecise(experiment.precision, scenarios)]
    for keys, path, varied in [] if wrong else _varied(experiment):
        try:
            check_factors([factor_of(path, varied)], scenarios.values())
        except AdoptionError as error:
            wrong.append((keys, error))
    return scenarios, wrong


def _imprecise(asked: Precise, scenarios: Mapping[str, Scenario]) -> Iterator[AdoptionError]:
    """Yield why scenarios cannot be as precise as is asked, if they cannot."""
    if asked.kpi not in kpis.KPIS:
        near = suggestion(asked.kpi, kpis.KPIS)
        yield AdoptionError(f"precision: no such KPI '{asked.kpi}'{near}")
    last = min(scenario.simulation.months for scenario in scenarios.values())
    if asked.month is not None and asked.month > last:
        yield AdoptionError(f"precision: month: found {asked.month}, expected 1 to {last}")
    first, *others = scenarios.values()
    for other in others:
        if not same_people(first, other):
            yield AdoptionError(
                f"precision: {first.name} and {other.name} do not have the same people, expected "
                "scenarios that do: it is that of differences between the same organisations"
            )


def _varied(experiment: Experiment) -> Iterator[tuple[Keys, str, Varied]]:
    """Yield what is varied; of listed points the lowest, the highest and whatever is no number."""
    for path, varied in experiment.factors.items():
        yield ("factors", path), path, varied
    for path in dict.fromkeys(path for point in experiment.listed for path in point):
        there = {
            repr(point[path]): (("listed", number, path), point[path])
            for number, point in reversed(list(enumerate(experiment.listed)))
            if path in point
        }
        numbers = [value for value in there.values() if type(value[1]) in (int, float)]
        telling = [value for value in there.values() if value not in numbers]
        if numbers:
            telling += [min(numbers, key=itemgetter(1)), max(numbers, key=itemgetter(1))]
        for keys, value in telling:
            yield keys, path, Varied(values=(value,))


def _hash(content: Any) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def _kind(values: Sequence[Any]) -> str:
    """Return the type in Arrow that holds these values."""
    types = {type(value) for value in values if value is not None}
    if types == {bool}:
        return "bool_"
    if types == {int}:
        return "int64"
    return "float64" if types and types <= {int, float} else "string"
