"""The what-if page in a browser: what a reader clicks, moves, uploads and reads.

Not part of the plain test run. With Chromium on the machine: ``pytest -n 0 tests/browser``.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from analysis.app import setup as setups
from analysis.app.setup import Setup
from analysis.words.languages import LOCALES, NAMES, Language, language
from sim.scenario import read_scenario

from .conftest import HANG, NARROW, WIDE, Server

Visit = Callable[..., Page]

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

PAGES = ("Comparison", "Organisation", "Strategies", "Evidence", "About")

EN = language("en")

NOTE = (
    "Line: mean of {runs} organisations like this one; shade: 80 of 100 of them lie in it. Same "
    "people and same luck in every strategy. What if, not a forecast. Seed {seed}."
)
"""What stands under the curves, in the language that is shown: after a change of language the other's
may still be there."""

HOSTILE = (
    "<script>alert(1)</script>",
    "![x](http://example.org/x.png)",
    "[a](javascript:alert(1)) $\\alpha$",
    ":red[x] **b** <img src=http://example.org/y.png onerror=alert(2)>",
)


def small() -> Setup:
    """Return the start with ten employees: quick to simulate."""
    return setups.new(EN).changed({"organisation.employees": 10})


def called(words: Language = EN) -> str:
    """Return what a new session's organisation is called."""
    one = setups.new(words).first.organisation
    number = words.number(one.employees)
    return words._("{name}, {number} people", name=one.name, number=number)


# --- What a reader does and sees ----------------------------------------------------------------


def settled(page: Page) -> None:
    """Wait until nothing is under way any more: what ended a moment ago may begin once more by itself."""
    app, state = page.get_by_test_id("stApp"), "data-test-script-state"
    while True:
        expect(app).to_have_attribute(state, "notRunning")
        page.wait_for_timeout(700)
        if app.get_attribute(state) == "notRunning":
            return


def go(page: Page, name: str, words: Language = EN) -> None:
    """Go to a page by its name in the navigation."""
    menu = page.get_by_test_id("stExpandSidebarButton")
    if menu.is_visible():
        menu.click()
    page.get_by_role("link", name=words._(name), exact=True).click()
    title = page.get_by_role("heading", level=1)
    if name == "Comparison":
        expect(page.get_by_role("tab").first).to_be_visible()
    else:
        expect(title).to_have_text(words._(name))
    settled(page)


def no_error(page: Page) -> None:
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def headline(page: Page) -> Locator:
    return page.get_by_role("heading", level=3).first


def final(page: Page, words: Language = EN, runs: int = 400) -> None:
    """Wait until the comparison shows its last picture, of all its organisations."""
    note = words._(NOTE, runs=words.number(runs), seed="...").split("...")[0]
    waiting = words._("More organisations are on their way.")
    captions = page.get_by_test_id("stCaptionContainer")
    shown = captions.filter(has_text=note).filter(has_not_text=waiting)
    expect(shown.first).to_be_visible()
    expect(page.get_by_role("tab").first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(r"\(YAML\)$")).first).to_be_visible()
    settled(page)


def numbers(page: Page) -> list[str]:
    """Return what the comparison says: the headline, and the big numbers of each strategy."""
    told = page.get_by_test_id("stMetricValue").all_inner_texts()
    return [headline(page).inner_text(), *(one.strip() for one in told)]


def curve(page: Page) -> str:
    """Return the first picture as it is drawn."""
    return page.get_by_test_id("stVegaLiteChart").first.locator("svg").inner_html()


def link(page: Page) -> str | None:
    """Return what the address says of the scenarios."""
    address = page.evaluate("location.href")
    return parse_qs(urlparse(address).query).get("s", [None])[0]


def lever(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=re.compile("^" + re.escape(name)))


def push(slider: Locator, key: str, times: int = 1) -> None:
    """Move a slider by keys, and see that it moved with every press."""
    for _ in range(times):
        before = slider.input_value()

        def moved(before: str = before) -> bool:
            slider.press(key)
            try:
                expect(slider).not_to_have_value(before, timeout=2_000)
            except AssertionError:  # the page was being written: once more
                return False
            return True

        until(moved, f"{key} from {before}")


def choose(page: Page, name: str, option: str) -> None:
    """Choose from a list, which closes by itself while the page is being written."""
    there = page.get_by_role("option", name=option)

    def opened() -> bool:
        settled(page)
        page.get_by_role("combobox", name=name).click()
        try:
            expect(there).to_be_visible(timeout=2_000)  # closed again: once more
        except AssertionError:
            page.keyboard.press("Escape")
            return False
        return True

    until(opened, f"the list {name}")
    there.click()


def until(true: Callable[[], bool], what: str, seconds: float = HANG) -> None:
    """Wait for what has no locator."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what}: not within {seconds:.0f} seconds"
        time.sleep(0.05)


def unfold(page: Page) -> None:
    """Open everything that is folded."""
    closed = page.locator("details:not([open]) > summary")
    while (left := closed.count()) > 0:
        closed.first.click()
        expect(closed).to_have_count(left - 1)
    settled(page)


def axe(page: Page) -> list[str]:
    """Return what axe finds wrong for people who see, hear or move less."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
    options = {"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in found
        for node in one["nodes"]
    ]


# --- Pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LOCALES)
def test_every_page_loads_and_asks_nobody_outside(visit: Visit, server: Server, code: str) -> None:
    words = language(code)
    page = visit(lang=code)
    expect(page.get_by_role("heading", level=1)).to_have_text(called(words))
    final(page, words)
    no_error(page)
    for name in (*PAGES[1:], PAGES[0]):
        go(page, name, words)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        no_error(page)
    asked = visit.windows[0][1].asked  # type: ignore[attr-defined]
    assert any(one.startswith("ws://") for one in asked)
    assert {urlparse(one).hostname for one in asked if ":/" in one} == {"127.0.0.1"}


@pytest.mark.parametrize("code", LOCALES)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_everybody_can_use_it(visit: Visit, width: int, code: str) -> None:
    words = language(code)
    page = visit(width=width, lang=code, s=small().link)
    final(page, words)
    wrong: list[str] = []
    for name in (PAGES[0], *PAGES[1:]):
        if name != PAGES[0]:
            go(page, name, words)
        unfold(page)
        wide = page.evaluate(
            "[document.scrollingElement, document.querySelector('[data-testid=stMain]')]"
            ".map(one => one.scrollWidth)"
        )
        wrong += [f"{name}: {axe_}" for axe_ in axe(page)]
        wrong += [f"{name}: scrolls sideways, {w}" for w in wide if w > width + 1]
    assert not wrong, "\n".join(wrong)


# --- The comparison ------------------------------------------------------------------------------


def test_a_slider_changes_the_picture_and_the_address_which_brings_it_back(visit: Visit) -> None:
    page = visit(lang="en")
    final(page)
    before, drawn, address = numbers(page), curve(page), link(page)
    push(lever(page, "Leaders set an example"), "ArrowLeft", 12)
    expect(headline(page)).not_to_have_text(before[0])

    def shared() -> float:
        found = setups.from_link(str(link(page)))
        return found.scenarios[1].deployments["leadership-example"].share or 0.0

    until(lambda: link(page) != address, "another address")
    until(lambda: abs(shared() - 0.4) < 1e-6, "the address of the last press")
    final(page)
    until(lambda: curve(page) != drawn, "another curve")
    found = setups.from_link(str(link(page)))
    assert found.first == setups.from_link(str(address)).first

    other = visit(
        **{
            key: one[0]
            for key, one in parse_qs(urlparse(page.evaluate("location.href")).query).items()
        }
    )
    final(other)
    until(lambda: numbers(other) == numbers(page), "the same numbers from the address")
    after = numbers(page)
    assert after != before
    page.reload()
    final(page)
    until(lambda: numbers(page) == after, "the same numbers after a refresh")
    expect(lever(page, "Leaders set an example")).to_have_value("40")


def test_the_previous_picture_stays_until_the_next_is_there(visit: Visit) -> None:
    page = visit(lang="en")
    final(page)
    page.evaluate(
        """() => {
            window.looks = 0
            window.place = 1e9    // least height of what the picture stands in
            const look = () => {
                const chart = document.querySelector('[data-testid=stVegaLiteChart]')
                const height = chart ? chart.getBoundingClientRect().height : 0
                window.place = Math.min(window.place, height)
                window.looks += 1
                setTimeout(look, 10)
            }
            look()
        }"""
    )
    slider = lever(page, "Leaders set an example")
    for key in ("ArrowLeft", "ArrowRight", "ArrowLeft"):
        said = headline(page).inner_text()
        push(slider, key, 4)
        expect(headline(page)).not_to_have_text(said)
    final(page)
    assert page.evaluate("window.looks") > 3
    assert page.evaluate("window.place") > 100


def test_a_longer_study_can_be_cancelled_and_survives_a_refresh(visit: Visit) -> None:
    page = visit(lang="en", s=small().link)
    final(page)
    start = page.get_by_role("button", name="Try 40 other sets of numbers")
    cancel = page.get_by_role("button", name="Cancel")
    bar = page.get_by_role("progressbar")
    start.click()
    expect(cancel).to_be_visible()
    expect(bar.first).to_be_visible()
    expect(page.get_by_text(re.compile(r"^\d+% done$"))).to_be_visible()
    cancel.click()
    expect(start).to_be_visible()
    expect(cancel).to_have_count(0)
    final(page)
    start.click()
    expect(cancel).to_be_visible()
    page.reload()
    final(page)
    sentences = page.get_by_role("listitem").filter(
        has_text="Under other sets of numbers for how people react"
    )
    expect(cancel.or_(sentences.first)).to_be_visible()  # it goes on, and nobody has to ask again
    expect(start).to_have_count(0)
    expect(sentences.first).to_be_visible()
    for label in ("Leaders' example", "Champions"):
        expect(page.get_by_role("listitem").filter(has_text=f"{label}: ")).to_be_visible()
    no_error(page)


# --- Strategies ----------------------------------------------------------------------------------


def test_strategies_are_added_removed_named_and_filled(visit: Visit) -> None:
    page = visit(lang="en", s=small().link)
    go(page, "Strategies")
    add, remove = (page.get_by_role("button", name=name, exact=True) for name in ("Add", "Remove"))
    title = page.get_by_role("textbox", name="Name of the strategy")
    expect(remove).to_have_count(3)
    add.click()
    expect(remove).to_have_count(4)
    expect(add).to_have_count(0)
    expect(title).to_have_value("Full programme")
    remove.nth(2).click()
    expect(remove).to_have_count(3)
    expect(add).to_be_visible()
    page.get_by_role("button", name="Edit", exact=True).nth(1).click()
    expect(title).to_have_value("Leaders' example")

    choice = page.get_by_role("combobox", name="Measures")
    choice.fill("Buddies")
    page.get_by_role("option", name=re.compile("Budd")).first.click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("group").filter(has_text=re.compile("Budd")).first).to_be_visible()
    title.fill("Leaders and buddies")
    title.press("Enter")
    expect(
        page.get_by_role("heading", level=3).filter(has_text="Leaders and buddies")
    ).to_be_visible()
    go(page, "Comparison")
    final(page)
    told = " ".join(numbers(page)) + page.get_by_role("main").inner_text()
    assert "Leaders and buddies" in told
    assert "Leaders' example" not in told
    found = setups.from_link(str(link(page)))
    assert [one.label for one in found.scenarios] == [
        "Licences only", "Leaders and buddies", "Full programme",
    ]  # fmt: skip
    assert "buddies" in found.scenarios[1].deployments


def test_a_budget_that_is_too_small_is_said_in_words(visit: Visit) -> None:
    page = visit(lang="en", s=small().link)
    go(page, "Strategies")
    page.get_by_role("switch", name="A budget").or_(
        page.get_by_role("checkbox", name="A budget")
    ).first.press("Space")
    euros = page.get_by_role("spinbutton", name="Euros in all")
    expect(euros).to_be_visible()
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    euros.fill("3000")
    euros.press("Enter")
    said = re.compile("Not paid for|Scaled to fit|cannot be used")
    expect(page.get_by_test_id("stAlert").first).to_contain_text(said)
    for way in ("leave out what matters least", "do everything a little less"):
        choose(page, "If it does not fit", way)
        expect(page.get_by_test_id("stAlert").first).to_contain_text(said)
    settled(page)
    page.get_by_role("link", name="Comparison", exact=True).click()
    told = page.get_by_test_id("stAlertContentError").filter(has_text=re.compile("budget", re.I))
    expect(told.or_(page.get_by_role("tab").first).first).to_be_visible()


# --- Files ---------------------------------------------------------------------------------------


def upload(page: Page, *files: Any) -> None:
    """Choose files on the page Organisation, and open them."""
    if page.get_by_role("heading", level=1).inner_text() != "Organisation":
        go(page, "Organisation")
    area = page.get_by_test_id("stFileUploader")
    if not area.is_visible():
        page.get_by_text("Your own people, or a scenario file").click()
    expect(area).to_be_visible()
    page.locator("input[type=file]").set_input_files(list(files))
    page.get_by_role("button", name="Open them").click()


def made(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_people_from_a_file_stay_in_their_session(visit: Visit) -> None:
    page, other = visit(lang="en"), visit(lang="en")
    default = called()
    upload(page, EXAMPLES / "people.csv", EXAMPLES / "ties.csv")
    expect(page.get_by_text("64 people from a file.")).to_be_visible()
    until(lambda: link(page) is None, "no link")
    no_error(page)
    go(page, "Comparison")
    final(page)
    no_error(page)
    expect(page.get_by_role("heading", level=1)).not_to_have_text(default)
    assert link(page) is None
    mine = numbers(page)
    said = headline(page).inner_text()
    push(lever(page, "Leaders set an example"), "ArrowLeft", 8)
    expect(headline(page)).not_to_have_text(said)
    assert link(page) is None

    expect(other.get_by_role("heading", level=1)).to_have_text(default)
    final(other)
    assert numbers(other) != mine
    expect(lever(other, "Leaders set an example")).to_have_value("100")
    theirs = numbers(other)
    go(other, "Organisation")
    expect(lever(other, "Employees")).to_have_value("140")
    expect(other.get_by_text("people from a file")).to_have_count(0)
    push(lever(other, "Employees"), "ArrowRight", 4)
    go(page, "Organisation")
    expect(page.get_by_text("64 people from a file.")).to_be_visible()
    assert theirs != mine


def test_a_scenario_that_is_taken_away_can_be_opened_again(visit: Visit, tmp_path: Path) -> None:
    changed = small().with_strategy(
        1, small().scenarios[1].changed({"programme.leadership-example.share": 0.4})
    )
    page = visit(lang="en", s=changed.link)
    final(page)
    shown = page.get_by_test_id("stMetricValue").all_inner_texts()[3:6]
    with page.expect_download() as download:
        page.get_by_role("button", name="Leaders' example (YAML)").click()
    place = tmp_path / download.value.suggested_filename
    download.value.save_as(place)
    assert read_scenario(place).fingerprint() == changed.scenarios[1].fingerprint()
    other = visit(lang="en")
    upload(other, place)
    until(lambda: len(setups.from_link(str(link(other))).scenarios) == 1, "one strategy")
    assert (
        setups.from_link(str(link(other))).first.fingerprint() == read_scenario(place).fingerprint()
    )
    no_error(other)
    go(other, "Comparison")
    final(other)
    assert other.get_by_test_id("stMetricValue").all_inner_texts() == shown


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("sales.csv", b"product,price\nbolt,3\nnut,4\n", r"sales\.csv"),
        ("broken.yaml", b"extends: baseline\norganisation:\n  employes: 40\n", r"broken\.yaml:3"),
        ("torn.yaml", b"extends: baseline\norganisation: {employees: [\n", r"torn\.yaml"),
        ("picture.yaml", b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe" * 50, r"picture\.yaml"),
        ("empty.yaml", b"", r"empty\.yaml"),
        ("empty.csv", b"", r"empty\.csv"),
        ("binary.csv", bytes(range(256)) * 20, r"binary\.csv"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_said_in_words(
    visit: Visit, name: str, content: bytes, said: str
) -> None:
    page = visit(lang="en", s=small().link)
    before = link(page)
    upload(page, made(name, content))
    expect(page.get_by_test_id("stAlert")).to_have_text("This cannot be used:")
    reason = page.get_by_test_id("stCode")
    expect(reason).to_contain_text(re.compile(said))
    text = reason.inner_text()
    assert "Traceback" not in text
    assert "adopt-" not in text, "where it lies on this computer"
    assert link(page) == before
    go(page, "Comparison")
    final(page)
    no_error(page)


@pytest.mark.parametrize("link", ["abc", "%00", "eJw", small().link[:-20]])
def test_a_broken_link_is_said_in_words(visit: Visit, link: str) -> None:
    page = visit(lang="en", s=link)
    expect(page.get_by_test_id("stCode")).to_contain_text("the link cannot be read")
    expect(headline(page)).to_be_visible()


def test_hostile_text_stays_text(visit: Visit) -> None:
    found = small().changed({"organisation.name": HOSTILE[0] + HOSTILE[1]})
    more = found.added(found.first.changed({"title": "d"}))
    several = tuple(
        one.model_copy(update={"title": title, "name": f"s{k}"})
        for k, (one, title) in enumerate(zip(more.scenarios, HOSTILE, strict=True))
    )
    page = visit(lang="en", s=Setup(several).link)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        f"{HOSTILE[0]}{HOSTILE[1]}, 10 people"
    )
    final(page)

    def plain() -> None:
        no_error(page)
        bad = "a[href^='javascript'], img[src*='example'], main script, .katex, .stMarkdownColoredText"
        assert page.locator(bad).evaluate_all("all => all.map(one => one.outerHTML)") == []

    plain()
    for tab in page.get_by_role("tab").all():
        tab.click()
        plain()
    for title in HOSTILE:
        expect(page.get_by_text(title, exact=True).first).to_be_visible()
        expect(page.get_by_role("button", name=f"{title} (YAML)")).to_be_visible()
    for name in PAGES[1:]:
        go(page, name)
        unfold(page)
        plain()
        if name == "Strategies":
            for title in HOSTILE:
                expect(page.get_by_text(title, exact=True).first).to_be_visible()
            for place in range(4):
                page.get_by_role("button", name="Edit", exact=True).nth(place).click()
                shown = page.get_by_role("heading", level=3)
                expect(shown.filter(has_text=f"{HOSTILE[place]}: ")).to_be_visible()
                plain()


# --- Keys and languages --------------------------------------------------------------------------


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit(lang="en", s=small().link)
    final(page)
    wanted = {
        "navigation": page.get_by_role("link", name="Organisation", exact=True),
        "language": page.get_by_role("radio", name="English").or_(
            page.get_by_role("button", name="English")
        ),
        "strategy": page.get_by_role("combobox", name="Strategy to try things with"),
        "slider": lever(page, "Leaders set an example"),
    }
    looks: dict[str, tuple[Any, bytes]] = {}
    for _ in range(40):
        page.keyboard.press("Tab")
        for name, one in wanted.items():
            if name not in looks and one.first.evaluate("one => one === document.activeElement"):
                box = one.first.bounding_box()
                assert box is not None
                clip = {
                    "x": max(0.0, box["x"] - 8), "y": max(0.0, box["y"] - 8),
                    "width": box["width"] + 16, "height": box["height"] + 16,
                }  # fmt: skip
                looks[name] = clip, page.screenshot(clip=clip, animations="disabled")
        if len(looks) == len(wanted):
            break
    assert list(looks) == list(wanted)

    said = headline(page).inner_text()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    expect(wanted["slider"]).to_have_value("60")
    expect(headline(page)).not_to_have_text(said)
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    expect(headline(page)).to_have_text(said)
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(1, 899)
    for name, (clip, focused) in looks.items():
        assert page.screenshot(clip=clip, animations="disabled") != focused, (
            f"{name}: no focus seen"
        )

    wanted["navigation"].focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Organisation")


def test_both_languages(visit: Visit) -> None:
    page = visit(lang="en")
    final(page)
    here = headline(page).inner_text()
    nl = language("nl")
    choice = page.get_by_text(NAMES["nl"], exact=True)
    choice.click()
    page.wait_for_url("**lang=nl**")
    expect(headline(page)).not_to_have_text(here)
    final(page, nl)
    for name in PAGES:
        expect(page.get_by_role("link", name=nl._(name), exact=True)).to_be_visible()
    said = headline(page).inner_text()
    assert (said != here) == (nl._("About") != "About"), "the headline is translated with the rest"
    text = page.get_by_role("main").inner_text()
    assert re.search(r"€\N{NO-BREAK SPACE}\d{1,3}\.\d{3}", text)
    assert not re.search(r"€\d", text)
    go(page, "Organisation", nl)

    other = visit(lang="nl")
    final(other, nl)
    expect(headline(other)).to_have_text(said)
    other.get_by_text(NAMES["en"], exact=True).click()
    other.wait_for_url("**lang=en**")
    expect(headline(other)).to_have_text(here)
    assert re.search(r"€\d{1,3},\d{3}", other.get_by_role("main").inner_text())
