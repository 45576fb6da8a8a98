"""The client report: what to decide on and appendices, as HTML, PDF or slides; or a file to play on with."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.disk import whole
from sim.errors import AdoptionError

if TYPE_CHECKING:
    from analysis.decisions.frontier import Frontier
    from analysis.report.cover import Cover
    from analysis.results.answer import Answer, Progress
    from sim.study.kept import Kept
    from sim.study.results import Result

FORMATS: Final = ("html", "pdf", "pptx")
"""Kinds of files a report can be."""

PLAY: Final = "play"
"""The file to play on with: not a report, but written of the same results; see :mod:`analysis.play_on`."""


def write_report(
    result: Result,
    path: str | Path | None = None,
    format: str = "html",
    lang: str = "en",
    question: str = "",
    *,
    cover: Cover | None = None,
    against: str | None = None,
    quick: bool = False,
    day: datetime.date | None = None,
    progress: Progress | None = None,
    kept: Kept[Any] | None = None,
    frontier: Frontier | None = None,
) -> Path:
    """Write what a comparison says as a report for people who decide.

    Parameters
    ----------
    result
        What was simulated. Groups that were not measured are simulated again.
    path
        File written, whole or not at all; by default ``report.html`` or the like.
    format
        ``html``, ``pdf``, ``pptx``, or ``play``: a page that simulates where it is opened.
    lang
        ``en`` or ``nl``.
    question
        The question; by default that of the cover, or of the last scenario that asks one.
    cover
        Client, logo, decision asked, question and day; see :class:`analysis.report.cover.Cover`.
    against
        Scenario the others are compared with; by default the first.
    quick
        Whether to leave out what takes seconds: other numbers for how people react, and the
        trough after the novelty.
    day
        Day the report carries; by default that of the cover, or none, so that the same result gives
        the same bytes.
    progress
        Called with the number of parameter vectors done and the total.
    kept
        Where it is kept what had to be simulated, so that another report simulates nothing.
    frontier
        The best plans for some budgets, where they were searched for: nothing is searched for here.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    AdoptionError
        If there is no such format, language or scenario, the cover has a logo that is no picture or
        a text that is too long, or the file cannot be written.
    """
    from analysis.report.cover import Cover
    from analysis.report.reading import prepared
    from analysis.words.languages import language

    known_format(format)
    words = language(lang)
    path = Path(path or file_of(format))
    cover = (cover or Cover()).checked()  # what is wrong is said before anything is simulated
    if format == PLAY:
        return write_play(result, path, words.code, against=against)
    answer, notes = prepared(result, against, quick, progress, kept)
    return write(
        answer,
        path,
        format,
        words.code,
        question,
        cover=cover,
        notes=notes,
        day=day,
        frontier=frontier,
    )


def write(
    answer: Answer,
    path: Path,
    format: str,
    lang: str,
    question: str = "",
    *,
    cover: Cover | None = None,
    notes: tuple[str, ...] = (),
    day: datetime.date | None = None,
    frontier: Frontier | None = None,
) -> Path:
    """Write the report on an answer that is ready; see :func:`write_report`.

    Parameters
    ----------
    notes
        What was left out, by the names of :data:`analysis.report.reading.NOTES`.
    """
    from analysis.report.content import report_of
    from analysis.report.cover import Cover
    from analysis.report.figure import any_letters
    from analysis.report.reading import left_out
    from analysis.words.languages import language

    words = language(lang)
    if known_format(format) == PLAY:
        return write_play(answer.result, path, words.code, against=answer.reference.name)
    cover = cover or Cover()
    cover = replace(cover, question=question or cover.question, day=day or cover.day).checked()
    whole = report_of(answer, words, cover, left_out(notes, words), frontier)
    if format == "html":
        from analysis.report.html import html_bytes as made
    elif format == "pdf":
        from analysis.report.pdf import pdf_bytes as made
    else:
        from analysis.report.deck import deck_bytes as made
    with any_letters():
        content = made(answer, whole)
    store(content, path)
    return path


def write_play(result: Result, path: Path, lang: str, *, against: str | None = None) -> Path:
    """Write the file to play on with; see :func:`analysis.play_on.play_bytes`."""
    from analysis.play_on import play_bytes
    from analysis.report.reading import readable

    store(play_bytes(readable(result), lang, against=against), path)
    return path


def file_of(format: str) -> str:
    """Return what a file of a format is called by default."""
    return "play.html" if format == PLAY else f"report.{format}"


def known_format(format: str) -> str:
    """Return a format that exists.

    Raises
    ------
    AdoptionError
        If there is no such format.
    """
    known = (*FORMATS, PLAY)
    if format not in known:
        raise AdoptionError(f"format: found '{format}', expected one of: {', '.join(known)}")
    return format


def store(content: bytes, path: Path) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    AdoptionError
        If it cannot be written.
    """
    with whole(path, "cannot write the report") as draft:
        draft.write_bytes(content)
