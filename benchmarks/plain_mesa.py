"""The same model in plain Mesa: what a good Mesa user would write, to measure the engines against.

It stands alone: nothing here comes from the package ``sim``, the chance is Mesa's own, and the
numbers of the rules are given as a dictionary. It is written for the reader and not against the
clock: colleagues are looked up once, a substep is two calls over all agents (everybody looks
around, then everybody acts), and a data collector measures every month.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate, combinations
from types import SimpleNamespace
from typing import Any

import mesa
import networkx as nx
import numpy as np
from mesa.space import NetworkGrid

COMPETENCE, STATUS, CONTROL, ETHICS = range(4)
ARCHETYPES = {COMPETENCE: 0.37, STATUS: 0.24, CONTROL: 0.22, ETHICS: 0.17}

DEPARTMENTS = {  # share of the staff, share of working time in tasks AI can help with
    "engineering": (0.25, 0.35),
    "production": (0.35, 0.10),
    "sales": (0.15, 0.35),
    "service": (0.15, 0.25),
    "office": (0.10, 0.40),
}

TEAM_SIZE = 10
TEAMS_PER_MANAGER = 3
TEAM_TIES = 0.85
CROSS_TIES = 4.0
INSIDE_DEPARTMENT = 0.5
SOCIABILITY_SPREAD = 0.8

HOURS_A_MONTH = 36.0 * 52.0 / 12.0
HOURLY_COST = 48.0
TASK_SAVING = 0.25
REFUSAL_MONTHS = 6


def _hill(amount: float, half: float, exponent: int) -> float:
    """Return how far a Hill curve has risen [0 to 1]: a half at ``half``."""
    raised = amount**exponent
    return raised / (raised + half**exponent) if amount > 0.0 else 0.0


@dataclass(frozen=True)
class Effect:
    """What the programme does to everybody in a month; by default nothing.

    Attributes
    ----------
    remaining
        Share of each removable threat that is left [0 to 1].
    training
        Part of a full course [course/month].
    incentive
        Saturated incentive [0 to 1].
    message_pull, message_level
        Pull of messages on expectation [1/month] and the usefulness they promise [0 to 1].
    consider
        Rate of coming to consider AI for the own work [1/month].
    """

    remaining: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    training: float = 0.0
    incentive: float = 0.0
    message_pull: float = 0.0
    message_level: float = 0.0
    consider: float = 0.0


class Employee(mesa.Agent):  # type: ignore[misc]
    """One employee, who looks around and then acts.

    Parameters
    ----------
    model
        The organisation.
    role
        ``employee``, ``team_lead``, ``manager`` or ``executive``.
    department, team
        Where this person works; managers have no team.
    boss
        The line manager, None at the top.
    task_share
        Share of working time in tasks AI can help with [0 to 1].
    """

    model: AdoptionModel

    def __init__(
        self,
        model: AdoptionModel,
        role: str,
        department: str,
        team: int | None,
        boss: Employee | None,
        task_share: float,
    ) -> None:
        super().__init__(model)
        self.role, self.department, self.team, self.boss = role, department, team, boss
        self.savable_hours = HOURS_A_MONTH * task_share * TASK_SAVING
        p = model.p
        tasks = task_share if role == "employee" else min(1.0, task_share * p.leader_tasks)
        self.opportunity: float = (tasks / p.usual_task_share) ** p.opportunity_exponent
        self.colleagues: list[Employee] = []
        self._draw_traits()
        self.uses = self.ever_used = self.ever_weekly = False
        self.committed = self.champion = self.pledged = False
        self.intensity = self.habit = self.freshness = self.desire = self.courses = 0.0
        self.least_use = self.least_skill = 0.0
        self.voice = 1.0
        self.exposure = self.hearsay = self.pull = self.example = 0.0
        self.considers: float = p.considers_before
        self.conviction = self._conviction(pull=0.0, example=0.0)

    def _draw_traits(self) -> None:
        p, rng = self.model.p, self.model.rng
        archetype = int(rng.choice(list(ARCHETYPES), p=list(ARCHETYPES.values())))
        self.felt_weights = [p.other_channel] * 4
        self.felt_weights[archetype] = p.own_channel
        self.initial = rng.beta(p.threat_shape_a, p.threat_shape_b, 4).tolist()
        justified = rng.beta(p.justified_shape_a, p.justified_shape_b, 4)
        self.floor = (justified * self.initial).tolist()
        self.threats: list[float] = list(self.initial)
        own = float(rng.normal(0.0, p.innovativeness_spread))
        self.disposition = self.model.context + own
        self.threshold: float = p.low_threshold
        if rng.random() >= p.low_threshold_share:
            self.threshold = max(
                p.low_threshold, float(rng.beta(p.threshold_shape_a, p.threshold_shape_b))
            )
        self.match = p.match_low + p.match_range * float(rng.beta(p.match_shape, p.match_shape))
        hoped = p.initial_trust * p.tool_quality + p.hype
        self.expectation = min(1.0, max(0.0, hoped + float(rng.normal(0.0, p.expectation_spread))))
        if archetype == COMPETENCE:
            self.initial_skill = float(rng.beta(p.anxious_skill_shape_a, p.anxious_skill_shape_b))
        else:
            self.initial_skill = float(rng.beta(p.skill_shape_a, p.skill_shape_b))
        self.skill = self.initial_skill

    # --- The month -------------------------------------------------------------------------

    def receive(self) -> None:
        """Take up the part in the programme that holds for this month."""
        p, model = self.model.p, self.model
        self.courses += model.effect.training
        self.pledged, self.least_use, self.least_skill = False, 0.0, 0.0
        if not model.access:
            return
        if self.committed:
            self.pledged = True
            self.least_use, self.least_skill = p.committed_use, p.committed_skill
        if self.champion:
            self.pledged = True
            self.least_use = max(self.least_use, p.champion_use)
            self.least_skill = max(self.least_skill, p.champion_skill)
            fresh = (1.0 - p.champion_fatigue) ** (model.month - 1)
            self.voice = 1.0 + (p.champion_voice - 1.0) * fresh

    # --- Looking around: changes nothing that others can see ------------------------------

    def look_around(self) -> None:
        """Notice who uses AI and what they say, come to consider it, and form a desire."""
        p = self.model.p
        total = users = told = 0.0
        for colleague in self.colleagues:
            total += colleague.voice
            if colleague.uses:
                users += colleague.voice
                told += colleague.voice * colleague.expectation
        self.exposure = users / total if total else 0.0
        self.hearsay = told / users if users else 0.0
        pull = _hill(self.exposure, self.threshold, p.hill_exponent)
        example = self._example()
        self._consider(users, example)
        self.pull += (pull - self.pull) * self.model.norm_moved
        self.example += (example - self.example) * self.model.norm_moved
        self.conviction = self._conviction(self.pull, self.example)
        own = p.habit_weight * self.habit + p.incentive_weight * self.model.effect.incentive
        if self.uses:
            novelty = p.user_novelty * self.freshness
        else:
            novelty = p.launch_novelty * self.model.launch
        self.desire = 1.0 / (1.0 + math.exp(-(self.conviction + own + novelty)))

    def _consider(self, users: float, example: float) -> None:
        """Come nearer to considering AI for the own work; using colleagues count by number."""
        p, effect = self.model.p, self.model.effect
        rate = (
            p.consider_alone
            + p.consider_launch * self.model.launch
            + p.consider_peers * _hill(users, p.consider_circle, 2)
            + p.consider_example * example
            + p.consider_message * effect.message_pull
            + p.consider_training * effect.training
            + effect.consider
        )
        self.considers = 1.0 - (1.0 - self.considers) * math.exp(-rate / self.model.substeps)

    def _example(self) -> float:
        if self.role == "executive":
            return 0.0
        top = self.model.example_of_top
        if self.boss is None:
            return top
        share: float = self.model.p.boss_share
        return share * self.boss.intensity + (1.0 - share) * top

    def _conviction(self, pull: float, example: float) -> float:
        p = self.model.p
        conviction: float = (
            p.base_desire
            + self.disposition
            + p.usefulness_weight * self.expectation
            + p.ease_weight * self.skill
            + p.peer_weight * pull
            + p.leader_weight * example
            - p.fear_weight * self.felt_threat
        )
        return conviction

    @property
    def felt_threat(self) -> float:
        """The threat felt in all [0 to 1]."""
        calm = 1.0
        for weight, threat in zip(self.felt_weights, self.threats, strict=True):
            calm *= 1.0 - weight * threat
        return 1.0 - calm

    # --- Acting ----------------------------------------------------------------------------

    def act(self) -> None:
        """Start, go on or stop, then learn from it."""
        self._decide()
        self._calm_down()
        self._learn()

    def _decide(self) -> None:
        p, model = self.model.p, self.model
        if self.pledged:
            self.uses = True
        elif self.uses:
            rate = p.stop_rate * (1.0 - self.habit) * (1.0 - self.desire)
            if self.random.random() < 1.0 - math.exp(-rate / model.substeps):
                self.uses = False
                self.considers = min(self.considers, p.considers_after)
        elif model.access:
            rate = p.start_rate * self.desire * self.considers * self.opportunity
            if self.random.random() < 1.0 - math.exp(-rate / model.substeps):
                self.uses = True
        if self.uses:
            wanted = min(1.0, self.desire * self.opportunity)
            grown = self.intensity + (wanted - self.intensity) * model.use_moved
            self.intensity = max(grown, self.least_use)
            self.skill = max(self.skill, self.least_skill)
        else:
            self.intensity = 0.0

    def _calm_down(self) -> None:
        p, model = self.model.p, self.model
        at_ease = 1.0 - p.skill_calms_others * self.skill
        practised = 1.0 - p.experience_calms * self.habit
        relief = (
            (1.0 - p.skill_calms_competence * self.skill) * practised,
            at_ease,
            at_ease * practised,
            1.0,
        )
        for channel, share in enumerate(model.effect.remaining):
            remaining = share * relief[channel]
            initial = self.initial[channel]
            if remaining <= 1.0:
                warranted = self.floor[channel] + (initial - self.floor[channel]) * remaining
            else:
                warranted = 1.0 - (1.0 - initial) / remaining
            gap = self.threats[channel] - warranted
            self.threats[channel] = warranted + gap * model.calm_kept

    def _learn(self) -> None:
        p, model = self.model.p, self.model
        effect, approach = model.effect, model.approach
        if self.uses:
            seen, level = p.experience_rate * self.intensity, self.usefulness
        else:
            seen = p.hearsay_rate * self.exposure
            level = self.hearsay
        told = effect.message_pull * (1.0 - self.habit)
        idle = 1.0 - self.intensity
        forgotten = p.forgetting * idle
        taught = 1.0 - (1.0 - p.training_gain) ** effect.training
        learned = taught + p.practice_gain * self.intensity * (1.0 - taught)
        formed = p.habit_gain * self.intensity
        self.expectation = approach(
            self.expectation, seen * level + told * effect.message_level, seen + told
        )
        self.skill = approach(
            self.skill, learned + forgotten * self.initial_skill, learned + forgotten
        )
        self.habit = approach(self.habit, formed, formed + p.habit_loss * idle)
        if self.uses and not self.ever_used:
            self.ever_used = True
            self.freshness = 1.0
        self.freshness *= model.novelty_kept

    # --- What is measured of a person ------------------------------------------------------

    @property
    def appointed(self) -> bool:
        """Whether this person uses AI by a part in the programme."""
        return self.champion or self.committed

    @property
    def weekly(self) -> bool:
        """Whether this person uses AI weekly now."""
        weekly: bool = self.uses and self.intensity >= self.model.p.weekly_use
        return weekly

    @property
    def usefulness(self) -> float:
        """What the tool is worth to this person now."""
        p = self.model.p
        full: float = min(1.0, p.tool_quality * self.match * self.opportunity)
        return float(full * (p.unskilled_usefulness + (1.0 - p.unskilled_usefulness) * self.skill))

    @property
    def satisfaction(self) -> float:
        """What the tool is worth, relative to what was expected, twice that at most."""
        return float(min(2.0, self.usefulness / max(self.expectation, 1e-9)))

    @property
    def content(self) -> bool:
        """Whether this person would recommend AI to others."""
        p = self.model.p
        return bool(self.uses and self.satisfaction >= p.satisfied and self.conviction > 0.0)

    @property
    def certified(self) -> bool:
        """Whether this person had a full course and has the skill that goes with it."""
        return self.courses >= 1.0 and self.skill >= self.model.p.certified_skill

    @property
    def skilled_use(self) -> float:
        """Use that skill makes something of."""
        return self.intensity * self.skill

    @property
    def unskilled_use(self) -> float:
        """Use that needs support."""
        return self.intensity * (1.0 - self.skill)

    @property
    def hours_saved(self) -> float:
        """Hours saved this month."""
        return self.skilled_use * self.savable_hours

    def look_back(self) -> None:
        """Remember at the end of the month whether this was ever a weekly user."""
        self.ever_weekly = self.ever_weekly or self.weekly


class AdoptionModel(mesa.Model):  # type: ignore[misc]
    """An organisation that brings in AI; a step is a month.

    Parameters
    ----------
    parameters
        Numbers of the rules by name.
    employees
        Number of people.
    departments
        Share of the staff and share of time in tasks AI can help with, by department.
    substeps
        Parts of a month.
    go_live
        First month with access, and month of the launch.
    committed
        Share of the leaders who commit to use AI visibly [0 to 1].
    champions
        Share of the staff, the best connected, who become champions [0 to 1].
    programme
        What else is done, by month from 1.
    rng
        Seed.
    """

    def __init__(
        self,
        parameters: Mapping[str, float],
        employees: int = 140,
        departments: Mapping[str, tuple[float, float]] = DEPARTMENTS,
        substeps: int = 4,
        go_live: int = 1,
        committed: float = 0.0,
        champions: float = 0.0,
        programme: Mapping[int, Effect] | None = None,
        rng: int | None = None,
    ) -> None:
        super().__init__(rng=rng)
        self.p: Any = SimpleNamespace(**parameters)
        self.substeps, self.go_live = substeps, go_live
        self.programme = dict(programme or {})
        self.month = 0
        self.access, self.launch, self.effect = False, 0.0, Effect()
        self.calm_kept = (1.0 - self.p.calming_rate) ** (1.0 / substeps)
        self.novelty_kept = math.exp(-1.0 / (self.p.user_novelty_time * substeps))
        self.norm_moved = 1.0 - (1.0 - self.p.norm_rate) ** (1.0 / substeps)
        self.use_moved = 1.0 - (1.0 - self.p.use_growth) ** (1.0 / substeps)
        self.context = float(self.rng.normal(0.0, self.p.context_spread))
        self._hire(employees, departments)
        self._tie()
        self._appoint(committed, champions)
        self.example_of_top = 0.0
        self.datacollector = mesa.DataCollector(model_reporters=REPORTERS)
        self.datacollector.collect(self)

    # --- Who works here --------------------------------------------------------------------

    def _hire(self, employees: int, departments: Mapping[str, tuple[float, float]]) -> None:
        """Fill the organisation chart: executives, managers, teams with a lead."""
        top = 1 if employees < 50 else 2 if employees < 100 else 3
        mean_share = float(np.mean([task_share for _, task_share in departments.values()]))
        self.executives = [
            Employee(self, "executive", "management", 0, None, mean_share) for _ in range(top)
        ]
        chiefs = 0
        team = 0
        shares = accumulate((share for share, _ in departments.values()), initial=0.0)
        edges = [round((employees - top) * share) for share in shares]
        for k, (name, (_, task_share)) in enumerate(departments.items()):
            people = edges[k + 1] - edges[k]
            teams = max(1, round(people / (TEAM_SIZE + 1 / TEAMS_PER_MANAGER)))
            managers = []
            for _ in range(math.ceil(teams / TEAMS_PER_MANAGER) if teams > 1 else 0):
                boss = self.executives[chiefs % top]
                managers.append(Employee(self, "manager", name, None, boss, task_share))
                chiefs += 1
            seats = people - len(managers)
            for t in range(teams):
                team += 1
                boss = managers[t * len(managers) // teams] if managers else self.executives[0]
                lead = Employee(self, "team_lead", name, team, boss, task_share)
                for _ in range(seats * t // teams + 1, seats * (t + 1) // teams):
                    Employee(self, "employee", name, team, lead, task_share)

    def _tie(self) -> None:
        """Let people notice each other: teams as near-cliques, the line, ties across."""
        staff = list(self.agents)
        graph = nx.Graph()
        graph.add_nodes_from(range(len(staff)))
        node = {me: i for i, me in enumerate(staff)}
        teams: dict[int, list[Employee]] = {}
        for me in staff:
            if me.team is not None:
                teams.setdefault(me.team, []).append(me)
            if me.boss is not None and me.role != "employee":
                graph.add_edge(node[me], node[me.boss])
        for team in teams.values():
            for one, other in combinations(team, 2):
                with_lead = one.role != "employee" or other.role != "employee"
                if with_lead or self.random.random() < TEAM_TIES:
                    graph.add_edge(node[one], node[other])
        self._tie_across(staff, graph)
        self.grid = NetworkGrid(graph)
        for me in staff:
            self.grid.place_agent(me, node[me])
        for me in staff:
            me.colleagues = self.grid.get_neighbors(me.pos, include_center=False)

    def _tie_across(self, staff: list[Employee], graph: nx.Graph) -> None:
        """Tie people to strangers in proportion to the sociability of both."""
        sociability = np.exp(self.rng.normal(0.0, SOCIABILITY_SPREAD, len(staff))).tolist()
        running = list(accumulate(sociability, initial=0.0))
        bounds: dict[str, tuple[int, int]] = {}
        for i, me in enumerate(staff):
            bounds[me.department] = (bounds.get(me.department, (i, i))[0], i + 1)
        per_unit = 0.5 * CROSS_TIES * len(staff) / running[-1]
        for i, me in enumerate(staff):
            for _ in range(int(sociability[i] * per_unit + self.random.random())):
                inside = self.random.random() < INSIDE_DEPARTMENT
                for attempt in range(8):
                    anyone = attempt >= 4
                    low, high = (0, len(staff))
                    if inside and not anyone:
                        low, high = bounds[me.department]
                    aim = self.random.uniform(running[low], running[high])
                    j = min(bisect_right(running, aim, low, high) - 1, high - 1)
                    other = staff[j]
                    stranger = other is not me and (me.team is None or other.team != me.team)
                    across = inside or anyone or other.department != me.department
                    if stranger and across:
                        graph.add_edge(i, j)
                        break

    def _appoint(self, committed: float, champions: float) -> None:
        """Let leaders commit, and make champions of the best connected employees."""
        for leader in self.agents.select(lambda one: one.role != "employee"):
            leader.committed = self.random.random() < committed
        crowd = self.agents.select(lambda one: one.role == "employee")
        best = crowd.sort(lambda one: len(one.colleagues) + self.random.random())
        for champion in list(best)[: round(champions * len(self.agents))]:
            champion.champion = True

    # --- The month -------------------------------------------------------------------------

    def step(self) -> None:
        """Live through a month: the programme, the substeps, a measurement."""
        self.month += 1
        since = self.month - self.go_live
        self.access = since >= 0
        self.launch = math.exp(-since / self.p.launch_novelty_time) if since >= 0 else 0.0
        self.effect = self.programme.get(self.month, Effect())
        self.agents.do("receive")
        for _ in range(self.substeps):
            intensities = [one.intensity for one in self.executives]
            self.example_of_top = sum(intensities) / len(intensities)
            self.agents.do("look_around")
            self.agents.do("act")
        self.agents.do("look_back")
        self.datacollector.collect(self)

    def approach(self, value: float, up: float, rate: float) -> float:
        """Return a share after a substep of change at a monthly rate towards ``up / rate``."""
        if rate <= 0.0:
            return value
        target = up / rate
        kept: float = max(0.0, 1.0 - rate) ** (1.0 / self.substeps)
        return target + (value - target) * kept

    @property
    def adoption(self) -> float:
        """Share of weekly users now."""
        return _share(lambda one: one.weekly)(self)


# --- What is measured ----------------------------------------------------------------------

Reporter = Callable[[AdoptionModel], float]


def _mean(attribute: str) -> Reporter:
    return lambda model: float(np.mean(model.agents.get(attribute)))


def _share(holds: Callable[[Employee], bool]) -> Reporter:
    return lambda model: sum(holds(one) for one in model.agents) / len(model.agents)


def _unappointed(model: AdoptionModel) -> float:
    others = [one.weekly for one in model.agents if not one.appointed]
    return float(np.mean(others)) if others else math.nan


def _threat(channel: int) -> Reporter:
    return lambda model: float(np.mean([one.threats[channel] for one in model.agents]))


def _rate(parameter: str, attribute: str) -> Reporter:
    mean = _mean(attribute)
    return lambda model: float(getattr(model.p, parameter) * mean(model))


def _satisfaction(model: AdoptionModel) -> float:
    users = [one.satisfaction for one in model.agents if one.uses]
    return float(np.mean(users)) if users else math.nan


def _refusers(attribute: str) -> Reporter:
    def share(model: AdoptionModel) -> float:
        if model.month - model.go_live + 1 < REFUSAL_MONTHS:
            return math.nan
        return 1.0 - float(np.mean(model.agents.get(attribute)))

    return share


REPORTERS: dict[str, Reporter] = {
    "adoption": _share(lambda one: one.weekly),
    "adoption_with_access": lambda model: model.adoption if model.access else math.nan,
    "daily_use": _share(lambda one: one.uses and one.intensity >= one.model.p.daily_use),
    "using": _mean("uses"),
    "tried": _mean("ever_used"),
    "appointed": _mean("appointed"),
    "adoption_unappointed": _unappointed,
    "intensity": _mean("intensity"),
    "long_access": lambda model: float(model.month - model.go_live + 1 >= REFUSAL_MONTHS),
    "never_users": _refusers("ever_weekly"),
    "never_started": _refusers("ever_used"),
    "acceptance": _share(lambda one: one.conviction > 0.0),
    "felt_threat": _mean("felt_threat"),
    "threat_competence": _threat(COMPETENCE),
    "threat_status": _threat(STATUS),
    "threat_control": _threat(CONTROL),
    "threat_ethics": _threat(ETHICS),
    "expectation": _mean("expectation"),
    "skill": _mean("skill"),
    "habit": _mean("habit"),
    "hours_saved": _mean("hours_saved"),
    "value": lambda model: HOURLY_COST * float(np.mean(model.agents.get("hours_saved"))),
    "skilled_use": _mean("skilled_use"),
    "stopped": _share(lambda one: one.ever_used and not one.uses),
    "breadth": lambda model: 1.0 if model.adoption > 0.0 else math.nan,  # there is one use case
    "trained": _share(lambda one: one.courses >= 0.5),
    "certified": _mean("certified"),
    "support_asked": _rate("support_rate", "unskilled_use"),
    "trust": lambda model: 1.0 - 0.5 * (_threat(CONTROL)(model) + _threat(ETHICS)(model)),
    "satisfaction": _satisfaction,
    "would_recommend": _mean("content"),
    "new_use_cases": _rate("discovery_rate", "skilled_use"),
    "suggestions": _rate("suggestion_rate", "intensity"),
}
