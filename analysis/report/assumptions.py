"""What a result rests on: assumptions and sources, misses of the validation, provenance."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from analysis.report.values import DASH, Cell, Row, Section, Table
from analysis.results.answer import Answer
from analysis.words.languages import Language
from sim.errors import AdoptionError
from sim.evidence import ids_of, read_evidence
from sim.scenario import read_catalogue, read_scenario
from sim.scenario.measure import Measure
from sim.study.provenance import measures_of


def assumptions(answer: Answer, words: Language) -> Section:
    """Return what every measure used rests on, and how well established that is."""
    used = list(measures_of(answer.result.scenarios))
    catalogue, register = read_catalogue(), read_evidence()
    rows, ids = [], list[str]()
    assumed = 0
    for name in used:
        measure = catalogue[name]
        known = [source for source in measure.sources if not _is_choice(source)]
        mine = list(dict.fromkeys(_entries(known)))
        ids += mine
        chosen = len(known) < len(measure.sources)
        assumed += chosen
        grades = sorted({register[number].grade or "" for number in mine} - {""})
        rows.append(
            Row(
                (
                    Cell(words.of(measure.title), words.of(measure.description)),
                    Cell(", ".join(mine) or DASH),
                    Cell(", ".join(grades) or DASH),
                    Cell(_assumed(measure, words)),
                )
            )
        )
    head = (
        words._("Measure"),
        words._("Evidence"),
        words._("Grade"),
        words._("What is assumed"),
    )
    sentences = [
        words._(
            "Of the {number} measures used, effect or cost of {assumed} is an assumption.",
            number=len(used),
            assumed=assumed,
        ),
        words._(
            "Grades: A trial or meta-analysis; B observed data; C survey with known method; D single "
            "case or rule of thumb; E a figure that nobody could trace. Hardly any source was "
            "checked against the original."
        ),
    ]
    tables = [
        Table(
            words._("Measures and what they rest on"),
            head,
            tuple(rows),
            numbers=False,
            widths=(4.2, 1.5, 1.2, 2.0),
        )
    ]
    if ids:
        tables.append(_cited(ids, words))
    return Section("B", words._("Assumptions and sources"), tuple(sentences), tables=tuple(tables))


CHOICES = frozenset({"choice", "definition", "calibration", "practice"})
"""Entries of the register that are about the model itself."""


def _cited(ids: Sequence[str], words: Language) -> Table:
    """Return the entries of the register that measures point to."""
    register = read_evidence()
    return Table(
        words._("Evidence cited"),
        (
            words._("Entry"),
            words._("Claim or finding"),
            words._("Source"),
            words._("Grade"),
        ),
        tuple(
            Row(
                (
                    Cell(number),
                    Cell(register[number].title),
                    Cell(register[number].source),
                    Cell(register[number].grade or DASH),
                )
            )
            for number in sorted(set(ids))
        ),
        numbers=False,
        widths=(0.8, 3.9, 3.8, 1.2),
        foreign=True,
        note=words._("In English, as in the register of evidence."),
    )


def _is_choice(source: str) -> bool:
    return "choice" in ids_of(source)


def _entries(sources: Sequence[str]) -> Iterator[str]:
    register = read_evidence()
    for source in sources:
        yield from (
            number for number in ids_of(source) if number in register and number not in CHOICES
        )


def _assumed(measure: Measure, words: Language) -> str:
    text = " ".join(source for source in measure.sources if _is_choice(source))
    effect, cost = "effect" in text, "cost" in text
    if effect and cost:
        return words._("effect and cost")
    if effect or cost:
        return words._("effect") if effect else words._("cost")
    return words._("choice") if text else DASH


# --- C: what validation missed -----------------------------------------------------------------


def misses(words: Language) -> Section:
    """Return where the model is known to fail; docs/limits.md and the README say the same."""
    points = (
        words._(
            "Of 43 claims that were held out, 6 hold under both sets of evidence and 9 in "
            "direction only; 21 are missed, and 7 cannot hold at their own base."
        ),
        words._(
            "Three cases from practice do not come out as reported: they are success stories, "
            "and the model was not bent to fit them."
        ),
        words._("Champions multiply weekly use by 1.22; vendors claim 1.3 to 1.8."),
        words._(
            "Whoever starts on request nearly always sees a colleague use it: 6% see none, classical "
            "studies say 20 to 40%."
        ),
        words._("Leaders use it 1.5 times as often as those who lead nobody; surveys say twice."),
        words._(
            "Trying: with licences only 92% try within two years; surveys say half where nobody "
            "encourages it."
        ),
        words._(
            "Not in the model: competitors and customers, better tools, use outside the tool, "
            "quality of work, layoffs and their shadow, conflict, more than one tool."
        ),
    )
    text = words._(
        "Validation was done for the model as a whole, not for this organisation. Known misses:"
    )
    return Section("C", words._("What validation missed"), (text,), points)


# --- D: provenance -----------------------------------------------------------------------------


def origin_line(answer: Answer, words: Language) -> str:
    """Return what made the result, in a line."""
    result = answer.result
    return words._(
        "Result {fingerprint}, seed {seed}, {runs} organisations, {software}.",
        fingerprint=result.fingerprint,
        seed=result.seed,
        runs=words.number(result.runs),
        software=result.provenance["software"],
    )


def provenance(answer: Answer, words: Language) -> Section:
    """Return what made the result, and how to make it again."""
    result = answer.result
    origin = result.provenance
    libraries = ", ".join(f"{name} {version}" for name, version in origin["libraries"].items())
    facts = (
        (words._("Fingerprint"), result.fingerprint),
        (words._("Seed"), str(result.seed)),
        (words._("Organisations (runs)"), words.number(result.runs)),
        (words._("Months"), str(answer.last)),
        (words._("Software"), str(origin["software"])),
        (words._("Code"), str(origin["code"])),
        (words._("Made with"), f"Python {origin['python']}, {origin['platform']}"),
        (words._("Libraries"), libraries),
    )
    command, same = _command(answer)
    sentences = (
        words._("The same seed and files give the same numbers to the last bit. To make it again:")
        if same
        else words._(
            "The scenarios are stored in full with the result (provenance.json). With files of that "
            "content, this makes it again:"
        )
    )
    rows = tuple(Row((Cell(name), Cell(value))) for name, value in facts)
    head = (words._("What"), words._("Value"))
    return Section(
        "D",
        words._("Provenance"),
        (sentences,),
        code=command,
        tables=(Table(words._("What made it"), head, rows, numbers=False, widths=(1.0, 3.2)),),
    )


def _command(answer: Answer) -> tuple[str, bool]:
    """Return the command that makes the result again, and whether names alone are enough."""
    result = answer.result
    stored = result.provenance["scenarios"]
    try:
        same = all(
            read_scenario(name).model_dump(mode="json") == stored[name] for name in result.scenarios
        )
    except AdoptionError:
        same = False
    names = [shlex.quote(name if same else f"{name}.yaml") for name in result.scenarios]
    parts = ["adopt", "compare", *names, "--runs", str(result.runs), "--seed", str(result.seed)]
    kinds = list(dict.fromkeys(group.kind for group in answer.groups))
    parts += ["--by", ",".join(kinds)] if kinds else []
    return " ".join(parts), same
