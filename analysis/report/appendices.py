"""The appendices: strategies and organisation in words, what they rest on, misses, provenance."""

from __future__ import annotations

from functools import lru_cache

from analysis.report import assumptions
from analysis.report.values import DASH, Cell, Row, Section, Table
from analysis.results.answer import Answer, Strategy
from analysis.results.summary import group_name
from analysis.results.tables import Plan, plan_of
from analysis.results.undone import reasons, why_not
from analysis.words.languages import Language
from sim.errors import AdoptionError
from sim.people.population import archetype_shares
from sim.programme.deployments import deployments_of, first_month, kind_of, measure_of
from sim.programme.ledger import Undone
from sim.scenario.library import read_glossary
from sim.scenario.measure import Measure
from sim.scenario.schema import AdaptiveRule, Deployment, Scenario, by_name, share_of


def appendices_of(answer: Answer, words: Language) -> tuple[Section, ...]:
    """Return the appendices of a report."""
    return (
        strategies(answer, words),
        organisation(answer, words),
        assumptions.assumptions(answer, words),
        assumptions.misses(words),
        assumptions.provenance(answer, words),
    )


# --- A: strategies -----------------------------------------------------------------------------


def strategies(answer: Answer, words: Language) -> Section:
    """Return what each strategy does, when, for whom and at what price."""
    tables = [_strategy(strategy, words) for strategy in answer.strategies]
    intro = words._(
        "Costs are what the plan costs with the number of people expected to take part, over the "
        "whole period, working time included."
    )
    return Section("A", words._("The strategies"), (intro,), tables=tuple(tables))


def _strategy(strategy: Strategy, words: Language) -> Table:
    scenario = strategy.scenario
    plan = plan_or_none(scenario)
    undone = {lacking.name: lacking for lacking in strategy.undone}
    rows = [
        Row(
            (
                Cell(words.of(measure_of(name, deployment).title)),
                Cell(*when_done(name, deployment, scenario, undone, words)),
                Cell(how_much(deployment, measure_of(name, deployment), words)),
                Cell(for_whom(deployment, words)),
                Cell(_cost(plan, name, words)),
            )
        )
        for name, deployment in deployments_of(scenario).items()
    ]
    for name, rule in scenario.adaptive.items():
        measure = measure_of(rule.then.measure or name, rule.then)
        most = plan.adaptive["at_most"].get(name, float("nan")) if plan else float("nan")
        rows.append(
            Row(
                (
                    Cell(words.of(measure.title)),
                    Cell(why_not(undone[name], words), condition(rule, words))
                    if name in undone
                    else Cell(condition(rule, words)),
                    Cell(how_much(rule.then, measure, words)),
                    Cell(for_whom(rule.then, words)),
                    Cell(words._("at most {cost}", cost=words.euro(float(most)))),
                )
            )
        )
    for name, event in scenario.happenings.items():
        kind = words.of(kind_of(name, event).title)
        cells = (
            words._("{event} (not planned)", event=kind),
            words._("month {month}", month=event.month),
            words.number(event.size, 1),
            ", ".join(event.departments) if event.departments else words._("everybody"),
        )
        rows.append(Row((*map(Cell, cells), Cell(_cost(plan, name, words)))))
    technology = {
        "licences": words._("Licences"),
        "integration": words._("Integration"),
        "data": words._("Making data ready"),
        "support": words._("Support and upkeep"),
        "investment": words._("Investment in technology"),
    }
    go_live = words._("month {month}", month=scenario.tool.go_live)
    for name in plan.items.index if plan else ():
        if name in technology and plan and plan.items.loc[name, "total"] > 0.0:
            cells = (technology[name], words._("from {when}", when=go_live), DASH, DASH)
            rows.append(Row((*map(Cell, cells), Cell(_cost(plan, str(name), words)))))
    if plan is not None:
        total = Cell(words.euro(plan.total))
        rows.append(Row((Cell(words._("Total")), Cell(""), Cell(""), Cell(""), total), strong=True))
    head = (
        words._("Measure"),
        words._("When"),
        words._("How much"),
        words._("For whom"),
        words._("Cost"),
    )
    return Table(
        strategy.called(words),
        head,
        tuple(rows),
        numbers=False,
        widths=(3.0, 2.0, 2.0, 2.0, 1.2),
        note=_budget(scenario, plan, strategy.undone, words),
    )


@lru_cache(maxsize=64)
def plan_or_none(scenario: Scenario) -> Plan | None:
    """Return what the plan costs, None where that cannot be told: files of people are gone."""
    try:
        return plan_of(scenario)
    except AdoptionError:
        return None


def _cost(plan: Plan | None, name: str, words: Language) -> str:
    if plan is None or name not in plan.items.index:
        return DASH
    return words.euro(float(plan.items.loc[name, "total"]))


def when_done(
    name: str,
    deployment: Deployment,
    scenario: Scenario,
    undone: dict[str, Undone],
    words: Language,
) -> tuple[str, str]:
    """Return when something is done, or first that it is not, or not in full."""
    begins = when(name, deployment, scenario, words)
    return (why_not(undone[name], words), begins) if name in undone else (begins, "")


def when(name: str, deployment: Deployment, scenario: Scenario, words: Language) -> str:
    """Return in which months a measure is in force, in words."""
    first = max(1, first_month(deployment, scenario) + 1)
    text = words._("from {when}", when=words._("month {month}", month=first))
    if deployment.months == 1 or (
        deployment.months is None and measure_of(name, deployment).lasting == "one_off"
    ):
        text = words._("month {month}", month=first)
    elif deployment.months is not None:
        last = min(first + deployment.months - 1, scenario.simulation.months)
        text = words._("month {first} to {last}", first=first, last=last)
    if deployment.repeat is not None:
        again = deployment.repeat
        text += ", " + words._(
            "{times} times, every {every} months", times=again.times, every=again.every
        )
    return text


def how_much(deployment: Deployment, measure: Measure, words: Language) -> str:
    """Return the share and the dose of a measure, in words."""
    parts = []
    share = share_of(deployment, measure)
    if share is not None:
        parts.append(
            words._("{share} of leaders", share=words.percent(share))
            if measure.appoints == "leaders"
            else words._("{share} of those meant", share=words.percent(share))
            if measure.appoints == "buddies"
            else words._("{share} of staff", share=words.percent(share, 0 if share >= 0.1 else 1))
        )
    elif by_name(deployment, measure):
        listed = len(deployment.audience.people or ())
        parts.append(words._("{number} named people", number=words.number(listed)))
    if deployment.dose != 1.0:
        dose = words.number(deployment.dose, 0 if deployment.dose == int(deployment.dose) else 1)
        parts.append(
            words._("{dose} per head", dose=f"{dose} \N{MULTIPLICATION SIGN}")
            if measure.lasting == "one_off"
            else words._("at {share} strength", share=words.percent(deployment.dose))
        )
    if not parts:
        parts.append(words._("once") if measure.lasting == "one_off" else words._("in force"))
    return ", ".join(parts)


def for_whom(deployment: Deployment, words: Language) -> str:
    """Return for whom a measure is, in words."""
    audience = deployment.audience
    parts = [*(audience.departments or ()), *(audience.teams or ())]
    roles = {
        "employee": words._("employees"),
        "team_lead": words._("team leads"),
        "manager": words._("managers"),
        "executive": words._("the top"),
    }
    parts += [roles[role] for role in audience.roles or ()]
    parts += [group_name("archetype", name, words) for name in audience.archetypes or ()]
    if audience.people is not None:
        parts.append(words._("named people"))
    if audience.not_yet_using:
        parts.append(words._("who do not use it yet"))
    text = ", ".join(parts) or words._("everybody")
    if audience.share < 1.0:
        text += " " + words._("({share} of them)", share=words.percent(audience.share))
    return text


def condition(rule: AdaptiveRule, words: Language) -> str:
    """Return when an adaptive rule starts."""
    at = rule.when
    values = {
        "kpi": f"\N{LEFT DOUBLE QUOTATION MARK}{words.of(read_glossary()[at.kpi].title)}\N{RIGHT DOUBLE QUOTATION MARK}",
        "level": words.percent(at.below if at.below is not None else at.above or 0.0),
        "month": at.month,
    }
    if at.below is not None:
        return words._("if {kpi} is below {level} in month {month}", **values)
    return words._("if {kpi} is above {level} in month {month}", **values)


def _budget(
    scenario: Scenario, plan: Plan | None, undone: tuple[Undone, ...], words: Language
) -> str:
    """Return what a budget pays for, in a sentence or two; nothing without one."""
    budget = scenario.budget.total
    if budget is None or plan is None or plan.unspent is None:
        return " ".join(reasons(scenario, undone, words))
    text = words._(
        "Budget {budget}, of which {rest} is not spent.",
        budget=words.euro(budget),
        rest=words.euro(max(0.0, plan.unspent)),
    )
    return " ".join([text, *reasons(scenario, undone, words)])


# --- A2: the organisation ----------------------------------------------------------------------


def key_figures(scenario: Scenario, words: Language) -> list[tuple[str, str, bool]]:
    """Return what an organisation is, each with its value and whether somebody gave it."""
    there, tool = scenario.organisation, scenario.tool
    plain = type(there)()
    councils = {
        "none": words._("none"),
        "late": words._("has a say only after go-live"),
        "early": words._("has a say from the first month"),
    }
    mix = [
        f"{group_name('archetype', name, words)} {words.percent(share)}"
        for name, share in archetype_shares(there).items()
        if share > 0.0
    ]
    facts: list[tuple[str, str, bool]] = [
        (words._("Employees"), words.number(there.employees), True),
        (
            words._("Data on people"),
            words._("a file of the organisation")
            if there.people is not None
            else words._("drawn by chance"),
            there.people is not None,
        ),
        (words._("Main objections"), ", ".join(mix), there.archetypes is not None),
        (
            words._("People in a team"),
            words.number(there.team_size),
            there.team_size != plain.team_size,
        ),
        (
            words._("Culture of participation, 0 to 1"),
            words.number(there.culture.participation, 2),
            there.culture.participation != plain.culture.participation,
        ),
        (
            words._("Tolerance of errors, 0 to 1"),
            words.number(there.culture.error_tolerance, 2),
            there.culture.error_tolerance != plain.culture.error_tolerance,
        ),
        (
            words._("Digital maturity, 0 to 1"),
            words.number(there.digital_maturity, 2),
            there.digital_maturity != plain.digital_maturity,
        ),
        (words._("Works council"), councils[there.works_council], there.works_council != "none"),
        (
            words._("People who leave in a year"),
            words.percent(there.turnover),
            there.turnover != plain.turnover,
        ),
        (
            words._("Cost of a working hour"),
            words.euro(there.hourly_cost),
            there.hourly_cost != plain.hourly_cost,
        ),
        (
            words._("Licence, a person and month"),
            words.euro(tool.licence_price),
            tool.licence_price != type(tool)().licence_price,
        ),
        (
            words._("Integration, once"),
            words.euro(tool.integration_cost),
            tool.integration_cost != type(tool)().integration_cost,
        ),
        (
            words._("Time saved on a task AI helps with, fully skilled"),
            words.percent(tool.task_saving),
            tool.task_saving != type(tool)().task_saving,
        ),
        (
            words._("Part of the time saved that becomes money"),
            words.percent(tool.capture_rate),
            tool.capture_rate != type(tool)().capture_rate,
        ),
    ]
    if there.people is not None:  # the file says it, person by person
        own = (words._("People in a team"), words._("Cost of a working hour"))
        facts = [fact for fact in facts if fact[0] not in own]
    return facts


def organisation(answer: Answer, words: Language) -> Section:
    """Return the organisation in numbers, and which of them nobody filled in."""
    there = answer.result.scenarios[answer.reference.name].organisation
    facts = key_figures(answer.result.scenarios[answer.reference.name], words)
    given = {True: words._("given"), False: words._("default")}
    rows = tuple(Row((Cell(name), Cell(value), Cell(given[known]))) for name, value, known in facts)
    tables = [
        Table(
            there.name,
            (words._("Key figure"), words._("Value"), words._("Where from")),
            rows,
            numbers=False,
            widths=(3.2, 3.8, 1.0),
        )
    ]
    if there.people is None and len(there.departments) > 1:
        parts = tuple(
            Row((Cell(name), Cell(words.percent(part.share)), Cell(words.percent(part.task_share))))
            for name, part in there.departments.items()
        )
        head = (
            words._("Department"),
            words._("Share of staff"),
            words._("Working time in tasks AI can help with"),
        )
        tables.append(Table(words._("Departments"), head, parts))
    several = len({s.organisation.model_dump_json() for s in answer.result.scenarios.values()}) > 1
    sentences = (
        (
            words._(
                "Strategies differ in their organisation too; this is that of {name}.",
                name=answer.reference.called(words),
            ),
        )
        if several
        else ()
    )
    return Section("A2", words._("The organisation"), sentences, tables=tuple(tables))
