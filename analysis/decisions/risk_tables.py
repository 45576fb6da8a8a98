"""What can go wrong, as tables, as plain values, and as a folder of files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.decisions.prim import Box
from analysis.decisions.risk import BELIEFS, EACH, Question, Risk
from analysis.decisions.risk_texts import looked, names_of
from analysis.decisions.stored import Place
from analysis.results.estimates import Estimate

if TYPE_CHECKING:
    import pandas as pd


def plan_table(risk: Risk) -> pd.DataFrame:
    """Return mean, chance of failing and regret, a row per plan; shares from 0 to 1."""
    import pandas as pd

    rows = []
    for plan, name in enumerate(risk.asked.scenarios):
        chance, behind = risk.failing(plan), risk.regrets[plan]
        rows.append(
            {
                "scenario": name,
                "mean": float(risk.values[plan].mean()),
                "fails": chance.value,
                "fails_low": chance.low,
                "fails_high": chance.high,
                **{
                    f"fails_{evidence}": risk.failing(plan, evidence).value
                    for evidence in risk.asked.sets
                },
                "regret": float(behind.mean()),
                "regret_90": float(np.quantile(behind, 0.9)),
                "best": float((behind == 0.0).mean()),
            }
        )
    return pd.DataFrame(rows).set_index("scenario")


def pair_table(risk: Risk) -> pd.DataFrame:
    """Return how often each plan beats each other one, and how much has to be believed for that."""
    import pandas as pd

    rows = []
    size = range(len(risk.asked.scenarios))
    for plan, other in ((plan, other) for plan in size for other in size if plan != other):
        pair = risk.pair(plan, other)
        rows.append(
            {
                "scenario": pair.plan,
                "other": pair.other,
                "equal": pair.equal,
                **_ends("beats", pair.beats),
                **_ends("belief", pair.belief),
                **_ends("pays", pair.pays),
                "pays_in": pair.pays.known,
            }
        )
    return pd.DataFrame(rows).set_index(["scenario", "other"])


def _ends(name: str, value: Estimate) -> dict[str, float]:
    return {name: value.value, f"{name}_low": value.low, f"{name}_high": value.high}


def belief_table(risk: Risk) -> pd.DataFrame:
    """Return by the belief in effects who earns most, and how often each plan fails [0 to 1]."""
    import pandas as pd

    names, listed = list(risk.asked.scenarios), risk.paying()
    flips = {span.low for span in listed}
    rows = []
    for belief in sorted({*BELIEFS, *flips}):
        there = next(span for span in reversed(listed) if span.low <= belief)
        shares = dict(zip(names, risk.believed(belief).tolist(), strict=True))
        rows.append({"belief": belief, "earns_most": names[there.first], **shares})
    return pd.DataFrame(rows).set_index("belief")


def case_table(risk: Risk) -> pd.DataFrame:
    """Return every other organisation: what it is like, and what the plans do there."""
    import pandas as pd

    names, features = risk.features
    table = pd.DataFrame(features.reshape(-1, len(names)), columns=names)
    for plan, name in enumerate(risk.asked.scenarios):
        table[f"better than the reference: {name}"] = risk.margins[plan]
        table[f"fails: {name}"] = risk.missed[plan]
    return table.rename_axis("case")


def value_table(risk: Risk) -> pd.DataFrame:
    """Return what every plan gives under every vector in every organisation."""
    import pandas as pd

    asked = risk.asked
    sets = [name for name, those in asked.sets.items() for _ in those]
    plans, vectors, organisations = risk.values.shape
    index = pd.MultiIndex.from_product(
        [list(asked.scenarios), range(vectors), range(organisations)],
        names=["scenario", "vector", "organisation"],
    )
    return pd.DataFrame(
        {
            "evidence": np.tile(np.repeat(sets, organisations), plans),
            asked.goal.kpi: risk.values.ravel(),
            "earned": risk.earned.ravel(),
            "spent": risk.spent.ravel(),
        },
        index=index,
    )


def as_dict(risk: Risk) -> dict[str, Any]:
    """Return what came out as plain values, for JSON."""
    asked = risk.asked
    names, _ = risk.features
    return {
        "message": risk.answer,
        "kpi": asked.goal.kpi,
        "month": asked.goal.month,
        "area": asked.goal.area,
        "unit": asked.goal.unit,
        "level": asked.level,
        "organisations": asked.organisations,
        "evidence": {name: len(vectors) for name, vectors in asked.sets.items()},
        "cases": asked.cases,
        "runs_of_a_case": EACH,
        "seed": asked.seed,
        "first": list(asked.scenarios)[risk.first],
        "labels": dict(zip(asked.scenarios, names_of(risk), strict=True)),
        "plans": _rows(plan_table(risk)),
        "pairs": _rows(pair_table(risk)),
        "beliefs": _rows(belief_table(risk)),
        "boxes": [
            {
                "what": there.what,
                "scenario": list(asked.scenarios)[there.plan],
                "of": kind,
                "holds": box.holds,
                **_plain(box, names),
            }
            for there in looked(risk)
            for kind, box in zip(("both", "parameters", "organisation"), there[2:], strict=True)
        ],
        "sentences": risk.said(),
    }


def _rows(table: pd.DataFrame) -> Any:
    return json.loads(table.reset_index().to_json(orient="records", double_precision=15))


def _plain(box: Box, names: list[str]) -> dict[str, Any]:
    """Return a box as plain values; sides that are open are None."""
    return {
        "limits": {
            names[feature]: [end if np.isfinite(end) else None for end in ends]
            for feature, ends in box.limits.items()
        },
        "seen": box.seen._asdict(),
        "unseen": box.unseen._asdict(),
    }


# --- On disk -----------------------------------------------------------------------------------


def place(asked: Question) -> Place:
    """Return where a study lies, which is named by what determines it."""
    return Place(
        "risk",
        asked.scenarios,
        asked.seed,
        asked.organisations,
        {
            "goal": list(asked.goal),
            "level": asked.level,
            "cases": [asked.cases, EACH, [context.path for context in asked.contexts]],
        },
        asked.sets,
    )


def save(risk: Risk, root: Path) -> Path:
    """Write plans, pairs, beliefs, every value and what made them; return the folder."""
    tables = {
        "plans": plan_table(risk),
        "pairs": pair_table(risk),
        "beliefs": belief_table(risk),
        "values": value_table(risk),
        **({"cases": case_table(risk)} if risk.asked.cases else {}),
    }
    return place(risk.asked).save(root, as_dict(risk), tables)
