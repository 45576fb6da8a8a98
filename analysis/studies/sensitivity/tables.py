"""The indices as tables of texts, one for each outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.results.summary import label_of
from analysis.studies.sensitivity.indices import direction
from analysis.studies.sensitivity.study import Found
from analysis.studies.sensitivity.texts import (
    SHOWN,
    called,
    counting,
    lowered,
    luck_sentence,
    number,
    ranking,
)
from sim.study.sweeps.factors import Factor

if TYPE_CHECKING:
    import pandas as pd


class Page(NamedTuple):
    """A table of texts, with what stands above and below it."""

    title: str
    table: pd.DataFrame
    note: str


def tables(study: Found, most: int = SHOWN) -> list[Page]:
    """Return for each outcome the table of its strongest factors."""
    import pandas as pd

    factors = {factor.path: factor for factor in study.design.factors}
    column = ranking(study.table)
    pages = []
    for outcome in study.simulator.outcomes:
        table = study.table.loc[outcome.name]
        ranked = table.sort_values(column, ascending=False, kind="stable").head(most)
        clear = counting(ranked)
        rows = [
            _row(factors[str(path)], row, bool(clear.loc[path])) for path, row in ranked.iterrows()
        ]
        what = f"{lowered(label_of(outcome.kpi))}, month {outcome.month}"
        title = f"{called(study.simulator, outcome)} ({what})"
        texts = pd.DataFrame(rows).set_index("factor")
        pages.append(Page(title, texts, luck_sentence(study, outcome)))
    return pages


def _row(factor: Factor, row: pd.Series, clear: bool) -> dict[str, str]:
    """Return a row of a table."""
    texts = {"factor": factor.short, "varied": factor.told}
    if "strength" in row:
        texts |= {
            "strength": number(row.strength),
            "95 % interval": f"{number(row.low)} to {number(row.high)}",
            "direction": direction(row),
            "spread": number(row.spread),
        }
    else:
        texts |= {
            "total": number(row.total),
            "95 % interval": f"{number(row.total_low)} to {number(row.total_high)}",
            "alone": number(row["first"]),
            "interval": f"{number(row.first_low)} to {number(row.first_high)}",
        }
    return texts | {"luck": number(row.luck), "": "" if clear else "not above luck"}
