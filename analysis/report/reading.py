"""From a result to an answer that is ready for a report: found, cleaned, completed."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from analysis.report.adds import adds_of
from analysis.results.answer import (
    GROUPS,
    ORGANISATIONS,
    Answer,
    Group,
    Progress,
    answer,
    groups_of,
    with_troughs,
    with_vectors,
)
from analysis.words.languages import Language
from sim.errors import AdoptionError, InterruptedStudyError
from sim.study.kept import Kept
from sim.study.results import GROUPS as GROUPS_TABLE
from sim.study.results import ORIGIN, TABLE, Result, other_library, read_result, remedy

INVISIBLE: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Marks that turn the direction of the text after them."""

MOST_PEOPLE: Final = 40_000
"""People over all organisations under a parameter vector; large ones differ less by chance."""

FEWEST: Final = 4
"""Organisations under a parameter vector at least."""

NOTES: Final = ("quick", "alone", "groups", "vectors")
"""What may be left out of a report."""


def left_out(notes: Sequence[str], words: Language) -> list[str]:
    """Return what was left out, in words."""
    sentences = {
        "quick": words._(
            "Made in a hurry: it was not tried whether the order of strategies survives other "
            "numbers for how people react, nor whether use sags after the novelty."
        ),
        "groups": words._(
            "Groups are left out: they were not measured, and this version of the software does not "
            "give the stored numbers again."
        ),
        "vectors": words._(
            "It was not tried whether the order of strategies survives other numbers for how people "
            "react: the people of the organisation could not be read again."
        ),
    }
    return [sentences[note] for note in notes if note in sentences]


def prepared(
    result: Result,
    against: str | None = None,
    quick: bool = False,
    progress: Progress | None = None,
    kept: Kept[Any] | None = None,
) -> tuple[Answer, tuple[str, ...]]:
    """Return the answer with everything a report says, and what had to be left out.

    Parameters
    ----------
    result, against
        What was simulated, and the scenario the others are compared with.
    quick
        Whether to leave out what takes seconds.
    progress
        Called with the number of parameter vectors done and the total.
    kept
        Where it is kept what had to be simulated, so that nothing is simulated again.

    Raises
    ------
    AdoptionError
        If there is no such scenario, or it is interrupted.
    """
    clean = readable(result)
    compared = answer(clean, against)  # an unknown name is said before anything is simulated
    notes = []
    if not clean.groups:
        groups = _groups_of(clean, compared, kept)
        if groups is None:
            notes.append("groups")
        else:
            compared = replace(compared, groups=groups)
    if quick:
        return compared, (*notes, "quick")
    organisations = max(FEWEST, min(ORGANISATIONS, MOST_PEOPLE // compared.people))
    try:
        compared = with_troughs(compared, organisations, kept=kept)
        if len(compared.strategies) > 1:
            compared = with_vectors(
                compared, organisations=organisations, progress=progress, kept=kept
            )
    except InterruptedStudyError:
        raise
    except AdoptionError:
        notes.append("vectors")
    return replace(compared, adds=adds_of(compared, kept)), tuple(notes)


def _groups_of(result: Result, answer: Answer, kept: Kept[Any] | None) -> tuple[Group, ...] | None:
    """Return how groups fare, which were not measured: what is kept, or simulated again and kept.

    Returns
    -------
    tuple of Group or None
        None if the numbers are not the same again. That is kept too, unless nothing could be
        simulated at all: files of people may be back the next time.
    """
    rows = hashlib.sha256(b"".join(those.tobytes() for those in result.measured.values()))
    key = f"groups {result.fingerprint} {rows.hexdigest()}"
    there = None if kept is None else kept.get(key)
    if there is None:
        again = _again(result)
        if again is None:
            return None
        same = list(result.scenarios) if _same(result, again) else []
        there = {name: groups_of(again, name) for name in same}  # against any of them
        if kept is not None:
            kept.put(key, there, len(key))
    return tuple(Group(*each) for each in there[answer.reference.name]) if there else None


def _again(result: Result) -> Result | None:
    """Return the result simulated again, with groups; None if that cannot be.

    Raises
    ------
    InterruptedStudyError
        If interrupted by Ctrl-C: fewer runs would pass for other numbers.
    """
    from sim.study.experiments import compare

    try:
        again = compare(list(result.scenarios.values()), result.runs, result.seed, by=list(GROUPS))
    except InterruptedStudyError:
        raise
    except AdoptionError:
        return None
    if again.interrupted:
        raise InterruptedStudyError("interrupted before all groups were measured")
    return again


def _same(result: Result, again: Result) -> bool:
    """Return whether two results have the same numbers to the last bit."""
    return all(
        np.array_equal(rows, again.measured[name], equal_nan=True)
        for name, rows in result.measured.items()
    )


# --- Texts that cannot do anything -------------------------------------------------------------


def clean(text: str) -> str:
    r"""Return a text without characters that no file may hold or that turn a line round.

    Examples
    --------
    >>> clean("a\x00b\u202ec")
    'a bc'
    """
    kept = INVISIBLE.sub("", text)
    return " ".join(
        "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Cn") else c for c in kept).split()
    )


def readable(result: Result) -> Result:
    """Return the result with titles, names and questions of its scenarios cleaned."""
    scenarios = {}
    for name, scenario in result.scenarios.items():
        there = scenario.organisation.model_copy(update={"name": clean(scenario.organisation.name)})
        changes: dict[str, Any] = {
            "title": clean(scenario.title),
            "question": clean(scenario.question),
        }
        scenarios[name] = scenario.model_copy(update={**changes, "organisation": there})
    return replace(result, scenarios=scenarios, origin=result.provenance)


# --- Which result ------------------------------------------------------------------------------


def find_result(path: Path) -> Path:
    """Return the folder of a result: the one given, or the only one in it.

    Raises
    ------
    AdoptionError
        If there is none, or there are several.
    """
    wanted = "expected a folder that 'adopt compare' wrote: results/NAME/FINGERPRINT"
    if not path.exists():
        raise AdoptionError(f"{path}: no such folder; {wanted}")
    if path.is_file():
        raise AdoptionError(f"{path}: found a file, {wanted}")
    if (path / ORIGIN).is_file() or (path / TABLE).is_file():
        return path
    inside = sorted(file.parent for file in path.glob(f"*/{ORIGIN}"))
    if len(inside) == 1:
        return inside[0]
    if inside:
        names = ", ".join(str(folder) for folder in inside[:5])
        raise AdoptionError(f"{path}: found {len(inside)} results, expected one of them: {names}")
    there = sorted(file.name for file in path.iterdir())
    if any(name.startswith("part-") for name in there):
        raise AdoptionError(f"{path}: found a sweep, {wanted}")
    listed = ", ".join(there[:5]) + (", ..." if len(there) > 5 else "")
    raise AdoptionError(f"{path}: found {listed or 'nothing'}, {wanted}")


def result_at(path: Path) -> Result:
    """Read the result in a folder, or the only one below it.

    Raises
    ------
    AdoptionError
        If there is none, there are several, or it is damaged.
    """
    folder = find_result(path)
    result = read_result(folder)
    if result.origin is not None and (
        warning := other_library(result.origin, result.scenarios)
    ):  # what a plan costs is read from the library
        raise AdoptionError(
            f"{folder}: simulated with another library: {warning}; put that back as it was, or simulate "
            f"again: {remedy(folder, {**result.origin, 'code': ''})}"
        )
    if result.groups and any(not group.labels for group in result.groups.values()):
        raise AdoptionError(
            f"{folder / GROUPS_TABLE}: the file is damaged: a scenario lacks groups"
        )
    return result
