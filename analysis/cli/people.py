"""Commands for one's own people: people, questionnaire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.shared import adopt, language_option, options
from analysis.cli.terminal import console, rich_table, say

if TYPE_CHECKING:
    from sim.scenario.imports import Imported

FILE = click.Path(path_type=Path)
SHEETS = {
    "en": ("id", "department", "team", "manager", "role", "weekly hours", "question"),
    "nl": (
        "personeelsnummer",
        "afdeling",
        "team",
        "leidinggevende",
        "functieniveau",
        "uren per week",
        "vraag",
    ),
}
"""Headers of an answer sheet, which is a people file; the last stands before each number."""


@adopt.command(
    epilog="""\b
Examples:
  adopt people people.csv                      who works here, and what was mended
  adopt people people.csv ties.csv             with the ties between them
  adopt people person-query.csv p2p.csv        exports of Microsoft Viva Insights
  adopt people people.csv --pseudonym 1053     how a scenario may name somebody

\b
A row per person in a file of text (CSV) or a workbook (.xlsx); columns in any order, headers
in English or Dutch:
  id, department                               needed
  manager (an id) or role                      one of them is needed
  team, hours or FTE, hourly cost, skill, uses  where known
  archetype, or threat_competence, threat_status, threat_control, threat_ethics, or q1 to q10
A row per tie: source, target; weight and layer where known.
"""
)
@click.argument("people", type=FILE, metavar="PEOPLE.csv")
@click.argument("ties", type=FILE, metavar="[TIES.csv]", required=False)
@click.option(
    "--pseudonym",
    "ids",
    multiple=True,
    metavar="ID",
    help="Also print the pseudonym of this person. Repeatable.",
)
@options("json")
def people(people: Path, ties: Path | None, ids: tuple[str, ...], as_json: bool) -> int:
    """Read the people of your own organisation, and say what was understood.

    Ids are replaced by pseudonyms while reading, columns that are not needed are not kept, and
    groups of fewer than five people are shown together with others, so that no subtraction tells
    them apart. All later results have the same groups.
    """
    from sim.scenario.imports import pseudonyms_of, read_organisation

    imported = read_organisation(people, ties)
    content = summary(imported)
    lines = {"people": people.name} | ({"ties": ties.name} if ties else {})
    names = pseudonyms_of(people, ids)
    if as_json:
        content |= {"scenario": {"organisation": lines}}
        if names:
            content["pseudonyms"] = list(names)
        click.echo(json.dumps(content, indent=2, ensure_ascii=False))
        return 0
    terminal = console()
    terminal.print(f"{content['people']:,} people")
    for title in ("department", "team", "role", "archetype", "uses AI already"):
        terminal.print(rich_table(_frame(title, content[title]), index=False))
    if ties is not None:
        terminal.print(
            f"{content['ties']:,} ties, {content['ties per person']:.1f} per person on average\n"
        )
    if imported.report:
        terminal.print("Assumed, mended and left aside:")
        say(terminal, *(f"  - {note}" for note in imported.report))
        terminal.print()
    for identity, name in zip(ids, names, strict=True):
        terminal.print(f"{identity}: {name}\n", markup=False)
    listed = ", ".join(f"{key}: {name}" for key, name in lines.items())
    terminal.print("Write into the scenario (paths from its own folder):")
    say(terminal, f"  organisation: {{{listed}}}")
    return 0


def summary(imported: Imported) -> dict[str, Any]:
    """Return what may be said of an organisation: sizes of the groups that may be told."""
    import numpy as np

    from sim.privacy import told
    from sim.scenario.library import read_archetypes

    def counted(names: Mapping[int, str], index: Any) -> dict[str, int]:
        values, times = np.unique(index, return_counts=True)
        count = dict(zip(values.tolist(), times.tolist(), strict=True))
        return told({name: count.get(value, 0) for value, name in names.items()})

    def sizes(kind: str) -> dict[str, int]:
        group = imported.groups.kind(kind)
        return dict(zip(group.names, np.bincount(group.place).tolist(), strict=True))

    size = len(imported.people)
    return {
        "people": size,
        "department": sizes("department"),
        "team": sizes("team"),
        "role": sizes("role"),
        "archetype": counted(
            {**dict(enumerate(read_archetypes())), -1: "unknown"}, imported.archetype
        ),
        "uses AI already": counted({1: "yes", 0: "no", -1: "unknown"}, imported.uses),
        "ties": imported.first.size,
        "ties per person": round(2 * imported.first.size / size, 2),
        "report": list(imported.report),
        "digest": imported.digest,
    }


def _frame(title: str, groups: Mapping[str, int]) -> Any:
    """Return sizes of groups as a table."""
    import pandas as pd

    return pd.DataFrame({title: list(groups), "people": [f"{size:,}" for size in groups.values()]})


@adopt.command(
    epilog="""\b
Examples:
  adopt questionnaire --lang nl
  adopt questionnaire --lang nl --write people.csv && adopt people people.csv
"""
)
@language_option()
@click.option("--write", type=FILE, metavar="FILE.csv", help="Write an empty answer sheet.")
def questionnaire(lang: str, write: Path | None) -> int:
    """Print ten statements on what people fear of AI, or write an answer sheet for them.

    The sheet is a people file: a row per person, answers from 1, fully disagree, to 5, fully
    agree. `adopt people` makes of them four threats, and of the strongest the archetype.
    """
    from sim.errors import AdoptionError
    from sim.scenario.imports.questionnaire import questionnaire as shipped

    form = shipped()
    if write is not None:
        *heads, item = SHEETS[lang]
        heads += [f"{item} {number}" for number in range(1, len(form.items) + 1)]
        separator = ";" if lang == "nl" else ","
        try:
            with write.open("x", encoding="utf-8-sig", newline="") as stream:
                stream.write(separator.join(heads) + "\r\n")
        except FileExistsError:
            raise AdoptionError(f"{write}: is there already; choose another name") from None
        click.echo(f"{write}: a row per person, then: adopt people {write}")
        return 0
    click.echo(f"{form.introduction[lang]}\n")
    click.echo("  ".join(f"{n} {word}" for n, word in enumerate(form.scale[lang], start=1)) + "\n")
    for name, question in form.items.items():
        click.echo(f"{name[1:]:>2}. {question.text[lang]}")
    return 0
