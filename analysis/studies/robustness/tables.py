"""What came out as tables: places by theory, every value, and a folder of files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.results.pieces import Notice, Pieces
from analysis.studies.robustness.rankings import (
    Agreement,
    agreements,
    firsts,
    order,
    pairs,
    ranks_of,
    scores,
)
from analysis.studies.robustness.study import PartOfStudyError, Robustness, Study
from analysis.studies.robustness.texts import message
from analysis.studies.robustness.variants import FACTORS, Variant
from analysis.words.texts import minus
from sim.errors import AdoptionError
from sim.study.provenance import provenance

if TYPE_CHECKING:
    import pandas as pd


def rank_table(robustness: Robustness) -> pd.DataFrame:
    """Return the places of the scenarios by theory; combinations together in a row.

    Places are by the mean over all vectors that can be compared; tau and the winner by evidence.
    """
    import pandas as pd

    asked, ranked = robustness.study, order(robustness)
    names = list(asked.scenarios)
    known = {evidence: agreements(robustness, evidence) for evidence in asked.sets}
    every, reached = scores(robustness), robustness.reached
    rows: list[dict[str, Any]] = []
    groups = [
        [place] for place, variant in enumerate(asked.variants) if variant.kind != "combination"
    ]
    mixed = [place for place, variant in enumerate(asked.variants) if variant.kind == "combination"]
    for group in [*groups, *([mixed] if mixed else [])]:
        together = group == mixed
        comparable = [place for place in group if reached[place].any()]
        places = [ranks_of(every[place][reached[place]].mean(axis=0)) for place in comparable]
        label = asked.variants[group[0]].name
        row: dict[str, Any] = {"theory": f"{len(mixed)} combinations" if together else label}
        for scenario in ranked:
            mean = sum(int(each[scenario]) for each in places) / len(places) if places else None
            row[names[scenario]] = (
                "" if mean is None else f"{mean:.1f}" if together else f"{mean:.0f}"
            )
        for evidence, those in known.items():
            agreed = [
                agreement
                for agreement in (those[place] for place in group)
                if agreement is not None
            ]
            row[f"tau {evidence}"] = (
                minus(f"{sum(agreement.tau for agreement in agreed) / len(agreed):.2f}")
                if agreed
                else ""
            )
            won, of = (
                sum(agreement.vectors for agreement in agreed),
                sum(agreement.of for agreement in agreed),
            )
            row[f"same first {evidence}"] = f"{won}/{of}" if agreed else "not reached"
        rows.append(row)
    return pd.DataFrame(rows).set_index("theory")


def pair_table(robustness: Robustness) -> pd.DataFrame:
    """Return for every two scenarios how often they keep their order, by evidence."""
    import pandas as pd

    rows = [
        pair._asdict() for evidence in robustness.study.sets for pair in pairs(robustness, evidence)
    ]
    return pd.DataFrame(rows).set_index(["evidence", "better", "worse"])


def value_table(robustness: Robustness) -> pd.DataFrame:
    """Return every mean with its place: one row per theory, evidence, vector and scenario."""
    import pandas as pd

    asked = robustness.study
    every, values = scores(robustness), robustness.values.mean(axis=3)
    rows = []
    for v, variant in enumerate(asked.variants):
        for evidence in asked.sets:
            for number, u in enumerate(asked.places(evidence)):
                fit, places = robustness.fits[v][u], ranks_of(every[v, u])
                rows += [
                    {
                        "theory": variant.name,
                        "kind": variant.kind,
                        **_levels(variant),
                        "evidence": evidence,
                        "vector": number,
                        "base_desire": fit.base,
                        "reference_adoption": fit.adoption,
                        "aimed_at": fit.target,
                        "reached": fit.reached,
                        "scenario": name,
                        asked.kpi: values[v, u, s],
                        "place": int(places[s]),
                    }
                    for s, name in enumerate(asked.scenarios)
                ]
    return pd.DataFrame(rows)


def _levels(variant: Variant) -> dict[str, str]:
    """Return a theory's answer to every question."""
    return {
        factor.name: variant.levels[factor.name].name if factor.name in variant.levels else ""
        for factor in FACTORS
    }


def as_dict(robustness: Robustness) -> dict[str, Any]:
    """Return what came out as plain values, for JSON."""
    asked = robustness.study
    counts = {evidence: firsts(robustness, evidence) for evidence in asked.sets}
    names = list(asked.scenarios)
    known = {evidence: agreements(robustness, evidence) for evidence in asked.sets}
    return {
        "message": message(robustness),
        "kpi": asked.kpi,
        "month": asked.month,
        "organisations": asked.organisations,
        "seed": asked.seed,
        "reference": names[0],
        "order": [names[place] for place in order(robustness)],
        "first_in": {
            evidence: {name: count[name] for name in names}
            for evidence, (count, _) in counts.items()
        },
        "other_theories": {evidence: total for evidence, (_, total) in counts.items()},
        "evidence": {name: len(vectors) for name, vectors in asked.sets.items()},
        "theories": [
            {
                "name": variant.name,
                "label": variant.label,
                "kind": variant.kind,
                "levels": {key: level.name for key, level in variant.levels.items()},
                "vectors_reached": int(robustness.reached[place].sum()),
                "agreement": {
                    evidence: _plain(those[place], names) for evidence, those in known.items()
                },
            }
            for place, variant in enumerate(asked.variants)
        ],
        "pairs": [
            {key: None if value != value else value for key, value in pair._asdict().items()}
            for evidence in asked.sets
            for pair in pairs(robustness, evidence)
        ],
    }


def _plain(agreement: Agreement | None, names: list[str]) -> dict[str, Any] | None:
    """Return an agreement as plain values; None where there is none."""
    if agreement is None:
        return None
    places = {name: int(place) for name, place in zip(names, agreement.ranks, strict=True)}
    return {**agreement._asdict(), "ranks": places}


def settings_of(asked: Study) -> dict[str, Any]:
    """Return everything that determines what comes out."""
    made = provenance(asked.scenarios, asked.seed, asked.organisations)
    return {
        "result": made["fingerprint"],
        "kpi": [asked.kpi, asked.month],
        "theories": [[variant.name, variant.changes] for variant in asked.variants],
        "vectors": {name: [dict(vector) for vector in those] for name, those in asked.sets.items()},
    }


def folder_of(root: Path, asked: Study) -> Path:
    """Return the folder of a study, named by what determines it."""
    text = json.dumps(settings_of(asked), sort_keys=True)
    return root / "robustness" / hashlib.sha256(text.encode()).hexdigest()[:12]


def kept_in(root: Path, asked: Study, notice: Notice) -> Pieces:
    """Return the pieces of a study that are finished already, and where others are kept."""
    return Pieces(folder_of(root, asked) / "unfinished", settings_of(asked), notice)


def part_table(part: PartOfStudyError) -> pd.DataFrame:
    """Return every mean that is finished: one row per theory, vector and scenario."""
    import pandas as pd

    asked = part.study
    sets = [name for name, those in asked.sets.items() for _ in those]
    rows = []
    for job, (fit, values) in sorted(part.parts.items(), key=lambda job: job[0]):
        v, u = divmod(job, len(asked.vectors))
        rows += [
            {
                "theory": asked.variants[v].name,
                "kind": asked.variants[v].kind,
                "evidence": sets[u],
                "vector": u - sets.index(sets[u]),
                "base_desire": fit.base,
                "reference_adoption": fit.adoption,
                "reached": fit.reached,
                "scenario": name,
                asked.kpi: values[s].mean(),
            }
            for s, name in enumerate(asked.scenarios)
        ]
    return pd.DataFrame(rows)


def save_part(part: PartOfStudyError, root: Path) -> Path | None:
    """Write what is finished of an interrupted study; return the file, None if nothing is.

    Raises
    ------
    AdoptionError
        If it cannot be written.
    """
    if not part.parts:
        return None
    path = folder_of(root, part.study) / "values-so-far.csv"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part_table(part).to_csv(path, index=False)
    except OSError as error:
        raise AdoptionError(f"{path}: cannot be written: {error}") from error
    return path


def save(robustness: Robustness, root: Path) -> Path:
    """Write places, pairs, every value and what made them; return the folder.

    Raises
    ------
    AdoptionError
        If nothing can be written there.
    """
    folder, asked = folder_of(root, robustness.study), robustness.study
    origin = {
        **provenance(asked.scenarios, asked.seed, asked.organisations),
        "vectors": {name: [dict(vector) for vector in those] for name, those in asked.sets.items()},
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        rank_table(robustness).to_csv(folder / "places.csv")
        pair_table(robustness).to_csv(folder / "pairs.csv")
        value_table(robustness).to_csv(folder / "values.csv", index=False)
        for name, content in (
            ("robustness.json", as_dict(robustness)),
            ("provenance.json", origin),
        ):
            (folder / name).write_text(json.dumps(content, indent=1) + "\n", "utf-8")
        (folder / "values-so-far.csv").unlink(missing_ok=True)
    except OSError as error:
        raise AdoptionError(f"{folder}: cannot be written: {error}") from error
    return folder
