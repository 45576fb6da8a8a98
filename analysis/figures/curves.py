"""The figure: adoption month by month, and below it the difference that is really made."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from analysis.figures.frame import CROWD, Panel, Picture, Series, compose, in_bytes
from analysis.results.colours import colours_of
from analysis.results.comparison import (
    NOT_KNOWN,
    clear,
    difference,
    difference_curve,
    improved,
    in_figures,
    others,
    paired,
    reference_of,
)
from analysis.results.firm import of_organisations
from analysis.results.summary import (
    band,
    common_months,
    in_unit,
    known,
    label_of,
    labels,
    scale_of,
    unit_of,
)
from analysis.words.languages import Language, language
from analysis.words.texts import minus, short
from sim import kpis
from sim.errors import AdoptionError

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.results import Result


def adoption_curves(
    result: Result, against: str | None = None, kpi: str = "adoption", lang: str = "en"
) -> Picture:
    """Draw a KPI month by month for each scenario, and what each adds to a reference.

    Parameters
    ----------
    result
        What was simulated.
    against
        Scenario the others are compared with, in grey; by default the first.
    kpi
        KPI drawn.
    lang
        Language: ``en`` or ``nl``.

    Returns
    -------
    Picture
        A matplotlib figure. Above: means and the 10-90 % band of organisations. Below, with two
        scenarios or more: the difference to the reference in the same organisation, its 95 %
        interval and 10-90 % band, and the verdict. Scenarios of different length are drawn
        up to the last month that all have.

    Raises
    ------
    AdoptionError
        If there is no such scenario, KPI or language.
    """
    words = language(lang)
    reference = reference_of(result, against)
    known(kpi, kpis.KPIS, "KPI")
    panels = [_levels(result, reference, kpi, words)]
    table = difference(result, reference, kpi)
    if len(table):
        panels.append(_differences(result, reference, kpi, table, words))
    return compose(
        result,
        _message(result, reference, kpi, table, words),
        f"{_what(kpi, words)}. {_organisation(result, words)}",
        panels,
        _caption(result, reference, words),
        calendar=words._("Month of the programme"),
        go_live=words._("go-live"),
    )


def save_figure(figure: Figure, path: str | Path) -> tuple[Path, Path]:
    """Write a figure as PNG (twice as sharp as its size asks) and as SVG with text as text.

    The same figure gives the same bytes: no date and no version is written into the files.

    Parameters
    ----------
    figure
        What to write.
    path
        Where; an ending ``.png`` or ``.svg`` is left out. Missing folders are made.

    Returns
    -------
    tuple
        Path of the PNG and of the SVG.

    Raises
    ------
    AdoptionError
        If it cannot be written.
    """
    path = Path(path)
    stem = path.name.removesuffix(".png").removesuffix(".svg")
    png, svg = path.with_name(f"{stem}.png"), path.with_name(f"{stem}.svg")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        png.write_bytes(in_bytes(figure, "png"))
        svg.write_bytes(in_bytes(figure, "svg"))
    except OSError as error:
        raise AdoptionError(f"{path}: cannot write the figure: {error.strerror}") from error
    return png, svg


# --- What is drawn -------------------------------------------------------------------------


def _levels(result: Result, reference: str, kpi: str, words: Language) -> Panel:
    """Return the panel with the KPI itself."""
    scale, last = scale_of(kpi), common_months(result)
    called = labels(result, words)
    shades = colours_of(list(result.scenarios), reference)
    ending = _amount if scale.unit == "%" else _number  # other units are in the heading already
    series = []
    for name in [reference, *others(result, reference)]:
        curves = scale.factor * result.curves(name, kpi)[:, : last + 1]
        line = kpis.known_mean(curves)
        series.append(
            Series(
                shades[name],
                line,
                band(curves) if result.runs > 1 else None,
                None,
                ending(float(line[-1]), kpi, words),
                called[name],
                reference=name == reference,
            )
        )
    if scale.unit != "%":
        return Panel(_what(kpi, words), series, (-math.inf, math.inf), 3.3, words=words)
    sign = words._("{number} %", number="")
    return Panel(_what(kpi, words), series, (0.0, 100.0), 3.3, sign, words=words)


def _differences(
    result: Result, reference: str, kpi: str, table: pd.DataFrame, words: Language
) -> Panel:
    """Return the panel with what each scenario adds to the reference."""
    scale = scale_of(kpi)
    called = labels(result, words)
    shades = colours_of(list(result.scenarios), reference)
    nothing = np.zeros(common_months(result) + 1)
    series = [
        Series(shades[reference], nothing, None, None, "0", called[reference], reference=True)
    ]
    for name, row in table.iterrows():
        curve = difference_curve(result, str(name), reference, kpi)
        pairs = bool(row.same_people) and result.runs > 1
        series.append(
            Series(
                shades[str(name)],
                curve["difference"].to_numpy(),
                (curve["band_low"].to_numpy(), curve["band_high"].to_numpy()) if pairs else None,
                (curve["low"].to_numpy(), curve["high"].to_numpy()) if result.runs > 1 else None,
                minus(in_figures(row, words)["difference"]),
                called[str(name)],
                _note(row, len(result.scenarios) > CROWD, words),
            )
        )
    limits = (-100.0, 100.0) if scale.unit == "%" else (-math.inf, math.inf)
    unit = words._("percentage points") if scale.unit == "%" else _unit(kpi, words)
    unit = unit.partition(",")[0]  # what its 0 means holds for levels only
    values = {"base": short(called[reference]), "unit": unit}
    heading = words._("Difference from {base}, {unit}", **values)
    if all(table.same_people):
        heading = words._("Difference from {base} in the same organisation, {unit}", **values)
    return Panel(heading, series, limits, 2.4, signed=True, words=words)


def _note(row: Any, crowded: bool, words: Language) -> list[str]:
    """Return the verdict on a row of a table of differences: in a line if there are many."""
    if row.identical:
        return [words._("identical")]
    if math.isnan(row.difference):
        return [words._("not known")]
    if row.equal == 1.0:
        return [words._("exactly the same")]
    if row.organisations == 1:
        return [words._("one organisation, no interval")]
    runs = int(row.organisations)
    better, worse = (
        of_organisations(max(0.0, share), runs, words)
        for share in (row.better, 1.0 - row.better - row.equal)
    )
    if not row.same_people:
        verdict = words._("not the same people")
        if not clear(row):
            verdict = (
                words._("other people") if crowded else words._("no clear difference, other people")
            )
    elif not clear(row):
        verdict = (
            words._("better in {organisations}", organisations=better)
            if crowded
            else words._("no clear difference, better in {organisations}", organisations=better)
        )
    elif improved(row):
        verdict = words._("better in {organisations}", organisations=better)
    else:
        verdict = words._("worse in {organisations}", organisations=worse)
    between = minus(in_figures(row, words)["between"])
    if crowded:
        return [f"{between}; {verdict}"]
    return [words._("95 % interval {between}", between=between), verdict]


def _message(result: Result, reference: str, kpi: str, table: pd.DataFrame, words: Language) -> str:
    """Return what the figure says: how the best scenario ends, and how the reference does."""
    called = {name: short(label) for name, label in labels(result, words).items()}
    last, factor = common_months(result), scale_of(kpi).factor
    means = {
        name: factor * float(kpis.known_mean(result.curves(name, kpi)[:, last]))
        for name in result.scenarios
    }
    amounts = {name: _amount(mean, kpi, words) for name, mean in means.items()}
    values = {
        "kpi": label_of(kpi, words),
        "month": last,
        "base": called[reference],
        "level": amounts[reference],
    }
    rivals = others(result, reference)
    if not rivals:
        return words._("{kpi} at month {month}: {level} with {base}", **values)
    known_rivals = [name for name in rivals if math.isfinite(means[name])] or rivals
    best = (min if kpi in kpis.LOWER_IS_BETTER else max)(known_rivals, key=means.__getitem__)
    values |= {"label": called[best], "best": amounts[best]}
    if result.runs > 1 and not any(clear(row) for _, row in table.iterrows()):
        if len(rivals) > 1:
            return words._("{kpi} at month {month}: none clearly different from {base}", **values)
        return words._(
            "{kpi} at month {month}: no clear difference between {label} and {base}", **values
        )
    if amounts[best] == amounts[reference]:
        return words._(
            "{kpi} at month {month}: {level} with {base}, hardly different with {label}", **values
        )
    return words._("{kpi} at month {month}: {best} with {label}, {level} with {base}", **values)


def _caption(result: Result, reference: str, words: Language) -> str:
    """Return what lines and shades mean, how many organisations there are, and what made them."""
    rivals = others(result, reference)
    called = labels(result, words)
    strangers = [name for name in rivals if not paired(result, name, reference)]
    if result.runs == 1:
        parts = [words._("One organisation (run) per scenario: no band and no interval.")]
    else:
        outer = words._("Light shade: 10-90 % of organisations, the middle 80 %")
        if len(result.scenarios) > CROWD:
            outer = words._("Bars at the right end: 10-90 % of organisations, the middle 80 %")
        if result.runs < 10:
            outer = words._("{band}, so few that it is rough", band=outer)
        parts = [
            words._(
                "Line: mean of {runs} organisations (runs), each with its own people, ties and "
                "luck.",
                runs=words.number(result.runs),
            ),
            f"{outer}.",
        ]
        if rivals and strangers:
            parts.append(words._("Dark shade: simultaneous 95 % band of the mean difference."))
        elif rivals:
            parts.append(
                words._(
                    "Dark shade: simultaneous 95 % band of the mean difference, same people and same luck."
                )
            )
    if strangers:
        parts.append(
            words._(
                "{others}: not the same people as {base}, compared as two samples.",
                others=", ".join(called[name] for name in strangers),
                base=called[reference],
            )
        )
    if len({scenario.simulation.months for scenario in result.scenarios.values()}) > 1:
        parts.append(
            words._(
                "Shown to month {month}, the last that all scenarios have.",
                month=common_months(result),
            )
        )
    if result.interrupted:
        parts.append(
            words._(
                "Interrupted after {runs} of {asked} runs.",
                runs=words.number(result.runs),
                asked=words.number(result.asked),
            )
        )
    return " ".join([*parts, made_from(result, words)])


def made_from(result: Result, words: Language) -> str:
    """Return the end of a caption: what the figure is not, and what made it."""
    return words._(
        "Parameters held fixed: what if, not a forecast. Seed {seed}, result {fingerprint}.",
        seed=result.seed,
        fingerprint=result.fingerprint,
    )


def _what(kpi: str, words: Language) -> str:
    """Return what is on the vertical axis, with its unit."""
    if kpis.KPIS[kpi].unit != "share":
        return f"{label_of(kpi, words)}, {_unit(kpi, words)}"
    if kpis.KPIS[kpi].of == "employees":
        return words._("{kpi}, % of employees", kpi=label_of(kpi, words))
    return f"{label_of(kpi, words)}, %"


def _unit(kpi: str, words: Language) -> str:
    """Return the unit beside an axis of a KPI that is no share."""
    if kpis.KPIS[kpi].unit == "1":
        return words._("on a scale of 0 to 1")
    return unit_of(kpi, words)


def _organisation(result: Result, words: Language) -> str:
    """Return the name and size of the organisations, as far as they are the same."""
    names = {
        (scenario.organisation.name, scenario.organisation.employees)
        for scenario in result.scenarios.values()
    }
    if len(names) > 1:
        return words._("Several organisations")
    name, employees = next(iter(names))
    if str(employees) in name:
        return name
    return words._("{name}, {number} people", name=name, number=words.number(employees))


def _number(value: float, kpi: str, words: Language) -> str:
    """Return a value of a KPI in three digits at most, a dash where there is none."""
    if math.isnan(value):
        return NOT_KNOWN
    if scale_of(kpi).unit == "%":
        exact = value in (0.0, 100.0) or 1.0 <= value < 99.0
        return words.number(value, 0 if exact else 1)
    size = math.floor(math.log10(abs(value))) if value else 0
    digits = min(2, 2 - size)
    return words.number(round(value, digits), max(0, digits))


def _amount(value: float, kpi: str, words: Language) -> str:
    """Return a value of a KPI with its unit but for scores."""
    if math.isnan(value):
        return NOT_KNOWN
    return in_unit(_number(value, kpi, words), scale_of(kpi).unit, words)
