"""The command that shows what every number and claim rests on: evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from analysis.cli.lookup import NARROW, one_of, print_json
from analysis.cli.shared import adopt, options
from analysis.cli.terminal import console, rich_table

if TYPE_CHECKING:
    from sim.evidence import Among, Arm, Check, Entry, Figures

NAMED = 2
"""Users of an entry named in the list; all are named where one entry is shown."""


@adopt.command(
    epilog="""\b
Examples:
  adopt evidence
  adopt evidence C09 L12
  adopt evidence --role calibrate --set literature
  adopt evidence --grade A --json
"""
)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--role", help="Only input, calibrate, hold_out or context.")
@click.option("--kind", help="Only this kind, such as trial, survey or vendor.")
@click.option("--grade", help="Only this grade: A (trial, meta-analysis) to E (untraced).")
@click.option("--set", "evidence_set", help="Only what vendor or literature is calibrated on.")
@options("json")
def evidence(
    *,
    ids: tuple[str, ...],
    role: str | None,
    kind: str | None,
    grade: str | None,
    evidence_set: str | None,
    as_json: bool,
) -> int:
    """Show what every number and claim rests on: source, grade, role, and who points to it.

    C.. are claims of practitioner articles, most of them untraced; L.. are findings of the
    literature. What is calibrated on and what is held out was decided beforehand.
    """
    from sim.evidence import KNOWN, entries_with, read_evidence

    spelled = {
        "kind": None if kind is None else kind.lower().replace("-", "_"),
        "grade": None if grade is None else grade.upper(),
        "role": None if role is None else role.lower().replace("-", "_"),
        "set": None if evidence_set is None else evidence_set.lower(),
    }
    for option, value in spelled.items():
        if value is not None:
            one_of(value, KNOWN[option], f"--{option}")
    known = read_evidence()
    usual = {name.lower(): name for name in known}
    asked = [one_of(usual.get(identity.lower(), identity), known, "ID") for identity in ids]
    fitting = entries_with(spelled["kind"], spelled["grade"], spelled["role"], spelled["set"])
    wanted = {name: fitting[name] for name in asked or fitting if name in fitting}
    if as_json:
        return print_json([everything(name, entry) for name, entry in wanted.items()])
    if not wanted:
        console().print("no entry fits all of these")
    elif asked:
        for name, entry in wanted.items():
            show_entry(name, entry)
    else:
        list_entries(wanted)
    return 0


def users_of(name: str) -> dict[str, tuple[str, ...]]:
    """Return who points to an entry, by kind, the patterns of ``adopt patterns`` among them."""
    from analysis.studies.patterns.findings import read_patterns
    from sim.evidence import ids_of, used_by

    users = dict(used_by()[name])
    patterns = tuple(
        user for user, pattern in read_patterns().items() if name in ids_of(pattern.source)
    )
    return {**users, "patterns": patterns} if patterns else users


def against(name: str, entry: Entry) -> list[str]:
    """Return the entries that one is in conflict with, whichever of the two says so."""
    from sim.evidence import read_evidence

    said = entry.conflicts.ids if entry.conflicts else ()
    return [
        other
        for other, entry in read_evidence().items()
        if other in said or (entry.conflicts and name in entry.conflicts.ids)
    ]


def everything(name: str, entry: Entry) -> dict[str, Any]:
    """Return all that is known of an entry, for JSON."""
    content = entry.model_dump(mode="json", by_alias=True)
    return {
        "id": name,
        **content,
        "in_conflict_with": against(name, entry),
        "used_by": users_of(name),
    }


def list_entries(entries: dict[str, Entry]) -> None:
    """Print entries as tables: claims, findings, and what else the model points to."""

    def named(name: str) -> str:
        users = list(dict.fromkeys(user for some in users_of(name).values() for user in some))
        more = f" +{len(users) - NAMED}" if len(users) > NAMED else ""
        return ", ".join(users[:NAMED]) + more

    terminal = console()
    for initial, title in GROUPS.items():
        rows = [
            {
                "id": name,
                "says": entry.title,
                "kind": entry.kind,
                "grade": entry.grade or "",
                "role": entry.role,
                "verified": entry.verified,
                "used by": named(name),
            }
            for name, entry in entries.items()
            if initial == (name[0] if name[0] in GROUPS else "")
        ]
        if terminal.width < NARROW:  # the other columns need the room
            for row in rows:
                del row["verified"], row["used by"]
        if rows:
            terminal.print(rich_table(rows, title))
    counts = {role: sum(entry.role == role for entry in entries.values()) for role in ROLES}
    counted = ", ".join(f"{number} {ROLES[role]}" for role, number in counts.items() if number)
    noun = "entry" if len(entries) == 1 else "entries"
    terminal.print(f"{len(entries)} {noun}: {counted}.", markup=False)
    terminal.print(
        "Grade: A trial or meta-analysis, B observed, C survey, D single case, rule or memory, "
        "E untraced. adopt evidence ID shows all of an entry.",
        style="dim",
    )


GROUPS = {
    "C": "Claims of practitioner articles",
    "L": "Findings of the literature",
    "": "What else the model points to",
}

ROLES = {
    "input": "used as a number",
    "calibrate": "calibrated on",
    "hold_out": "held out",
    "context": "context",
}


def show_entry(name: str, entry: Entry) -> None:
    """Print everything the register says of an entry, and who points to it."""
    from rich.table import Table
    from rich.text import Text

    terminal = console()
    terminal.print(f"[bold]{name}[/bold]: {entry.title}", highlight=False)
    grade = f", grade {entry.grade}" if entry.grade else ""
    role = f"{ROLES[entry.role]} (set {entry.set})" if entry.set else ROLES[entry.role]
    causal = "supports cause and effect" if entry.causal else "does not show cause and effect"
    lines = {
        "source": entry.source,
        "kind": f"{entry.kind}{grade}; {causal}",
        "verified": VERIFIED[entry.verified],
        "in the model": entry.metric,
        "value": in_words(entry.value) if entry.value else "",
        "role": role,
        "in conflict with": ", ".join(against(name, entry)),
        "because": entry.conflicts.text if entry.conflicts else "",
        "checked by": tested(entry.check) if entry.check else "",
        **{f"used by {kind}": ", ".join(users) for kind, users in users_of(name).items()},
    }
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim")
    for label, text in lines.items():
        if text:
            grid.add_row(f"  {label}", Text(text))
    terminal.print(grid)


VERIFIED = {
    "nothing": "nothing was checked",
    "memory": "written from memory",
    "excerpt": "an excerpt, abstract or report was read, not the original",
    "recomputed": "computed again from the published data",
}


def in_words(value: Figures) -> str:
    """Return the numbers of an entry as people say them."""
    words = []
    if value.control is not None and value.treated is not None:
        words.append(f"{value.control:g} without, {value.treated:g} with")
    elif value.treated is not None:
        words.append(f"{value.treated:g}")
    if value.low is not None and value.high is not None:
        words.append(f"from {value.low:g} to {value.high:g}")
    words += [f"{name} {number:g}" for name, number in value.parts.items()]
    return f"{', '.join(words)} [{value.unit}]"


def tested(check: Check) -> str:
    """Return the experiment of an entry in one line."""

    def arm(side: Arm) -> str:
        changes = ", ".join(f"{path} = {value}" for path, value in side.changes.items())
        text = f"{side.scenario} with {changes}" if changes else side.scenario
        return f"{text}, {people(side.among)}" if side.among else text

    compared = arm(check.with_)
    if check.without is not None:
        compared += f" against {arm(check.without)}"
    if check.sweep is not None:
        values = ", ".join(f"{value:g}" for value in check.sweep.values)
        compared += f", {check.sweep.path} at {values}"
    level = f" at {check.level:g}" if check.level is not None else ""
    expected = "; ".join(
        f"{figure.of} {figure.expected:g} (from {figure.low:g} to {figure.high:g})"
        + (f", {people(figure.among)}" if figure.among else "")
        for figure in check.expect
    )
    return f"{check.kpi}{level} in month {check.month} of {compared}: {expected}"


def people(among: Among) -> str:
    """Return which people are looked at."""
    return " and ".join(f"{kind} {', '.join(names)}" for kind, names in among.items())
