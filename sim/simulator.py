"""One simulator for every study: people and ties are drawn once and kept, programmes change.

Whatever asks the model for numbers asks here: what a scenario gives, in the same organisations with
the same luck as any other, under one or several parameter vectors.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim import kernel, kpis, world
from sim.elementary import totals
from sim.engine.kinds import Array
from sim.engine.running import expect
from sim.errors import AdoptionError, InterruptedStudyError, whole_number
from sim.scenario import as_scenario
from sim.scenario.schema import Scenario
from sim.study import results
from sim.study.experiments import CHUNK_PEOPLE, Progress, in_order, luck_of, population_key
from sim.study.kept import Kept

Vector = Mapping[str, float]
Programme = Scenario | str | Path | Mapping[str, Any] | None
"""What can be simulated: a scenario, its name or file, or changes of the simulator's own by dotted path."""

Prepare = Callable[[world.Worlds, world.Plan], tuple[world.Worlds, world.Plan]]
"""What is done to people and plan before the first month, beyond what a scenario can say."""

MEMORY: Final = 1 << 29
"""Bytes that kept organisations may take, and as many again for kept results."""


class Simulator:
    """Simulate programmes in the same organisations with the same luck.

    Parameters
    ----------
    scenario
        Scenario, name or path: what a programme given as changes starts from.
    runs
        Organisations of each vector; by default what the scenario says.
    seed
        Seed of the study; by default what the scenario says.
    vectors
        Parameter vectors, values of :class:`sim.parameters.Parameters` by name. Each has
        organisations of its own. By default one, which changes nothing: then every number is that
        of :func:`sim.compare`, to the last bit.
    first
        Number of the first organisation: another one gives organisations never seen before.
    streams
        Numbers of the organisations of the first vector, instead of ``runs`` from ``first`` on; those
        of the next vector follow after as many.
    memory
        Bytes that kept organisations, and kept results, may take; the longest unused go first.
    threads
        Number of threads; by default one per processor. It does not change a single bit.

    Raises
    ------
    AdoptionError
        If the scenario cannot be read, or a number is out of range.

    Examples
    --------
    >>> import sim
    >>> s = sim.Simulator("baseline", runs=20, seed=1)
    >>> s.rows("leadership").shape == (20, 25, len(sim.kpis.MEASURED))
    True
    >>> gain = s.outcome("leadership") - s.outcome()
    >>> bool(gain.mean() > 0)
    True

    A change of the scenario at hand, on the same people:

    >>> s.outcome({"programme.training": {"dose": 2}}, "skill", month=12).shape
    (20,)
    """

    def __init__(
        self,
        scenario: Scenario | str | Path = "baseline",
        runs: int | None = None,
        seed: int | None = None,
        vectors: Sequence[Vector] | None = None,
        *,
        first: int = 0,
        streams: Array | None = None,
        memory: int = MEMORY,
        threads: int | None = None,
    ) -> None:
        self.scenario = as_scenario(scenario)
        if streams is not None:
            runs = int(streams.size)
        self.runs = self.scenario.simulation.runs if runs is None else runs
        self.seed = self.scenario.simulation.seed if seed is None else seed
        whole_number("runs", self.runs, 1)
        whole_number("seed", self.seed, 0, 2**32 - 1)
        whole_number("first", first, 0)
        whole_number("memory", memory, 0)
        if threads is not None:
            whole_number("threads", threads, 1)
        if vectors is not None and not len(vectors):
            raise AdoptionError(
                "vectors: found none, expected at least one, or None for the scenario's own"
            )
        self.vectors: tuple[Vector, ...] = ({},) if vectors is None else tuple(vectors)
        self.threads = threads or os.cpu_count() or 1
        self.streams = first + np.arange(self.runs) if streams is None else streams
        self._ready: tuple[Scenario, int, Scenario, world.Plan] | None = None
        """What was simulated last: scenario, vector, the one under the other, and its plan."""
        self._worlds: Kept[tuple[world.Design, world.Worlds]] = Kept(memory)
        self._results: Kept[Array] = Kept(memory)

    def __repr__(self) -> str:
        return (
            f"<Simulator {self.scenario.name}: {len(self.vectors)} vectors, {self.runs} runs, "
            f"seed {self.seed}>"
        )

    # --- What comes out --------------------------------------------------------------------

    def rows(
        self, programme: Programme = None, continuation: int = 0, progress: Progress | None = None
    ) -> Array:
        """Return what is measured, the runs of the first vector first.

        Parameters
        ----------
        programme
            What to simulate; by default the simulator's own scenario.
        continuation
            Number of the luck: 0 is that of :func:`sim.compare`; others are other lives of the same
            organisations.
        progress
            Called with the number of runs finished and the total.

        Returns
        -------
        numpy.ndarray
            [vectors x runs, months + 1, KPIs of ``kpis.MEASURED``], not writable.

        Raises
        ------
        InterruptedStudyError
            If interrupted by Ctrl-C; asked again, it goes on with what was not finished.
        """
        whole_number("continuation", continuation, 0)
        scenario = self.scenario_of(programme)
        pieces = [(v, piece) for v in range(len(self.vectors)) for piece in self._pieces(scenario)]

        def simulate(places: Array) -> dict[str, Array]:
            v, streams = pieces[int(places[0])]
            key = f"{continuation} {self._key(v, streams)} {scenario.fingerprint()}"
            rows = self._results.get(key)
            if rows is None:
                rows = self._simulated(scenario, v, streams, continuation).rows
                rows.setflags(write=False)
                self._results.put(key, rows, rows.nbytes)
            return {"rows": rows}

        numbers = [np.array([k]) for k in range(len(pieces))]
        expect(
            self.runs
            * len(self.vectors)
            * scenario.organisation.employees
            * scenario.simulation.months
        )
        done = 0

        def told(finished: int, _: int) -> None:
            nonlocal done
            done += pieces[finished - 1][1].size
            if progress is not None:
                progress(done, self.runs * len(self.vectors))

        parts = [
            part["rows"] for part in in_order(simulate, numbers, self.threads, told, len(pieces))
        ]
        if len(parts) < len(pieces):
            raise InterruptedStudyError("interrupted: what is finished is kept, ask again to go on")
        rows_of = np.concatenate(parts)
        rows_of.setflags(write=False)
        return rows_of

    def curves(self, programme: Programme = None, kpi: str = "adoption") -> Array:
        """Return a KPI by month, one row per run [vectors x runs, months + 1].

        Raises
        ------
        AdoptionError
            If there is no such KPI.
        """
        try:
            return results.curves(self.scenario_of(programme), self.rows(programme), kpi)
        except KeyError:
            raise AdoptionError(f"there is no KPI '{kpi}': see adopt kpis") from None

    def outcome(
        self, programme: Programme = None, kpi: str = "adoption", month: int | None = None
    ) -> Array:
        """Return a KPI in a month, by default the last [vectors x runs]."""
        months = self.scenario_of(programme).simulation.months
        if month is not None:
            whole_number("month", month, 0, months)
        return self.curves(programme, kpi)[:, months if month is None else month]

    def ends(self, programme: Programme = None) -> dict[str, Array]:
        """Return every KPI in the last month, by name [vectors x runs each]."""
        return {kpi: self.outcome(programme, kpi) for kpi in kpis.KPIS}

    def cost(self, programme: Programme = None) -> Array:
        """Return what everything cost over all months [euro; vectors x runs]."""
        return totals(self.curves(programme, "cost"))

    def events(self, programme: Programme = None, by_person: bool = False) -> Array:
        """Return the log of who started, restarted and stopped when, of every run.

        Returns
        -------
        numpy.ndarray
            A row per event with the columns of :data:`sim.kernel.EVENT`; runs are counted over all
            vectors. Without ``by_person`` the person is -1.
        """
        log = self.simulate(programme, keep_events=True).events
        if not by_person:
            log[:, kernel.EVENT.index("person")] = -1
        return log

    def simulate(
        self,
        programme: Programme = None,
        *,
        by: Sequence[str] = (),
        keep_events: bool = False,
        keep_people: bool = False,
        continuation: int = 0,
        runs: int | None = None,
        months: int | None = None,
        prepare: Prepare | None = None,
    ) -> kernel.Simulated:
        """Return everything the runs give, the first vector's first, in this thread; keep nothing.

        Parameters
        ----------
        programme
            What to simulate; by default the simulator's own scenario.
        by
            Kinds of groups to measure as well, of :data:`sim.kernel.GROUPS`.
        keep_events
            Whether to log who started, restarted and stopped when; runs are counted over all vectors.
        keep_people
            Whether to return people as they end.
        continuation
            Number of the luck, as in :meth:`rows`.
        runs
            Organisations of each vector, its first ones; by default all.
        months
            Months to simulate, at most those of the scenario; by default all.
        prepare
            Changes people and plan before the first month: takes worlds and plan, returns both.
        """
        scenario = self.scenario_of(programme)
        parts: list[kernel.Simulated] = []
        before = 0
        for v in range(len(self.vectors)):
            for places in self._pieces(scenario, runs):
                part = self._simulated(
                    scenario,
                    v,
                    places,
                    continuation,
                    months,
                    prepare,
                    by=by,
                    keep_events=keep_events,
                    keep_people=keep_people,
                )
                part.events[:, 0] += before
                before += places.size
                parts.append(part)
        return kernel.Simulated(*map(np.concatenate, zip(*parts, strict=True)))

    def first_groups(self, programme: Programme = None, by: Sequence[str] = ()) -> dict[str, int]:
        """Return the first group of each kind that :meth:`simulate` measures."""
        scenario = self.scenario_of(programme, 0)
        design, _ = self._drawn(scenario, 0, next(self._pieces(scenario)))
        return kernel.first_groups(design.plan, by)[0]

    # --- What goes in ----------------------------------------------------------------------

    def worlds(self, programme: Programme = None) -> Iterator[world.Worlds]:
        """Yield people and ties as they are drawn, a few organisations at a time, in the order of runs.

        What is yielded is what :meth:`rows` and :meth:`events` simulate, before the first month; it is
        kept and not to be changed.
        """
        scenario = self.scenario_of(programme)
        for v in range(len(self.vectors)):
            for streams in self._pieces(scenario):
                yield self._drawn(self.scenario_of(scenario, v), v, streams)[1]

    def scenario_of(self, programme: Programme = None, vector: int | None = None) -> Scenario:
        """Return the scenario that is simulated for a programme, if asked under a vector.

        Raises
        ------
        AdoptionError
            If it cannot be read, or a change is not allowed.
        """
        if programme is None:
            scenario = self.scenario
        elif isinstance(programme, Mapping):
            scenario = self.scenario.changed(dict(programme))
        else:
            scenario = as_scenario(programme)
        if vector is None or not self.vectors[vector]:
            return scenario
        values = {f"parameters.{name}": value for name, value in self.vectors[vector].items()}
        return scenario.changed(values)

    def _key(self, v: int, streams: Array) -> str:
        return f"{v} {streams[0]} {streams.size}"

    def _pieces(self, scenario: Scenario, runs: int | None = None) -> Iterator[Array]:
        """Yield places of organisations that are simulated together: a fraction of a second."""
        chunk = max(1, CHUNK_PEOPLE // scenario.organisation.employees)
        runs = self.runs if runs is None else min(runs, self.runs)
        for first in range(0, runs, chunk):
            yield np.arange(first, min(first + chunk, runs))

    def _simulated(
        self,
        scenario: Scenario,
        v: int,
        places: Array,
        continuation: int,
        months: int | None = None,
        prepare: Prepare | None = None,
        **options: Any,
    ) -> kernel.Simulated:
        ready = self._ready
        if ready is None or ready[0] is not scenario or ready[1] != v:
            under = self.scenario_of(scenario, v)
            plan = world.plan(under, self._drawn(under, v, places)[0])
            ready = self._ready = scenario, v, under, plan
        _, _, under, plan = ready
        _, worlds = self._drawn(under, v, places)
        if months is not None:
            plan = plan._replace(months=min(months, plan.months))
        if prepare is not None:
            worlds, plan = prepare(worlds, plan)
        luck = luck_of(self._streams(v, places), continuation)
        return kernel.simulate(worlds, plan, self.seed, luck, **options)

    def _streams(self, v: int, places: Array) -> Array:
        """Return the numbers of organisations from their places among those of a vector."""
        return self.streams[places] + v * self.runs

    def _drawn(
        self, scenario: Scenario, v: int, places: Array
    ) -> tuple[world.Design, world.Worlds]:
        """Return what organisations have in common, and their people and ties, drawn once."""
        key = f"{self._key(v, places)} {population_key(scenario)}"
        drawn = self._worlds.get(key)
        if drawn is None:
            design = world.design(scenario)
            drawn = design, world.draw_worlds(design, self.seed, self._streams(v, places))
            size = sum(array.nbytes for array in drawn[1] if isinstance(array, np.ndarray))
            self._worlds.put(key, drawn, size)
        return drawn
