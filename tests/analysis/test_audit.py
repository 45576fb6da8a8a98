"""The audit of prices: what a measure brings is measured rightly, and free lunches are found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner
from matplotlib.text import Text

import sim
from analysis.cli import adopt
from analysis.figures.area import WIDTH
from analysis.studies.audit import Audit, audit, audit_figure, offences, study
from analysis.studies.audit.study import grade_of, limits
from analysis.studies.audit.tables import audit_table, in_order
from sim.errors import AdoptionError, InterruptedStudyError, ScenarioError
from sim.scenario import read_catalogue
from sim.scenario.catalogue import catalogue_of
from sim.scenario.folders import library_folder, library_of
from sim.simulator import Simulator

SMALL = ("organisation.employees=60", "simulation.months=12")

NAMES = ("training", "champions", "mandate", "vision", "community", "buddies", "launch")


def made(last: dict[str, Any] | None = None, whole: bool = True, **changes: Any) -> Audit:
    """Return an audit of seven measures that each bring 1 for their money and 2 for their hours.

    ``changes`` are values of one of them, ``vision``, alone; ``last`` those when added last.
    """
    usual = {
        "points": 1.0, "low": 0.5, "high": 1.5, "euro": 10_000.0, "hours": 50.0,
        "per_euro": 1.0, "per_hours": 2.0, "grade": "D", "staffed": True,
    }  # fmt: skip
    rows = []
    for name in NAMES:
        for base, its in (("alone", changes), ("last", last or {})):
            rows.append(
                {"measure": name, "base": base, **usual, **(its if name == "vision" else {})}
            )
    return Audit(pd.DataFrame(rows).set_index(["measure", "base"]), 9, 1, 24, whole)


# --- The rule ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({}, 0),
        ({"per_euro": 2.9}, 0),
        ({"per_euro": 3.0}, 0),  # three times is allowed, more is not
        ({"per_euro": 3.1}, 1),
        ({"per_hours": 5.9}, 0),
        ({"per_hours": 6.1}, 1),
        ({"per_euro": 3.1, "per_hours": 6.1}, 2),
        ({"per_euro": 3.1, "grade": "A"}, 0),
        ({"per_euro": 3.1, "grade": "B"}, 0),
        ({"per_hours": 6.1, "grade": "B"}, 0),
        ({"per_euro": 3.1, "grade": "C"}, 1),
        ({"per_euro": 3.1, "grade": ""}, 1),
        ({"per_euro": 3.1, "low": -0.1}, 0),  # perhaps it does not help at all
        ({"per_euro": np.inf}, 1),
        ({"per_hours": np.nan}, 0),
        ({"staffed": False}, 1),
        ({"staffed": False, "grade": "A"}, 1),  # evidence of what it does, not of who does it
        ({"staffed": False, "low": -1.0}, 1),
    ],
)
def test_a_measure_that_brings_more_than_three_times_the_median_needs_evidence(
    changes: dict[str, Any], broken: int
) -> None:
    found = offences(made(**changes))
    assert len(found) == broken
    assert all(one.measure == "vision" and one.text.startswith("vision") for one in found)


@pytest.mark.parametrize("changes", [{"per_euro": 3.1}, {"per_hours": 6.1}])
def test_what_is_dear_alone_and_cheap_when_added_last_breaks_the_rule_too(
    changes: dict[str, Any],
) -> None:
    (one,) = offences(made(last=changes))
    assert "added last" in one.text
    (other,) = offences(made(**changes))
    assert "alone" in other.text


def test_each_base_has_a_median_of_its_own() -> None:
    found = made()
    found.table.loc[pd.IndexSlice[:, "last"], ["per_euro", "per_hours"]] /= 10.0
    assert offences(found) == []
    found.table.loc[("vision", "last"), "per_euro"] = 0.31
    assert [one.measure for one in offences(found)] == ["vision"]


def test_the_median_is_of_those_that_help() -> None:
    found = made()
    harm = ["training", "mandate", "buddies", "launch"]
    found.table.loc[harm, ["points", "low", "per_euro", "per_hours"]] = -5.0
    assert limits(found).loc["alone"].tolist() == [3.0, 6.0]
    assert offences(found) == []


def test_where_nothing_helps_nothing_brings_too_much() -> None:
    found = made()
    found.table["low"] = -1.0
    assert limits(found).isna().all(axis=None)
    assert offences(found) == []


def test_a_part_of_the_catalogue_has_no_median() -> None:
    assert offences(made(whole=False, per_euro=99.0)) == []
    assert len(offences(made(whole=False, staffed=False))) == 1


def test_what_costs_nothing_is_told_in_words() -> None:
    (one,) = offences(made(per_euro=np.inf))
    assert "for nothing" in one.text
    assert "inf" not in one.text


def test_the_grade_is_of_what_an_effect_rests_on() -> None:
    assert grade_of(["C43, L31: opinion leaders", "choice: cost is an assumption"]) == "A"
    assert grade_of(["L31: who, not how much: opinion leaders"]) == ""
    assert grade_of(["practice: everybody says so", "choice: effect is an assumption"]) == "D"
    assert grade_of(["choice: effect is an assumption", "law: an act"]) == ""
    assert grade_of(["C43: untraced", "L19: cross-section"]) == "C"


# --- Who does the work ---------------------------------------------------------------------

ENTRY = {
    "title": {"en": "Posters", "nl": "Posters"},
    "description": {"en": "Posters hang.", "nl": "Er hangen posters."},
    "phase": "communication",
    "lasting": "one_off",
    "pushes": {"relief_status": 0.1},
    "cost": {"fixed": 500},
    "sources": ["choice: effect and cost are assumptions"],
}
WHO = {"en": "The printer hangs them, at a price.", "nl": "De drukker hangt ze op, tegen betaling."}


def entry(**changes: Any) -> dict[str, Any]:
    """Return an entry of a catalogue."""
    return {**ENTRY, **changes}


def catalogue_with(folder: Path, **entries: dict[str, Any]) -> Path:
    """Return a folder with the shipped library, and more or other measures in its catalogue."""
    shutil.copytree(library_folder(), folder / "library")
    file = folder / "library" / "measures.yaml"
    known = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(yaml.safe_dump({**known, **entries}, allow_unicode=True), encoding="utf-8")
    return folder / "library"


def test_who_works_instead_is_only_said_where_nobody_of_the_staff_does(tmp_path: Path) -> None:
    file = tmp_path / "measures.yaml"
    for hours in (
        "hours_per_participant", "monthly_hours_per_participant", "team_hours", "monthly_team_hours",
    ):  # fmt: skip
        file.write_text(yaml.safe_dump({"one": entry(unstaffed=WHO, cost={hours: 1})}))
        with pytest.raises(ScenarioError, match=f"leave it out, or {hours}"):
            catalogue_of(file)
    file.write_text(yaml.safe_dump({"one": entry(unstaffed=WHO)}))
    assert not catalogue_of(file)["one"].takes_hours
    file.write_text(yaml.safe_dump({"one": entry(unstaffed={"en": "The printer"})}))
    with pytest.raises(ScenarioError, match="nl"):
        catalogue_of(file)


# --- What is measured ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def small() -> Audit:
    """Return an audit of a few measures in a small organisation."""
    return audit(("champions", "training", "use-monitoring"), runs=6, seed=3, changes=SMALL)


@pytest.mark.parametrize("name", ["champions", "training"])
def test_a_measure_is_what_a_plan_with_it_has_more(name: str, small: Audit) -> None:
    for base, plan in study.BASES.items():
        here = sim.load(plan).changed({"organisation.employees": 60, "simulation.months": 12})
        path = f"programme.{name}"
        one, other = (
            (here, here.changed({path: None}))
            if name in here.programme
            else (here.changed({path: {}}), here)
        )
        both = sim.compare([one, other.changed({"name": "without"})], 6, 3)

        users, euro, hours = (
            both.curves(here.name, kpi)[:, 1:] - both.curves("without", kpi)[:, 1:]
            for kpi in ("adoption", "cost_measures", "staff_hours")
        )
        row = small.table.loc[(name, base)]
        gain = 100 * users.mean(axis=1)
        assert row["points"] == pytest.approx(gain.mean())
        assert row["high"] - row["points"] == pytest.approx(
            2.5705818 * gain.std(ddof=1) / np.sqrt(6)
        )
        assert row["euro"] == pytest.approx(euro.sum(axis=1).mean())
        assert row["hours"] == pytest.approx(hours.sum(axis=1).mean())
        assert row["per_euro"] == pytest.approx(10_000 * row["points"] / row["euro"])
        assert row["per_hours"] == pytest.approx(100 * row["points"] / row["hours"])


def test_an_audit_of_a_part_says_so(small: Audit) -> None:
    assert not small.whole
    assert small.months == 12
    assert offences(small) == []


@pytest.mark.parametrize("name", ["two-sided-communication", "problem-framing", "expert-talk"])
def test_honest_talk_does_no_harm_by_itself(name: str) -> None:
    told = audit((name,), runs=40, seed=5)
    assert told.table["high"].min() > 0.0
    assert told.table.loc[(name, "alone"), "points"] > 0.0


# --- What goes wrong -----------------------------------------------------------------------


def test_what_cannot_be_audited_is_said_before_anything_is_simulated() -> None:
    with pytest.raises(AdoptionError, match="did you mean 'champions'"):
        audit(("champion",))
    with pytest.raises(AdoptionError, match="at least 2"):
        audit(("champions",), runs=1)


def test_what_is_finished_is_kept_when_it_is_interrupted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, calls = Simulator.rows, []

    def rows(self: Simulator, programme: Any = None, *more: Any) -> Any:
        if programme and "programme.training" in programme:
            raise InterruptedStudyError("interrupted")
        calls.append(programme)
        return whole(self, programme, *more)

    monkeypatch.setattr(Simulator, "rows", rows)
    found = audit(("vision", "training", "launch"), runs=2, changes=SMALL)
    assert list(found.table.index.unique("measure")) == ["vision"]
    assert not found.whole
    assert calls
    with pytest.raises(InterruptedStudyError):
        audit(("training",), runs=2, changes=SMALL)
    asked = ["audit", "vision", "training", "--runs", "8"]
    told = CliRunner().invoke(adopt, asked, standalone_mode=False)
    assert told.return_value == 130
    assert "1 of 2 measures are finished" in told.output
    assert "vision" in told.output


# --- What is shown -------------------------------------------------------------------------


def test_the_table_begins_with_the_best_value(small: Audit) -> None:
    table = audit_table(small)
    best = small.table.xs("alone", level="base")["per_euro"].idxmax()
    assert table.index[0] == best
    assert table.loc["champions", "grade"] == "A"
    assert (
        table.loc["champions", "euro"] == f"{small.table.loc[('champions', 'alone'), 'euro']:,.0f}"
    )
    broken = audit_table(made(per_euro=3.5))
    assert broken.index[0] == "vision"
    assert broken["rule"].tolist() == ["broken", *[""] * 6]
    assert audit_table(made(per_hours=np.nan)).loc["vision", "/100h"] == ""


def bold(found: Audit) -> list[str]:
    """Return the measures whose names are bold in the figure."""
    titles = {one.title.en: name for name, one in read_catalogue().items()}
    texts = [one for one in audit_figure(found).findobj(Text) if one.get_weight() == "bold"]
    return [titles[one.get_text()] for one in texts if one.get_text() in titles]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (lambda: made(), "7 of which help by themselves; none breaks"),
        (lambda: made(per_euro=3.5), "1 breaks the rule"),
        (lambda: made(per_euro=99.0, low=30.0, high=400.0), "1 breaks the rule"),
        (lambda: made(per_euro=-99.0, low=-120.0, high=-80.0, points=-99.0), "6 of which help"),
        (lambda: made(euro=0.0, per_euro=np.inf), "1 breaks the rule"),
        (lambda: made(whole=False), "no median"),
    ],
)
def test_the_figure_says_what_breaks_the_rule_and_holds_every_measure(
    found: Callable[[], Audit], said: str
) -> None:
    one = found()
    picture = audit_figure(one)
    assert said in picture.message
    written = [text.get_text() for text in picture.findobj(Text)]
    for name in in_order(one):
        assert read_catalogue()[name].title.en in written
    assert bold(one) == sorted({offence.measure for offence in offences(one)})
    assert len(picture.axes) == 2
    inside = picture.canvas.get_renderer()  # type: ignore[attr-defined]
    for text in (*picture.texts, *(text for ax in picture.axes for text in ax.texts)):
        box = text.get_window_extent(inside)
        assert box.x0 >= 0
        assert box.x1 <= WIDTH * picture.dpi


def test_the_command_prints_a_table_or_json_and_fails_where_the_rule_is_broken(
    tmp_path: Path,
) -> None:
    few = [
        "audit",
        "vision",
        "buddies",
        "--runs",
        "8",
        *(w for one in SMALL for w in ("--set", one)),
    ]
    told = CliRunner().invoke(adopt, [*few, "--write", str(tmp_path / "prices.png")])
    assert told.exit_code == 0
    assert "vision" in told.output
    assert "not judged" in told.output
    assert (tmp_path / "prices.png").stat().st_size > 10_000
    assert (tmp_path / "prices.svg").is_file()
    answer = CliRunner().invoke(adopt, [*few, "--json"], standalone_mode=False)
    content = json.loads(answer.stdout)
    assert {one["measure"] for one in content["measures"]} == {"vision", "buddies"}
    assert (content["whole"], content["offences"], content["months"]) == (False, [], 12)
    with library_of(catalogue_with(tmp_path, posters=entry())):
        broken = CliRunner().invoke(
            adopt, ["audit", "posters", "--runs", "8"], standalone_mode=False
        )
    assert broken.return_value == 1
    assert "Breaks the rule: posters" in broken.output
