"""What a forecast says: a line, sentences, tables, plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.decisions.forecast import POINT_MONTHS, Forecast
from analysis.decisions.forecast_plans import CONTINUE, EXAMPLE, LEADERS, STOP
from analysis.decisions.forecast_scores import BAND, WAYS, Score
from analysis.decisions.forecast_weights import FLOOR, quantiles
from analysis.decisions.observed import Observed
from analysis.results.summary import called, label_of
from analysis.studies.form import records
from analysis.words.languages import ENGLISH, Language
from sim.engine.kinds import Array
from sim.programme.deployments import measure_of
from sim.scenario.schema import Deployment

if TYPE_CHECKING:
    import pandas as pd

ALIKE: Final = 0.2
"""Part by which the people who can use it may differ from the scenario's before it is said."""

SAME: Final = 0.05
"""The same of all people: who comes and goes makes no other organisation."""

OTHER: Final = {"using": "adoption", "adoption": "using"}
"""The KPI that is told beside the one observed."""


def plan_name(name: str, ahead: Forecast, words: Language = ENGLISH) -> str:
    """Return what a plan is called."""
    month = ahead.levels.last + 1
    if name == CONTINUE:
        return words._("Go on as planned")
    if name == STOP:
        return words._("Stop all measures from month {month}", month=month)
    if name == LEADERS:
        measure = words.of(measure_of(EXAMPLE, Deployment()).title)
        return words._("{measure} from month {month}", measure=measure, month=month)
    return called(ahead.asked.plans[name], words)


def kpi_name(kpi: str, words: Language = ENGLISH) -> str:
    """Return what a KPI is called, as a sentence begins with it."""
    label = label_of(kpi, words)
    return label[0].upper() + label[1:]


def within(label: str) -> str:
    """Return a text as it stands within a sentence."""
    return label[0].lower() + label[1:]


def between(ends: Array, words: Language = ENGLISH) -> str:
    """Return a band of shares: '31 to 52 %'."""
    low, high = (words.number(100.0 * float(end)) for end in (ends[0], ends[-1]))
    return words._("{low} to {high} %", low=low, high=high)


def message(ahead: Forecast, words: Language = ENGLISH) -> str:
    """Return in a line what is to come if all goes on; the middle only where enough was observed."""
    reached = ahead.reached(0)
    kpi, month = kpi_name(ahead.levels.kpi, words), ahead.asked.month
    if ahead.points:
        text = words._(
            "{kpi} in month {month}: {band}, about {middle} %, if it goes on as planned",
            kpi=kpi,
            month=month,
            band=between(reached, words),
            middle=words.number(100.0 * float(reached[1])),
        )
    else:
        text = words._(
            "{kpi} in month {month}: {band}, if it goes on as planned",
            kpi=kpi,
            month=month,
            band=between(reached, words),
        )
    if ahead.doubted:
        return words._("Not to be trusted: {text}", text=within(text))
    return text


def sentences(ahead: Forecast, words: Language = ENGLISH) -> list[str]:
    """Return what else a client should know, in whole sentences."""
    return [
        *_seen(ahead, words),
        *_doubts(ahead, words),
        *_plans(ahead, words),
        *_reasons(ahead, words),
        *_again(ahead, words),
        *skill(ahead.past, ahead.forecasts, words),
    ]


def _seen(ahead: Forecast, words: Language) -> list[str]:
    """Say what was observed, and what it is held against."""
    observed, levels = ahead.asked.observed, ahead.levels
    source = {
        "active at least once in the month": words._("active at least once in the month"),
        "active in every week": words._("active in every week"),
        "active at least once in the days of the report": words._(
            "active at least once in the days of the report"
        ),
        "Copilot used in at least three of four weeks": words._(
            "Copilot used in at least three of four weeks"
        ),
    }[observed.source.definition]
    several = [
        words._(
            "Active is, in these figures: {definition}. So they are held against “{kpi}”, and not against "
            "“{other}”, which is another number.",
            definition=source,
            kpi=within(label_of(levels.kpi, words)),
            other=within(label_of(OTHER[levels.kpi], words)),
        )
    ]
    other = ahead.reached(0, OTHER[levels.kpi])
    several.append(
        words._(
            "{kpi} will then be {band}, as the simulated organisations that fit have it.",
            kpi=kpi_name(OTHER[levels.kpi], words),
            band=between(other, words),
        )
    )
    several += _other_people(ahead, words)
    if observed.groups and not levels.groups:
        several.append(
            words._(
                "No department in these figures is one of the scenario's: only the whole is held against it."
            )
        )
    if not ahead.points:
        several.append(
            words._(
                "A band and no single number: before {months} months are observed the middle of the band says "
                "little.",
                months=POINT_MONTHS,
            )
        )
    return several


def _other_people(ahead: Forecast, words: Language) -> list[str]:
    """Say where figures are about fewer or more people than the scenario has."""
    people = ahead.particles.people
    return other_people(ahead.asked.observed, people, people * ahead.particles.access[0], words)


def other_people(
    observed: Observed, people: int, access: Array, words: Language = ENGLISH
) -> list[str]:
    """Say where figures are about fewer or more people than there are; nothing where they are not.

    Parameters
    ----------
    observed
        The figures.
    people
        Employees of the organisation.
    access
        How many of them have access, by month from 0.
    words
        In which language.
    """
    whole = observed.of == "people"
    here = np.full(len(observed.months), people) if whole else access[observed.months]
    apart = np.abs(observed.base - here) / np.maximum(here, 1.0)
    most = len(apart) - 1 - int(np.argmax(apart[::-1]))  # the last of equals
    if apart[most] <= (SAME if whole else ALIKE) and observed.base.max() <= (1 + SAME) * people:
        return []
    there, month = words.number(float(observed.base[most])), int(observed.months[most])
    if whole:
        text = words._(
            "These figures are about {there} people in month {month}, your organisation has {people}.",
            there=there,
            month=month,
            people=words.number(people),
        )
    else:
        text = words._(
            "These figures are about {there} people with access in month {month}; in this strategy {here} of your "
            "{people} people have access then.",
            there=there,
            month=month,
            here=words.number(float(here[most])),
            people=words.number(people),
        )
    return [
        text
        + " "
        + words._(
            "Only shares are taken from them ({active} of {there} is {share}). If they are of one location, or of "
            "another year, they say little about your organisation.",
            active=words.number(float(observed.active[most])),
            there=there,
            share=words.percent(float(observed.share[most])),
        )
    ]


def _doubts(ahead: Forecast, words: Language) -> list[str]:
    """Say where the forecast, or its reason, is to be doubted."""
    several = []
    if ahead.doubted:
        several.append(
            words._(
                "Do not trust this band: what was observed hardly fits what the scenario says was done. Only {share} "
                "of the simulated organisations fit the others as badly. Look at months, measures, and who had "
                "access.",
                share=words.percent(ahead.surprise),
            )
        )
    if ahead.fit.widened >= 1.05:
        several.append(
            words._(
                "Few organisations fit closely: {points} points of error in each month were allowed instead of "
                "{floor}.",
                points=words.number(100.0 * FLOOR * ahead.fit.widened, 1),
                floor=words.number(100.0 * FLOOR),
            )
        )
    mean, spread = ahead.context
    size = words.number(mean, 1, sign=True)
    if ahead.far:
        several.append(
            words._(
                "The band may be fine, the reason is not: what fits are organisations whose people want to use AI "
                "{size} standard deviations more than others (±{spread}). Something is going on that the scenario "
                "does not say; where it goes on to act, the band is too narrow as well.",
                size=size,
                spread=words.number(spread, 1),
            )
        )
    else:
        several.append(
            words._(
                "Implied context: {size} standard deviations (±{spread}); that is how much more the people of this "
                "organisation want to use AI than those of others.",
                size=size,
                spread=words.number(spread, 1),
            )
        )
    return several


def _plans(ahead: Forecast, words: Language) -> list[str]:
    """Say what each plan does, beside going on."""
    several = []
    for k, name in enumerate(ahead.plans):
        if k == 0:
            continue
        apart = ahead.apart(k)
        low, high = quantiles(apart, ahead.outcomes.weights, BAND)
        title = plan_name(name, ahead, words)
        if not np.any(apart):
            several.append(words._("“{plan}” changes nothing.", plan=title))
            continue
        better = float((apart > 0.0) @ ahead.outcomes.weights)
        several.append(
            words._(
                "“{plan}”: {mean} points beside going on ({low} to {high}), more in {share} of the organisations "
                "that fit.",
                plan=title,
                mean=words.points(float(apart @ ahead.outcomes.weights)),
                low=words.points(float(low)),
                high=words.points(float(high)),
                share=words.percent(better),
            )
        )
    return several


def _reasons(ahead: Forecast, words: Language) -> list[str]:
    """Say whose evidence fits better what was observed."""
    believed = ahead.believed
    if set(believed) != {"vendor", "literature"}:
        return []
    return [
        words._(
            "Of what fits, {literature} are organisations by the figures of the literature and {vendor} by those "
            "of vendors; before anything was observed it was half and half.",
            literature=words.percent(believed["literature"]),
            vendor=words.percent(believed["vendor"]),
        )
    ]


def _again(ahead: Forecast, words: Language) -> list[str]:
    """Say what more months of measuring would settle, and when to measure again."""
    learning = ahead.learning
    if not learning.months:
        return []
    months = 3 if 3 in learning.months else learning.months[-1]
    place = 1 + learning.months.index(months)
    several = [
        words.plural(
            "{number} more month of measuring makes the band of month {month} narrower by {share}, to "
            "{width} points from {now}.",
            "{number} more months of measuring make the band of month {month} narrower by {share}, to "
            "{width} points from {now}.",
            months,
            month=ahead.asked.month,
            share=words.percent(max(0.0, learning.narrowing(months))),
            width=words.number(100.0 * float(learning.width[place])),
            now=words.number(100.0 * float(learning.width[0])),
        )
    ]
    for k, name in enumerate(ahead.plans):
        now, then = float(learning.sure[k, 0]), float(learning.sure[k, place])
        if k and np.any(ahead.apart(k)):
            several.append(
                words._(
                    "Whether “{plan}” is better than going on: right in {now} of the cases by what is known now, in "
                    "{then} after that.",
                    plan=plan_name(name, ahead, words),
                    now=words.percent(now),
                    then=words.percent(then),
                )
            )
    several.append(
        words._(
            "Measure every month, and look again after month {month}: {why}.",
            month=ahead.levels.last + learning.when,
            why=words._("then the band is narrower by a tenth or more")
            if learning.narrowing(learning.when) >= 0.1
            else words._("sooner would not narrow the band by a tenth"),
        )
    )
    return several


def way_name(way: str, words: Language = ENGLISH) -> str:
    """Return what a way to forecast is called."""
    return {
        WAYS[0]: words._("forecast"),
        WAYS[1]: words._("last value"),
        WAYS[2]: words._("last value plus the changes the model usually shows"),
        WAYS[3]: words._("the model without what was observed"),
    }[way]


def skill(past: list[Score] | Any, forecasts: int, words: Language = ENGLISH) -> list[str]:
    """Say how good earlier forecasts were, and what the model adds to ways that need none."""
    if not past or not past[0].values:
        return []
    by_way = {score.way: score for score in past}
    ours = by_way[WAYS[0]]
    rivals = [
        words._(
            "{way} {points}",
            way=way_name(way, words),
            points=words.number(100.0 * by_way[way].crps, 1),
        )
        for way in WAYS[1:]
    ]
    several = [
        words.plural(
            "{number} earlier forecast of this organisation: {inside} of the months since lie within its band; "
            "error (CRPS) {points} points, beside {rivals}.",
            "{number} earlier forecasts of this organisation: {inside} of the months since lie within their "
            "bands; error (CRPS) {points} points, beside {rivals}.",
            forecasts,
            inside=words.percent(ours.coverage),
            points=words.number(100.0 * ours.crps, 1),
            rivals=words.listed(rivals),
        )
    ]
    if ours.crps >= by_way[WAYS[2]].crps:
        several.append(
            words._(
                "Its error was no smaller than that of the last value plus the changes the model usually shows: "
                "the model adds the band and the what-if here, not skill."
            )
        )
    return several


# --- Tables --------------------------------------------------------------------------------


def table(ahead: Forecast, words: Language = ENGLISH) -> pd.DataFrame:
    """Return what each plan does from here, by name.

    Columns: ``title``; ``low``, ``middle``, ``high`` of the KPI observed in the month asked for [percent;
    the middle is not a number before nine months]; ``difference``, ``difference_low``,
    ``difference_high`` from going on [points]; ``better``, the share of particles in which it is more;
    ``other_low``, ``other_high`` of the other KPI [percent]; ``cost`` from here on and ``more_cost`` [euro].
    """
    import pandas as pd

    weights, rows = ahead.outcomes.weights, []
    for k, name in enumerate(ahead.plans):
        low, middle, high = 100.0 * ahead.reached(k)
        other = 100.0 * ahead.reached(k, OTHER[ahead.levels.kpi])
        apart = 100.0 * ahead.apart(k)
        ends = quantiles(apart, weights, BAND)
        spent = ahead.outcomes.cost
        rows.append(
            {
                "plan": name,
                "title": plan_name(name, ahead, words),
                "low": float(low),
                "middle": float(middle) if ahead.points else np.nan,
                "high": float(high),
                "difference": float(apart @ weights),
                "difference_low": float(ends[0]),
                "difference_high": float(ends[1]),
                "better": float((apart > 0.0) @ weights),
                "other_low": float(other[0]),
                "other_high": float(other[2]),
                "cost": float(spent[k] @ weights),
                "more_cost": float((spent[k] - spent[0]) @ weights),
            }
        )
    return pd.DataFrame(rows).set_index("plan")


def months(ahead: Forecast) -> pd.DataFrame:
    """Return what was observed and the band by month [percent]; nothing where there is none."""
    import pandas as pd

    low, middle, high = 100.0 * ahead.band()
    seen = dict(zip(ahead.levels.months.tolist(), 100.0 * ahead.levels.values, strict=True))
    rows = [
        {
            "month": month,
            "observed": float(seen.get(month, np.nan)),
            "low": float(low[month]),
            "middle": float(middle[month]) if ahead.points else np.nan,
            "high": float(high[month]),
        }
        for month in range(1, low.size)
    ]
    return pd.DataFrame(rows).set_index("month")


def as_dict(ahead: Forecast, words: Language = ENGLISH) -> dict[str, Any]:
    """Return a forecast as plain values."""
    mean, spread = ahead.context
    learning = ahead.learning
    return {
        "question": ahead.question,
        "answer": message(ahead, words),
        "sentences": sentences(ahead, words),
        "scenario": ahead.asked.scenario.name,
        "kpi": ahead.levels.kpi,
        "month": ahead.asked.month,
        "runs": ahead.runs,
        "seed": ahead.seed,
        "vectors": {name: len(several) for name, several in ahead.asked.sets.items()},
        "observed": ahead.asked.observed.plain(),
        "effective": ahead.fit.effective,
        "floor": FLOOR * ahead.fit.widened,
        "surprise": ahead.surprise,
        "trusted": not ahead.doubted,
        "context": {"mean": mean, "spread": spread, "far": ahead.far},
        "believed": ahead.believed,
        "plans": records(table(ahead, words)),
        "months": records(months(ahead)),
        "learning": {
            "months": list(learning.months),
            "width": learning.width.tolist(),
            "sure": dict(zip(ahead.plans, learning.sure.tolist(), strict=True)),
            "look_again": ahead.levels.last + learning.when,
        },
        "earlier": {
            "forecasts": ahead.forecasts,
            "scores": [
                {
                    "way": score.way,
                    "crps": _plain(score.crps),
                    "coverage": _plain(score.coverage),
                    "values": score.values,
                }
                for score in ahead.past
            ],
        },
    }


def _plain(value: float) -> float | None:
    return None if value != value else value
