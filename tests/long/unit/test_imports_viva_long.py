"""What takes long of ``unit/test_imports_viva.py``."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
import test_imports_viva as quick
from test_imports_viva import SALT, sample

from sim.scenario.imports import read_organisation, read_viva
from sim.scenario.imports.viva import SEGMENTS
from sim.state import EMPLOYEE, EXECUTIVE, NOBODY, THREATS

query = quick.query


@pytest.mark.parametrize("program", ["Word", "Excel", "Powerpoint", "Teams"])
def test_segments_are_those_microsoft_finds_in_its_sample(tmp_path: Path, program: str) -> None:
    """One program at a time, since all together everybody in the sample is a habitual user."""
    metric = f"Copilot_actions_taken_in_{program}"
    path = sample("pq_data.csv")
    import vivainsights

    theirs = vivainsights.identify_usage_segments(
        vivainsights.load_pq_data(), metric=metric, version="12w"
    )
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    query = tmp_path / "query.csv"
    heads = ["PersonId", "MetricDate", metric, "Organization", "SupervisorIndicator"]
    with query.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, heads, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    ours = read_viva(query, None, SALT)
    names = dict(
        zip(
            SEGMENTS,
            ("Non-user", "Low User", "Novice User", "Habitual User", "Power User"),
            strict=True,
        )
    )
    dates = sorted(set(theirs["MetricDate"]))
    for counts, day in ((ours.first, dates[11]), (ours.last, dates[-1])):
        expected = Counter(theirs[theirs["MetricDate"] == day]["UsageSegments_12w"])
        assert {names[name]: size for name, size in counts.items() if size} == dict(expected)


def test_the_sample_person_query_has_300_people_in_seven_organisations() -> None:
    imported = read_organisation(sample("pq_data.csv"), None, SALT)
    assert len(imported.people) == 300
    assert len(imported.departments) == 1 + 7
    with sample("pq_data.csv").open(encoding="utf-8") as stream:
        first_week = list(csv.DictReader(stream))[:300]
    executives = sum(row["LevelDesignation"] == "Executive" for row in first_week)
    employees = sum(
        row["SupervisorIndicator"] == "IC" and row["LevelDesignation"] != "Executive"
        for row in first_week
    )
    assert (imported.role == EXECUTIVE).sum() == executives > 0
    assert (imported.role == EMPLOYEE).sum() == employees > 0
    assert (imported.archetype == NOBODY).all()
    assert imported.threats.shape == (300, len(THREATS))
