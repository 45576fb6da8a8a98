"""The version is the same everywhere, and the changelog knows what code and numbers it stands for."""

from __future__ import annotations

import re
from importlib import metadata

import sim
from tests.versions import CHANGELOG, ROOT, finished, row, rows, version

TOLD = CHANGELOG.read_text("utf-8")


def test_the_version_is_the_same_everywhere() -> None:
    assert metadata.version("ai-adoption") == version()
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    (cited,) = re.findall(r"^version: (.+)$", citation, re.M)
    headings = re.findall(r"^## (\d[^,\n]*), (\d{4}-\d{2}-\d{2})$", TOLD, re.M)
    if finished(version()):
        assert (version(), *re.findall(r"^date-released: (.+)$", citation, re.M)) == headings[0]
    assert cited == headings[0][0]


def test_the_changelog_says_which_code_and_numbers_this_version_is() -> None:
    if finished(version()):
        assert rows(TOLD)[0] == row(), "bash .ci/generate writes it anew"


def test_every_version_has_one_row_and_a_heading() -> None:
    named = [one.split("|")[1].strip() for one in rows(TOLD)]
    headings = re.findall(r"^## (\d[^,\n]*),", TOLD, re.M)
    assert named == [one for one in headings if finished(one)]


def test_the_version_does_not_determine_a_fingerprint() -> None:
    result = sim.run("baseline", runs=1, seed=1)
    assert result.provenance["software"] == f"ai-adoption {version()}"
    assert version() not in {str(one) for one in result.provenance["hashes"].values()}
