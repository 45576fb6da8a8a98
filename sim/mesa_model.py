"""The readable engine: a Mesa model whose agents call the same rules as the fast one.

Step it, look into an agent, subclass the agent and change one behaviour. For many runs use
:func:`sim.compare`: it gives the same numbers to the last bit, hundreds of times faster.
"""

from __future__ import annotations

import functools
import inspect
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, MethodType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import mesa
import numpy as np

from sim import channels, draws, kernel, kpis, rules, world
from sim.engine.kinds import Array
from sim.errors import AdoptionError, whole_number
from sim.month import Run, begin_month, fill_buddying, spend
from sim.people import population
from sim.people.population import department_names
from sim.programme import effects
from sim.scenario import as_scenario
from sim.scenario.library import read_archetypes
from sim.scenario.schema import Scenario
from sim.scenario.words import suggestion
from sim.state import EXECUTIVE, NOBODY, PEOPLE, ROLES, columns

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

ABOUT: Final = (
    "threshold",
    "expectation",
    "skill",
    "threat_competence",
    "threat_status",
    "threat_control",
    "threat_ethics",
    "uses",
    "intensity",
    "habit",
)
"""What :meth:`Employee.about` tells beside role, department and archetype."""

OF_A_NODE: Final = (
    "team",
    "champion",
    "threshold",
    "uses",
    "intensity",
    "expectation",
    "skill",
    "habit",
)
"""What a node of :meth:`AdoptionModel.graph` has beside department, role and archetype."""

_NO_GROUPS = np.full(len(kernel.GROUPS), -1), np.zeros((0, kpis.COUNT)), np.zeros(0)

STOPS_LATE: Final = not hasattr(mesa.DataCollector(), "_collection_steps")
"""Whether a model stops when a step finds no month left, instead of after the last month.

``batch_run`` of Mesa 3.3 leaves out what was collected after the last step, so there has to be one
step more than there are months.
"""

OF_EVERYBODY: Final = ("uses", "intensity", "expectation", "skill", "habit")
"""What is collected of every agent."""

SEEDS: Final = 2**32
"""Seeds there are, from 0."""


class Employee(mesa.Agent):  # type: ignore[misc]
    """One employee: the columns of :mod:`sim.state` as attributes, and the rules as methods.

    ``colleagues`` are the people this person notices, ``boss`` the row of the line manager.
    What others can see of a person during a substep is what was true at its beginning (or, where
    people act one after the other, when he or she last acted): ``seen_uses``, ``seen_intensity``
    and ``seen_expectation``.

    Each of these methods may be overridden; the rest of the model calls nothing else:

    - ``receive``, once a month: take in what the programme does;
    - ``change``, once a substep: live through it, which calls the next three;
    - ``notice``: how many colleagues use AI, and what they expect of it;
    - ``example``: what the leaders show;
    - ``inclination``: luck, low towards use;
    - ``show``, around ``change``: what others see;
    - ``step``, once a month, at its end: nothing, for what a subclass adds.

    The model calls them, in the order of the rows: a month is ``model.step()``. What an agent has beside its columns is set in ``__init__``. Where people leave, the agent stays
    and its columns become those of the newcomer; ``arrival`` is then the month of that.

    Examples
    --------
    Somebody who believes half of what colleagues tell:

    >>> import sim
    >>> class Sceptic(sim.Employee):
    ...     def notice(self):
    ...         exposure, users, told = super().notice()
    ...         return exposure, users, 0.5 * told

    Leaders whose example only those under 10 ties follow:

    >>> class Follower(sim.Employee):
    ...     def example(self):
    ...         return super().example() if len(self.colleagues) < 10 else 0.0

    Somebody who counts the months in which a colleague was seen to use AI:

    >>> class Observer(sim.Employee):
    ...     def __init__(self, model, row):
    ...         super().__init__(model, row)
    ...         self.months_seen = 0
    ...
    ...     def receive(self):
    ...         super().receive()
    ...         self.months_seen += any(one.seen_uses for one in self.colleagues)

    Somebody who gave it up and never tries again, whatever chance says:

    >>> class OnceBitten(sim.Employee):
    ...     def inclination(self):
    ...         gave_up = self.ever_used and not self.uses
    ...         return 1.0 if gave_up else super().inclination()

    Somebody who reads about it every month, whatever the programme does:

    >>> class Reader(sim.Employee):
    ...     def step(self):
    ...         self.expectation = max(self.expectation, 0.5)

    Somebody away every sixth month, in which nothing changes; and use that nobody sees:

    >>> class OftenAway(sim.Employee):
    ...     def change(self):
    ...         if self.model.month % 6 != 0:
    ...             super().change()

    >>> class Hidden(sim.Employee):
    ...     def show(self):
    ...         self.seen_uses, self.seen_intensity, self.seen_expectation = 0, 0.0, 0.0

    Each on the same people, ties and luck:

    >>> kinds = [sim.Employee, Sceptic, Follower, Observer, OnceBitten, Reader, OftenAway, Hidden]
    >>> weekly = {}
    >>> for kind in kinds:
    ...     model = sim.AdoptionModel("leadership-champions", employee=kind)
    ...     for _ in range(12):
    ...         model.step()
    ...     weekly[kind.__name__] = model.kpi("adoption")
    >>> weekly["Observer"] == weekly["Employee"]  # who only counts changes nothing
    True
    >>> [name for name in ("Follower", "OnceBitten", "Hidden") if weekly[name] < weekly["Employee"]]
    ['Follower', 'OnceBitten', 'Hidden']
    """

    model: AdoptionModel

    def __init__(self, model: AdoptionModel, row: np.void) -> None:
        super().__init__(model)
        for name in PEOPLE.names or ():
            setattr(self, name, row[name].item())
        self.colleagues: list[Employee] = []
        self.ties: list[float] = []
        self._drawn: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}
        self.row = 0
        self.show()

    def __init_subclass__(cls, **words: Any) -> None:
        super().__init_subclass__(**words)
        if "step" in vars(cls):
            cls.step = _by_the_model(cls.step)  # type: ignore[method-assign]

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as a place in the model: what everybody is goes with that, once."""
        return _member, (self.model, self.row)

    def step(self) -> None:
        """Do nothing: what a subclass does here comes at the end of each month, before it is measured.

        Raises
        ------
        AdoptionError
            If anybody but the model calls it.
        """

    def show(self) -> None:
        """Let the others see what this person does now."""
        self.seen_uses: int = self.uses
        self.seen_intensity: float = self.intensity
        self.seen_expectation: float = self.expectation

    def notice(self) -> tuple[float, float, float]:
        """Return exposure, the weighted number of users noticed, and what they expect."""
        total = users = told = 0.0
        for colleague, tie in zip(self.colleagues, self.ties, strict=True):
            notice = tie * colleague.voice
            total += notice
            if colleague.seen_uses == 1:
                users += notice
                told += tie * (colleague.voice * colleague.seen_expectation)
        if self.model.everybody_notices_everybody:
            total, users, told = self.model.noticed_by_all(self)
        if self.buddy != NOBODY:
            buddy, weight = self.model.staff[self.buddy], self.model.p.buddy_weight
            total += weight * buddy.voice
            if buddy.seen_uses == 1:
                users += weight * buddy.voice
                told += weight * (buddy.voice * buddy.seen_expectation)
        exposure = users / total if total > 0.0 else 0.0
        return exposure, users, told / users if users > 0.0 else 0.0

    def example(self) -> float:
        """Return the example the leaders set for this person."""
        has_boss = self.boss != NOBODY
        boss = self.model.staff[self.boss].seen_intensity if has_boss else 0.0
        has_top = bool(self.model.executives) and self.role != EXECUTIVE
        return rules.leaders_example(
            boss, has_boss, self.model.example_of_top, has_top, self.model.p
        )

    def receive(self) -> None:
        """Take in what the programme does to this person this month."""
        model = self.model
        rules.receive(
            self,
            model.month,
            model.effect(self),
            model.coaching,
            model.buddying[self.department],
            works=model.works,
            commitment=model.commitment,
            service=model.service,
            p=model.p,
        )
        plan = model.plan.programme
        if plan.launches.size:
            mask = int(model.run_state.reached_by[self.row])
            self.launch = float(
                effects.launch_from_access(plan, model.run_state.onset, mask, self, model.month - 1)
            )

    def change(self) -> None:
        """Live through a substep: notice, want, decide, develop."""
        model = self.model
        exposure, users, hearsay = self.notice()
        pull = rules.contagion(
            exposure,
            users,
            self.threshold,
            model.switches.contagion,
            model.p.hill_exponent,
            circle=model.p.full_circle,
        )
        example = self.example()
        rules.consider(self, users, example, model.pace, model.p)
        rules.perceive(self, pull, example, model.pace)
        rules.want(self, self.perceived_pull, self.perceived_example, model.p, model.switches)
        before, ever, luck = self.uses, self.ever_used, self.inclination()
        reasons = rules.reasons(self, luck, model.pace, model.p)
        rules.decide(self, luck, model.pace, model.p, model.switches)
        if self.uses != before:
            kind = kernel.STOP if before == 1 else kernel.RESTART if ever == 1 else kernel.START
            part = model.moment % model.plan.substeps
            model.events.append((0, model.month, part, self.row, kind, exposure, *reasons))
        drift = rules.drift(self, exposure, hearsay, model.p)
        expectation, skill, habit = (
            rules.approach(value, up, rate, rules.kept(rate, model.pace.substeps))
            for value, up, rate in (
                (self.expectation, drift.expectation, drift.expectation_rate),
                (self.skill, drift.skill, drift.skill_rate),
                (self.habit, drift.habit, drift.habit_rate),
            )
        )
        rules.develop(self, expectation, skill, habit, model.pace, p=model.p)

    def inclination(self) -> float:
        """Return this person's luck in this substep: the same in every scenario."""
        return self._luck(draws.INCLINATION)

    def _luck(self, decision: int) -> float:
        """Return the luck with a decision in this substep; what is drawn at once serves for four."""
        model = self.model
        name, index = (model.study, model.luck, decision, self.key, 0), model.moment >> 2
        drawn = self._drawn.get(decision)
        if drawn is None or drawn[0] != (*name, index):
            drawn = (*name, index), draws.block(*name, index=index)
            self._drawn[decision] = drawn
        return draws.unit(drawn[1][model.moment & 3])

    def about(self) -> pd.DataFrame:
        """Return who this is and how he or she fares: a row per attribute, with what it means.

        Raises
        ------
        AdoptionError
            Of people read from a file.

        Examples
        --------
        >>> import sim
        >>> model = sim.AdoptionModel("baseline", rng=1)
        >>> model.staff[70].about().loc["role", "value"]
        'employee'
        """
        import pandas as pd

        if self.model.real:
            raise AdoptionError(
                "about(): these people were read from a file, and nobody is told of by himself or "
                "herself; look at groups: sim.run(..., by=['department'])"
            )
        described = columns()
        values = {name: round(getattr(self, name), 2) for name in ABOUT}
        table = pd.DataFrame({"value": pd.Series({**self._kinds(), **values}, dtype=object)})
        table["meaning"] = [described[name].meaning for name in table.index]
        table.loc["colleagues"] = len(self.colleagues), "People this person notices at work"
        return table

    def _kinds(self) -> dict[str, str]:
        """Return role, department and archetype by their names."""
        return {
            "role": ROLES[self.role],
            "department": department_names(self.model.settings.organisation)[self.department],
            "archetype": list(read_archetypes())[self.archetype],
        }


def _by_the_model(step: Callable[..., None]) -> Callable[..., None]:
    """Return an agent's step that nobody but the model can call."""

    @functools.wraps(step)
    def called(self: Employee, *given: Any, **named: Any) -> None:
        if not self.model.at_the_end:
            raise AdoptionError(
                f"{type(self).__name__}.step() was called outside of a month: model.step() lives "
                "through one and calls it for everybody, so agents.do('step') and "
                "agents.shuffle_do('step') are not needed; for anything else, give your method "
                "another name"
            )
        step(self, *given, **named)

    return called


Employee.step = _by_the_model(Employee.step)  # type: ignore[method-assign]


def _member(model: AdoptionModel, row: int) -> Employee:
    return model.staff[row]


def _empty(kind: type[AdoptionModel], employees: tuple[type[Employee], ...]) -> AdoptionModel:
    """Return a model without anything in it, whose agents can be referred to already."""
    model = kind.__new__(kind)
    model.staff = tuple(employee.__new__(employee) for employee in employees)
    return model


class Wiring(NamedTuple):
    """Who leads, who helps, and who notices whom, as it was when last looked at."""

    roles: list[int]
    champions: list[int]
    colleagues: list[list[Employee]]


def _with_changes(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """Return a scenario with those changes it has a place for; warn of the others."""
    there = {path: value for path, value in changes.items() if scenario.has(path)}
    if there:
        scenario = scenario.changed(there)
    if len(there) < len(changes):
        said = ", ".join(sorted(changes.keys() - there.keys()))
        warnings.warn(f"'{scenario.name}' has no {said}, and stays as it is", stacklevel=4)
    return scenario


def _check_reporters(reporters: Mapping[str, Any], employee: Any, real: bool) -> None:
    """Raise AdoptionError for what no model can be made with."""
    if not (isinstance(employee, type) and issubclass(employee, Employee)):
        raise AdoptionError(f"employee: found {employee!r}, expected a class of sim.Employee")
    for name, given in reporters.items():
        if not isinstance(given, Mapping | None):
            raise AdoptionError(
                f"{name}: found {given!r}, expected a dictionary; for batch_run put it "
                "into a list, which is what it goes through"
            )
    if real and (reporters["agent_reporters"] or reporters["agenttype_reporters"]):
        raise AdoptionError(
            "agent_reporters: these people were read from a file, and nobody is told of by "
            "himself or herself; leave them out, and look at groups: "
            "sim.run(..., by=['department'])"
        )


def _collector(
    of_model: Mapping[str, Any],
    of_agents: Mapping[str, Any] | None,
    of_kinds: Mapping[type[Any], Mapping[str, Any]],
    tables: Mapping[str, Any] | None,
) -> Collector:
    """Return what collects every KPI, what agents are asked for, and what a user adds."""
    reporters = {kpi.name: functools.partial(_kpi, kpi.name) for kpi in kpis.MEASURED}
    everybody = None
    if of_agents is not None:
        asked = {**_columns(*OF_EVERYBODY), **of_agents}
        everybody = _named(_of_agent, "agent_reporters", asked)
    kinds = {
        kind: _named(_of_agent, "agenttype_reporters", of_kind)
        for kind, of_kind in of_kinds.items()
    }
    reporters |= _named(_of_model, "model_reporters", of_model)
    return Collector(reporters, everybody, kinds, tables)


class _Whole(type):
    """Makes models, and collects their month 0 when all that a subclass sets is there."""

    def __call__(cls, *given: Any, **named: Any) -> Any:
        model = super().__call__(*given, **named)
        if not hasattr(model, "run_state"):
            raise AdoptionError(f"{cls.__name__}.__init__ has to call super().__init__(...)")
        model._collect()
        return model

    @property
    def __signature__(cls) -> inspect.Signature:
        of = inspect.signature(cls.__init__)  # type: ignore[misc]
        return of.replace(parameters=list(of.parameters.values())[1:])


class AdoptionModel(mesa.Model, metaclass=_Whole):  # type: ignore[misc]
    """A scenario as a Mesa model; a step is a month.

    After the last month of the scenario (``simulation.months``) it stops: ``running`` is False,
    and a further step changes nothing. (Under Mesa 3.3 ``running`` becomes False at that further
    step, or ``batch_run`` would leave out the last month.)

    Parameters
    ----------
    scenario
        Name, file or value of a scenario.
    rng
        Seed of the study, a whole number from 0 to 2³² − 1, by default the scenario's; the same seed
        and run give the same people, ties and luck here as in :func:`sim.run`. Where Mesa takes
        something else, a seed is made of it: of a SeedSequence or several numbers always the same
        one, of a Generator the next number it draws.
    run
        Number of the replicate, from 0. By default 0, and in Mesa's ``batch_run`` the number of the
        iteration, unless ``batch_run`` gives each iteration a seed.
    employee
        Class of the agents; a subclass of :class:`Employee`.
    luck
        Number of the continuation, if not that of the replicate.
    worlds
        People and ties, if not those :func:`sim.world.draw_worlds` draws; the first is used.
    model_reporters
        Collected beside the KPIs, as :class:`mesa.DataCollector` takes them.
    agent_reporters
        Collected beside ``OF_EVERYBODY``, of people read from a file nothing; None collects nothing
        of single agents, so that ``batch_run`` gives one row a run instead of one for each agent. Of agents that are no
        :class:`Employee` what they lack is None.
    agenttype_reporters, tables
        Collected too, as :class:`mesa.DataCollector` takes them.
    seed
        The same as ``rng``, by the name Mesa had for it before.
    **changes
        Values of the scenario to change, by their dotted path: what ``batch_run`` varies. Where a
        scenario has no such measure or adaptive rule, it stays as it is, as in :func:`sim.sweep`.

    Attributes
    ----------
    staff
        The people, in the order of their rows. ``agents`` are these and whatever else was made.
    month
        Months lived through.
    settings
        The scenario.
    p
        Numbers of the rules.
    real
        Whether people were read from a file: then nothing is told or collected of single agents.
        What an agent holds is drawn from means of colleagues, see :mod:`sim.privacy`; the place
        in the organisation, and ties that were read, are real.
    datacollector
        Every measured KPI by month from 0, and ``OF_EVERYBODY``. Month 0 is collected when the
        model is whole, after the ``__init__`` of a subclass; a month that is collected once more
        takes the place of what it was. Whoever puts another DataCollector here collects it.
    at_the_end
        Whether a month is at its end, where every agent's ``step`` is called.

    Raises
    ------
    AdoptionError
        If the scenario cannot be read or changed, a seed or run is no whole number, or another
        argument is not what it should be; if a reporter fails; and from ``step``, if the staff is
        not what it was, an attribute of somebody is out of range, or a subclass does not live
        through one month a step.

    Examples
    --------
    >>> import sim
    >>> model = sim.AdoptionModel("baseline", run=3, **{"organisation.employees": 40})
    >>> model.run_model()
    >>> model.month, len(model.staff)
    (24, 40)
    >>> 0 < model.kpi("adoption") < 1
    True

    A month in which something happens that no scenario has:

    >>> class Visit(sim.AdoptionModel):
    ...     def step(self):
    ...         if self.month == 5:
    ...             for me in self.staff[:10]:
    ...                 me.uses = 1
    ...         super().step()
    """

    running: bool
    staff: tuple[Employee, ...] = ()
    at_the_end = False
    _living = False

    def __init_subclass__(cls, **words: Any) -> None:
        super().__init_subclass__(**words)
        if not hasattr(cls.step, "_one_month"):
            cls.step = _one_month(cls.step)  # type: ignore[method-assign]

    def __init__(
        self,
        scenario: Scenario | str | Path = "baseline",
        rng: Any = None,
        run: int | None = None,
        employee: type[Employee] = Employee,
        luck: int | None = None,
        *,
        worlds: world.Worlds | None = None,
        model_reporters: Mapping[str, Any] | None = None,
        agent_reporters: Mapping[str, Any] | None = MappingProxyType({}),
        agenttype_reporters: Mapping[type[Any], Mapping[str, Any]] | None = None,
        tables: Mapping[str, Any] | None = None,
        seed: Any = None,
        **changes: Any,
    ) -> None:
        scenario = _with_changes(as_scenario(scenario), changes)
        self.real = scenario.organisation.people is not None
        reporters = {
            "model_reporters": model_reporters,
            "agent_reporters": agent_reporters,
            "agenttype_reporters": agenttype_reporters,
            "tables": tables,
        }
        _check_reporters(reporters, employee, self.real)
        study = _study(seed, rng, changes.get("simulation.seed"), scenario)
        run = _replicate(run)
        whole_number("run", run, 0, 2**31 - 1)
        if luck is not None:
            whole_number("luck", luck, 0, 2**31 - 1)
        self.luck = int(run if luck is None else luck)
        # Mesa's own random numbers are nobody's luck; each replicate has others.
        super().__init__(rng=_seed_of([study, int(run), self.luck]))
        self._mesas_step, self.step = self.step, self._from_outside  # type: ignore[method-assign]
        self.settings = scenario
        self.study = study
        common = world.design(scenario)
        self.plan = world.plan(scenario, common)
        self.p, self.switches = self.plan.p, self.plan.switches
        self.pace = rules.pace(self.plan.substeps, self.p)
        self.month = self.moment = 0
        if worlds is None:
            worlds = world.draw_worlds(common, self.study, np.array([run]))
        self.organisation = int(run)
        self._take_in(worlds, employee)
        self.executives = [me for me in self.staff if me.role == EXECUTIVE]
        self.progress = kernel.first_progress(self.plan.programme.onset.shape[1])
        self.events: list[tuple[float, ...]] = []
        self.row = np.zeros(kpis.COUNT)
        self._wiring = self._look_at_wiring()
        self.datacollector = _collector(
            model_reporters or {},
            None if self.real else agent_reporters,
            agenttype_reporters or {},
            tables,
        )
        self._measure()

    def _take_in(self, worlds: world.Worlds, employee: type[Employee]) -> None:
        """Make the first organisation's people agents, who know whom they notice."""
        people = worlds.people[0].copy()
        start, other = worlds.start[0], worlds.other
        self.run_state = kernel.begun(people, worlds, self.plan, self.study)
        self.ties_of = start, other
        self.everybody_notices_everybody = worlds.complete
        staff = [employee(self, row) for row in people]
        if not all(hasattr(me, "seen_uses") for me in staff):
            raise AdoptionError(
                f"{employee.__name__}.__init__(self, model, row) has to call "
                "super().__init__(model, row)"
            )
        self.staff = tuple(staff)
        for i, me in enumerate(self.staff):
            me.row = i
            mine = slice(start[i], start[i + 1])
            me.colleagues = [self.staff[j] for j in other[mine]]
            me.ties = (
                worlds.weight[mine].tolist() if worlds.weight.size else [1.0] * len(me.colleagues)
            )

    # --- Who belongs to it ------------------------------------------------------------------

    def register_agent(self, agent: Any) -> None:
        """Take an agent in: everybody of the staff while the model is made, then only others.

        Raises
        ------
        AdoptionError
            If it is an :class:`Employee` beside the staff.
        """
        if self.staff and isinstance(agent, Employee):
            raise AdoptionError(
                "people come with the organisation, each with a place, ties and luck, and no "
                f"{type(agent).__name__} can be added to it; say organisation.employees for more "
                "of them and organisation.turnover for newcomers, and make agents of another kind "
                "subclasses of mesa.Agent"
            )
        super().register_agent(agent)

    def deregister_agent(self, agent: Any) -> None:
        """Let go of an agent that is none of the staff.

        Raises
        ------
        AdoptionError
            If it is one of the staff.
        """
        if isinstance(agent, Employee):
            raise AdoptionError(
                "nobody of the staff can be removed: a place in the organisation stays, with its "
                "ties and its boss; who leaves is replaced in the same agent "
                "(organisation.turnover), and somebody in whom nothing changes any more is a "
                "subclass of sim.Employee whose change() does nothing"
            )
        super().deregister_agent(agent)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel and be copied whole; see :func:`_empty`."""
        state = {name: value for name, value in vars(self).items() if name != "staff"}
        kinds = tuple(type(me) for me in self.staff)
        return _empty, (type(self), kinds), (state, [vars(me) for me in self.staff])

    def __setstate__(self, state: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
        own, theirs = state
        self.__dict__.update(own)
        for me, values in zip(self.staff, theirs, strict=True):
            me.__dict__.update(values)

    def reset_randomizer(self, seed: int | None = None) -> None:
        """Reset ``random``, which is nobody's luck; see :meth:`reset_rng`."""
        warnings.warn(NOBODYS_LUCK, stacklevel=2)
        self._seed: int = self._seed if seed is None else seed
        self.random.seed(self._seed)

    def reset_rng(self, rng: Any = None) -> None:
        """Reset ``rng`` as Mesa does, and warn that it is nobody's luck."""
        warnings.warn(NOBODYS_LUCK, stacklevel=2)
        super().reset_rng(rng)

    def _check(self) -> None:
        """Bring up to date what follows from what was changed; refuse what cannot be."""
        employees = [me for me in self.agents if isinstance(me, Employee)]
        if len(employees) != len(self.staff):
            raise AdoptionError(
                f"model.agents has {len(employees)} of the {len(self.staff)} people: it was changed in "
                "place, by select(..., inplace=True), add, discard or the like; work on a copy, "
                "such as model.agents.select(...)"
            )
        last = {
            "department": self.plan.programme.onset.shape[1] - 1,
            "team": int(self.plan.chart.team.max(initial=NOBODY)),
            "boss": len(self.staff) - 1,
            "buddy": len(self.staff) - 1,
            "archetype": len(read_archetypes()) - 1,
        }
        for me in self.staff:
            for name, low, high, whole in _RANGES:
                value: Any = getattr(me, name, None)
                high = last.get(name, high)
                try:
                    if low <= value <= high and (not whole or value == int(value)):
                        continue
                except TypeError:
                    pass
                column = columns()[name]
                allowed = f"from {column.low:g}" + (f" to {column.high:g}" if high < np.inf else "")
                number = "a whole number" if whole else "a number"
                raise AdoptionError(
                    f"staff[{me.row}].{name}: found {value!r}, expected {number} {allowed}: "
                    f"{column.meaning}"
                )
            if len(me.ties) != len(me.colleagues):
                raise AdoptionError(
                    f"staff[{me.row}] has {len(me.colleagues)} colleagues and {len(me.ties)} ties, "
                    "expected the weight of a tie for each colleague"
                )
        now = self._look_at_wiring()
        if now != self._wiring:
            self._rewire(now)

    def _look_at_wiring(self) -> Wiring:
        return Wiring(
            [me.role for me in self.staff],
            [me.champion for me in self.staff],
            [list(me.colleagues) for me in self.staff],
        )

    def _rewire(self, now: Wiring) -> None:
        """Let other ties, roles and champions count wherever they do."""
        if now.colleagues != self._wiring.colleagues:
            if self.everybody_notices_everybody:
                raise AdoptionError(
                    f"in '{self.settings.name}' everybody notices everybody, so colleagues are not "
                    "looked at; take another organisation.network.kind, such as none, to set them"
                )
            for me in self.staff:
                if not all(
                    isinstance(colleague, Employee) and colleague.model is self
                    for colleague in me.colleagues
                ):
                    raise AdoptionError(
                        f"staff[{me.row}].colleagues: expected people of this model"
                    )
            counts = [len(colleague) for colleague in now.colleagues]
            start = np.concatenate([[0], np.cumsum(counts)]).astype(self.ties_of[0].dtype)
            other = [colleague.row for mine in now.colleagues for colleague in mine]
            self.ties_of = start, np.array(other, self.ties_of[1].dtype)
        self.executives = [me for me in self.staff if me.role == EXECUTIVE]
        if any(now.champions) or any(self._wiring.champions):
            capacity = self.plan.programme.offices[0]["capacity"]
            people: Any = self.staff
            population.give_places(people, *self.ties_of, capacity)

    # --- The month -------------------------------------------------------------------------

    def step(self) -> None:
        """Live through a month: what the programme does, then its substeps, then a measurement."""
        if self.month == self.plan.months:
            if not self.running:
                said = f"'{self.settings.name}' ends with month {self.month}: simulation.months"
                warnings.warn(f"{said} says how long it goes on", stacklevel=3)
            self.running = False
            return
        self._check()
        self._living = True
        try:
            self._live()
        finally:
            self._living = self.at_the_end = False
        self._wiring = self._look_at_wiring()
        self._measure()
        self._collect()
        if self.month == self.plan.months and not STOPS_LATE:
            self.running = False

    step._one_month = True  # type: ignore[attr-defined]

    def _from_outside(self, *given: Any, **named: Any) -> None:
        """Do what Mesa makes of a step, unless one is being done."""
        if self._living:
            raise AdoptionError(
                "model.step() was called within a month: a month is lived through once, from "
                "outside; an agent only does its own part"
            )
        self._mesas_step(*given, **named)

    def _live(self) -> None:
        self.month += 1
        self.row = np.zeros(kpis.COUNT)
        now = self.month - 1
        plan = self.plan.programme
        self._effects: dict[tuple[int, int, int, float], channels.Effect] = {}
        run = self._run()
        begin_month(run, now)
        self.coaching = effects.as_push(plan.coaching[now].tolist())
        buddying = np.zeros((plan.onset.shape[1], channels.WIDTH))
        if plan.offices[0]["buddies"] >= 0:
            fill_buddying(buddying, run, now)
        self.buddying = [effects.as_push(row) for row in buddying.tolist()]
        self.commitment = float(plan.calendar["commitment"][now])
        usual, culture = self.plan.p, plan.calendar[now]
        self.p = usual._replace(
            start_rate=usual.start_rate * float(culture["starting"]),
            stop_rate=usual.stop_rate * float(culture["stopping"]),
            practice_gain=usual.practice_gain * float(culture["learning"]),
            discovery_rate=usual.discovery_rate * float(culture["finding"]),
        )
        self.service = int(plan.calendar["service"][now])
        self.works = float(plan.calendar["works"][now])
        for me in self.staff:
            me.receive()
        spend(run, now, self.row)
        for part in range(self.plan.substeps):
            self.moment = (self.month - 1) * self.plan.substeps + part
            for me in self.staff:
                me.show()
            self._look_around()
            if self.switches.schedule == 1:
                self._act_in_turn()
            else:
                for me in self.staff:
                    me.change()
        self.at_the_end = True
        for me in self.staff:
            me.step()
        self.at_the_end = False
        for me in self.staff:
            me.show()

    def _run(self) -> Run:
        """Return the run as the rules of a month take it."""
        people: Any = self.staff
        return Run(
            people,
            *self.ties_of,
            self.plan.programme,
            self.plan.setting,
            cast(Array, [self.plan.p]),
            self.run_state,
            self.study,
            self.organisation,
            self.luck,
        )

    def effect(self, me: Employee) -> channels.Effect:
        """Return what the rounds that reach a person come to this month."""
        mask = int(self.run_state.reached_by[me.row])
        kind = (mask, me.department, me.arrival, me.led)
        if kind not in self._effects:
            push = effects.add_up(
                self.plan.programme,
                self.run_state.onset,
                mask,
                me.department,
                me.arrival,
                led=me.led,
                now=self.month - 1,
            )
            # Plain numbers: arithmetic of agents with numpy's is a third slower.
            self._effects[kind] = channels.Effect(*map(float, channels.saturate(push)))
        return self._effects[kind]

    def _look_around(self) -> None:
        """Bring up to date what is the same for everybody in a substep."""
        self._look_up()
        self._all_voices = self._all_heard = self._all_said = 0.0
        for me in self.staff:
            heard = me.voice if me.seen_uses == 1 else 0.0
            self._all_voices += me.voice
            self._all_heard += heard
            self._all_said += heard * me.seen_expectation

    def _look_up(self) -> None:
        """Bring the example of the top up to date."""
        top = 0.0
        for me in self.executives:
            top += me.seen_intensity
        self.example_of_top = top / len(self.executives) if self.executives else 0.0

    def _act_in_turn(self) -> None:
        """Let people act one after the other, everybody seeing what those before have done."""
        turns = [me._luck(draws.ORDER) for me in self.staff]
        for row in kernel.in_turn(np.array(turns)):
            me = self.staff[row]
            me.change()
            heard = me.voice if me.seen_uses == 1 else 0.0
            self._all_heard -= heard
            self._all_said -= heard * me.seen_expectation
            me.show()
            heard = me.voice if me.seen_uses == 1 else 0.0
            self._all_heard += heard
            self._all_said += heard * me.seen_expectation
            if me.role == EXECUTIVE:
                self._look_up()

    def noticed_by_all(self, me: Employee) -> tuple[float, float, float]:
        """Return the totals over everybody but one person, where everybody notices everybody."""
        heard = me.voice if me.seen_uses == 1 else 0.0
        return (
            self._all_voices - me.voice,
            self._all_heard - heard,
            self._all_said - heard * me.seen_expectation,
        )

    # --- Measuring -------------------------------------------------------------------------

    def _measure(self) -> None:
        """Measure the month that ends; see :mod:`sim.kpis`."""
        chart = self.plan.chart
        to = kernel.Measured(self.row, chart.groups, chart.kinds, *_NO_GROUPS)
        kernel.measure(self._run(), self.month, self.p, self.progress, to)

    def _collect(self) -> None:
        """Collect the month, unless a subclass has a collector of its own and does so itself."""
        if isinstance(self.datacollector, Collector):
            self.datacollector.collect(self)

    def kpi(self, name: str) -> float:
        """Return a KPI of the last month by its name."""
        if name not in kpis.COLUMN:
            near = suggestion(name, kpis.COLUMN)
            raise AdoptionError(f"there is no KPI '{name}' that is measured every month{near}")
        return float(self.row[kpis.COLUMN[name]])

    # --- Who notices whom ------------------------------------------------------------------

    def graph(self, *attributes: str) -> nx.Graph[int]:
        """Return who notices whom, as a networkx graph of this month.

        A node is a person, by the row in ``staff``, in that order; an edge is a tie of two people who
        notice each other, its ``weight`` what the tie weighs. The graph is a copy: it does not follow
        the model, and changing it changes nobody.

        Parameters
        ----------
        *attributes
            Attributes of the people to put on the nodes beside ``OF_A_NODE``, such as those that a
            subclass sets.

        Returns
        -------
        networkx.Graph
            Each node has ``department``, ``role`` and ``archetype`` by their names; ``team``, from 0,
            -1 of who is in none; ``champion`` and ``uses``, 0 or 1; ``intensity``, ``expectation``,
            ``skill`` and ``habit``, 0 to 1; and ``threshold``, the exposure at which colleagues' use
            weighs half. Where everybody notices everybody all are tied, with weight 1.

        Raises
        ------
        AdoptionError
            Of people read from a file; if somebody lacks an attribute; if a tie was made that is not
            the same on both sides.

        Examples
        --------
        >>> import networkx as nx
        >>> import sim
        >>> model = sim.AdoptionModel("champions", rng=1)
        >>> graph = model.graph()
        >>> graph.number_of_nodes(), graph.nodes[0]["role"], graph.nodes[0]["department"]
        (140, 'executive', 'management')
        >>> 0 < nx.attribute_assortativity_coefficient(graph, "department") < 1
        True
        """
        import networkx as nx

        if self.real:
            raise AdoptionError(
                "graph(): these people were read from a file, and nobody is told of by himself or "
                "herself; look at groups: sim.run(..., by=['department'])"
            )
        graph: nx.Graph[int] = nx.Graph()
        for me in self.staff:
            lacks = [name for name in attributes if not hasattr(me, name)]
            if lacks:
                raise AdoptionError(f"graph(): staff[{me.row}] has no attribute '{lacks[0]}'")
            shown = {name: getattr(me, name) for name in (*OF_A_NODE, *attributes)}
            graph.add_node(me.row, **me._kinds(), **shown)
        graph.add_weighted_edges_from(self._edges())
        return graph

    def _edges(self) -> list[tuple[int, int, float]]:
        """Return each tie once, the smaller row first, with its weight."""
        if self.everybody_notices_everybody:
            return [
                (i, j, 1.0) for i in range(len(self.staff)) for j in range(i + 1, len(self.staff))
            ]
        tied = {
            (me.row, colleague.row): float(tie)
            for me in self.staff
            for colleague, tie in zip(me.colleagues, me.ties, strict=True)
        }
        for (mine, yours), tie in tied.items():
            back = tied.get((yours, mine))
            if back != tie:
                raise AdoptionError(
                    f"graph(): the tie of staff[{mine}] with staff[{yours}] weighs {tie:g}, and back "
                    f"{'nothing' if back is None else format(back, 'g')}: a graph without directions "
                    "cannot say that; give both the same"
                )
        return [(mine, yours, tie) for (mine, yours), tie in tied.items() if mine < yours]


# --- What is collected -----------------------------------------------------------------------


class Collector(mesa.DataCollector):  # type: ignore[misc]
    """Mesa's, in which a month that is collected once more takes the place of what it was."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._validated = True  # each reporter says itself what is wrong

    def collect(self, model: AdoptionModel) -> None:
        """Collect the month a model is in."""
        if model.steps > model.month:  # a step beyond the end
            return
        self._keep(model.month)
        try:
            super().collect(model)
        except BaseException:
            self._keep(model.month)
            raise

    def _keep(self, months: int) -> None:
        """Keep so many months."""
        for values in (*self.model_vars.values(), getattr(self, "_collection_steps", [])):
            del values[months:]


def _kpi(name: str, model: AdoptionModel) -> float:
    return model.kpi(name)


def _named(ask: Callable[..., Any], where: str, reporters: Mapping[str, Any]) -> dict[str, Any]:
    """Return reporters that say their name where they fail."""
    return {
        name: functools.partial(ask, where, name, reporter) for name, reporter in reporters.items()
    }


def _of_model(where: str, name: str, reporter: Any, model: AdoptionModel) -> Any:
    """Return what a reporter tells of a model: an attribute, a function, or a list of both."""
    try:
        if isinstance(reporter, str):
            return getattr(model, reporter)
        if isinstance(reporter, list | tuple):
            return reporter[0](*reporter[1])
        return reporter() if isinstance(reporter, MethodType) else reporter(model)
    except Exception as error:
        raise _failed(where, name, model, error) from error


def _of_agent(where: str, name: str, reporter: Any, me: Any) -> Any:
    """Return what a reporter tells of an agent; of those that are no people, None if they lack it."""
    try:
        if isinstance(reporter, str):
            return getattr(me, reporter)
        if isinstance(reporter, list | tuple):
            return reporter[0](me, *reporter[1])
        return reporter(me)
    except Exception as error:
        if isinstance(error, AttributeError) and not isinstance(me, Employee):
            return None
        raise _failed(where, name, me.model, error) from error


def _failed(where: str, name: str, model: AdoptionModel, error: Exception) -> AdoptionError:
    said = f"{type(error).__name__}: {error}"
    return AdoptionError(f"{where}: '{name}' failed in month {model.month}: {said}")


def _columns(*names: str) -> dict[str, str]:
    return dict(zip(names, names, strict=True))


_SLACK: Final = 1e-9
"""What rounding may take from a column's range."""

# What is at least 1 is 0 until a month brings it; a threshold may count people, see sim.theory.
_RANGES: Final = [
    (
        name,
        min(column.low, 0.0) - _SLACK,
        np.inf if name == "threshold" else column.high + _SLACK,
        column.kind[0] in "iu",
    )
    for name, column in columns().items()
]

# --- What Mesa gives a model -------------------------------------------------------------------

NOBODYS_LUCK: Final = (
    "model.random and model.rng are nobody's luck: that is drawn by names, from the seed and the "
    "run; for other luck make a model with another rng or run, or set model.luck to another number"
)


def _one_month(step: Callable[..., None]) -> Callable[..., None]:
    """Return a model's step that lives through one month, or says that it did not."""

    @functools.wraps(step)
    def lived(self: AdoptionModel, *given: Any, **named: Any) -> None:
        due = min(self.month + 1, self.plan.months)
        step(self, *given, **named)
        if self.month != due:
            often = "not at all" if self.month < due else "more than once"
            raise AdoptionError(
                f"{type(self).__name__}.step() has to call super().step() once: a step is a month, "
                f"and that is what lives through it; it was called {often}"
            )

    lived._one_month = True  # type: ignore[attr-defined]
    return lived


def _study(seed: Any, rng: Any, changed: Any, scenario: Scenario) -> int:
    """Return the seed of the study from the three ways of giving it."""
    given = {
        name: _as_seed(name, value)
        for name, value in (("seed", seed), ("rng", rng), ("simulation.seed", changed))
        if value is not None
    }
    if len(set(given.values())) > 1:
        said = ", ".join(f"{name} is {value}" for name, value in given.items())
        raise AdoptionError(f"these are one and the same, and differ: {said}; give one of them")
    return next(iter(given.values()), scenario.simulation.seed)


def _as_seed(name: str, given: Any) -> int:
    """Return the seed of a study that stands for what Mesa takes."""
    if isinstance(given, np.random.BitGenerator):
        given = np.random.Generator(given)
    if isinstance(given, np.random.Generator):
        return int(given.integers(SEEDS))
    if isinstance(given, np.random.SeedSequence):
        return int(given.generate_state(1)[0])
    if isinstance(given, Sequence | np.ndarray) and not isinstance(given, str | bytes):
        for part in given:
            whole_number(name, part, 0)
        return _seed_of([int(part) for part in given])
    whole_number(name, given, 0, SEEDS - 1)
    return int(given)


def _seed_of(numbers: list[int]) -> int:
    """Return the seed that stands for several numbers."""
    return int(np.random.SeedSequence(numbers).generate_state(1)[0])


def _replicate(run: int | None) -> int:
    """Return the number of the replicate: as given, or the iteration of Mesa's ``batch_run``.

    Mesa does not tell a model which iteration it is for, so this is read where it keeps it.
    """
    frames, frame = [], sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__") == "mesa.batchrunner":
            frames.append(frame)
        frame = frame.f_back  # type: ignore[assignment]
    if not frames:
        return 0 if run is None else run
    here = frames[0].f_locals
    iteration, given = here.get("iteration", 0), here.get("kwargs", {})
    if "rng" in inspect.signature(frames[0].f_globals["batch_run"]).parameters:
        name = "seed" if "seed" in given else "rng"
        lost = frames[-1].f_locals.get("parameters", {}).get(name)
        if lost is not None:
            raise AdoptionError(
                f"this version of Mesa puts seeds of its own in the place of a parameter '{name}': "
                f"write batch_run(..., rng={lost if isinstance(lost, list) else [lost]})"
            )
        if given.get(name) is not None:  # every iteration has a seed
            return 0 if run is None else run
    if run is None:
        return int(iteration)
    if iteration:
        warnings.warn(
            f"iteration {iteration} of batch_run is the same as the first, since run says which "
            "replicate it is; leave out run, or iterations",
            stacklevel=3,
        )
    return run
