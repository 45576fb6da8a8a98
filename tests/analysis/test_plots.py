"""What the figure promises: nothing overlaps, nothing is left unsaid, the same bytes each time."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

from analysis.figures import theme
from analysis.figures.curves import Picture, adoption_curves, save_figure
from analysis.results.colours import PALETTE, REFERENCE, colours_of
from sim import kpis
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario, Simulation, Tool
from sim.study.results import Result

LONG = "The best-connected eight percent of colleagues, $5 or $6 a day & two hours, as champions"
HYPHENS = "champions-without-protected-time-or-recognition-chosen-by-their-own-managers"


def made(
    levels: dict[str, float],
    runs: int = 20,
    months: int = 24,
    go_live: int = 1,
    spread: float = 0.1,
) -> Result:
    """Return a result whose curves rise to these levels, alike in all organisations but for luck."""
    rng = np.random.default_rng(5)
    luck = rng.normal(0.0, spread, (runs, 1))
    calendar = np.arange(months + 1)
    scenarios, measured = {}, {}
    for k, (title, level) in enumerate(levels.items()):
        name = f"scenario-{k}"
        scenarios[name] = Scenario(
            name=name, title=title, tool=Tool(go_live=go_live), simulation=Simulation(months=months)
        )
        rise = 1.0 - np.exp(-np.maximum(0, calendar - go_live + 1) / 3.0)
        own = rng.normal(0.0, 0.2 * spread, (runs, 1))
        measured[name] = np.zeros((runs, months + 1, kpis.COUNT))
        measured[name][:, :, 0] = np.clip((level + luck + own) * rise, 0.0, 1.0)
    return Result(scenarios, measured, seed=7, asked=runs)


FOUR = {"Licences only": 0.36, "Leaders' example": 0.64, "Champions": 0.56, "Everything": 0.97}
CASES = {
    "one": made({"Licences only": 0.4}),
    "two": made({"Licences only": 0.4, "Champions": 0.6}),
    "four": made(FOUR),
    "four alike": made({f"Variant {k}": 0.5 for k in range(4)}),
    "eight": made({f"Variant {k}": 0.3 + 0.001 * k for k in range(7)} | {LONG: 0.9}),
    "eight long": made({f"{k} {LONG}": 0.5 for k in range(8)}),
    "hyphens": made({"Licences only": 0.4, HYPHENS: 0.6, "x" * 100: 0.7}),
    "one organisation": made(FOUR, runs=1),
    "two organisations": made(FOUR, runs=2),
    "nobody": made({"Licences only": 0.0, "Champions": 0.0}, spread=0.0),
    "everybody": made({"Licences only": 1.0, "Champions": 1.0}, spread=0.0),
    "six months": made(FOUR, months=6),
    "one month": made(FOUR, months=1),
    "sixty months": made(FOUR, months=60, go_live=50),
}


def said(figure: Picture) -> str:
    """Return everything that is written on a figure."""
    return " ".join(one.get_text() for one in figure.findobj(Text) if isinstance(one, Text))


# --- Nothing overlaps ----------------------------------------------------------------------


labels_to_place = st.lists(
    st.tuples(st.floats(-1.0, 11.0), st.floats(0.1, 0.6), st.floats(0.1, 0.6)),
    min_size=1,
    max_size=8,
)


@given(labels_to_place)
def test_labels_are_spread_without_overlap_inside_their_room_in_order(
    labels: list[tuple[float, float, float]],
) -> None:
    wanted, above, below = (np.array(column) for column in zip(*labels, strict=True))
    places = theme.spread(wanted, above, below, 0.0, 10.0)
    order = np.argsort(wanted, kind="stable")
    tops, bottoms = (places + above)[order], (places - below)[order]
    assert (bottoms[1:] >= tops[:-1] - 1e-9).all()
    assert bottoms[0] >= -1e-9
    assert tops[-1] <= 10.0 + 1e-9


@given(st.lists(st.integers(1, 19), min_size=1, max_size=8, unique=True))
def test_labels_that_are_apart_stay_where_they_are(wanted: list[int]) -> None:
    half = [0.4] * len(wanted)
    assert theme.spread(wanted, half, half, 0.0, 20.0) == pytest.approx(wanted)


def test_labels_that_would_touch_move_by_the_same_amount() -> None:
    assert theme.spread([5.0, 5.0], [0.5, 0.5], [0.5, 0.5], 0.0, 10.0) == pytest.approx([4.5, 5.5])


@settings(max_examples=50)
@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=200))
def test_wrapped_lines_fit_and_lose_nothing(text: str) -> None:
    lines = theme.wrap(text, 10, 2.0)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(theme.width_of(line, 10) <= 2.0 for line in lines)


def test_what_does_not_fit_the_lines_there_are_ends_in_an_ellipsis() -> None:
    lines = theme.wrap(LONG, 10, 2.0, most=2)
    assert len(lines) == 2
    assert lines[1].endswith("…")


# --- Nothing is left unsaid ----------------------------------------------------------------


def test_the_title_says_how_the_best_and_the_reference_end() -> None:
    result = CASES["four"]
    figure = adoption_curves(result)
    best, start = (
        f"{100 * result.curves(name, 'adoption')[:, -1].mean():.0f} %"
        for name in ("scenario-3", "scenario-0")
    )
    assert figure.message == (
        f"Weekly users at month 24: {best} with Everything, {start} with Licences only"
    )
    assert figure.message in said(figure).replace(",\n", ", ")


def test_the_title_does_not_claim_a_difference_there_is_not() -> None:
    rng = np.random.default_rng(1)
    result = made({"Licences only": 0.5, "Posters": 0.5})
    for values in result.measured.values():
        values[:, :, 0] = rng.random(values.shape[:2])
    message = adoption_curves(result).message
    assert message.endswith("no clear difference between Posters and Licences only")


def test_every_scenario_is_named_at_the_end_of_its_line_with_its_verdict() -> None:
    written = said(adoption_curves(CASES["four"]))
    for label in FOUR:
        assert written.count(label) >= 2
    assert "better in all" in written
    assert written.count("95 % interval") >= 3


def test_the_caption_says_what_is_shaded_how_many_and_what_made_it() -> None:
    result = CASES["four"]
    caption = adoption_curves(result).caption
    for part in (
        "20 organisations (runs)",
        "10-90 % of organisations",
        "of the mean difference",
        "same people and same luck",
        "what if, not a forecast",
        "Seed 7",
        result.fingerprint,
    ):
        assert part in caption


def test_one_organisation_has_no_band_and_says_so() -> None:
    figure = adoption_curves(CASES["one organisation"])
    assert "no band and no interval" in figure.caption
    assert not any(ax.collections for ax in figure.axes)


def test_other_people_are_said_to_be_others() -> None:
    result = made({"Licences only": 0.4, "Smaller": 0.6})
    scenarios = dict(result.scenarios)
    scenarios["scenario-1"] = scenarios["scenario-1"].changed({"organisation.employees": 60})
    figure = adoption_curves(Result(scenarios, result.measured, 7, 20))
    assert "Smaller: not the same people as Licences only" in figure.caption
    assert "same luck" not in figure.caption
    assert "not the same people" in said(figure)


def test_an_interrupted_study_says_so() -> None:
    whole = CASES["two"]
    part = Result(whole.scenarios, whole.measured, 7, asked=500)
    assert "Interrupted after 20 of 500 runs" in adoption_curves(part).caption


def test_go_live_is_marked_unless_it_is_the_first_month() -> None:
    assert "go-live" not in said(adoption_curves(CASES["two"]))
    assert "go-live" in said(adoption_curves(made(FOUR, go_live=5)))


def test_one_scenario_is_compared_with_nothing() -> None:
    assert len(adoption_curves(CASES["one"]).axes) == 1
    assert len(adoption_curves(CASES["two"]).axes) == 2


def test_the_reference_is_grey_and_can_be_chosen() -> None:
    figure = adoption_curves(CASES["four"], against="scenario-2")
    colours = colours_of(list(CASES["four"].scenarios), "scenario-2")
    assert colours["scenario-2"] == REFERENCE
    assert "Difference from Champions in the same organisation" in said(figure)


def test_months_of_different_scenarios_are_drawn_as_far_as_all_go() -> None:
    short, long = made({"Short": 0.4}, months=6), made({"Long": 0.5}, months=24)
    result = Result(
        {"short": short.scenarios["scenario-0"], "long": long.scenarios["scenario-0"]},
        {"short": short.measured["scenario-0"], "long": long.measured["scenario-0"]},
        1,
        20,
    )
    figure = adoption_curves(result)
    assert figure.axes[0].get_xlim() == (0, 6)
    assert "Shown to month 6" in figure.caption


def test_a_wrong_name_is_answered_with_the_right_ones() -> None:
    with pytest.raises(AdoptionError, match="no such scenario"):
        adoption_curves(CASES["two"], against="nobody")
    with pytest.raises(AdoptionError, match="no such KPI"):
        adoption_curves(CASES["two"], kpi="adoptoin")


# --- Everybody can read it -----------------------------------------------------------------

SEEN = {
    "all three cones": np.eye(3),
    "deuteranopia": np.array(
        [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]
    ),
    "protanopia": np.array(
        [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]
    ),
    "tritanopia": np.array(
        [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]
    ),
}
"""How colours are seen, on linear red, green and blue (Machado and others, 2009)."""


def lab(colour: str, seen: Array) -> Array:
    """Return lightness and hue of a colour as somebody sees it, in CIELAB."""
    srgb = np.array(theme.channels(colour))
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    x, y, z = np.cbrt(to_xyz @ np.clip(seen @ linear, 1e-3, 1.0) / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eyes", SEEN)
def test_colours_are_told_apart_by_everybody(eyes: str) -> None:
    for one, other in itertools.combinations([REFERENCE, *PALETTE], 2):
        apart = np.linalg.norm(lab(one, SEEN[eyes]) - lab(other, SEEN[eyes]))
        assert apart > 15.0, f"{one} and {other} look alike"


def test_letters_have_the_contrast_reading_needs() -> None:
    for colour in (REFERENCE, *PALETTE):
        assert theme.contrast_with_white(theme.readable(colour)) >= 4.5
    assert theme.contrast_with_white("#ffffff") == pytest.approx(1.0)
    assert theme.contrast_with_white("#000000") == pytest.approx(21.0)


# --- Files ---------------------------------------------------------------------------------


def test_a_notebook_is_shown_a_sharp_picture_of_nominal_size() -> None:
    figure = adoption_curves(CASES["two"])
    png, size = figure._repr_png_()
    width = int.from_bytes(png[16:20], "big")
    assert width == 2 * size["width"]


def test_a_figure_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(AdoptionError, match="cannot write the figure"):
        save_figure(adoption_curves(CASES["one"]), tmp_path / "taken" / "figure")
