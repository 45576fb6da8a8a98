"""Every command does what it is for when only the wheel is installed, in a folder that is empty."""

from __future__ import annotations

import re
import shutil
import signal
import time
from typing import Final

import pytest

from .conftest import ROOT, Installed

DONE: Final[dict[str, list[str]]] = {
    "new": ["new acme"],
    "people": ["people people.csv ties.csv"],
    "diagnosis": ["diagnosis --lang nl", "diagnosis --answers weak,fair,strong"],
    "questionnaire": ["questionnaire --lang nl", "questionnaire --write answers.csv"],
    "validate-scenario": ["validate-scenario acme.yaml acme-licences.yaml baseline"],
    "scenarios": ["scenarios council"],
    "catalogue": ["catalogue training --lang nl"],
    "use-cases": ["use-cases"],
    "kpis": ["kpis adoption"],
    "parameters": ["parameters champion"],
    "evidence": ["evidence C43 L12"],
    "schema": ["schema", "schema --experiment --write experiment.json"],
    "limits": ["limits"],
    "model": ["model", "model --figure month"],
    "odd": ["odd", "odd --write ODD.md"],
    "engine": ["engine", "engine --c engine.c"],
    "costs": ["costs acme.yaml full-programme"],
    "compare": ["compare acme-licences.yaml acme.yaml --runs 4 --name two --by role"],
    "run": ["run baseline --runs 4 --events --by department"],
    "results": ["results"],
    "rerun": ["rerun {two}"],
    "report": ["report results/two --quick --format all --lang nl"],
    "export": ["export {two} --to csv", "export {two} --to xlsx"],
    "sweep": ["sweep network-kinds --dry-run", "sweep few.yaml --engine processes --workers 2"],
    "show": ["show results/sweeps/few"],
    "network": ["network champions --runs 2"],
    "network-test": ["network-test ties.csv use-by-person.csv --nulls 100 --lang nl"],
    "champions": ["champions baseline --runs 2"],
    "pairing": ["pairing champions baseline --runs 10"],
    "explain": ["explain acme.yaml --against acme-licences.yaml --runs 4 --lang nl"],
    "next-euro": ["next-euro acme.yaml --runs 4"],
    "frontier": ["frontier acme.yaml --budget 40000 --set organisation.employees=30"],
    "forecast": ["forecast leadership --observed use.csv --particles 1000 --under vendor"],
    "events": ["events bad-news --lang nl"],
    "play": ["play --debrief north.yaml --others 4 --lang nl"],
    "audit": ["audit training --runs 8 --write audit.png"],
    "bands": ["bands T01 --runs 2"],
    "ties": ["ties --runs 2"],
    "patterns": ["patterns P5 --runs 3"],
    "posterior": ["posterior literature"],
    "validate": ["validate P5 --vectors 2 --organisations 4"],
    "robustness": ["robustness baseline leadership --vectors 1 --organisations 2 --combinations 0"],
    "risk": ["risk baseline leadership --vectors 2 --organisations 2 --cases 20"],
    "sensitivity": [
        "sensitivity champions --against baseline --method morris --only --also peer_weight "
        "--trajectories 2 --organisations 2"
    ],
    "bench": ["bench --quick"],
}
"""What is tried of each command, in an order in which one finds what another has written."""

SERVED: Final[dict[str, str]] = {"app": "app --no-browser", "mesa": "mesa --no-browser"}
"""Commands that go on until they are stopped."""

INTERRUPTED: Final[dict[str, str]] = {"calibrate": "calibrate --quick --set literature"}
"""Commands that take minutes at least: they are begun, and interrupted by Ctrl-C."""

FEW_POINTS: Final = """\
title: A few points
scenarios: [baseline, champions]
factors: {organisation.employees: [25, 40]}
organisations: 2
"""


@pytest.fixture(scope="module")
def place(installed: Installed) -> Installed:
    """Return the folder with what somebody brings along: their people, and an experiment."""
    for name in ("people.csv", "ties.csv", "use.csv", "use-by-person.csv"):
        shutil.copy(ROOT / "docs" / "examples" / name, installed.folder)
    shutil.copy(ROOT / "docs" / "examples" / "games" / "north.yaml", installed.folder)
    (installed.folder / "few.yaml").write_text(FEW_POINTS)
    return installed


def words_of(line: str, place: Installed) -> list[str]:
    """Return the words of a line; ``{two}`` is the folder of the comparison of that name."""
    if "{two}" in line:
        (two,) = (place.folder / "results" / "two").iterdir()
        line = line.replace("{two}", str(two.relative_to(place.folder)))
    return line.split()


def test_every_command_is_tried(place: Installed) -> None:
    code, said = place.do("adopt", "--help")
    assert code == 0, said
    listed = said.partition("Commands:")[2].partition("Examples:")[0]
    there = set(re.findall(r"^  ([a-z][a-z-]*)  ", listed, re.M))
    assert there == {*DONE, *SERVED, *INTERRUPTED}


@pytest.mark.parametrize("line", [one for lines in DONE.values() for one in lines], ids=str)
def test_it_does_what_it_is_for(place: Installed, line: str) -> None:
    code, said = place.do("adopt", *words_of(line, place))
    assert code == 0, said
    assert said.strip()
    assert "Traceback" not in said
    assert str(ROOT) not in said


@pytest.mark.parametrize("line", SERVED.values(), ids=list(SERVED))
def test_it_serves_until_it_is_stopped(place: Installed, line: str) -> None:
    running = place.start("adopt", *line.split())
    assert running.stdout is not None
    said = ""
    for one in running.stdout:
        said += one
        if "http://127.0.0.1" in one:
            running.send_signal(signal.SIGTERM)
            break
    rest, _ = running.communicate(timeout=60)
    assert "http://127.0.0.1" in said, said + rest
    assert "Traceback" not in said + rest


@pytest.mark.parametrize("line", INTERRUPTED.values(), ids=list(INTERRUPTED))
def test_it_begins_and_can_be_interrupted(place: Installed, line: str) -> None:
    running = place.start("adopt", *line.split())
    begun = place.folder / "results" / "calibration"
    until = time.monotonic() + 120
    while not any(begun.rglob("*.csv")) and running.poll() is None and time.monotonic() < until:
        time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=120)
    assert running.returncode == 130, said
    assert "run it again to go on" in said


def test_the_project_itself_was_not_used(place: Installed) -> None:
    code, said = place.do("python", "-c", "import analysis, sim; print(sim.__file__)")
    assert code == 0, said
    assert str(ROOT) not in said
