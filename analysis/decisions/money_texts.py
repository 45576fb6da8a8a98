"""What best plans and next euros say to people who decide, and their tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from analysis.decisions.bench import STEPS, evidence_level, level_of
from analysis.decisions.frontier import Frontier, Point
from analysis.decisions.next_euro import NextEuro
from analysis.decisions.rivals import RULE, Share
from analysis.results.estimates import Estimate
from analysis.words.languages import Language
from sim.people.population import department_names
from sim.programme.deployments import first_month, measure_of
from sim.scenario import read_catalogue
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from analysis.decisions.bench import Terms


def amount(value: float, terms: Terms, words: Language, sign: bool = False) -> str:
    """Return what is reached, or a difference of it, as it is written: percent, euro or its unit."""
    if terms.unit == "points":
        return words.number(value, 1, sign)
    if terms.goal.unit == "euro":
        return words.euro(value, sign)
    return f"{words.number(value, 2, sign)} {terms.goal.unit}".strip()


def level(value: float, terms: Terms, words: Language) -> str:
    """Return what is reached with its unit: ``54.2%``."""
    text = amount(value, terms, words)
    return f"{text}%" if terms.unit == "points" else text


def interval(estimate: Estimate, terms: Terms, words: Language) -> str:
    """Return the interval of an estimate."""
    low, high = (amount(end, terms, words) for end in (estimate.low, estimate.high))
    return words._("{low} to {high}", low=low, high=high)


def wanted(terms: Terms, words: Language) -> str:
    """Return what is wanted: 'weekly users in month 18'."""
    title = terms.goal.title(words)
    if terms.target is None:
        return title
    return words._(
        "organisations that reach {level}: {goal}",
        level=words.number(terms.target, 0),
        goal=title,
    )


def title_of(name: str, scenario: Scenario, words: Language) -> str:
    """Return what a measure of a plan is called."""
    deployment = scenario.programme.get(name)
    known = read_catalogue().get((deployment and deployment.measure) or name)
    return name if known is None else words.of(known.title)


def part_of(dose: float, words: Language) -> str:
    """Return how much of a measure there is."""
    return words._("at {share} of its full size", share=words.percent(dose))


def measures_in(scenario: Scenario, words: Language) -> list[str]:
    """Return what is in a plan: each measure with its size, its first month and where."""

    def size_of(size: float, people: bool) -> str:
        if not people:
            return part_of(size, words)
        return words._("{share} of people", share=words.percent(size, 1))

    return _listed(scenario, words, size_of, lambda names: words.listed(list(names)))


def where(departments: Sequence[str], scenario: Scenario, words: Language) -> str:
    """Return for which departments a measure is: those, or all but a single one."""
    others = [name for name in department_names(scenario.organisation) if name not in departments]
    if len(others) == 1 and len(departments) > 2:
        return words._("all but {department}", department=others[0])
    return words.listed(list(departments))


def band_of(result: Frontier | NextEuro) -> str:
    """Return what an interval is: of organisations, or of parameters where there are several vectors."""
    if sum(result.evidence.values()) > 1:
        return result.words._("middle 90 % of the sets of numbers")
    return result.words._("95 % interval")


def contents(scenario: Scenario, words: Language) -> list[str]:
    """Return what is in a plan, in words: each measure with dose or share, month and departments."""

    def size_of(size: float, people: bool) -> str:
        if not people:
            return words._("dose {dose}", dose=words.number(size, 2))
        return words.percent(size, 0 if size >= 0.095 else 1)

    return _listed(scenario, words, size_of, lambda names: where(names, scenario, words))


def _listed(
    scenario: Scenario,
    words: Language,
    size_of: Callable[[float, bool], str],
    place_of: Callable[[Sequence[str]], str],
) -> list[str]:
    """Return each measure of a plan with what is not usual of it.

    Parameters
    ----------
    scenario, words
        The plan, and the language.
    size_of
        Says a size; told whether it is a share of people.
    place_of
        Says for which departments a measure is.
    """
    parts = []
    for name, deployment in scenario.deployments.items():
        measure = measure_of(name, deployment)
        size, departments = level_of(deployment, measure), deployment.audience.departments
        notes = []
        if measure.takes_people or size != evidence_level(measure):
            notes.append(size_of(size, measure.takes_people))
        if deployment.start > 1:
            notes.append(words._("from month {month}", month=deployment.start))
        if departments is not None:
            notes.append(place_of(departments))
        title = title_of(name, scenario, words)
        parts.append(f"{title} ({', '.join(notes)})" if notes else title)
    return parts


# --- The frontier -----------------------------------------------------------------------------


def frontier_message(result: Frontier) -> str:
    """Return what the best plans reach, in a sentence that a title can be."""
    words, terms = result.words, result.terms
    first, last = result.points[0], result.points[-1]
    cheaper = next((p for p in result.points if p.value.value >= result.here.value), None)
    if cheaper is not None and cheaper.spent < result.here_cost:
        return words._(
            "{budget} spent best reach {value}: as much as today's plan does for {cost}",
            budget=words.euro(cheaper.budget),
            value=level(cheaper.value.value, terms, words),
            cost=words.euro(result.here_cost),
        )
    if first is last:
        return words._(
            "{budget} spent best reach {value}",
            budget=words.euro(last.budget),
            value=level(last.value.value, terms, words),
        )
    return words._(
        "{budget} spent best reach {value}, {more} reach {most}",
        budget=words.euro(first.budget),
        value=level(first.value.value, terms, words),
        more=words.euro(last.budget),
        most=level(last.value.value, terms, words),
    )


def frontier_table(result: Frontier) -> pd.DataFrame:
    """Return one row per budget: spent, left and why, goal with its interval, what is in the plan."""
    import pandas as pd

    words, terms = result.words, result.terms
    rows = [
        {
            words._("budget"): words.number(point.budget),
            words._("spent"): words.number(point.spent),
            words._("left"): words.number(point.budget - point.spent),
            wanted(terms, words): level(point.value.value, terms, words),
            band_of(result): interval(point.value, terms, words),
            words._("in the plan"): "; ".join(_in(result, point)) or words._("nothing"),
        }
        for point in result.points
    ]
    table = pd.DataFrame(rows)
    return table.set_index(table.columns[0])


def _in(result: Frontier, point: Point) -> list[str]:
    """Return what is in the plan for a budget, licences too where they were chosen."""
    parts = contents(point.scenario, result.words)
    if result.terms.licences and point.plan[-1] is not None:
        share = result.words.percent((point.plan[-1][0] + 1) / STEPS)
        parts.append(result.words._("licences for {share}", share=share))
    return parts


def readings(result: Frontier) -> list[str]:
    """Return what is to be said aloud beside the table."""
    texts = []
    for point in result.points:
        texts.append(" ".join(_of_point(result, point)))
    texts += [*_against(result), rule_text(result), *_bounds(result)]
    return [text for text in texts if text]


LATE: Final = 3
"""Months before the one that counts in which what comes once is told to be late."""


def late_in(result: Frontier, point: Point) -> list[str]:
    """Return what a plan gives once, in the last months before the one that counts."""
    goal = result.terms.goal
    if goal.area:
        return []
    return [
        name
        for name, deployment in point.scenario.deployments.items()
        if measure_of(name, deployment).lasting == "one_off"
        and goal.month - LATE < first_month(deployment, point.scenario) + 1 <= goal.month
    ]


def _of_point(result: Frontier, point: Point) -> list[str]:
    """Return what is to be said of the plan for one budget."""
    words = result.words
    said = [words._("{budget}:", budget=words.euro(point.budget)), left_text(result, point)]
    flat = point.flat
    if flat.looked:
        said.append(
            words._(
                "Of {looked} neighbours {near} lie within a point.",
                looked=flat.looked,
                near=flat.near,
            )
        )
    names = [title_of(name, point.scenario, words) for name in flat.musts]
    taste = [title_of(name, point.scenario, words) for name in flat.taste]
    if names:
        said.append(words._("These must be in: {names}.", names=words.listed(names)))
    if taste:
        said.append(words._("The rest is taste: {names}.", names=words.listed(taste)))
    if point.binds:
        kinds = {
            "money": words._("the money"),
            "levels": words._("the doses of the catalogue"),
            "people": words._("the share for people"),
            "must": words._("what has to be in"),
        }
        bounds = [kinds[kind] for kind in point.binds]
        said.append(words._("What binds: {bounds}.", bounds=words.listed(bounds)))
    late = late_in(result, point)
    if late:
        said.append(
            words._(
                "Just before the month that counts, while they are news: {names}. With --month area they "
                "have to last.",
                names=words.listed([title_of(name, point.scenario, words) for name in late]),
            )
        )
    if point.outside:
        titles = [title_of(name, point.scenario, words) for name in point.outside]
        said.append(
            words._(
                "Outside the evidence, more than anybody tried: {names}.",
                names=words.listed(titles),
            )
        )
    return [text for text in said if text]


def left_text(result: Frontier, point: Point) -> str:
    """Return what is left unspent of a budget, and why."""
    words = result.words
    left = point.budget - point.spent
    if not point.why:
        return words._("Spent but for {left}.", left=words.euro(max(0.0, left)))
    reasons = {
        "fit": words._(
            "{left} left: the least that can be added costs {least}.",
            left=words.euro(left),
            least=words.euro(point.least),
        ),
        "nothing": words._(
            "{left} left: nothing that it pays for clearly helps.", left=words.euro(left)
        ),
        "less": words._(
            "{left} left: the plan for less money does as well.", left=words.euro(left)
        ),
    }
    return reasons[point.why]


def _against(result: Frontier) -> list[str]:
    """Return at how many budgets the best plan clearly beats each other way to spend the money."""
    words = result.words
    kinds = {
        "equal": words._("equal parts"),
        "rule": words._("35 % of all money for people, in equal parts"),
        "random": words._("the best of six plans drawn by chance"),
        "shipped": words._("every shipped plan that fits"),
    }
    texts = []
    for kind, called in kinds.items():
        there = [rival for row in result.rivals for rival in row if rival.kind == kind]
        clear = sum(rival.behind > 3.0 * rival.error for rival in there)
        if there:
            texts.append(
                words._(
                    "Better than {rival} by more than 3 standard errors at {clear} of {number} budgets.",
                    rival=called,
                    clear=clear,
                    number=len(there),
                )
            )
    return texts


def as_good(result: Frontier) -> list[Share]:
    """Return the shares for people with which as much is reached as with the best, within luck."""
    return [share for share in result.shares if share.behind <= 2.0 * share.error]


def rule_text(result: Frontier) -> str:
    """Return whether the rule of 30 to 40 % for people is what comes out."""
    words = result.words
    if not result.shares:
        return ""
    best = min(result.shares, key=lambda share: share.behind)
    good = as_good(result)
    low, high = min(share.share for share in good), max(share.share for share in good)
    values = {"money": words.euro(result.shares_of), "best": words.percent(best.share)}
    if any(RULE[0] <= share.share <= RULE[1] for share in good):
        text = words._(
            "The rule of 30 to 40 % for people holds here: of {money} in all, {best} for people is best",
            **values,
        )
    else:
        text = words._(
            "The rule of 30 to 40 % for people does not come out here: of {money} in all, {best} for "
            "people is best",
            **values,
        )
    if low == high:
        return words._("{finding}; no other share that was tried does as well.", finding=text)
    return words._(
        "{finding}; luck cannot tell apart {low} to {high}.",
        finding=text,
        low=words.percent(low),
        high=words.percent(high),
    )


def months_table(result: Frontier) -> pd.DataFrame:
    """Return what each plan costs by month [euro]: a row per month, a column per plan.

    Measures; with the technology where that is paid from the budget.
    """
    import pandas as pd

    columns = {
        point.scenario.name: (
            point.measures + point.technology if result.terms.licences else point.measures
        ).round(2)
        for point in result.points
    }
    return pd.DataFrame(
        columns, pd.RangeIndex(1, result.scenario.simulation.months + 1, name="month")
    )


def periods_table(result: Frontier) -> pd.DataFrame:
    """Return the same in a few periods, a row per plan, as texts."""
    import pandas as pd

    months = months_table(result)
    ends = [end for end in (1, 6, 12, 18, 24) if end < len(months)] + [len(months)]
    rows = {}
    for name, costs in months.items():
        row, first = {}, 1
        for end in ends:
            label = f"month {end}" if end == first else f"months {first}-{end}"
            row[label] = f"{costs.loc[first:end].sum():,.0f}"
            first = end + 1
        rows[name] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("plan")


def _bounds(result: Frontier) -> list[str]:
    """Return what was left out, and what every number rests on."""
    words, texts = result.words, []
    if result.barred:
        texts.append(
            words._(
                "Left out, because they bring more for their money than their evidence allows "
                "(adopt audit): {names}.",
                names=words.listed(list(result.barred)),
            )
        )
    if result.scenario.adaptive:
        texts.append(
            words._("What starts only if something shows is kept, and paid beside the budget.")
        )
    return texts


# --- The next euro ------------------------------------------------------------------------------


def next_message(result: NextEuro) -> str:
    """Return what to spend the next money on, in a sentence that a board understands."""
    words, terms = result.words, result.terms
    money = words.euro(result.money)
    good = [row for row in result.rows if row.place == 1 and row.low > 0.0]
    if not good:
        return words._("No measure clearly helps for {money} more", money=money)
    best = good[0]
    if len(good) == 1:
        return words._(
            "{money} more bring most as {measure}: {points}",
            money=money,
            measure=best.title(words),
            points=_gain(best.points, terms, words),
        )
    return words.plural(
        "{money} more bring most as {measure}, {points}; {number} other is as good",
        "{money} more bring most as {measure}, {points}; {number} others are as good",
        len(good) - 1,
        money=money,
        measure=best.title(words),
        points=_gain(best.points, terms, words),
    )


def _gain(value: float, terms: Terms, words: Language) -> str:
    text = amount(value, terms, words, sign=True)
    return words._("{number} points", number=text) if terms.unit == "points" else text


def next_table(result: NextEuro) -> pd.DataFrame:
    """Return one row per measure, what brings most first."""
    import pandas as pd

    words, terms = result.words, result.terms
    rows = []
    for row in result.rows:
        apart = [amount(end, terms, words, True) for end in (row.low, row.high)]
        rows.append(
            {
                words._("measure"): row.title(words),
                words._("place"): words.number(row.place),
                words._("what for"): how(row.how, row, words),
                words._("spent"): words.number(row.spent),
                words._("brings"): amount(row.points, terms, words, True),
                band_of(result): words._("{low} to {high}", low=apart[0], high=apart[1]),
                words._("net value"): words.euro(row.net, True),
                words._("grade"): row.grade or "\N{EN DASH}",
                words._("outside evidence"): words._("yes") if row.outside else "",
            }
        )
    table = pd.DataFrame(rows)
    return table.set_index(table.columns[0]) if len(table) else table


def how(kind: str, row: Any, words: Language) -> str:
    """Return what the money is for: a dose, a share of people, some departments, licences."""
    if kind == "licences":
        return words._("licences for {share}", share=words.percent(row.level, 1))
    text = (
        words._("{share} of people", share=words.percent(row.level, 1))
        if kind == "share"
        else words._("dose {dose}", dose=words.number(row.level, 2))
    )
    if row.departments:
        text += f", {words.listed(list(row.departments))}"
    return text


def next_readings(result: NextEuro) -> list[str]:
    """Return what is to be said aloud: ties, what cannot be had for the money, what frightens."""
    words = result.words
    texts = []
    first = [row.title(words) for row in result.rows if row.place == 1]
    if len(first) > 1:
        texts.append(
            words._(
                "Not clearly apart, so all of them are first: {names}.", names=words.listed(first)
            )
        )
    for lump in result.lumps:
        texts.append(
            words._(
                "{measure} costs {least} at least: not to be had for {money}.",
                measure=lump.title(words),
                least=words.euro(lump.least),
                money=words.euro(result.money),
            )
        )
    full = [row.title(words) for row in result.at_full]
    if full:
        texts.append(
            words._("There already is as much as can be of: {names}.", names=words.listed(full))
        )
    worse = [row.title(words) for row in result.rows if row.high < 0.0]
    if worse:
        texts.append(words._("Clearly makes it worse: {names}.", names=words.listed(worse)))
    return texts
