"""What happens where a folder of the user's is called as a package of this project is."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Installed


@pytest.fixture(params=["sim", "analysis"])
def theirs(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a folder with a package of the user's that is called as one of ours."""
    page: Path = tmp_path / str(request.param) / "__init__.py"
    page.parent.mkdir()
    page.write_text("MINE = True\n")
    return page


def test_the_command_takes_its_own(installed: Installed, theirs: Path) -> None:
    folder = theirs.parents[1]
    code, said = installed.do(
        "adopt", "compare", "baseline", "leadership", "--runs", "2", folder=folder
    )
    assert code == 0, said


@pytest.mark.parametrize("by", ["the path", "python -m"])
def test_it_says_which_it_found_and_which_it_expected(
    installed: Installed, theirs: Path, by: str
) -> None:
    folder = theirs.parents[1]
    if by == "the path":
        code, said = installed.do("adopt", "scenarios", folder=folder, PYTHONPATH=str(folder))
    else:
        code, said = installed.do("python", "-m", "ai_adoption", "scenarios", folder=folder)
    assert code == 1
    assert said.startswith(f"error: another package is called '{theirs.parent.name}'")
    assert str(theirs) in said
    assert str(installed.bin.parent) in said
    assert len(said.splitlines()) == 1


def test_a_program_of_theirs_is_told_so_when_it_asks_for_analysis(
    installed: Installed, tmp_path: Path
) -> None:
    (tmp_path / "sim.py").write_text("MINE = True\n")
    code, said = installed.do("python", "-c", "import analysis", folder=tmp_path)
    assert code == 1
    assert "ImportError: another package is called 'sim'" in said
    assert str(tmp_path / "sim.py") in said


def test_a_program_of_theirs_gets_their_package(installed: Installed, tmp_path: Path) -> None:
    """Python looks beside the program first: no code of this project runs that could say so."""
    (tmp_path / "sim.py").write_text("MINE = True\n")
    code, said = installed.do("python", "-c", "import sim; print(sim.MINE)", folder=tmp_path)
    assert (code, said) == (0, "True\n")


def test_a_folder_without_programs_is_no_package(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "sim").mkdir()
    (tmp_path / "analysis").mkdir()
    code, said = installed.do("python", "-c", "import analysis, sim; sim.load", folder=tmp_path)
    assert code == 0, said
