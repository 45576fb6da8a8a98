"""Every figure says how many organisations and runs it rests on, which seed, and what a band means."""

from __future__ import annotations

import ast
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from parts import few

import analysis
from analysis.decisions.explain import explain
from analysis.decisions.goal import Goal
from analysis.figures.curves import adoption_curves
from analysis.figures.frame import Picture
from analysis.figures.groups import group_figure
from analysis.network import champions
from analysis.network.picture import network_picture
from analysis.results.estimates import Estimate
from analysis.studies import sensitivity
from analysis.studies.audit import Audit, audit_figure
from analysis.studies.bands import study as bands
from analysis.studies.calibration import figure as figures
from analysis.studies.calibration import members
from analysis.studies.claims.experiments import agenda
from analysis.studies.claims.figure import claims_figure
from analysis.studies.claims.study import claims
from analysis.studies.patterns.figure import patterns_figure
from analysis.studies.patterns.findings import Finding, Shown
from analysis.studies.sensitivity import figure as sensitivity_figures
from analysis.studies.sensitivity.replicates import settled
from analysis.studies.sensitivity.replicates_figure import stability_figure
from analysis.studies.ties import study
from analysis.studies.ties.figure import ties_figure
from analysis.studies.validation.figure import scorecard_figure
from analysis.studies.validation.rows import Line, Row
from analysis.studies.validation.study import Scorecard, Size
from sim.scenario import read_scenario
from sim.study import posteriors
from sim.study.experiments import compare
from sim.study.posteriors import calibrated

SHORT = {"simulation.months": 8, "organisation.employees": 60}


def curves(*names: str, runs: int = 6) -> Picture:
    """Return the figure of ``adopt compare``."""
    return adoption_curves(compare([read_scenario(one).changed(SHORT) for one in names], runs, 3))


def groups(*names: str, runs: int = 6) -> Picture:
    """Return a figure of ``adopt compare --by``."""
    scenarios = [read_scenario(one).changed(SHORT) for one in names]
    return group_figure(compare(scenarios, runs, 3, by=["archetype"]), "archetype")


def network(name: str, **changes: object) -> Picture:
    """Return the figure of ``adopt network``."""
    return network_picture(read_scenario(name).changed(changes), seed=3)


def ways_of_choosing() -> Picture:
    """Return the figure of ``adopt champions``."""
    result = compare(champions.variants(read_scenario("baseline").changed(SHORT)), 6, 3)
    return champions.picture(champions.table(result, 8), result, 8)


def patterns() -> Picture:
    """Return the figure of ``adopt patterns``."""
    found = [Finding("spread over rush", 2.0, 1.0, 3.0)]
    return patterns_figure([Shown("P4", found, "points", 0.0, "holds", "Spread is ahead.")], 6, 3)


def posterior(draw: Callable[[Sequence[str]], Picture]) -> Picture:
    """Return a figure of ``adopt posterior``, of vectors made up here."""
    rng = np.random.default_rng(3)
    vectors = pd.DataFrame(
        {name: rng.uniform(low, high, 30) for name, (low, high) in calibrated().items()}
    )
    vectors["ease_weight"] = vectors["usefulness_weight"]  # two that are known only together
    aim = {"name": "C09.difference", "expected": 0.3, "low": 0.2, "high": 0.4}
    origin = {
        "vectors": 30,
        "size": {"pairs": 6},
        "seed": 3,
        "central": vectors.median().to_dict(),
        "figures": [{**aim, "mean": 0.3, "kept_low": 0.25, "kept_high": 0.35}],
    }
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vendor.csv"
        vectors.to_csv(path, index=False)
        path.with_suffix(".json").write_text(json.dumps(origin), "utf-8")
        patch.setattr(posteriors, "posterior_file", lambda evidence: path)
        return draw(["vendor"])


def family() -> Picture:
    """Return the figure of the family of models, of two members made up here."""
    curves = {scenario: [0.0] * 25 for scenario in members.PANELS}
    one = {"reached": 1, "of": 2, "inside": 1, "bands": {"T01": 0.5}, "curves": curves}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bands, "RUNS", 6)
        patch.setattr(bands, "SEED", 3)
        return members.family_figure({"first version": one, "all four": {**one, "reached": 2}})


def asked() -> sensitivity.Simulator:
    """Return what the studies of sensitivity look at here."""
    base, other = (read_scenario(one).changed(SHORT) for one in ("baseline", "leadership"))
    return sensitivity.simulator([other], base, month=8, organisations=6, seed=3)


def screening() -> Picture:
    """Return the figure of ``adopt sensitivity --method morris``."""
    return _study(sensitivity.morris_design(_factors(), 2, 3), sensitivity_figures.morris_figure)


def variance() -> Picture:
    """Return the figure of ``adopt sensitivity``."""
    return _study(sensitivity.sobol_design(_factors(), 4, 3), sensitivity_figures.sobol_figure)


def _factors() -> list[sensitivity.Factor]:
    return sensitivity.chosen_factors(["parameters.peer_weight=0..4"], ["start_rate"], True)


def _study(design: sensitivity.Design, draw: Callable[[sensitivity.Found], Picture]) -> Picture:
    with tempfile.TemporaryDirectory() as folder:
        return draw(sensitivity.investigate(asked(), design, Path(folder)))


def replicates() -> Picture:
    """Return the figure of ``adopt sensitivity --replicates``."""
    luck = np.random.default_rng(3).normal(10.0, 4.0, (2, 60))
    gain = asked().outcomes[1]
    found = settled(gain, luck[0] - luck[1], 1.0, (luck[0], luck[1]), np.array([4.0, 6.0]), seed=3)
    return stability_figure([found], asked(), 1.0)


def scorecard() -> Picture:
    """Return the figure of ``adopt validate``, of a claim made up here."""
    found = {"vendor": Estimate(0.3, 0.2, 0.4)}
    line = Line("difference", "+28", (0.28, 0.2, 0.36), 0.0, found, {"vendor": "+30"}, {})
    row = Row("held out", "C44", "Champions", "report", "E", (), (line,), {"vendor": "holds"}, "")
    origin = {"vectors": {"vendor": 4}, "continuations": 30}
    return scorecard_figure(Scorecard([row], {"vendor": []}, {}, Size(4, 6, 3), 3, origin, 0.0))


def claimed() -> Picture:
    """Return the figure of the claims, of one of them."""
    return claims_figure(claims(agenda(("C44",)), {"vendor": [{}, {}]}, 6, 3))


def prices() -> Picture:
    """Return the figure of ``adopt audit``, of two measures made up here."""
    row = {"points": 1.0, "low": 0.5, "high": 1.5, "euro": 10_000.0, "hours": 50.0,
           "per_euro": 1.0, "per_hours": 2.0, "grade": "D", "staffed": True}  # fmt: skip
    index = pd.MultiIndex.from_product(
        [["training", "vision"], ["alone", "last"]], names=["measure", "base"]
    )
    return audit_figure(Audit(pd.DataFrame([row] * 4, index), 6, 3, 24, False))


FIGURES: dict[str, Callable[[], Picture]] = {
    "figures.curves.adoption_curves": lambda: curves("baseline", "leadership"),
    "figures.curves.adoption_curves, one scenario": lambda: curves("baseline"),
    "figures.curves.adoption_curves, one run": lambda: curves("baseline", "leadership", runs=1),
    "figures.curves.adoption_curves, many": lambda: curves(
        "baseline", "leadership", "champions", "continuous", "front-loaded", "full-programme"
    ),
    "figures.groups.group_figure": lambda: groups("baseline", "leadership"),
    "figures.groups.group_figure, one scenario": lambda: groups("baseline"),
    "figures.groups.group_figure, one run": lambda: groups("baseline", "leadership", runs=1),
    "network.picture.network_picture": lambda: network("champions"),
    "network.picture.network_picture, departments": lambda: network(
        "baseline", **{"organisation.employees": 1600}
    ),
    "network.champions.picture": ways_of_choosing,
    "decisions.explain_figure.explain_figure": lambda: explain(
        read_scenario("leadership-champions").changed(SHORT),
        goal=Goal("adoption", 3),
        runs=6,
        seed=3,
    ).figure(),
    "studies.patterns.figure.patterns_figure": patterns,
    "studies.validation.figure.scorecard_figure": scorecard,
    "studies.audit.figure.audit_figure": prices,
    "studies.claims.figure.claims_figure": claimed,
    "studies.ties.figure.ties_figure": lambda: ties_figure(
        study.ties(read_scenario("on-request").changed(SHORT), 6, 3)
    ),
    "studies.sensitivity.figure.morris_figure": screening,
    "studies.sensitivity.figure.sobol_figure": variance,
    "studies.sensitivity.replicates_figure.stability_figure": replicates,
    "studies.calibration.figure.identified_figure": lambda: posterior(figures.identified_figure),
    "studies.calibration.members.family_figure": family,
    "studies.calibration.figure.reached_figure": lambda: posterior(figures.reached_figure),
    "studies.calibration.figure.tied_figure": lambda: posterior(figures.tied_figure),
}


WITHOUT_RUNS = {"figures.frame.compose", "model.picture.month_picture"}
"""Lays out others' figures; and is drawn from the rules, in which nothing is simulated."""


def drawn_by() -> set[str]:
    """Return every public function of the package that draws a figure."""
    root = Path(analysis.__file__).parent
    return {
        ".".join([*page.relative_to(root).with_suffix("").parts, one.name])
        for page in root.rglob("*.py")
        for one in ast.parse(page.read_text("utf-8")).body
        if isinstance(one, ast.FunctionDef)
        and not one.name.startswith("_")
        and getattr(one.returns, "id", "") == "Picture"
    }


def test_the_caption_of_every_figure_there_is_is_looked_at() -> None:
    """Here, or by a test of its own that draws the figure and reads its caption."""
    pages = [page.read_text("utf-8") for page in Path(__file__).parents[1].rglob("test_*.py")]
    lessons = {name for name in drawn_by() if name.startswith("lessons.")}  # say it in their titles
    for name in drawn_by() - {one.split(",")[0] for one in FIGURES} - WITHOUT_RUNS - lessons:
        function = name.split(".")[-1]
        assert any(f"{function}(" in page and ".caption" in page for page in pages), name


@pytest.mark.parametrize("name", few(FIGURES, 3))
def test_a_figure_says_runs_organisations_seed_and_what_its_band_means(name: str) -> None:
    figure = FIGURES[name]()
    texts = [str(one.get_text()) for one in figure.findobj(Text)]
    told = " ".join(" ".join(texts).split())
    assert " ".join(figure.caption.split()) in told, "the caption is not drawn"
    assert re.search(r"\b(6|60|One|one) organisations?\b", figure.caption)
    assert re.search(r"\bruns?\b", figure.caption)
    assert re.search(r"\b[Ss]eed 3\b", figure.caption)
    assert re.search(
        r"95 ?% interval|10-90 % of organisations|(central|middle) 90 %|[Nn]o band|correlation",
        figure.caption,
    )


def test_a_band_that_is_drawn_is_explained_and_one_that_is_not_is_not() -> None:
    several, alone = (FIGURES[f"figures.groups.group_figure{end}"]() for end in ("", ", one run"))
    assert "No band" in several.caption
    assert "10-90 %" not in several.caption + alone.caption
    assert "mean of" not in alone.caption
