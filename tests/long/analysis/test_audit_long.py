"""What takes long of ``analysis/test_audit.py``."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from test_audit import SMALL, WHO, catalogue_with, entry

from analysis.cli import adopt
from analysis.studies.audit import audit, offences
from sim.scenario import read_catalogue
from sim.scenario.folders import library_of
from sim.study import tables


def test_a_measure_without_hours_says_who_does_the_work(tmp_path: Path) -> None:
    folder = catalogue_with(tmp_path, posters=entry(), hung=entry(unstaffed=WHO))
    with library_of(folder):
        found = audit(("posters", "hung", "vision"), runs=2, changes=SMALL)
    assert [one.measure for one in offences(found)] == ["posters"]
    assert "takes no hour" in str(offences(found))


def test_the_catalogue_tells_who_works_instead(tmp_path: Path) -> None:
    with library_of(catalogue_with(tmp_path, posters=entry(unstaffed=WHO))):
        tables.costs_of_a_year.cache_clear()
        try:
            for lang, words in (("en", "printer hangs"), ("nl", "drukker hangt")):
                told = CliRunner().invoke(adopt, ["catalogue", "posters", "--lang", lang])
                assert words in told.output
        finally:
            tables.costs_of_a_year.cache_clear()


def test_an_absurd_effect_in_a_catalogue_of_ones_own_is_found(tmp_path: Path) -> None:
    """The same entry as shipped, but for an effect of which nobody has ever heard."""
    film = read_catalogue()["vision"].model_dump(mode="json", exclude_none=True)
    film["pushes"] = {"relief_competence": 0.9, "relief_status": 0.9, "training": 4.0}
    with library_of(catalogue_with(tmp_path, vision=film)):
        found = audit(runs=4, changes=SMALL)
    assert found.whole
    guilty = [one for one in offences(found) if one.measure == "vision"]
    assert {"alone" in one.text for one in guilty} == {True, False}
    with_strong = {**film, "sources": ["L31: a trial", *film["sources"]]}
    with library_of(catalogue_with(tmp_path / "again", vision=with_strong)):
        lifted = audit(("vision",), runs=4, changes=SMALL)
    assert lifted.table.loc[("vision", "alone"), "grade"] == "A"
    alone = ("vision", "alone")
    assert lifted.table.loc[alone, "points"] == found.table.loc[alone, "points"]
