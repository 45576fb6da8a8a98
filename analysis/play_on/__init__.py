"""The play-on file: one HTML file in which a comparison goes on, without a server, a network or Python.

It holds the engine, what the strategies of a result ask for, and numbers that can be moved; organisations
are drawn and simulated where it is opened. :mod:`~analysis.play_on.contents` prepares what it needs,
:mod:`~analysis.play_on.twin` replaces real people, :mod:`~analysis.play_on.texts` has its words. In the page,
``model.js`` simulates and knows no screen, ``charts.js`` draws, ``page.js`` shows the strategies as the first of
``PlayOn.views``: another page of the same file adds itself there, and its script to :data:`SCRIPTS`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.play_on.contents import contents
from analysis.words.languages import language
from sim.engine import module
from sim.errors import AdoptionError, said

if TYPE_CHECKING:
    from sim.engine.kinds import Array
    from sim.scenario.schema import Scenario
    from sim.study.results import Result

PLANS: Final = ("baseline", "leadership", "champions", "full-programme")
"""Shipped scenarios of the file that shows what it is; the first is what the others are compared with."""

LARGEST: Final = 1_500_000
"""Largest file that is written [byte]: any mail takes it."""

HERE: Final = Path(__file__).parent
SCRIPTS: Final = ("model.js", "charts.js", "page.js")
"""What runs in the page, after the host of the engine."""


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
) -> str:
    """Return the file with everything in it; see :func:`analysis.play_on.contents.contents`.

    Raises
    ------
    AdoptionError
        If it cannot hold these scenarios, or would be larger than :data:`LARGEST`.
    """
    words = language(lang)
    data = contents(scenarios, seed, words.code, measured)
    held = json.dumps(data, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    text = (HERE / "page.html").read_text("utf-8").replace('lang="en"', f'lang="{words.code}"', 1)
    scripts = [Path(module.__file__).with_name("host.js"), *(HERE / name for name in SCRIPTS)]
    parts = {f"/* {path.name} */": path.read_text("utf-8") for path in scripts}
    parts["/* data */"] = held.replace("<", "\\u003c")
    for mark, content in parts.items():
        text = text.replace(mark, content, 1)
    size = len(text.encode())
    if size > LARGEST:
        raise AdoptionError(
            said(
                "the play-on file would take {size:,} bytes, at most {most:,} are allowed: an organisation "
                "of {people:,} people is too large for it; compare fewer strategies, or scale it down "
                "(organisation.employees)",
                size=size,
                most=LARGEST,
                people=scenarios[0].organisation.employees,
            )
        )
    return text
