"""What everything costs, and what is done when it does not fit the budget."""

from __future__ import annotations

import math
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np

from sim.channels import CHANNELS
from sim.elementary import mean, power, powers, total, totals
from sim.engine.kinds import Array
from sim.errors import AdoptionError, BudgetError, Problem, ScenarioError, said
from sim.people.population import (
    Chart,
    among,
    archetype_chances,
    archetype_shares,
    chart,
    department_names,
    hourly_costs,
    imported,
    team_names,
    users_before,
)
from sim.people.selection import SELECTION
from sim.programme import budget, deployments
from sim.programme.budget import (
    APPOINTS,
    CENT,
    REQUEST,
    WHEN_OVER,
    Accounts,
    Asked,
    Paid,
    Staff,
    Terms,
)
from sim.programme.deployments import (
    Round,
    access_months,
    deployments_of,
    first_go_live,
    length_of,
)
from sim.scenario.library import read_archetypes
from sim.scenario.measure import CULTURE, Pushes
from sim.scenario.schema import COUNCIL, Scenario, by_name, selection_of, share_of
from sim.scenario.words import short, suggestion
from sim.state import ROLES

if TYPE_CHECKING:
    import pandas as pd


EQUIPMENT: Final = {
    "licences": said("licences"),
    "integration": said("integration"),
    "data": said("data"),
    "support": said("support"),
    "investment": said("investment"),
}
"""What the technology is called in messages."""

TECHNOLOGY: Final = ("licences", "integration", "data", "support", "investment")

BEFORE: Final = ("champions", "leaders")
"""Who is appointed before the first month, from some of the people only."""

ACCESS: Final = "access"
"""Name of having access to the tool at all, among what is not done; see :class:`Undone`."""


# --- A scenario as numbers ------------------------------------------------------------------


def table(rounds: list[Round], scenario: Scenario, plan: Chart) -> Asked:
    """Return rounds of a scenario as the engine reads them.

    Raises
    ------
    ScenarioError
        If one is for a team there is not.
    """
    teams = (
        team_names(scenario, plan)
        if any(round_.deployment.audience.teams for round_ in rounds)
        else []
    )
    kinds = (department_names(scenario.organisation), ROLES, list(read_archetypes()), [*teams, ""])
    stretches = np.cumsum([0, *(len(kind) for kind in kinds)])
    lists = any(round_.deployment.audience.people is not None for round_ in rounds)
    admits = np.ones((len(rounds), stretches[-1]), np.bool_)
    names = np.ones((len(rounds), plan.role.size if lists else 0), np.bool_)
    for d, round_ in enumerate(rounds):
        audience = round_.deployment.audience
        unknown = [name for name in audience.teams or () if name not in teams]
        if unknown:
            message = said(
                "there is no team '{found}'{known}",
                found=short(unknown[0]),
                known=suggestion(unknown[0], teams),
            )
            raise ScenarioError([Problem(message, f"programme.{round_.name}.audience.teams")])
        wanted = (audience.departments, audience.roles, audience.archetypes, audience.teams)
        for k, (kind, chosen) in enumerate(zip(kinds, wanted, strict=True)):
            if chosen is not None:
                admits[d, stretches[k] : stretches[k + 1]] = [name in chosen for name in kind]
        if audience.people is not None:
            names[d] = named(scenario, audience.people)
    order = order_of_payment(scenario)
    asked = Asked(
        np.array([_row(round_, scenario, order) for round_ in rounds], REQUEST),
        np.array([effects_of(round_.measure.pushes) for round_ in rounds]).reshape(
            -1, len(CHANNELS)
        ),
        np.array([effects_of(round_.measure.coaching or Pushes()) for round_ in rounds]).reshape(
            -1, len(CHANNELS)
        ),
        np.array(
            [tuple(round_.measure.culture.model_dump().values()) for round_ in rounds]
        ).reshape(-1, len(CULTURE)),
        admits,
        stretches.astype(np.int64),
        names,
    )
    if scenario.organisation.people is not None:
        asked.rounds["wage"] = _common_hours(asked, rounds, scenario, plan)
    return asked


def effects_of(channels: Pushes) -> Array:
    """Return what a measure does on each channel at a stock of 1 [CHANNELS]."""
    return np.array([getattr(channels, name) for name in CHANNELS], float)


def _row(round_: Round, scenario: Scenario, order: dict[str, int]) -> tuple[Any, ...]:
    """Return a round as a row of the table."""
    measure, given, cost = round_.measure, round_.deployment, round_.cost
    message, again, share = measure.message, given.repeat, share_of(given, measure)
    sender = form = None
    if message is not None:
        sender, form = given.sender or message.sender, given.format or message.format
    row = {
        "start": round_.start,
        "length": length_of(given, measure, scenario.simulation.months),
        "every": again.every if again else 0,
        "times": again.times if again else 1,
        "dose": given.dose,
        "once": round_.once,
        "part": round_.part,
        "share": 1.0 if share is None else share,
        "usual": measure.share or 0.0,
        "among": given.audience.share,
        "deployment": order.get(round_.name, 0),
        "unforeseen": round_.event is not None,
        "kept": _is_kept(round_, scenario),
        "structural": round_.structural,
        "takes_people": measure.takes_people,
        "on_arrival": measure.on_arrival,
        "not_yet_using": given.audience.not_yet_using,
        "participatory": measure.participatory,
        "recognises": measure.recognises,
        "by_name": by_name(given, measure),
        "archetypes": given.audience.archetypes is not None,
        "appoints": APPOINTS.index(measure.appoints),
        "selection": SELECTION.index(selection_of(given, measure) or "random"),
        "paid_hours": -1.0 if given.hours is None else given.hours,
        "builds_up": measure.builds_up,
        "wears": measure.wears,
        "speaks": message is not None,
        "two_sided": message is not None and (given.balance or message.balance) == "two_sided",
        "interactive": form == "interactive",
        "abstract": message is not None
        and (given.concreteness or message.concreteness) == "abstract",
        "volume": message.strength if message is not None else 0.0,
        "belief": getattr(scenario.numbers, f"sender_{sender}") if sender else 1.0,
        "sender": zlib.crc32(sender.encode()) if sender else -1,
        "format": zlib.crc32(form.encode()) if form else -1,
        "code": zlib.crc32(round_.name.encode()) & 0x7FFFFFFF,
        **cost.model_dump(),
        "wage": 0.0,
    }
    return tuple(row[name] for name in REQUEST.names or ())


def as_paid(rounds: list[Round], months: int) -> Paid:
    """Return rounds as they are, all of them taken; how many take part is not counted yet."""
    return Paid(
        np.zeros(len(rounds), np.bool_),
        np.array([round_.part for round_ in rounds], float),
        np.array([round_.dose for round_ in rounds]).reshape(len(rounds), months),
        np.zeros((2, len(rounds), months)),
    )


def staff_of(scenario: Scenario, plan: Chart) -> Staff:
    """Return what money has to know of the people."""
    hourly = hourly_costs(scenario)
    return Staff(
        plan,
        archetype_chances(scenario),
        np.array(list(archetype_shares(scenario.organisation).values()), float),
        hourly,
        mean(hourly),
        leaving_chance(scenario.organisation.turnover),
    )


def terms_of(scenario: Scenario, plan: Chart) -> Terms:
    """Return the budget, and what the technology costs."""
    limit, tool = scenario.budget, scenario.tool
    hours = scenario.capacity.trainer_hours
    return Terms(
        total=math.inf if limit.total is None else float(limit.total),
        change_share=-1.0 if limit.change_share is None else limit.change_share,
        reserve=limit.reserve,
        when_over=WHEN_OVER.index(limit.when_over),
        trainer_hours=math.inf if hours is None else float(hours),
        go_live=first_go_live(scenario),
        access=np.array([with_access(scenario, plan, upper) for upper in (False, True)]),
        licence=float(tool.licence_price),
        dearer=deployments.dearer(scenario),
        integration=float(tool.integration_cost),
        data=float(tool.data_cost),
        support=float(tool.support_per_month),
        investment=float(tool.investment),
    )


class Means(NamedTuple):
    """Who there is to take part, and on what terms money is spent."""

    staff: Staff
    terms: Terms


def means_of(scenario: Scenario, plan: Chart) -> Means:
    """Return what prices and budgets of a scenario hang on, whatever is done."""
    return Means(staff_of(scenario, plan), terms_of(scenario, plan))


def accounts_of(rounds: list[Round], scenario: Scenario, plan: Chart) -> Accounts:
    """Return what some rounds, and the technology, take as they are."""
    return Accounts(
        *budget.accounts(
            table(rounds, scenario, plan),
            *means_of(scenario, plan),
            as_paid(rounds, scenario.simulation.months),
        )
    )


def named(scenario: Scenario, people: tuple[str, ...]) -> Array:
    """Return who is on a list of pseudonyms [people]."""
    given = imported(scenario.organisation)
    return np.isin([] if given is None else given.people, people)


def _common_hours(asked: Asked, rounds: list[Round], scenario: Scenario, plan: Chart) -> Array:
    """Return what an hour of everybody costs in each round, 0 where what it costs is their own [D] [euro].

    Lists of real people, and too few of them, cost what an hour costs in the organisation: or what
    they cost would tell where they work.
    """
    few = budget.eligible(asked, plan)[:, 1] < scenario.privacy.min_group
    listed = [round_.deployment.audience.people is not None for round_ in rounds]
    return np.where(few | np.array(listed, np.bool_), team_hour(scenario), 0.0)


def team_hour(scenario: Scenario) -> float:
    """Return what an hour of those who run measures costs [euro]: the organisation's mean."""
    return mean(hourly_costs(scenario))


def participants(round_: Round, scenario: Scenario, plan: Chart) -> float:
    """Return how many people are expected to take part; see :func:`sim.programme.budget.participants`."""
    heads = accounts_of([round_], scenario, plan).heads[0, 0]
    return float(heads[min(max(0, round_.start), heads.size - 1)])


def hour_of(round_: Round, scenario: Scenario, plan: Chart) -> float:
    """Return what an hour of the people a round is meant for costs on average [euro]."""
    return float(accounts_of([round_], scenario, plan).hours[0])


def expense(round_: Round, scenario: Scenario, plan: Chart, upper: bool = False) -> Array:
    """Return what a round is expected to cost by calendar month [euro]; see ``turnout``."""
    costs: Array = accounts_of([round_], scenario, plan).costs[int(upper), 0]
    return costs


def leaving_chance(turnover: float) -> float:
    """Return the chance to leave in a month, from the share of people who leave in a year."""
    return 1.0 - power(1.0 - turnover, 1.0 / 12.0)


# --- The plan -----------------------------------------------------------------------------


def with_trainers(rounds: list[Round], scenario: Scenario, plan: Chart) -> list[Round]:
    """Return the rounds as trainers can deliver them; see :func:`sim.programme.budget.staffed`."""
    paid = as_paid(rounds, scenario.simulation.months)
    budget.delivered(table(rounds, scenario, plan), *means_of(scenario, plan), paid)
    return _done(rounds, paid)


def _done(rounds: list[Round], paid: Paid) -> list[Round]:
    """Return the rounds that are taken, as they are done."""
    return [
        round_._replace(dose=paid.dose[d], part=float(paid.part[d]))
        for d, round_ in enumerate(rounds)
        if not paid.cut[d]
    ]


def technology(scenario: Scenario, plan: Chart, upper: bool = False) -> pd.DataFrame:
    """Return what the technology costs by month, one column per item [euro]; see ``turnout``."""
    import pandas as pd

    items = accounts_of([], scenario, plan).technology[int(upper)]
    calendar = np.arange(1, scenario.simulation.months + 1)
    columns = dict(zip(TECHNOLOGY, items, strict=True))
    return pd.DataFrame(columns, pd.Index(calendar, name="month"))


def with_access(scenario: Scenario, plan: Chart, upper: bool = False) -> Array:
    """Return how many people are expected to have access by the roll-out [months].

    Or with ``upper`` the upper end of it, as in :func:`turnout`.
    """
    months = scenario.simulation.months
    calendar = np.arange(1, months + 1)
    phases, go_live = access_months(scenario)
    names = department_names(scenario.organisation)
    people = np.bincount(plan.department, minlength=len(names)).astype(float)
    users = users_before(scenario, plan)
    left, chance = np.ones(len(names)), np.zeros((months, len(names)))
    for phase, month in zip(scenario.tool.phases, phases, strict=True):
        share = left * among(phase.departments, names) * phase.share
        chance += (calendar >= month)[:, None] * share
        left = left - share
    chance = np.minimum(1.0, chance + (calendar >= go_live)[:, None] * left)
    if not users.any():
        return budget.upper_end(chance, people) if upper else totals(chance * people)
    # Who uses it before has it from the start; newcomers to these seats get it as the others do.
    stay = powers(1.0 - leaving_chance(scenario.organisation.turnover), months)
    chance = np.hstack([chance, chance + (1.0 - chance) * stay[:, None]])
    people = np.hstack([people - users, users])
    return budget.upper_end(chance, np.ceil(people - 1e-9)) if upper else totals(chance * people)


def ledger(scenario: Scenario, plan: Chart | None = None) -> pd.DataFrame:
    """Return what the plan costs, month by month, with the expected number of participants.

    Adaptive rules are not in it: they start only if something shows. What a run really cost is
    among its KPIs.

    Returns
    -------
    pandas.DataFrame
        One row per month from 1, one column per item of technology that costs anything and per
        deployment [euro, nominal, excluding VAT].
    """
    plan = chart(scenario) if plan is None else plan
    costs = technology(scenario, plan)
    paid = affordable(scenario, plan)
    for round_, cost in zip(paid, accounts_of(paid, scenario, plan).costs[0], strict=True):
        if round_.start >= 0:
            costs[round_.name] = costs.get(round_.name, 0.0) + cost
    return costs.loc[:, (costs != 0.0).any() | ~costs.columns.isin(TECHNOLOGY[2:])]


# --- The budget ---------------------------------------------------------------------------


class Limit(NamedTuple):
    """A limit of the budget and what is asked of it [euro]."""

    path: str
    what: str
    needed: float
    allowed: float


LIMITS: Final = (
    ("budget.total", said("everything")),
    ("budget.change_share", said("measures")),
    ("budget.change_share", said("technology")),
    ("budget.reserve", said("measures up to and in the month of go-live")),
)
"""Every limit there is, in the order of :func:`sim.programme.budget.limits`: its field, and on what it is."""


def limits(scenario: Scenario, rounds: list[Round], plan: Chart) -> list[Limit]:
    """Return every limit of the budget with what a plan needs; see :func:`sim.programme.budget.limits`."""
    bounds = accounts_of(rounds, scenario, plan).limits
    return [
        Limit(path, what, float(needed), float(allowed))
        for (path, what), (needed, allowed) in zip(LIMITS, bounds, strict=True)
        if allowed < math.inf
    ]


def affordable(scenario: Scenario, plan: Chart, means: Means | None = None) -> list[Round]:
    """Return the rounds that the budget pays for, as ``budget.when_over`` says.

    Parameters
    ----------
    scenario, plan
        What is asked for, and of whom.
    means
        What :func:`means_of` says of them, where that is known already.

    Raises
    ------
    BudgetError
        With what costs how much, if the plan does not fit and nothing may be cut.
    """
    asked = deployments.rounds(scenario)
    paid, fits = budget.afforded(
        table(asked, scenario, plan),
        *(means or means_of(scenario, plan)),
        as_paid(asked, scenario.simulation.months),
    )
    done = _done(asked, Paid(*paid))
    if not fits:
        raise BudgetError(_explained(scenario, done, plan))
    return done


def kept(scenario: Scenario) -> tuple[str, ...]:
    """Return the deployments that no budget cuts: ``budget.keep``, and a council that has a say."""
    council = scenario.organisation.works_council != "none" and COUNCIL not in scenario.programme
    return (*(scenario.budget.keep or ()), *((COUNCIL,) if council else ()))


def _is_kept(round_: Round, scenario: Scenario) -> bool:
    """Return whether a round is not for the budget to cut: kept, an event, or started if something shows."""
    return round_.start < 0 or round_.event is not None or round_.name in kept(scenario)


def order_of_payment(scenario: Scenario) -> dict[str, int]:
    """Return the place of each deployment in order of priority, those of the file first among equals.

    Rounds of one deployment are taken or left out together.
    """
    in_force = deployments_of(scenario)
    names = [name for name in (*scenario.programme, *in_force) if name in in_force]
    names = list(dict.fromkeys(names))
    return {
        name: k for k, name in enumerate(sorted(names, key=lambda name: in_force[name].priority))
    }


# --- What a plan says and nobody does -------------------------------------------------------


class Undone(NamedTuple):
    """Something a scenario says that is not done, or not in full.

    Attributes
    ----------
    name
        Of the deployment or the adaptive rule, or :data:`ACCESS`.
    reason
        ``budget``: it is not paid for. ``scaled``: the budget pays for a part. ``trainers``: they
        have no time for all of it. ``end``: it would start after the last month. ``nobody``: it is
        meant for nobody.
    part
        Part of it that is done all the same; 0 if nothing is [0 to 1].
    cost
        What all of it would cost [euro].
    """

    name: str
    reason: Literal["budget", "scaled", "trainers", "end", "nobody"]
    part: float
    cost: float

    def told(self) -> dict[str, str | float]:
        """Return what may be told of it whoever it is for: not what it costs."""
        return {"name": self.name, "reason": self.reason, "part": self.part}


NEARLY: Final = 0.995
"""Part from which on something counts as done in full."""


def undone(scenario: Scenario, plan: Chart | None = None) -> tuple[Undone, ...]:
    """Return what a scenario says and nobody does, in the order of its file.

    What is late but done is not in it, nor an adaptive rule that something may yet start.

    Raises
    ------
    BudgetError
        If the plan does not fit the budget, and may not be cut.
    """
    plan = chart(scenario) if plan is None else plan
    months, asked = scenario.simulation.months, deployments.rounds(scenario)
    planned, paid = with_trainers(asked, scenario, plan), affordable(scenario, plan)
    spent = accounts_of(planned, scenario, plan).costs[0]
    undones: list[Undone] = []
    if first_go_live(scenario) > months:
        undones.append(Undone(ACCESS, "end", 0.0, 0.0))
    for name in dict.fromkeys([*scenario.programme, *deployments_of(scenario)]):
        ours = [round_ for round_ in asked if round_.name == name]
        if not ours:
            continue
        cost = total([spent[d] for d, round_ in enumerate(planned) if round_.name == name])
        given = [round_ for round_ in paid if round_.name == name]
        whole, done = (
            total([round_.dose * round_.part for round_ in part]) for part in (ours, given)
        )
        if all(our.start >= months for our in ours):
            undones.append(Undone(name, "end", 0.0, 0.0))
        elif not any(_can_take_part(our, scenario, plan) for our in ours):
            undones.append(Undone(name, "nobody", 0.0, cost))
        elif not given:
            undones.append(Undone(name, "budget", 0.0, cost))
        elif whole > 0.0 and done / whole < NEARLY:
            # What the budget pays for but trainers cannot give is for want of trainers.
            free = total([round_.dose for round_ in planned if round_.name == name]) / whole
            reason: Literal["trainers", "scaled"] = "trainers" if free < NEARLY else "scaled"
            undones.append(Undone(name, reason, done / whole, cost))
    left = spare(scenario, paid, plan)
    for round_ in paid:
        if round_.start < 0:
            cost = total(expense(_at_last(round_, scenario), scenario, plan))
            if not _can_take_part(round_, scenario, plan):
                undones.append(Undone(round_.name, "nobody", 0.0, cost))
            elif _least(round_, scenario, plan) > left:
                undones.append(Undone(round_.name, "budget", 0.0, cost))
    return tuple(undones)


@lru_cache(maxsize=256)
def undone_if_known(scenario: Scenario) -> tuple[Undone, ...]:
    """Return the same, nothing where that cannot be told: files are gone, or the budget fails."""
    try:
        return undone(scenario)
    except AdoptionError:
        return ()


def _can_take_part(round_: Round, scenario: Scenario, plan: Chart) -> bool:
    """Return whether a round is meant for anybody, as far as that is no secret of single people.

    Who is of which archetype, in a file of real people, is one.
    """
    if (
        scenario.organisation.people is not None
        and round_.deployment.audience.archetypes is not None
    ):
        anyone = round_.deployment.audience.model_copy(update={"archetypes": None})
        round_ = round_._replace(
            deployment=round_.deployment.model_copy(update={"audience": anyone})
        )
    return bool((accounts_of([round_], scenario, plan).heads[1] > 0.0).any())


def _at_last(round_: Round, scenario: Scenario) -> Round:
    """Return the round of an adaptive rule as it is if it starts in the last month it can."""
    when = scenario.adaptive[round_.name].when
    return round_._replace(start=(when.until or when.month) - 1)


def _least(round_: Round, scenario: Scenario, plan: Chart) -> float:
    """Return what the round of an adaptive rule costs at least [euro]: late, in one department."""
    late = _at_last(round_, scenario)
    where, audience = scenario.adaptive[round_.name].where, round_.deployment.audience
    if where.below is None and where.above is None:
        return _lower_end(late, scenario, plan)
    names, costs = department_names(scenario.organisation), []
    for name in audience.departments or names:
        here = audience.model_copy(update={"departments": (name,)})
        only = late._replace(deployment=late.deployment.model_copy(update={"audience": here}))
        if accounts_of([only], scenario, plan).heads[0].any():
            costs.append(_lower_end(only, scenario, plan))
    return min(costs, default=0.0)


def _lower_end(round_: Round, scenario: Scenario, plan: Chart) -> float:
    """Return what a round costs where fewer take part than expected, as far below as the upper end."""
    usual, most = (total(costs) for costs in accounts_of([round_], scenario, plan).costs)
    return 2.0 * usual - most


def left_out(scenario: Scenario, plan: Chart) -> tuple[dict[str, float], float]:
    """Return what the budget does not pay for, and the factor on what is not kept of the rest.

    Deployments left out come with what they would cost [euro].
    """
    planned = with_trainers(deployments.rounds(scenario), scenario, plan)
    paid = affordable(scenario, plan)
    there, missing = {round_.name for round_ in paid}, dict[str, float]()
    costs = accounts_of(planned, scenario, plan).costs[0]
    for round_, cost in zip(planned, costs, strict=True):
        if round_.name not in there:
            missing[round_.name] = missing.get(round_.name, 0.0) + total(cost)
    factor = 1.0
    if scenario.budget.when_over == "scale":
        left = accounts_of(paid, scenario, plan).costs[0]
        asked, given = (
            total(
                [
                    cost
                    for round_, cost in zip(part, spent, strict=True)
                    if not _is_kept(round_, scenario)
                ]
            )
            for part, spent in ((planned, costs), (paid, left))
        )
        factor = given / asked if asked > 0.0 else 1.0
    return missing, factor


def unspent(scenario: Scenario, plan: Chart | None = None) -> float | None:
    """Return what the plan leaves of the budget [euro], None without a budget."""
    if scenario.budget.total is None:
        return None
    return scenario.budget.total - total(ledger(scenario, plan))


def spare(scenario: Scenario, rounds: list[Round], plan: Chart) -> float:
    """Return the money adaptive rules may spend [euro]; see :func:`sim.programme.budget.spare`."""
    return budget.spare(accounts_of(rounds, scenario, plan).limits)


def _explained(scenario: Scenario, rounds: list[Round], plan: Chart) -> str:
    """Return what does not fit, with what costs how much."""
    broken = next(
        limit for limit in limits(scenario, rounds, plan) if limit.needed > limit.allowed + CENT
    )
    accounts, upper = accounts_of(rounds, scenario, plan), int(scenario.budget.when_over == "scale")
    costs: dict[str, float] = {}
    if broken.what in ("everything", "technology"):
        costs = {name: total(accounts.technology[upper, k]) for k, name in enumerate(TECHNOLOGY)}
    if broken.what != "technology":
        for round_, spent in zip(rounds, accounts.costs[upper], strict=True):
            costs[round_.name] = costs.get(round_.name, 0.0) + total(spent)
    costs = {name: cost for name, cost in costs.items() if cost}
    items = [
        said("\n    {name:<28}{cost:>14,.0f} euro", name=EQUIPMENT.get(name, name), cost=cost)
        for name, cost in sorted(costs.items(), key=lambda item: -item[1])
    ]
    lines: str = ""
    for item in items:
        lines += item
    if broken.path == "budget.total":
        head = said("the programme costs {needed:,.0f} euro", needed=broken.needed)
        limit = said("the budget of {allowed:,.0f}", allowed=broken.allowed)
    else:
        head = said("{what} cost {needed:,.0f} euro", what=broken.what, needed=broken.needed)
        limit = said("the {allowed:,.0f}", allowed=broken.allowed)
    cuts = scenario.budget.when_over != "fail"
    measures = broken.what == "measures" or (
        broken.what == "everything" and any(round_.start >= 0 for round_ in rounds)
    )
    if cuts and any(round_.start >= 0 for round_ in rounds):
        names = ", ".join(dict.fromkeys(round_.name for round_ in rounds if round_.start >= 0))
        head = said("what may not be cut ({names}) does not fit: {head}", names=names, head=head)
    if broken.path == "budget.reserve":
        remedy = said("lower budget.reserve, or let measures start later")
    elif measures and cuts:
        remedy = said(
            "raise budget.total, or keep less: budget.keep names what is never cut, by default what "
            "a scenario inherits; with keep: [] everything may be"
        )
    elif not measures and broken.path == "budget.change_share":
        remedy = said(
            "no measure can be left out for that: raise budget.total, lower budget.change_share, or "
            "spend less on the tool"
        )
    elif not measures:
        remedy = said(
            "no measure can be left out for that: raise budget.total, or spend less on the tool"
        )
    elif broken.path == "budget.change_share":
        remedy = said(
            "raise budget.change_share or budget.total, lower a dose or a share, shorten a deployment, "
            "or let budget.when_over be scale or priority"
        )
    else:
        remedy = said(
            "raise budget.total, lower a dose or a share, shorten a deployment, or let "
            "budget.when_over be scale or priority"
        )
    return said(
        "{name}: {path}: {head}, {over:,.0f} more than {limit}{lines}\n    {remedy}",
        name=scenario.name,
        path=broken.path,
        head=head,
        over=broken.needed - broken.allowed,
        limit=limit,
        lines=lines,
        remedy=remedy,
    )
