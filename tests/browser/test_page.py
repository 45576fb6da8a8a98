"""The page in a browser: what holds for all of its steps, and what a reader does from one to another.

Not part of the plain test run. With Chromium on the machine: ``pytest -n 0 tests/browser``.
"""

from __future__ import annotations

import csv
import json
import re
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Page, expect

from analysis.app import setup as setups
from analysis.app.setup import Setup
from analysis.words.languages import language
from sim.scenario import read_scenario

from .conftest import NARROW, WIDE, Server
from .using import (
    BESIDE,
    EN,
    EXAMPLES,
    STEPS,
    Visit,
    axe,
    curve,
    final,
    go,
    headline,
    lever,
    no_error,
    numbers,
    push,
    session_of,
    settled,
    small,
    unfold,
    until,
)

HOSTILE = (
    "<script>alert(1)</script>",
    "![x](http://example.org/x.png)",
    "[a](javascript:alert(1)) $\\alpha$",
    ":red[x] **b** <img src=http://example.org/y.png onerror=alert(2)>",
)


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=";"))


def kept(page: Page, server: Server) -> dict[str, Any]:
    """Return what is kept of the session of a page."""
    path = server.home / "sessions" / f"{session_of(page)}.json"
    return json.loads(path.read_text("utf-8"))


# --- All steps -----------------------------------------------------------------------------------


def test_every_page_loads_and_asks_nobody_outside(visit: Visit) -> None:
    words = language("nl")
    page = visit(lang="nl", s=small().link)
    expect(page.get_by_role("heading", level=1)).to_have_text(words._(STEPS[0]))
    for name in (*STEPS[1:], *BESIDE):
        go(page, name, words)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        no_error(page)
    asked = visit.windows[0][1].asked  # type: ignore[attr-defined]
    assert any(one.startswith("ws://") for one in asked)
    assert {urlparse(one).hostname for one in asked if ":/" in one} == {"127.0.0.1"}


@pytest.mark.parametrize(("width", "code"), [(WIDE, "nl"), (NARROW, "en")])
def test_everybody_can_use_it(visit: Visit, width: int, code: str) -> None:
    words = language(code)
    page = visit(width=width, lang=code, s=small().link)
    wrong: list[str] = []
    for name in (*STEPS, *BESIDE):
        go(page, name, words)
        unfold(page)
        wide = page.evaluate(
            "[document.scrollingElement, document.querySelector('[data-testid=stMain]')]"
            ".map(one => one.scrollWidth)"
        )
        wrong += [f"{name}: {axe_}" for axe_ in axe(page)]
        wrong += [f"{name}: scrolls sideways, {w}" for w in wide if w > width + 1]
    assert not wrong, "\n".join(wrong)


def test_the_five_steps_lead_to_each_other_and_back_goes_one_page(visit: Visit) -> None:
    page = visit(lang="en", s=small().link)
    for after in STEPS[1:]:
        page.get_by_role("button", name=f"Next: {after}").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(after)
        settled(page)
    expect(page.get_by_role("button", name="Next:")).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(STEPS[3])


def test_the_curve_is_on_the_first_screen_of_a_phone(visit: Visit) -> None:
    page = visit(width=NARROW, path="outcome", lang="nl", s=small().link)
    final(page, language("nl"))
    box = page.get_by_test_id("stVegaLiteChart").first.bounding_box()
    assert box is not None
    assert box["y"] < 844 * 0.7, "most of the curve is seen without scrolling"


# --- A session -----------------------------------------------------------------------------------


def test_a_slider_changes_the_picture_and_a_refresh_brings_it_back(
    visit: Visit, server: Server
) -> None:
    page = visit(path="outcome", lang="en", s=small().link)
    final(page)
    before, drawn = numbers(page), curve(page)
    page.get_by_text("Move levers").click()
    settled(page)
    push(lever(page, "Leaders set an example"), "ArrowLeft", 12)
    expect(headline(page)).not_to_have_text(before[0])

    def share() -> float:
        values = kept(page, server)["strategies"][1][1]
        return float(values["programme"]["leadership-example"]["share"])

    until(lambda: abs(share() - 0.4) < 1e-6, "the last press is kept")
    final(page)
    until(lambda: curve(page) != drawn, "another curve")
    after = numbers(page)
    assert after != before
    page.reload()
    final(page)
    until(lambda: numbers(page) == after, "the same numbers after a refresh")
    page.get_by_text("Move levers").click()
    push(lever(page, "Leaders set an example"), "ArrowLeft", 1)
    until(lambda: share() < 0.4 - 1e-6, "one more press")
    page.get_by_role("button", name="Undo").click()
    until(lambda: abs(share() - 0.4) < 1e-6, "the last press is undone")


def test_a_link_begins_elsewhere_with_the_same(visit: Visit) -> None:
    page = visit(path="outcome", lang="en", s=small().link)
    final(page)
    page.get_by_text("Take away").click()
    shown = page.get_by_test_id("stCode").filter(has_text="/outcome?").inner_text().strip()
    query = dict(part.split("=", 1) for part in shown.split("?", 1)[1].split("&"))
    assert setups.from_link(query["s"]) == small()
    other = visit(path="outcome", **query)
    final(other)
    assert numbers(other) == numbers(page)
    assert session_of(other) != session_of(page)


def test_the_previous_picture_stays_until_the_next_is_there(visit: Visit) -> None:
    page = visit(path="outcome", lang="en", s=small().link)
    final(page)
    page.get_by_text("Move levers").click()
    settled(page)
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
    for key in ("ArrowLeft", "ArrowRight"):
        said = headline(page).inner_text()
        push(slider, key, 4)
        expect(headline(page)).not_to_have_text(said)
    final(page)
    assert page.evaluate("window.looks") > 3
    assert page.evaluate("window.place") > 100


def test_twenty_sessions_at_once(visit: Visit) -> None:
    sizes = range(10, 30)
    pages = []
    for size in sizes:
        firm = setups.new(EN).changed({"organisation.employees": size})
        pages.append(visit(path="about", look=False, lang="en", s=firm.link))
    for size, page in zip(sizes, pages, strict=True):
        expect(page.locator(".bar-client")).to_contain_text(f"{size} people")
        expect(page.locator(".bar-figures:not(.old) b").first).to_have_text(re.compile(r"^\d+%$"))
    assert len({session_of(page) for page in pages}) == len(pages)


# --- What it holds off ---------------------------------------------------------------------------


def test_people_from_a_file_stay_in_their_session(visit: Visit, server: Server) -> None:
    page, other = visit(lang="en"), visit(lang="en", s=small().link)
    page.get_by_text("Read your staff list").click()
    settled(page)
    page.locator("input[type=file]").first.set_input_files(
        [EXAMPLES / "people.csv", EXAMPLES / "ties.csv"]
    )
    page.get_by_role("button", name=re.compile("Take over these 64 people")).click()
    expect(page.locator(".bar-client")).to_contain_text("64 people")
    settled(page)
    no_error(page)
    text = json.dumps(kept(page, server))
    assert "people.csv" in text
    ids = [row["Personeelsnummer"] for row in rows_of(EXAMPLES / "people.csv")]
    assert not [one for one in ids if f'"{one}"' in text], "nobody of the list"
    assert not re.search(r'"p-[0-9a-f]{8}"', text), "nor a pseudonym"
    page.reload()
    expect(page.locator(".bar-client")).to_contain_text("64 people")
    expect(other.locator(".bar-client")).to_contain_text("10 people")
    page.get_by_text("Take away").click()
    expect(page.get_by_role("button", name=re.compile(r"\(YAML\)$")).first).to_be_visible()
    expect(page.get_by_test_id("stCode").filter(has_text="/outcome?")).to_have_count(0)


@pytest.mark.parametrize("link", ["abc", small().link[:-20]])
def test_a_broken_link_is_said_in_words(visit: Visit, link: str) -> None:
    page = visit(lang="en", s=link)
    expect(page.get_by_test_id("stCode")).to_contain_text("the link cannot be read")
    expect(page.get_by_role("heading", level=1)).to_have_text(STEPS[0])


def test_hostile_text_stays_text(visit: Visit) -> None:
    found = small().changed({"organisation.name": HOSTILE[0] + HOSTILE[1]})
    more = found.added(found.first.changed({"title": "d"}))
    several = tuple(
        one.model_copy(update={"title": title, "name": f"s{k}"})
        for k, (one, title) in enumerate(zip(more.scenarios, HOSTILE, strict=True))
    )
    page = visit(lang="en", s=Setup(several).link)

    def plain() -> None:
        no_error(page)
        bad = "a[href^='javascript'], img[src*='example'], main script, .katex, .stMarkdownColoredText"
        assert page.locator(bad).evaluate_all("all => all.map(one => one.outerHTML)") == []

    for name in STEPS:
        go(page, name)
        expect(page.locator(".bar-client")).to_contain_text(HOSTILE[0])
        unfold(page)
        plain()
        for title in HOSTILE:
            expect(page.get_by_text(title, exact=True).first).to_be_attached()


def test_another_website_is_refused(server: Server) -> None:
    place = urlparse(server.address)

    def answer(origin: str) -> bytes:
        asked = (
            f"GET /_stcore/stream HTTP/1.1\r\nHost: {place.netloc}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Sec-WebSocket-Version: 13\r\nOrigin: {origin}\r\n\r\n"
        )
        with socket.create_connection((place.hostname, place.port)) as line:
            line.sendall(asked.encode())
            return line.recv(64)

    assert b" 101 " in answer(server.address)
    assert b" 403 " in answer("http://example.org")


# --- Files, keys and languages -------------------------------------------------------------------


def test_a_strategy_that_is_taken_away_can_be_opened_again(visit: Visit, tmp_path: Path) -> None:
    changed = small().with_strategy(
        1, small().scenarios[1].changed({"programme.leadership-example.share": 0.4})
    )
    page = visit(lang="en", s=changed.link)
    page.get_by_text("Take away").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Leaders' example (YAML)").click()
    place = tmp_path / download.value.suggested_filename
    download.value.save_as(place)
    assert read_scenario(place).fingerprint() == changed.scenarios[1].fingerprint()


def test_a_report_carries_the_client_and_is_saved(visit: Visit) -> None:
    page = visit(lang="nl", s=small().link)
    nl = language("nl")
    page.get_by_text(nl._("Take away")).click()
    client = page.get_by_role("textbox", name=nl._("Client"))
    client.fill("Bouwbedrijf De Waard")
    client.press("Enter")
    settled(page)
    page.get_by_role("button", name=nl._("One page (HTML)")).click()
    save = page.get_by_role("button", name=nl._("Save: {what}", what=nl._("One page (HTML)")))
    expect(save).to_be_visible()
    with page.expect_download() as download:
        save.click()
    text = Path(download.value.path()).read_text("utf-8")
    assert "Bouwbedrijf De Waard" in text and '<html lang="nl"' in text


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit(path="outcome", lang="en", s=small().link)
    final(page)
    page.get_by_text("Move levers").click()
    settled(page)
    wanted = {
        "rail": page.get_by_role("link", name=re.compile("Your organisation$")),
        "language": page.get_by_role("radio", name="EN").or_(
            page.get_by_role("button", name="EN", exact=True)
        ),
        "strategy": page.get_by_role("combobox", name="Strategy to try things with"),
        "slider": lever(page, "Leaders set an example"),
    }
    looks: dict[str, tuple[Any, bytes]] = {}
    page.evaluate("document.activeElement.blur()")
    for _ in range(60):
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
    assert sorted(looks) == sorted(wanted)
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(1, 899)
    for name, (clip, focused) in looks.items():
        assert page.screenshot(clip=clip, animations="disabled") != focused, (
            f"{name}: no focus seen"
        )
    wanted["rail"].focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your organisation")


def test_both_languages(visit: Visit) -> None:
    page = visit(path="outcome", lang="en", s=small().link)
    final(page)
    here = headline(page).inner_text()
    nl = language("nl")
    page.get_by_text("NL", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(nl._("What it does"))
    final(page, nl)
    assert headline(page).inner_text() != here
    text = page.get_by_role("main").inner_text()
    assert re.search(r"€\N{NO-BREAK SPACE}\d{1,3}\.\d{3}", text)
    assert not re.search(r"€\d", text)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(nl._("What it does"))
