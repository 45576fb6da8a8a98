"""Effects in a sweep: differences between scenarios at every point, and what factors do to them.

Organisation k is the same one at every point and under every vector, so every difference is one of
pairs, and so is every difference of differences. Replicates of an organisation are averaged first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim import kpis
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.scenario.words import suggestion
from sim.study.intervals import critical, shares_of_error, t_quantile
from sim.study.sweeps import store
from sim.study.sweeps.reading import Stored

if TYPE_CHECKING:
    import pandas as pd


VECTORS = (0.05, 0.95)
"""Between which quantiles of the vectors an effect is said to lie."""


class Cube(NamedTuple):
    """A KPI of a sweep, replicates averaged.

    Attributes
    ----------
    values
        [scenarios, points, vectors, organisations, months].
    scenarios, points, months
        What they stand for.
    """

    values: Array
    scenarios: list[str]
    points: list[int]
    months: list[int]


def cube_of(sweep: Stored, kpi: str, month: int | None) -> Cube:
    """Return a KPI at the points that are finished.

    Raises
    ------
    AdoptionError
        If there is no such KPI or month, or no point is finished.
    """
    if kpi not in kpis.KPIS:
        raise AdoptionError(f"no such KPI '{kpi}'{suggestion(kpi, kpis.KPIS)}")
    origin = sweep.origin
    asked = origin["experiment"]
    ends = {
        name: scenario["simulation"]["months"] for name, scenario in origin["scenarios"].items()
    }
    last = min(ends.values())
    if month is not None and not 0 <= month <= last:
        raise AdoptionError(f"month: found {month}, expected 0 to {last}, which all scenarios have")
    where = f"month <= {last}" if month is None else f"month = {int(month)}"
    table = sweep.sql(
        f'select scenario, point, vector, organisation, month, avg("{kpi}") as value, '
        f"count(*) as runs from runs where {where} group by all"
    )
    names = list(origin["scenarios"])
    vectors = (asked["posterior"] or {"number": 1})["number"]
    months = list(range(last + 1)) if month is None else [month]
    full = len(names) * vectors * asked["organisations"] * len(months)
    whole = table[table["runs"] == asked["replicates"]].groupby("point").size()
    if asked.get("precision"):  # a shard is a point, as a whole or not there
        full = whole
    points = sorted(int(point) for point in whole.index[whole == full])
    if not points:
        raise AdoptionError(f"{sweep.folder}: no point is finished yet ({sweep.told})")
    table = table[table["point"].isin(points)]
    place = {name: number for number, name in enumerate(names)}
    table = table.assign(place=table["scenario"].map(place))
    table = table.sort_values(["place", "point", "vector", "organisation", "month"])
    if asked.get("precision"):
        return Cube(_padded(table, len(names), points, months), names, points, months)
    shape = (len(names), len(points), vectors, asked["organisations"], len(months))
    return Cube(table["value"].to_numpy(float).reshape(shape), names, points, months)


def _padded(table: pd.DataFrame, names: int, points: Sequence[int], months: Sequence[int]) -> Array:
    """Return the values of a sweep whose points have as many organisations as each of them needs.

    Where a point has fewer than another, they are not a number.
    """
    number = {point: place for place, point in enumerate(points)}
    shape = (names, len(points), 1, int(table["organisation"].max()) + 1, len(months))
    values = np.full(shape, np.nan)
    values[
        table["place"],
        table["point"].map(number),
        0,
        table["organisation"],
        table["month"] - months[0],
    ] = table["value"]
    return values


def difference(sweep: Stored, against: str, kpi: str, month: int | None) -> pd.DataFrame:
    """Return what every scenario adds to one of them; see :meth:`sim.study.sweeps.results.Sweep.difference`."""
    cube = cube_of(sweep, kpi, month)
    base = _known(sweep, against, cube)
    values = store.lines_of(sweep.folder / store.POINTS, sweep.origin["key"])
    others = [k for k in range(len(cube.scenarios)) if k != base]
    if not others:
        raise AdoptionError(f"{sweep.folder}: '{against}' is its only scenario")
    effects = cube.values[others] - cube.values[base]
    names = [
        {
            "scenario": cube.scenarios[k],
            "against": against,
            "point": point,
            "month": month_of,
            **{path: values[point].get(path) for path in sweep.factors},
        }
        for k in others
        for point in cube.points
        for month_of in cube.months
    ]
    return _table(names, effects, sweep, cube)


def effects(sweep: Stored, kpi: str, against: str | None, month: int | None) -> pd.DataFrame:
    """Return main effects and interactions; see :meth:`sim.study.sweeps.results.Sweep.effects`."""
    cube = cube_of(sweep, kpi, month)
    origin = sweep.origin
    if origin["experiment"]["design"] != "grid" or not sweep.factors:
        raise AdoptionError(
            f"{sweep.folder}: main effects and interactions need a grid of factors; its design is "
            f"'{origin['experiment']['design']}'"
        )
    if len(cube.points) < origin["points"]:
        raise AdoptionError(
            f"{sweep.folder}: {len(cube.points)} of {origin['points']} points are finished; main "
            "effects need all of them"
        )
    response, scenarios = cube.values, cube.scenarios
    there = np.isfinite(response).any(axis=(0, 2, 4)).all(axis=0)  # organisations all points have
    response = response[:, :, :, there]
    if against is not None:
        base = _known(sweep, against, cube)
        kept = [k for k in range(len(scenarios)) if k != base]
        response = response[kept] - response[base]
        scenarios = [scenarios[k] for k in kept]
    points = store.lines_of(sweep.folder / store.POINTS, origin["key"])
    listed = list(contrasts(points, sweep.factors))
    if not listed:
        raise AdoptionError(f"{sweep.folder}: no factor has two values")
    weights = np.array([contrast.pop("weights") for contrast in listed])
    values = np.einsum("cp,spvom->scvom", weights, response)
    names = [
        {
            "scenario": name,
            **({} if against is None else {"against": against}),
            **contrast,
            "month": month_of,
        }
        for name in scenarios
        for contrast in listed
        for month_of in cube.months
    ]
    return _table(names, values, sweep, cube)


def contrasts(
    points: Sequence[Mapping[str, Any]], paths: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield main effects and first-order interactions as weights over the points of a grid.

    A main effect is the mean over the other factors at a level less that at the first level; an
    interaction of two levels is the effect of the first at the second less that at the other's first.
    """
    levels = {path: list(dict.fromkeys(repr(point[path]) for point in points)) for path in paths}
    at = {
        path: np.array(
            [[repr(point[path]) == level for point in points] for level in levels[path]], float
        )
        for path in paths
    }
    values = {path: {repr(point[path]): point[path] for point in points} for path in paths}
    for path in paths:
        means = at[path] / at[path].sum(axis=1, keepdims=True)
        for k, level in enumerate(levels[path][1:], 1):
            step = f"{values[path][level]} against {values[path][levels[path][0]]}"
            yield {"effect": "main", "factor": path, "levels": step, "weights": means[k] - means[0]}
    for factor, other in combinations(paths, 2):
        both = at[factor][:, None] * at[other][None]
        means = both / both.sum(axis=2, keepdims=True)
        for k, first in enumerate(levels[factor][1:], 1):
            for m, second in enumerate(levels[other][1:], 1):
                yield {
                    "effect": "interaction",
                    "factor": f"{factor} x {other}",
                    "levels": f"{values[factor][first]} x {values[other][second]}",
                    "weights": means[k, m] - means[k, 0] - means[0, m] + means[0, 0],
                }


def _known(sweep: Stored, against: str, cube: Cube) -> int:
    if against not in cube.scenarios:
        raise AdoptionError(
            f"{sweep.folder}: no such scenario '{against}'{suggestion(against, cube.scenarios)}"
        )
    return cube.scenarios.index(against)


def _table(
    names: Sequence[Mapping[str, Any]], effects: Array, sweep: Stored, cube: Cube
) -> pd.DataFrame:
    """Return effects with their intervals and bands.

    Parameters
    ----------
    names
        What names each row.
    effects
        [curves..., vectors, organisations, months], curves in the order of the names.
    """
    import pandas as pd

    vectors, organisations, months = effects.shape[-3:]
    curves = effects.reshape(-1, vectors, organisations, months)
    count = len(curves)
    padded = bool(sweep.origin["experiment"].get("precision"))
    mean = np.nanmean(curves, axis=(1, 2)) if padded else curves.mean(axis=(1, 2))
    nothing = np.full((count, months), np.nan)
    columns: dict[str, Array] = {"difference": mean}
    rows, freedom = _errors(curves, padded)
    if rows is None:
        half = wide = all_of_them = nothing
    else:
        error = np.sqrt((rows * rows).sum(axis=0))
        half = float(t_quantile(freedom)) * error
        if padded:
            half = t_quantile(np.isfinite(curves[:, 0]).sum(axis=1) - 1.0) * error
        wide = np.array([critical(rows[:, k], freedom) for k in range(count)])[:, None] * error
        all_of_them = critical(rows.reshape(len(rows), -1), freedom) * error
    for name, width in (("", half), ("curve_", wide), ("all_", all_of_them)):
        columns[f"{name}low"], columns[f"{name}high"] = mean - width, mean + width
    if vectors > 1:
        ends = np.quantile(curves.mean(axis=2), VECTORS, axis=1)
        columns["vectors_low"], columns["vectors_high"] = ends[0], ends[1]
    table = pd.DataFrame(list(names))
    for name, values in columns.items():
        table[name] = values.ravel()
    table.attrs |= {"finished": len(cube.points), "points": sweep.origin["points"]}
    return table


def _errors(curves: Array, padded: bool) -> tuple[Array | None, float]:
    """Return what each organisation and vector adds to the error of means, and degrees of freedom.

    Organisations and vectors are crossed: both are drawn, and the variance of the mean is at most
    that of the means of organisations plus that of the means of vectors.
    """
    _, vectors, organisations, _ = curves.shape
    if organisations < 2:
        return None, 0.0
    if padded:
        rows, fewest = _of_those_there(np.moveaxis(curves[:, 0], 1, 0))
        return rows, fewest - 1.0
    rows = shares_of_error(np.moveaxis(curves.mean(axis=1), 1, 0))
    if vectors < 2:
        return rows, organisations - 1.0
    more = shares_of_error(np.moveaxis(curves.mean(axis=2), 1, 0))
    return np.concatenate([rows, more]), float(min(organisations, vectors) - 1)


def _of_those_there(values: Array) -> tuple[Array, int]:
    """Return what each organisation adds to the error of means, nothing where it is not there.

    Parameters
    ----------
    values
        [organisations, curves, months], not a number where a curve has no such organisation.

    Returns
    -------
    tuple
        The same shape, and how many organisations the curve with the fewest has.
    """
    there = np.isfinite(values)
    count = there.sum(axis=0)
    apart = np.where(there, values - np.nanmean(values, axis=0), 0.0)
    return apart / np.sqrt(count * (count - 1.0)), int(count.min())
