"""The readable engine: a Mesa model whose agents call the same rules as the fast one.

Step it, look into an agent, subclass the agent and change one behaviour. For many runs use
:func:`sim.compare`: it gives the same numbers to the last bit, hundreds of times faster.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import mesa
import numpy as np

from sim import channels, draws, kernel, kpis, programme, rules, turn, world
from sim.errors import whole_number
from sim.files import as_scenario
from sim.files.library import read_archetypes
from sim.population import department_names
from sim.scenario import Scenario
from sim.state import EXECUTIVE, NOBODY, PEOPLE, ROLES, columns

if TYPE_CHECKING:
    import pandas as pd

ABOUT: Final = (
    "threshold", "expectation", "skill", "threat_competence", "threat_status", "threat_control",
    "threat_ethics", "uses", "intensity", "habit",
)  # fmt: skip
"""What :meth:`Employee.about` tells beside role, department and archetype."""

_NO_GROUPS = np.full(len(kernel.GROUPS), -1), np.zeros((0, kpis.COUNT)), np.zeros(0)

STOPS_LATE: Final = not hasattr(mesa.DataCollector(), "_collection_steps")
"""Whether a model stops when a step finds no month left, instead of after the last month.

``batch_run`` of Mesa 3.3 leaves out what was collected after the last step, so there has to be one
step more than there are months.
"""

OF_EVERYBODY: Final = ("uses", "intensity", "expectation", "skill", "habit")
"""What is collected of every agent."""


class Employee(mesa.Agent):  # type: ignore[misc]
    """One employee: the columns of :mod:`sim.state` as attributes, and the rules as methods.

    ``colleagues`` are the people this person notices, ``boss`` the row of the line manager.
    What others can see of a person during a substep is what was true at its beginning (or, where
    people act one after the other, when he or she last acted): ``seen_uses``, ``seen_intensity``
    and ``seen_expectation``.

    Every method may be overridden; the rest of the model calls nothing else:

    - ``receive``, once a month: take in what the programme does;
    - ``change``, once a substep: live through it, which calls the next three;
    - ``notice``: how many colleagues use AI, and what they expect of it;
    - ``example``: what the leaders show;
    - ``inclination``: luck, low towards use;
    - ``show``, around ``change``: what others see.

    What an agent has beside its columns is set in ``__init__``. Where people leave, the agent stays
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

    Somebody away every sixth month, in which nothing changes; and use that nobody sees:

    >>> class OftenAway(sim.Employee):
    ...     def change(self):
    ...         if self.model.month % 6 != 0:
    ...             super().change()

    >>> class Hidden(sim.Employee):
    ...     def show(self):
    ...         self.seen_uses, self.seen_intensity, self.seen_expectation = 0, 0.0, 0.0

    Each on the same people, ties and luck:

    >>> kinds = [sim.Employee, Sceptic, Follower, Observer, OnceBitten, OftenAway, Hidden]
    >>> for kind in kinds:
    ...     model = sim.AdoptionModel("leadership-champions", employee=kind)
    ...     for _ in range(12):
    ...         model.step()
    ...     print(f"{kind.__name__:10} {model.kpi('adoption'):.3f}")
    Employee   0.986
    Sceptic    0.979
    Follower   0.814
    Observer   0.986
    OnceBitten 0.857
    OftenAway  0.979
    Hidden     0.307
    """

    model: AdoptionModel

    def __init__(self, model: AdoptionModel, row: np.void) -> None:
        super().__init__(model)
        for name in PEOPLE.names or ():
            setattr(self, name, row[name].item())
        self.colleagues: list[Employee] = []
        self.ties: list[float] = []
        self.row = 0
        self.show()

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
            self, model.month, model.effect(self), model.coaching,
            model.buddying[self.department], model.works, model.commitment, model.service, model.p,
        )  # fmt: skip

    def change(self) -> None:
        """Live through a substep: notice, want, decide, develop."""
        model = self.model
        exposure, users, hearsay = self.notice()
        pull = rules.contagion(
            exposure, users, self.threshold, model.switches.contagion, model.p.hill_exponent,
            model.p.full_circle,
        )  # fmt: skip
        rules.want(self, pull, self.example(), model.p, model.switches)
        before, ever = self.uses, self.ever_used
        rules.decide(self, self.inclination(), model.pace, model.p, model.switches)
        if self.uses != before:
            kind = kernel.STOP if before == 1 else kernel.RESTART if ever == 1 else kernel.START
            part = model.moment % model.plan.substeps
            model.events.append((0, model.month, part, self.row, kind, exposure))
        drift = rules.drift(self, exposure, hearsay, model.p)
        expectation, skill, habit = (
            rules.approach(value, up, rate, rules.kept(rate, model.pace.substeps))
            for value, up, rate in (
                (self.expectation, drift.expectation, drift.expectation_rate),
                (self.skill, drift.skill, drift.skill_rate),
                (self.habit, drift.habit, drift.habit_rate),
            )
        )
        rules.develop(self, expectation, skill, habit, model.pace, model.p)

    def inclination(self) -> float:
        """Return this person's luck in this substep: the same in every scenario."""
        model = self.model
        return draws.uniform(model.study, model.luck, draws.INCLINATION, self.key, model.moment)

    def about(self) -> pd.DataFrame:
        """Return who this is and how he or she fares: a row per attribute, with what it means.

        Examples
        --------
        >>> import sim
        >>> model = sim.AdoptionModel("baseline", rng=1)
        >>> model.staff[70].about().loc["role", "value"]
        'employee'
        """
        import pandas as pd

        told = columns()
        values = {name: round(getattr(self, name), 2) for name in ABOUT}
        words = {
            "role": ROLES[self.role],
            "department": department_names(self.model.settings.organisation)[self.department],
            "archetype": list(read_archetypes())[self.archetype],
        }
        table = pd.DataFrame({"value": pd.Series({**words, **values}, dtype=object)})
        table["meaning"] = [told[name].meaning for name in table.index]
        table.loc["colleagues"] = len(self.colleagues), "People this person notices at work"
        return table


class AdoptionModel(mesa.Model):  # type: ignore[misc]
    """A scenario as a Mesa model; a step is a month.

    After the last month of the scenario (``simulation.months``) it stops: ``running`` is False,
    and a further step changes nothing. (Under Mesa 3.3 ``running`` becomes False at that further
    step, or ``batch_run`` would leave out the last month.)

    Parameters
    ----------
    scenario
        Name, file or value of a scenario.
    rng
        Seed of the study, by default the scenario's; the same seed and run give the same people,
        ties and luck here as in :func:`sim.run`.
    run
        Number of the replicate, from 0.
    employee
        Class of the agents; a subclass of :class:`Employee`.
    luck
        Number of the continuation, if not that of the replicate.
    worlds
        People and ties, if not those :func:`sim.world.draw_worlds` draws; the first is used.
    model_reporters
        Collected beside the KPIs, as :class:`mesa.DataCollector` takes them.
    agent_reporters
        Collected beside ``OF_EVERYBODY``; None collects nothing of single agents, so that
        ``batch_run`` gives one row a run instead of one for each agent.
    **changes
        Values of the scenario to change, by their dotted path: what ``batch_run`` varies.

    Attributes
    ----------
    staff
        The agents, in the order of their rows.
    month
        Months lived through.
    settings
        The scenario.
    p
        Numbers of the rules.
    datacollector
        Every measured KPI by month from 0, and ``OF_EVERYBODY``.

    Raises
    ------
    AdoptionError
        If the scenario cannot be read or changed, or a seed or run is no whole number.

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

    def __init__(
        self,
        scenario: Scenario | str | Path = "baseline",
        rng: int | None = None,
        run: int = 0,
        employee: type[Employee] = Employee,
        luck: int | None = None,
        worlds: world.Worlds | None = None,
        model_reporters: Mapping[str, Any] | None = None,
        agent_reporters: Mapping[str, Any] | None = MappingProxyType({}),
        **changes: Any,
    ) -> None:
        scenario = as_scenario(scenario)
        if changes:
            scenario = scenario.changed(changes)
        seed = scenario.simulation.seed if rng is None else rng
        whole_number("rng", seed, 0, 2**32 - 1)
        whole_number("run", run, 0)
        super().__init__(rng=int(seed))
        self.settings = scenario
        self.study, self.luck = int(seed), int(run if luck is None else luck)
        common = world.design(scenario)
        self.plan = world.plan(scenario, common)
        self.p, self.switches = self.plan.p, self.plan.switches
        self.pace = rules.pace(self.plan.substeps, self.p)
        self.month = self.moment = 0
        if worlds is None:
            worlds = world.draw_worlds(common, self.study, np.array([run]))
        people = worlds.people[0].copy()
        start, other = worlds.start[0], worlds.other
        self.organisation = int(run)
        self.course = kernel.begun(people, worlds, self.plan, self.study)
        self.ties_of = start, other
        self.everybody_notices_everybody = worlds.complete
        self.staff = [employee(self, row) for row in people]
        for i, me in enumerate(self.staff):
            me.row = i
            mine = slice(start[i], start[i + 1])
            me.colleagues = [self.staff[j] for j in other[mine]]
            me.ties = (
                worlds.weight[mine].tolist() if worlds.weight.size else [1.0] * len(me.colleagues)
            )
        self.executives = [me for me in self.staff if me.role == EXECUTIVE]
        self.standing = kernel.first_standing(self.plan.programme.onset.shape[1])
        self.events: list[tuple[int, int, int, int, int, float]] = []
        self.row = np.zeros(kpis.COUNT)
        self.datacollector = mesa.DataCollector(
            {**{one.name: _reporter(one.name) for one in kpis.MEASURED}, **(model_reporters or {})},
            None if agent_reporters is None else {**_columns(*OF_EVERYBODY), **agent_reporters},
        )
        self.measure()

    # --- The month -------------------------------------------------------------------------

    def step(self) -> None:
        """Live through a month: what the programme does, then its substeps, then a measurement."""
        if self.month == self.plan.months:
            if not self.running:
                said = f"'{self.settings.name}' ends with month {self.month}: simulation.months"
                warnings.warn(f"{said} says how long it goes on", stacklevel=3)
            self.running = False
            return
        self.month += 1
        self.row = np.zeros(kpis.COUNT)
        now = self.month - 1
        plan = self.plan.programme
        self._effects: dict[tuple[int, int, int], channels.Effect] = {}
        turn.turn(
            self.staff, *self.ties_of, self.course, plan, self.plan.setting, self.p, now,
            self.study, self.organisation, self.luck,
        )  # fmt: skip
        self.coaching = programme.as_push(plan.coaching[now].tolist())
        buddying = np.zeros((plan.onset.shape[1], programme.WIDTH))
        if plan.offices[0]["buddies"] >= 0:
            turn.fill_buddying(buddying, self.course, plan, now)
        self.buddying = [programme.as_push(row) for row in buddying.tolist()]
        self.commitment = bool(plan.calendar["commitment"][now])
        self.service = int(plan.calendar["service"][now])
        self.works = float(plan.calendar["works"][now])
        for me in self.staff:
            me.receive()
        turn.spend(self.staff, self.course, plan, self.plan.setting, now, self.row)
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
        for me in self.staff:
            me.show()
        self.measure()
        if self.month == self.plan.months and not STOPS_LATE:
            self.running = False

    def effect(self, me: Employee) -> channels.Effect:
        """Return what the rounds that reach a person come to this month."""
        mask = int(self.course.masks[me.row])
        kind = (mask, me.department, me.arrival)
        if kind not in self._effects:
            push = programme.add_up(
                self.plan.programme, self.course.onset, mask, me.department, me.arrival,
                self.month - 1,
            )  # fmt: skip
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
        name = self.study, self.luck, draws.ORDER
        turns = [draws.uniform(*name, me.key, self.moment) for me in self.staff]
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

    def measure(self) -> None:
        """Measure the month that ends; see :mod:`sim.kpis`."""
        kernel.measure(
            self.staff, self.month, self.p, self.plan.setting, self.standing, self.row,
            *_NO_GROUPS,
        )  # fmt: skip
        self.datacollector.collect(self)

    def kpi(self, name: str) -> float:
        """Return a KPI of the last month by its name."""
        return float(self.row[kpis.COLUMN[name]])


def _reporter(name: str) -> Any:
    return lambda model: model.kpi(name)


def _columns(*names: str) -> dict[str, str]:
    return dict(zip(names, names, strict=True))
