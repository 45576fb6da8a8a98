"""The scorecard holds everything once, the misses first, and says so on a page of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import cli
from analysis.studies import validation
from analysis.studies.claims.experiments import agenda
from analysis.studies.claims.verdicts import VERDICTS
from analysis.studies.patterns import Study
from analysis.studies.validation import Scorecard, Size, nulls, page, study
from analysis.studies.validation.rows import Row, misses_first
from sim.errors import AdoptionError

FEW = Size(2, 4, 2)
VECTORS = [{}, {"peer_weight": 2.0}]


@pytest.fixture(scope="module")
def card() -> Scorecard:
    """Return the scorecard of every check and two patterns, from very few organisations."""
    names = (*agenda().experiments, "P7", "P8")
    return validation.validate(
        FEW, 1, sets={"vendor": VECTORS, "literature": VECTORS[:1] * 2}, names=names
    )


def test_every_check_and_every_pattern_asked_for_is_there_once(card: Scorecard) -> None:
    names = [row.name for row in card.rows]
    assert len(set(names)) == len(names)
    assert set(names) == {*agenda().experiments, "P7", "P8"}
    for row in card.rows:
        assert set(row.verdicts) == {"vendor", "literature"}
        assert all(verdict in VERDICTS for verdict in row.verdicts.values())
        assert row.lines
        assert row.reading


def test_misses_come_first_in_every_section(card: Scorecard) -> None:
    for section in ("patterns", "calibrated", "held out"):
        ranks = [VERDICTS.index(row.worst) for row in card.rows if row.section == section]
        assert ranks and ranks == sorted(ranks)


def test_what_is_missed_under_both_comes_before_what_is_missed_under_one(card: Scorecard) -> None:
    row = card.rows[0]
    both = row._replace(name="both", verdicts={"vendor": "misses", "literature": "misses"})
    one = row._replace(name="one", verdicts={"vendor": "misses", "literature": "holds"})
    none = row._replace(name="none", verdicts={"vendor": "holds", "literature": "holds"})
    assert [it.name for it in misses_first([none, one, both])] == ["both", "one", "none"]


def test_counts_add_up_to_the_rows(card: Scorecard) -> None:
    for evidence in card.sets:
        assert sum(validation.counted(card.rows, evidence).values()) == len(card.rows)


def test_a_claim_is_fitted_under_its_own_evidence_only(card: Scorecard) -> None:
    rows = {row.name: row for row in card.rows}
    assert rows["C09"].fitted == ("vendor",)
    assert rows["L31"].fitted == ("literature",)
    assert rows["C44"].fitted == ()
    assert rows["P8"].fitted == ("literature",)
    assert set(rows["P7"].fitted) == {"vendor", "literature"}


def test_the_first_line_counts_what_nothing_was_fitted_to(card: Scorecard) -> None:
    held = [row for row in card.rows if row.section == "held out"]
    good = sum(row.worst == "holds" for row in held)
    assert validation.message(card).startswith(f"Of {len(held)} claims held out, {good} hold under")
    assert f"{good} of {len(held)} claims" in validation.trust(card)


# --- As files ------------------------------------------------------------------------------


def test_every_figure_under_every_evidence_is_a_row_of_numbers(card: Scorecard) -> None:
    table = page.table(card)
    figures = sum(len(row.lines) for row in card.rows)
    assert len(table) == 2 * figures
    assert table["name"].iloc[0] == card.rows[0].name
    compared = table[table["name"] == "C43"]
    gained = compared["with"] - compared["without"]
    assert compared["difference"].to_numpy() == pytest.approx(gained.to_numpy())
    assert compared["fitted"].tolist() == [True, False]


# --- Limits and rivals ---------------------------------------------------------------------


@pytest.mark.parametrize("name", nulls.FORMS)
def test_a_closed_form_finds_its_own_curve_again(name: str) -> None:
    _, curve, numbers = nulls.FORMS[name]
    months = np.arange(25, dtype=float)
    truth = {"p": 0.05, "q": 0.4, "rate": 0.5, "start": 0.05, "hazard": 0.2, "ceiling": 0.6}
    mean = curve(months, **{one: truth[one] for one in numbers})
    best = nulls.fit(curve, numbers, mean)
    assert nulls.error_of(curve(months, *best), mean) < 1e-4


@pytest.mark.parametrize("name", nulls.FORMS)
def test_the_engine_becomes_the_rival_it_is_set_to(name: str) -> None:
    _, curve, numbers = nulls.FORMS[name]
    truth = {"p": 0.05, "q": 0.4, "rate": 0.5, "start": 0.05, "hazard": 0.2, "ceiling": 0.6}
    fitted = {one: truth[one] for one in numbers}
    it = nulls.look_at(
        nulls.on_the_engine(name, fitted), Study(60, 1), start=fitted.get("start", 0.0)
    )
    mean = it.using.mean(axis=(0, 1))
    # Four steps a month lag the closed form a little, and so do few people.
    assert nulls.error_of(curve(np.arange(25.0), **fitted), mean) < 0.03
    assert not it.troughs.any()


# --- The command ---------------------------------------------------------------------------


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let there be a small posterior for either body of evidence."""
    table = pd.DataFrame({"peer_weight": [2.0, 2.5, 3.0]})
    monkeypatch.setattr(study, "posterior", lambda _: table)
    monkeypatch.setattr(study, "posterior_origin", lambda _: {"date": "2025-01-31", "seed": 1})
    monkeypatch.chdir(tmp_path)


def test_vectors_are_drawn_from_the_posterior_without_return(shipped: None) -> None:
    assert len(study.vectors_of("vendor", 2, 1)) == 2
    every = study.vectors_of("vendor", 99, 1)
    assert sorted(one["peer_weight"] for one in every) == [2.0, 2.5, 3.0]


def test_the_command_writes_a_scorecard_and_does_not_fail_on_misses(
    shipped: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["validate", "--vectors", "2", "--organisations", "4"]
    more = ["validate", "--vectors", "99", "--organisations", "4"]
    assert cli.adopt.main([*more, "c58"], standalone_mode=False) == 0
    told = capsys.readouterr().out
    assert "3 vectors of literature and 3 vectors of vendor" in " ".join(told.split())
    assert "What holds" in told and "C58: " in told
    assert "docs/limits.md" in told
    [written] = tmp_path.rglob("scorecard.html")
    assert "2025-01-31" in written.read_text("utf-8")
    assert cli.adopt.main([*words, "P7", "--json"], standalone_mode=False) == 0
    content = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in content["rows"]] == ["P7"]
    [again] = (one for one in map(Path, content["files"]) if one.suffix == ".html")
    assert "adopt validate P7 --vectors 2 --organisations 4 --seed 1" in again.read_text("utf-8")


def test_a_name_that_is_neither_pattern_nor_tested_entry_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["adopt", "validate", "C433"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "found 'C433', expected a pattern such as P5 or a tested entry such as C43" in told


def test_a_single_vector_of_a_posterior_is_not_enough() -> None:
    with pytest.raises(AdoptionError, match="expected at least 2 of each posterior"):
        validation.validate(FEW, 1, sets={"vendor": [{}]}, names=("C43",))


def test_a_row_is_as_bad_as_its_worse_verdict() -> None:
    row = Row(
        "held out", "X", "x", "", "", (), (), {"vendor": "holds", "literature": "misses"}, "x"
    )
    assert row.worst == "misses"


def test_an_interrupted_scorecard_keeps_the_patterns_that_are_finished_and_says_so(
    shipped: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(*_: Any) -> Any:
        raise KeyboardInterrupt

    words = ["validate", "P7", "P6", "--vectors", "2", "--organisations", "4"]
    monkeypatch.setitem(study.EXPERIMENTS, "P6", interrupted)
    order = [name for name in study.EXPERIMENTS if name in ("P6", "P7")]
    monkeypatch.setattr(sys, "argv", ["adopt", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == cli.INTERRUPTED
    told = capsys.readouterr().err
    assert ": about " in told and "Interrupted, what is finished is kept" in told
    if order == ["P6", "P7"]:
        assert "0 of 2 patterns are finished" in told and "no table is written yet" in told
        assert not list(tmp_path.rglob("*.csv"))
    monkeypatch.undo()
