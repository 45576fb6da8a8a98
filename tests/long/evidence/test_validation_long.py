"""What takes long of ``evidence/test_validation.py``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from evidence import test_validation as quick
from evidence.test_validation import VECTORS

from analysis.studies import validation
from analysis.studies.patterns import Study
from analysis.studies.validation import Scorecard, Size, limits, nulls, page, study
from sim.errors import AdoptionError

card = quick.card


def test_the_page_needs_nothing_else_and_holds_every_row(card: Scorecard) -> None:
    text = page.html_page(card)
    assert not re.search(r"<link|<script|@import|src=|url\(http", text)
    for row in card.rows:
        assert text.count(f'id="{row.name}"') == 1
    assert "docs/limits.md" in text
    assert card.origin["code"][:12] in text
    assert text.count("<svg") == 1


def test_what_stands_in_the_register_cannot_become_markup(card: Scorecard) -> None:
    bad = card.rows[0]._replace(
        title="<script>alert(1)</script>", reading="a & b", source='"><img src=x>'
    )
    text = page.html_page(card._replace(rows=[bad, *card.rows[1:]]))
    assert "<script>" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text


def test_independent_people_are_brought_to_the_same_level() -> None:
    model, alone, *others = nulls.rivals(Study(10, 1, VECTORS))
    assert (model.error, alone.name) == (0.0, "Independent people")
    assert [one.name for one in others] == list(nulls.FORMS)
    assert 0.0 < alone.error < 0.2
    assert alone.leaders < model.leaders
    assert all(one.spread < model.spread for one in others)


def test_the_figure_has_a_line_for_every_figure_of_a_claim(card: Scorecard) -> None:
    figure = validation.scorecard_figure(card)
    claims = [row for row in card.rows if row.section in ("calibrated", "held out")]
    heights = [abs(np.diff(ax.get_ylim())[0]) for ax in figure.axes]
    assert sum(heights) == sum(len(row.lines) for row in claims)
    assert "seed 1" in figure.caption.lower()
    assert "organisations" in figure.caption


def test_the_engine_reaches_the_limits_it_is_shown_with() -> None:
    rows = limits.limit_rows(3, ("vendor",))
    assert [row.name for row in rows] == list(limits.LIMITS)
    assert all(row.worst == "holds" for row in rows)


def test_files_are_written_together(card: Scorecard, tmp_path: Path) -> None:
    small = card._replace(rows=[row for row in card.rows if row.name in ("C43", "C37")])
    written = validation.save(small, tmp_path / "there")
    assert [one.suffix for one in written] == [".html", ".csv", ".svg", ".png"]
    assert pd.read_csv(written[1])["name"].unique().tolist() == [row.name for row in small.rows]
    (tmp_path / "file").write_text("")
    with pytest.raises(AdoptionError, match="cannot write the scorecard"):
        validation.save(small, tmp_path / "file")


def test_what_is_finished_of_a_scorecard_is_what_it_would_have_been(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, card: Scorecard
) -> None:
    names = list(study.EXPERIMENTS)[:2]
    sets = {"vendor": [{}, {"peer_weight": 2.0}], "literature": [{}, {"peer_weight": 3.0}]}
    whole = validation.validate(Size(2, 4, 2), 1, sets=sets, names=(names[0],))
    real = study.EXPERIMENTS[names[1]]
    calls: list[int] = []

    def interrupted(asked: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(asked)

    monkeypatch.setitem(study.EXPERIMENTS, names[1], interrupted)
    with pytest.raises(validation.PartOfScorecardError, match="1 of 2 patterns") as caught:
        validation.validate(Size(2, 4, 2), 1, sets=sets, names=tuple(names))
    file = validation.save_part(caught.value.card, tmp_path)
    assert file is not None
    assert pd.read_csv(file).equals(pd.read_csv(validation.save(whole, tmp_path / "whole")[1]))
