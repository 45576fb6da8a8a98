"""The readable engine: a Mesa model whose agents call the same rules as the fast one.

Step it, look into an agent, subclass the agent and change one behaviour. For many runs use
:func:`sim.compare`: it gives the same numbers to the last bit, hundreds of times faster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import mesa
import numpy as np

from sim import channels, draws, kernel, kpis, programme, rules, turn, world
from sim.population import department_names
from sim.scenario import Scenario
from sim.state import ARCHETYPES, EXECUTIVE, NOBODY, PEOPLE, ROLES, columns

if TYPE_CHECKING:
    import pandas as pd

ABOUT: Final = (
    "threshold", "expectation", "skill", "threat_competence", "threat_status", "threat_control",
    "threat_ethics", "uses", "intensity", "habit",
)  # fmt: skip
"""What :meth:`Employee.about` tells beside role, department and archetype."""

_NO_GROUPS = np.full(len(kernel.GROUPS), -1), np.zeros((0, kpis.COUNT)), np.zeros(0)


class Employee(mesa.Agent):  # type: ignore[misc]
    """One employee: the columns of :mod:`sim.state` as attributes, and the rules as methods.

    ``colleagues`` are the people this person notices, ``boss`` the row of the line manager.
    What others can see of a person during a substep is what was true at its beginning (or, where
    people act one after the other, when he or she last acted): ``seen_uses``, ``seen_intensity``
    and ``seen_expectation``.
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
            "archetype": ARCHETYPES[self.archetype],
        }
        table = pd.DataFrame({"value": pd.Series({**words, **values}, dtype=object)})
        table["meaning"] = [told[name].meaning for name in table.index]
        table.loc["colleagues"] = len(self.colleagues), "People this person notices at work"
        return table


class AdoptionModel(mesa.Model):  # type: ignore[misc]
    """A scenario as a Mesa model; a step is a month.

    Parameters
    ----------
    scenario
        Name, file or value of a scenario.
    rng
        Seed of the study; the same seed and run give the same people, ties and luck here as in
        :func:`sim.run`.
    run
        Number of the replicate, from 0.
    employee
        Class of the agents; a subclass of :class:`Employee`.
    luck
        Number of the continuation, if not that of the replicate.
    worlds
        People and ties, if not those :func:`sim.world.draw_worlds` draws; the first is used.

    Examples
    --------
    >>> import sim
    >>> model = sim.AdoptionModel("baseline", rng=1)
    >>> for _ in range(3):
    ...     model.step()
    >>> 0 < model.kpi("adoption") < 1
    True
    """

    def __init__(
        self,
        scenario: Scenario | str = "baseline",
        rng: int = 1,
        run: int = 0,
        employee: type[Employee] = Employee,
        luck: int | None = None,
        worlds: world.Worlds | None = None,
    ) -> None:
        super().__init__(rng=rng)
        if not isinstance(scenario, Scenario):
            from sim.files import read_scenario

            scenario = read_scenario(scenario)
        self.settings = scenario
        self.study, self.luck = rng, run if luck is None else luck
        common = world.design(scenario)
        self.plan = world.plan(scenario, common)
        self.p, self.switches = self.plan.p, self.plan.switches
        self.pace = rules.pace(self.plan.substeps, self.p)
        self.month = self.moment = 0
        if worlds is None:
            worlds = world.draw_worlds(common, rng, np.array([run]))
        people = worlds.people[0].copy()
        start, other = worlds.start[0], worlds.other
        self.organisation = run
        self.course = kernel.begun(people, worlds, self.plan, rng)
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
            model_reporters={one.name: _reporter(one.name) for one in kpis.MEASURED},
            agent_reporters={
                name: name for name in ("uses", "intensity", "expectation", "skill", "habit")
            },
        )
        self.measure()

    # --- The month -------------------------------------------------------------------------

    def step(self) -> None:
        """Live through a month: what the programme does, then its substeps, then a measurement."""
        self.month += 1
        self.row = np.zeros(kpis.COUNT)
        now = min(self.month, self.plan.months) - 1
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

    def effect(self, me: Employee) -> channels.Effect:
        """Return what the rounds that reach a person come to this month."""
        mask = int(self.course.masks[me.row])
        kind = (mask, me.department, me.arrival)
        if kind not in self._effects:
            now = min(self.month, self.plan.months) - 1
            push = programme.add_up(
                self.plan.programme, self.course.onset, mask, me.department, me.arrival, now
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
