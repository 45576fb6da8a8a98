"""What is finished of a study is kept, and the same command goes on from it to the same bytes."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from analysis import cli
from analysis.results import pieces as page
from analysis.results.pieces import Pieces
from analysis.studies import patterns, robustness, validation
from analysis.studies.claims import study as held
from analysis.studies.robustness import study as theories
from analysis.studies.validation import Size
from analysis.studies.validation import study as scorecard


class Pair(NamedTuple):
    label: str
    values: Any


NUMBERS = [0.1 + 0.2, -0.0, 5e-324, 1.7976931348623157e308, math.inf, 1 / 3, 7, True, None]


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, without what is only there until the end."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def kept(folder: Path, numbers: range, settings: Any = "a", told: list[str] | None = None) -> Any:
    """Return what a study of squares gives, and how many of them were worked out anew."""
    worked: list[int] = []

    def work(number: int) -> Pair:
        worked.append(number)
        return Pair(str(number), np.array([number / 3, math.nan]))

    def back(one: Any) -> Pair:
        return Pair(one[0], np.array(one[1], dtype=float))

    there = Pieces(folder, settings, [].append if told is None else told.append)
    found = dict(there.over("piece", work, numbers, back))
    return {number: (one.label, one.values.tobytes()) for number, one in found.items()}, worked


# --- A piece -------------------------------------------------------------------------------


def test_a_number_comes_back_as_it_was_to_the_last_bit(tmp_path: Path) -> None:
    luck = np.random.default_rng(1).random(1000)
    Pieces(tmp_path).put("one", Pair("x", [*NUMBERS, luck]))
    label, [*values, array] = Pieces(tmp_path).found["one"]
    assert label == "x"
    assert repr(values) == repr(NUMBERS)
    assert np.array(array).tobytes() == luck.tobytes()
    Pieces(tmp_path).put("none", math.nan)
    assert math.isnan(Pieces(tmp_path).found["none"])


def test_only_what_is_lacking_is_worked_out_and_the_bar_begins_at_what_is_there(
    tmp_path: Path,
) -> None:
    whole, worked = kept(tmp_path / "whole", range(6))
    assert sorted(worked) == list(range(6))
    kept(tmp_path, range(4))
    (tmp_path / "piece-1.json").unlink()
    again, worked = kept(tmp_path, range(6))
    assert sorted(worked) == [1, 4, 5]
    assert {number: again[number] for number in range(6)} == whole
    bar: list[tuple[int, int]] = []
    there = Pieces(tmp_path, "a")
    list(there.over("piece", lambda n: n, range(8), lambda one: one, lambda *at: bar.append(at)))
    assert bar == [(6, 8), (7, 8), (8, 8)]


@pytest.mark.parametrize(
    "harm",
    [
        lambda content: content[:-1],
        lambda content: content.replace(b"0.333", b"0.334"),
        lambda content: b"",
        lambda content: b"\xff\n",
        lambda content: content.replace(b"piece-1", b"piece-2"),
    ],
)
def test_a_damaged_piece_is_said_and_worked_out_again(
    tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    whole, _ = kept(tmp_path, range(3))
    path = tmp_path / "piece-1.json"
    path.write_bytes(harm(path.read_bytes()))
    told: list[str] = []
    again, worked = kept(tmp_path, range(3), told=told)
    assert worked == [1] and again == whole
    assert len(told) == 1 and f"{path}: damaged" in told[0]
    assert kept(tmp_path, range(3)) == (whole, [])


def test_other_settings_and_other_code_do_not_mix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(tmp_path, range(2), {"seed": 1})
    told: list[str] = []
    assert kept(tmp_path, range(2), {"seed": 2}, told)[1] == [0, 1]
    assert len(told) == 2 and all("other code or settings" in one for one in told)
    monkeypatch.setattr(page, "code_in_use", lambda: "other")
    assert kept(tmp_path, range(2), {"seed": 2})[1] == [0, 1]
    assert kept(tmp_path, range(2), {"seed": 2})[1] == []


def test_where_nothing_can_be_written_the_study_goes_on_and_says_so_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    told: list[str] = []
    found, worked = kept(tmp_path / "file" / "below", range(3), told=told)
    assert len(found) == len(worked) == 3
    assert len(told) == 1 and "is not kept" in told[0]


# --- The commands --------------------------------------------------------------------------


class Ended(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def adopt(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Ended]]:
    """Return how to run a command in a folder of its own."""

    def run(line: str, folder: str) -> Ended:
        (tmp_path / folder).mkdir(exist_ok=True)
        monkeypatch.chdir(tmp_path / folder)
        monkeypatch.setattr(sys, "argv", ["adopt", *line.split()])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Ended(int(ended.value.code or 0), *capsys.readouterr())

    return run


def stopped(real: Callable[..., Any], after: int) -> Callable[..., Any]:
    """Return a function that is interrupted, as by Ctrl-C, when it was called so often."""
    calls: list[int] = []

    def work(*given: Any) -> Any:
        calls.append(1)
        if len(calls) > after:
            raise KeyboardInterrupt
        return real(*given)

    return work


def test_patterns_go_on_from_those_that_are_finished(
    adopt: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "patterns P7 P8 P9 --runs 4 --json"
    whole = adopt(line, "whole")
    with monkeypatch.context() as patch:
        real = patterns.EXPERIMENTS["P9"]
        patch.setitem(patterns.EXPERIMENTS, "P9", stopped(real, 0))
        cut = adopt(line, "cut")
    assert cut.code == cli.INTERRUPTED
    assert "2 of 3 patterns are finished; the same command goes on from there" in cut.err
    [unfinished] = (tmp_path / "cut").rglob("*-unfinished")
    assert {path.name for path in unfinished.iterdir()} == {"P7.json", "P8.json"}
    for name in ("P7", "P8"):  # not simulated again
        monkeypatch.setitem(patterns.EXPERIMENTS, name, stopped(print, 0))
    assert adopt("patterns P7 P8 P9 --runs 5", "cut").code == cli.INTERRUPTED
    again = adopt(line, "cut")
    assert "going on from 2 of 3 patterns" in again.err
    assert (again.code, again.out) == (0, whole.out)
    assert files(tmp_path / "cut") == files(tmp_path / "whole")


THEORIES = (
    "robustness baseline leadership --set organisation.employees=30 --set simulation.months=6 "
    "--month 6 --organisations 3 --combinations 1 --evidence shipped --json"
)


@pytest.mark.parametrize("after", [0, 3, 9])
def test_theories_go_on_from_those_that_are_finished(
    adopt: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(robustness, "expected_seconds", lambda *_: 60.0)
    whole = adopt(THEORIES, "whole")
    with monkeypatch.context() as patch:
        patch.setattr(theories, "_under", stopped(theories._under, after))
        cut = adopt(THEORIES, "cut")
    assert cut.code == cli.INTERRUPTED and "the same command goes on from there" in cut.err
    there = len(list((tmp_path / "cut").rglob("unfinished/*.json")))
    assert there <= after
    left = 18 - there
    monkeypatch.setattr(theories, "_under", stopped(theories._under, left))
    again = adopt(THEORIES, "cut")
    assert (f"going on from {there} of 18 pairs" in again.err) == (there > 0)
    assert (again.code, again.out) == (0, whole.out)
    assert files(tmp_path / "cut") == files(tmp_path / "whole")


SETS = {"vendor": [{}, {"peer_weight": 2.0}], "literature": [{}, {"peer_weight": 3.0}]}


def test_a_scorecard_goes_on_from_what_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def card(folder: Path) -> Any:
        there = Pieces(folder / "unfinished", SETS)
        found = scorecard.validate(
            Size(2, 4, 2), 1, sets=SETS, names=("P7", "P8", "C43"), pieces=there
        )
        validation.save(found, folder)
        there.remove()
        return found

    whole = card(tmp_path / "whole")
    real = held.simulated_claims

    def first_set_only(*given: Any, **named: Any) -> Any:
        if named["label"] == "claims-literature":
            raise KeyboardInterrupt
        return real(*given, **named)

    with monkeypatch.context() as patch:
        patch.setitem(scorecard.EXPERIMENTS, "P8", stopped(scorecard.EXPERIMENTS["P8"], 1))
        with pytest.raises(validation.PartOfScorecardError, match="1 of 2 patterns"):
            card(tmp_path / "cut")
    assert len(list((tmp_path / "cut" / "unfinished").iterdir())) == 3
    with monkeypatch.context() as patch:
        patch.setattr(held, "simulated_claims", first_set_only)
        with pytest.raises(validation.PartOfScorecardError, match="2 of 2 patterns"):
            card(tmp_path / "cut")
    assert len(list((tmp_path / "cut" / "unfinished").iterdir())) == 6
    bar: list[float] = []
    again = scorecard.validate(
        Size(2, 4, 2),
        1,
        lambda done, *_: bar.append(done),
        SETS,
        ("P7", "P8", "C43"),
        pieces=Pieces(tmp_path / "cut" / "unfinished", SETS),
    )
    assert repr(again._replace(seconds=0.0)) == repr(whole._replace(seconds=0.0))
    assert bar == sorted(bar) and bar[0] > 0.6
    card(tmp_path / "cut")
    assert files(tmp_path / "cut") == files(tmp_path / "whole")


def test_rivals_come_back_as_they_were(tmp_path: Path) -> None:
    from analysis.studies.validation.nulls import Rival

    one = [Rival("a", "b", 0.1, 0.2, 0.3, math.nan, 0.4, 1 / 3, {"shift": 2.25})]
    Pieces(tmp_path).once("rivals", lambda: one, list)
    read = Pieces(tmp_path).once("rivals", list, lambda them: [Rival(*each) for each in them])
    assert repr(read) == repr(one)
