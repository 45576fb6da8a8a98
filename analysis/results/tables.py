"""What is shown in the terminal: scenarios, checkpoints, curves, and what a plan costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, get_args

import numpy as np

from analysis.results.comparison import (
    NOT_KNOWN,
    clear,
    difference,
    in_figures,
    percent,
    reference_of,
)
from analysis.results.firm import Amount, mean_of, of_organisations, percents
from analysis.results.summary import (
    LEVELS,
    STEPS,
    SUCCESS_LEVEL,
    SUCCESS_MONTH,
    EventFigures,
    called,
    common_months,
    curve_statistics,
    identical,
    label_of,
    labels,
    maturity,
    summarise,
)
from analysis.results.undone import lowered, reasons, title_of
from analysis.words.languages import ENGLISH
from sim import kpis
from sim.engine.kinds import Array
from sim.people.population import Chart, chart
from sim.programme import ledger
from sim.programme.budget import CENT
from sim.programme.deployments import Round
from sim.scenario.library import Dimension, read_glossary
from sim.scenario.schema import AdaptiveRule, CostChange, Scenario
from sim.study.results import Result

if TYPE_CHECKING:
    import pandas as pd

CHECKPOINTS: Final = (0, 3, 6, 12, 18, 24)


def checkpoints(result: Result) -> list[int]:
    """Return the months people look at, as far as all scenarios go."""
    last = common_months(result)
    return [month for month in CHECKPOINTS if month < last] + [last]


def levels(result: Result) -> pd.DataFrame:
    """Return every KPI of every scenario at the checkpoints, in the KPI's own unit."""
    import pandas as pd

    return pd.concat(
        summarise(result, month=month).reset_index() for month in checkpoints(result)
    ).reset_index(drop=True)


def overview(result: Result, against: str | None = None, kpi: str = "adoption") -> pd.DataFrame:
    """Return one row of texts per scenario: curve, paired difference, refusers, time, money.

    Narrow enough for a terminal of 80 columns: shares in percent, money in thousands of euros.
    """
    import pandas as pd

    reference = reference_of(result, against)
    last = common_months(result)
    now = summarise(result, month=last)
    paired = difference(result, against, kpi) if len(result.scenarios) > 1 else None
    unit = kpis.KPIS[kpi].unit
    rows = []
    for name, label in labels(result).items():
        row = {"scenario": label}
        for month in checkpoints(result):
            if month in (6, 12, last):
                mean = float(kpis.known_mean(result.curves(name, kpi)[:, month]))
                row[f"m{month}"] = as_text(mean, unit)
        low, high = (float(now.loc[(name, kpi), edge]) for edge in ("low", "high"))
        row["10-90 %"] = f"{as_text(low, unit)}{' to ' if low < 0 else '-'}{as_text(high, unit)}"
        if paired is not None:
            row["difference"] = ""
            if name != reference:
                text = in_figures(paired.loc[name])
                unsure = "" if clear(paired.loc[name]) else " ?"
                same = "" if paired.loc[name, "same_people"] else "~ "
                row["difference"] = f"{same}{text['difference']} ({text['between']}){unsure}"
                if paired.loc[name, "identical"]:
                    row["difference"] = "identical"
        row["never"] = as_text(float(now.loc[(name, "never_users"), "mean"]), "share")
        row["k€ cost"] = thousands(mean_of(result.curves(name, "cost")[:, : last + 1].sum(axis=1)))
        row["k€ net"] = thousands(mean_of(result.curves(name, "cumulative_net")[:, last]), True)
        rows.append(row)
    return pd.DataFrame(rows).set_index("scenario")


def thousands(amount: Amount, sign: bool = False) -> str:
    """Return an amount in thousands with half its interval; only the interval if its sign is open."""
    plus = "+" if sign else ""
    digits = 0 if amount.step == 0.0 or amount.step >= 1000.0 else 1
    mean, low, high = (
        f"{round(value / 1000.0, digits) + 0.0:{plus},.{digits}f}" for value in amount
    )
    if not amount.step:
        return mean
    if amount.low < 0.0 < amount.high:
        return f"{low} to {high}"
    half = (amount.high - amount.low) / 2000.0
    if round(half, digits) == 0.0:
        return mean
    return f"{mean} ±{half:,.{digits}f}"


def organisations(result: Result) -> str:
    """Return the name of the organisation simulated, or that there are several."""
    names = dict.fromkeys(scenario.organisation.name for scenario in result.scenarios.values())
    return next(iter(names)) if len(names) == 1 else f"Different organisations ({'; '.join(names)})"


def profile(result: Result) -> pd.DataFrame:
    """Return every KPI of the only scenario at the checkpoints, by dimension, as texts."""
    import pandas as pd

    name = next(iter(result.scenarios))
    terms = read_glossary()
    rows = []
    for dimension in get_args(Dimension):
        rows.append({"KPI": dimension.capitalize()})
        for kpi in kpis.KPIS.values():
            if terms[kpi.name].dimension != dimension:
                continue
            row = {"KPI": f"  {label_of(kpi.name)}"}
            for month in checkpoints(result):
                amount = mean_of(result.curves(name, kpi.name)[:, month])
                euro = kpi.unit.startswith("euro") and amount.step > 0.0
                mean = amount.step * round(amount.mean / amount.step) if euro else amount.mean
                open_ = amount.low < 0.0 < amount.high
                row[f"m{month}"] = "~0" if open_ and amount.step else as_text(mean, kpi.unit)
            row["±"] = as_text((amount.high - amount.low) / 2.0, kpi.unit)  # of the last month
            row["unit"] = "%" if kpi.unit == "share" else kpi.unit
            rows.append(row)
    return pd.DataFrame(rows).fillna("").set_index("KPI")


def curve_table(result: Result) -> pd.DataFrame:
    """Return what is said of the only scenario's curves, as texts."""
    import pandas as pd

    last = common_months(result)
    statistics = curve_statistics(result).iloc[0]

    def among(share: float) -> str:
        return of_organisations(share, result.runs, ENGLISH)

    def month(value: float) -> str:
        return f"month {value:.0f}" if value == value else f"after month {last}"

    rows = [
        (
            f"{100 * level:.0f} % use it weekly",
            month(statistics[f"month_of_{100 * level:.0f}"]),
            f"median; {among(statistics[f'reached_{100 * level:.0f}'])} get there",
        )
        for level in LEVELS
    ]
    rows += [
        (
            "mean time to 50 %",
            f"{statistics['months_to_half']:.1f} months",
            f"who never gets there counts as month {last}",
        ),
        (
            "area under the curve",
            f"{100 * statistics['area_under_curve']:.0f} %",
            "mean share of weekly users from month 1",
        ),
    ]
    if last >= SUCCESS_MONTH:
        what = f">= {100 * SUCCESS_LEVEL:.0f} % users and net > 0 in month {SUCCESS_MONTH}"
        rows.append(
            (
                "success",
                f"{percent(statistics['success'])} %",
                f"{among(statistics['success'])}: {what}",
            )
        )
    rows += [
        (
            "break-even",
            month(statistics["break_even"]),
            f"median; {among(statistics['broke_even'])} get there",
        ),
        ("return on investment", *_roi(result, last)),
    ]
    return pd.DataFrame(rows, columns=["figure", "value", "what"]).set_index("figure")


def _roi(result: Result, last: int) -> tuple[str, str]:
    """Return the mean return on investment, and between which values it lies."""
    amount = mean_of(result.curves(next(iter(result.scenarios)), "roi")[:, last])
    text, between = percents(amount, ENGLISH)
    what = f"mean at month {last}"
    return text, f"{what}, 95 % interval {between}" if between else what


def maturity_sentence(result: Result) -> str:
    """Return on which steps of maturity the only scenario's organisations end."""
    shares = maturity(result).iloc[0]
    steps = [f"step {step} {percent(shares[step])} %" for step in STEPS if shares[step] > 0.0]
    return f"Maturity at month {common_months(result)}, share of organisations: {', '.join(steps)}."


def events_sentence(figures: EventFigures) -> str:
    """Return what a log of events says."""
    if not figures.first_starts:
        return "Nobody started by themselves."
    return (
        f"{percent(figures.nobody)} % of first starts had no colleague who used AI; at the median "
        f"{100 * figures.exposure:.0f} % of noticed colleagues did. Per 100 people: "
        f"{figures.stops:.0f} stops and {figures.restarts:.0f} restarts."
    )


def as_text(value: float, unit: str) -> str:
    """Return a value as people read it: shares in percent, money in whole euros, a dash for none."""
    if value != value:
        return NOT_KNOWN
    if unit == "share":
        return f"{100 * value:.0f}"
    if abs(value) >= 10_000:
        return f"{value / 1000:,.0f}k"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


# --- What a plan costs ---------------------------------------------------------------------


MOST_QUARTERS: Final = 8
"""Quarters that fit beside each other."""


class Plan(NamedTuple):
    """What a scenario's plan costs, with expected participants [euro, nominal, excluding VAT].

    Attributes
    ----------
    items
        By item: ``people``, and euro for what is ``fixed``, for ``participants`` and for
        ``staff_time``, the ``staff_hours`` of that, and the ``total``.
    quarters
        Euro by quarter and item.
    limits
        By limit of the budget: ``what`` it is about, ``allowed``, ``needed`` and ``left``.
    unspent
        What is left of the budget, None without one.
    left_out
        Deployments the budget does not pay for, with what they would cost [euro].
    factor
        What measures get as a share of what they would cost in full.
    adaptive
        What is started only if something shows: ``rule``, ``condition``, ``at_most``.
    months
        Euro by month and item.
    hours
        Working hours of staff by month and item.
    """

    items: pd.DataFrame
    quarters: pd.DataFrame
    limits: pd.DataFrame
    unspent: float | None
    left_out: dict[str, float]
    factor: float
    adaptive: pd.DataFrame
    months: pd.DataFrame
    hours: pd.DataFrame

    @property
    def total(self) -> float:
        """What everything costs."""
        return float(self.items["total"].sum())


def plan_of(scenario: Scenario) -> Plan:
    """Return what the plan of a scenario costs, without simulating it.

    Raises
    ------
    BudgetError
        If the plan does not fit the budget and nothing may be cut.

    Examples
    --------
    >>> import sim, analysis
    >>> plan = analysis.plan_of(sim.load("champions"))
    >>> one = plan.items.loc["champions"]
    >>> int(one["people"]), bool(one["total"] == one[["fixed", "participants", "staff_time"]].sum())
    (11, True)
    """
    import pandas as pd

    staff = chart(scenario)
    paid = ledger.affordable(scenario, staff)
    by_month = ledger.ledger(scenario, staff)
    columns = ["people", "fixed", "participants", "staff_time", "staff_hours", "total"]
    items = pd.DataFrame(0.0, by_month.columns.rename("item"), columns)
    items["total"] = items["fixed"] = by_month.sum()
    staff_hours = by_month * 0.0
    for name in items.index:
        rounds = [
            paid_round for paid_round in paid if paid_round.name == name and paid_round.start >= 0
        ]
        if rounds:
            fixed, heads, hours_of = (
                sum(part)
                for part in zip(
                    *(_parts(paid_round, scenario, staff) for paid_round in rounds), strict=True
                )
            )
            staff_hours[name], hours = hours_of, float(np.sum(hours_of))
            people = max(ledger.participants(paid_round, scenario, staff) for paid_round in rounds)
            if scenario.organisation.people is not None and people < scenario.privacy.min_group:
                people = float("nan")  # not shown
            total = items.loc[name, "total"]
            items.loc[name] = people, fixed, heads, total - fixed - heads, hours, total
    quarter = pd.Index([f"Q{(month - 1) // 3 + 1}" for month in by_month.index], name="quarter")
    limits = pd.DataFrame(ledger.limits(scenario, paid, staff), columns=list(ledger.Limit._fields))
    limits["left"] = limits["allowed"] - limits["needed"]
    missing, factor = ledger.left_out(scenario, staff)
    adaptive = pd.DataFrame(
        [
            _reaction(paid_round, scenario, paid, staff)
            for paid_round in paid
            if paid_round.start < 0
        ],
        columns=["rule", "condition", "at_most"],
    )
    return Plan(
        items,
        by_month.groupby(quarter, sort=False).sum(),
        limits.set_index("path"),
        ledger.unspent(scenario, staff),
        missing,
        factor,
        adaptive.set_index("rule"),
        by_month,
        staff_hours,
    )


def _parts(paid_round: Round, scenario: Scenario, staff: Chart) -> tuple[float, float, Array]:
    """Return what is fixed and what is paid for participants [euro], working time by month [hour]."""
    prices, nothing = paid_round.cost.model_dump(), dict.fromkeys(CostChange.model_fields, 0.0)
    cost_of_hour = ledger.hour_of(paid_round, scenario, staff)

    def only(*names: str) -> Array:
        cost = CostChange(**{**nothing, **{name: prices[name] for name in names}})
        alone = paid_round._replace(
            deployment=paid_round.deployment.model_copy(update={"cost": cost})
        )
        return ledger.expense(alone, scenario, staff)

    time = only("hours_per_participant", "monthly_hours_per_participant")
    hours = time / cost_of_hour if cost_of_hour > 0.0 else 0.0 * time
    team, cost_of_hour = only("team_hours", "monthly_team_hours"), ledger.team_hour(scenario)
    hours = hours + (team / cost_of_hour if cost_of_hour > 0.0 else 0.0)
    fixed, heads = (
        float(only(*names).sum()) for names in (("fixed", "per_month"), ("per_participant",))
    )
    return fixed, heads, hours


def _reaction(
    paid_round: Round, scenario: Scenario, paid: list[Round], staff: Chart
) -> tuple[str, str, float]:
    """Return an adaptive rule: its name, when it starts, and what it costs at most [euro]."""
    rule = scenario.adaptive[paid_round.name]
    at_once = paid_round._replace(start=rule.when.month - 1)
    cost = float(ledger.expense(at_once, scenario, staff).sum())
    return paid_round.name, condition(rule), min(cost, ledger.spare(scenario, paid, staff))


def condition(rule: AdaptiveRule) -> str:
    """Return when an adaptive rule starts, in words."""
    when, where = rule.when, rule.where
    label = label_of(when.kpi).lower()

    def level(below: float | None, above: float | None) -> str:
        return (
            f"below {100 * below:g} %" if below is not None else f"above {100 * (above or 0):g} %"
        )

    month = f"in month {when.month}"
    if when.until is not None and when.until > when.month:
        month = f"in one of the months {when.month} to {when.until}"
    text = f"only if {label} {'is' if label[-1] != 's' else 'are'} "
    text += f"{level(when.below, when.above)} {month}"
    if where.below is not None or where.above is not None:
        text += f", in departments {level(where.below, where.above)}"
    return text


def items_table(plan: Plan) -> pd.DataFrame:
    """Return what each item costs as texts, and the sum; what is 0 is left empty."""
    return _amounts(plan.items).rename(columns={"staff_time": "time", "staff_hours": "hours"})


def quarters_table(plan: Plan) -> pd.DataFrame:
    """Return what each item costs by quarter as texts, and the sum; by year if they are many."""
    table = plan.quarters
    if len(table) > MOST_QUARTERS:
        years = [f"year {place // 4 + 1}" for place in range(len(table))]
        table = table.groupby(years, sort=False).sum()
    return _amounts(table.T.rename_axis(columns=None))


def _amounts(table: pd.DataFrame) -> pd.DataFrame:
    """Return whole numbers as texts, with a last row of sums, but not of people."""
    table = table.copy()
    table.loc["total"] = table.sum()
    if "people" in table:
        table.loc["total", "people"] = 0.0
    table.index.name = "item"
    return table.map(
        lambda value: "<5" if value != value else f"{value:,.0f}" if round(value) else ""
    )


def limits_table(plan: Plan) -> pd.DataFrame:
    """Return the limits of the budget as texts: for what, allowed, needed, left."""
    euro = plan.limits[["allowed", "needed", "left"]]
    texts = (euro.round() + 0.0).map("{:,.0f}".format)
    texts.insert(0, "for", plan.limits["what"])
    return texts.rename_axis(index="limit")


def first_sentences(result: Result) -> list[str]:
    """Return what has to be known first: what is not done and why, and which are identical."""
    sentences = [
        f"{scenario.label}: {lowered(reason)}"
        for name, scenario in result.scenarios.items()
        for reason in reasons(scenario, result.undone[name])
    ]
    return sentences + identity_sentences(result)


def budget_sentences(scenario: Scenario, first: bool = True) -> list[str]:
    """Return what is not done and why, what a budget pays for and what is left of it.

    What is not done can be left out where it is said already, by ``first``.
    """
    undone = ledger.undone_if_known(scenario) if first else ()
    sentences = [f"{scenario.label}: {lowered(reason)}" for reason in reasons(scenario, undone)]
    budget = scenario.budget.total
    if budget is None:
        return sentences
    label, staff = called(scenario), chart(scenario)
    rest = max(0.0, ledger.unspent(scenario, staff) or 0.0)
    missing, factor = ledger.left_out(scenario, staff)
    sentences.append(
        f"{label}: the plan costs {budget - rest:,.0f} euro; {rest:,.0f} euro of the "
        f"budget of {budget:,.0f} is not spent."
    )
    if missing:
        asked = ", ".join(
            f"{title_of(name, scenario)} ({cost:,.0f} euro)" for name, cost in missing.items()
        )
        sentences.append(f"{label}: not paid for, by priority: {asked}.")
    if factor < 1.0:
        sentences.append(
            f"{label}: scaled to fit: what may be cut gets {100 * factor:.0f} % of the money it "
            "would cost in full."
        )
        most = sum(
            float(ledger.expense(paid_round, scenario, staff, upper=True).sum())
            for paid_round in ledger.affordable(scenario, staff)
            if paid_round.start >= 0
        ) + float(ledger.technology(scenario, staff, upper=True).to_numpy().sum())
        if most > budget - rest + 1.0:
            sentences.append(
                f"{label}: it is scaled so that no organisation spends more: where as many take part "
                f"as may, it costs {most:,.0f} euro."
            )
    if scenario.adaptive:
        spare = ledger.spare(scenario, ledger.affordable(scenario, staff), staff)
        sentences.append(f"{label}: adaptive rules may spend up to {spare:,.0f} euro of it.")
    return sentences


def spending_sentences(result: Result) -> list[str]:
    """Return in how many organisations more was spent than the budget, and how much at most."""
    sentences, called_ = [], labels(result)
    for name, scenario in result.scenarios.items():
        budget = scenario.budget.total
        if budget is None:
            continue
        spent = result.curves(name, "cost").sum(axis=1)
        more = spent > budget + CENT
        span = f"{spent.min():,.0f} to {spent.max():,.0f}"
        if round(spent.min()) == round(spent.max()):
            span = f"{spent.max():,.0f}"
        text = f"{called_[name]}: {span} euro were spent"
        among = of_organisations(float(more.mean()), result.runs, ENGLISH)
        text += f"; the budget of {budget:,.0f} was exceeded in {among}"
        if more.any():
            text += f", by {spent.max() - budget:,.0f} euro at most"
        sentences.append(f"{text}.")
    return sentences


def identity_sentences(result: Result) -> list[str]:
    """Return which scenarios gave the same in every organisation, month and figure."""
    sentences, names, called_ = [], list(result.scenarios), labels(result)
    for place, name in enumerate(names):
        same = next((before for before in names[:place] if identical(result, name, before)), None)
        if same is not None:
            among = of_organisations(1.0, result.runs, ENGLISH)
            sentences.append(
                f"{called_[name]} and {called_[same]} are identical: the same in {among}."
            )
    return sentences


def reaction_sentences(result: Result) -> list[str]:
    """Return how often each adaptive rule started something, and when; nothing without rules."""
    sentences = []
    for name, rules in result.started.items():
        for rule, months in rules.items():
            label, share = labels(result)[name], float((months > 0).mean())
            among = of_organisations(share, result.runs, ENGLISH)
            text = f"{label}: {rule} started something in {among}"
            if share > 0.0:
                text += f", half of the times by month {np.median(months[months > 0]):.0f}"
            sentences.append(f"{text}.")
    return sentences
