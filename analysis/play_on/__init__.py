"""The play-on file: one HTML file in which a comparison goes on, without a server, a network or Python.

It holds the engine, what the strategies of a result ask for, and numbers that can be moved; organisations
are drawn and simulated where it is opened. :mod:`~analysis.play_on.contents` prepares what it needs,
:mod:`~analysis.play_on.twin` replaces real people, :mod:`~analysis.play_on.texts` has its words. In the page,
``model.js`` simulates and knows no screen, ``charts.js`` draws, ``frame.js`` holds words and shows one of
``PlayOn.views``: ``page.js`` adds the strategies there, ``game.js`` the game (:mod:`~analysis.play_on.game`), whose
rules are in ``game_rules.js``. A file has one of the two, or both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.play_on.contents import contents, engine_of
from analysis.play_on.game import game_of
from analysis.play_on.game_texts import game_texts_of
from analysis.play_on.texts import texts_of
from analysis.words.languages import LOCALES, language
from sim.engine import module
from sim.errors import AdoptionError, said

if TYPE_CHECKING:
    from sim.engine.kinds import Array
    from sim.play import World
    from sim.scenario.schema import Scenario
    from sim.study.results import Result

PLANS: Final = ("baseline", "leadership", "champions", "full-programme")
"""Shipped scenarios of the file that shows what it is; the first is what the others are compared with."""

LARGEST: Final = 1_500_000
"""Largest file that is written [byte]: any mail takes it."""

HERE: Final = Path(__file__).parent
FRAME: Final = ("model.js", "charts.js", "frame.js")
"""What runs in every file, after the host of the engine."""

VIEWS: Final = {
    "strategies": ("page.js",),
    "game": ("game_rules.js", "game_charts.js", "game.js"),
}
"""What a file can show: each is a piece of HTML of its name, and scripts."""


def play_bytes(result: Result, lang: str = "en", *, against: str | None = None) -> bytes:
    """Return the play-on file of a result.

    Parameters
    ----------
    result
        What was simulated: one to four strategies in the same organisation.
    lang
        Language it opens in; it has both.
    against
        Scenario the others are compared with; by default the first.

    Raises
    ------
    AdoptionError
        If there are more than four, their organisations differ, or the file would be too large.
    """
    names = list(result.scenarios)
    first = names[0] if against is None else against
    if first not in names:
        raise AdoptionError(
            said(
                "against: found '{found}', expected one of: {known}",
                found=first,
                known=", ".join(names),
            )
        )
    order = [first, *(name for name in names if name != first)]
    return page_of(
        [result.scenarios[name] for name in order],
        result.seed,
        lang,
        measured={name: result.measured[name] for name in order},
    ).encode()


def page_of(
    scenarios: Sequence[Scenario],
    seed: int | None = None,
    lang: str = "en",
    *,
    measured: Mapping[str, Array] | None = None,
    world: World | None = None,
) -> str:
    """Return the file with everything in it; see :func:`analysis.play_on.contents.contents`.

    Parameters
    ----------
    scenarios, seed, measured
        Strategies to compare; none, where the file holds the game alone.
    lang
        Language it opens in.
    world
        World of the game; by default there is no game in it.

    Raises
    ------
    AdoptionError
        If it cannot hold these scenarios or this world, or would be larger than :data:`LARGEST`.
    """
    words, pool = language(lang), dict[str, int]()
    data: dict[str, Any] = {"engine": engine_of(), "lang": words.code}
    data["texts"] = {code: texts_of(language(code)) for code in LOCALES}
    views = []
    if scenarios:
        data |= contents(scenarios, seed, measured, pool)
        views.append("strategies")
    if world is not None:
        data["game"] = game_of(world, pool)
        for code, texts in data["texts"].items():
            texts |= game_texts_of(world, language(code))
        views.append("game")
    data["arrays"] = list(pool)
    text = _assembled(views, data, words.code)
    size = len(text.encode())
    if size > LARGEST:
        first = scenarios[0] if scenarios else world.start  # type: ignore[union-attr]
        raise AdoptionError(
            said(
                "the play-on file would take {size:,} bytes, at most {most:,} are allowed: an organisation "
                "of {people:,} people is too large for it; compare fewer strategies, or scale it down "
                "(organisation.employees)",
                size=size,
                most=LARGEST,
                people=first.organisation.employees,
            )
        )
    return text


def _assembled(views: Sequence[str], data: dict[str, Any], lang: str) -> str:
    """Return the page of some views with what they need to know."""
    held = json.dumps(data, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    names = [*FRAME, *(name for view in views for name in VIEWS[view])]
    scripts = [Path(module.__file__).with_name("host.js"), *(HERE / name for name in names)]
    parts = {
        "<!-- views -->": "".join((HERE / f"{view}.html").read_text("utf-8") for view in views),
        "<!-- scripts -->": "".join(
            f"<script>\n{path.read_text('utf-8')}</script>\n" for path in scripts
        ),
        "/* data */": held.replace("<", "\\u003c"),
    }
    text = (HERE / "page.html").read_text("utf-8").replace('lang="en"', f'lang="{lang}"', 1)
    for mark, content in parts.items():
        text = text.replace(mark, content, 1)
    return text
