"""Commands that look things up: catalogue, use-cases, kpis, parameters."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import click

from analysis.cli.shared import adopt, options
from analysis.cli.terminal import console, rich_table

LANGUAGE = click.option(
    "--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True, help="Language."
)
NARROW = 100
HEADINGS = {
    "measure": ("measure", "maatregel"),
    "name": ("name", "naam"),
    "title": ("title", "titel"),
    "does": ("does at full dose", "doet bij volle dosis"),
    "k€": ("k€/year", "k€/jaar"),
    "phase": ("phase", "fase"),
    "lasting": ("lasts", "werking"),
    "cost_of_a_year": (
        "a year, 100 people, hours included [€]",
        "per jaar, 100 mensen, inclusief uren [€]",
    ),
    "fixed": ("once [€]", "eenmalig [€]"),
    "per_month": ("each month [€]", "elke maand [€]"),
    "per_participant": ("per participant [€]", "per deelnemer [€]"),
    "hours_per_participant": ("per participant [hours]", "per deelnemer [uren]"),
    "monthly_hours_per_participant": (
        "per participant and month [hours]",
        "per deelnemer en maand [uren]",
    ),
    "trainer_hours_per_participant": (
        "of a trainer, per participant [hours]",
        "van een trainer, per deelnemer [uren]",
    ),
    "team_hours": ("of those who set it up [hours]", "van wie het opzetten [uren]"),
    "monthly_team_hours": (
        "of those who run it, each month [hours]",
        "van wie het uitvoeren, elke maand [uren]",
    ),
    "unstaffed": ("who does the work", "wie het werk doet"),
    "cost": ("costs", "kost"),
    "use_case": ("use case", "toepassing"),
    "description": ("what it is", "wat het is"),
    "departments": ("usually for", "meestal voor"),
    "share": ("working time [%]", "werktijd [%]"),
    "saving": ("saved on it [%]", "bespaard daarop [%]"),
    "take": (
        "tool: {use_cases: {documents: {}}} takes one into a scenario; what it says itself wins. "
        "adopt use-cases NAME shows all of it.",
        "tool: {use_cases: {documents: {}}} neemt er een op in een scenario; wat dat zelf zegt gaat "
        "voor. adopt use-cases NAAM toont alles.",
    ),
    "sources": ("rests on (see adopt evidence ID)", "berust op (zie adopt evidence ID)"),
    "dimension": ("about", "gaat over"),
    "measured_by": ("found out by", "te meten met"),
    "signal": ("signal", "signaal"),
    "checkpoint": ("first look", "eerste blik"),
    "meaning": ("meaning", "betekenis"),
    "formula": ("formula", "formule"),
    "unit": ("unit", "eenheid"),
    "foot": (
        "A worry that is justified stays. What is one-off fades; what is structural holds while in "
        "force. k€/year: full dose in a firm of 100, hours included. "
        "adopt catalogue MEASURE shows all of it.",
        "Een terechte zorg blijft. Wat eenmalig is ebt weg; wat structureel is werkt zolang het "
        "loopt. k€/jaar: volle dosis in een bedrijf van 100, inclusief uren. "
        "adopt catalogue MAATREGEL toont alles.",
    ),
    "nothing": ("nothing fits all of these", "niets past bij dit alles"),
}


def heading(name: str, lang: str) -> str:
    """Return the heading of a column or a line in a language."""
    return HEADINGS[name][0 if lang == "en" else 1]


def headed(
    rows: Iterable[dict[str, Any]], columns: Iterable[str], lang: str
) -> list[dict[str, Any]]:
    """Return these columns of rows, under their headings in a language."""
    return [{heading(column, lang): row[column] for column in columns} for row in rows]


def one_of(given: str, known: Iterable[str], hint: str) -> str:
    """Return the known name that was given, or say which was meant or what there is."""
    from sim.scenario.words import suggestion

    names = list(known)
    if given in names:
        return given
    advice = suggestion(given, names) or f"; {len(names)} are known, none looks like it"
    raise click.BadParameter(f"found '{given}'{advice}", param_hint=hint)


def print_json(rows: list[dict[str, Any]]) -> int:
    """Print rows as JSON."""
    click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    return 0


# --- Measures --------------------------------------------------------------------------------


@adopt.command(
    epilog="""\b
Examples:
  adopt catalogue --phase communication
  adopt catalogue --archetype status --lasting structural
  adopt catalogue --channel training --search week
  adopt catalogue buddies training --lang nl
"""
)
@click.argument("measures", nargs=-1)
@click.option("--phase", help="Only of this phase, such as communication or co_creation.")
@click.option("--channel", help="Only what acts on this, such as training, match or message.")
@click.option("--archetype", help="Only what relieves a worry of this archetype most.")
@click.option("--lasting", help="Only one_off or only structural measures.")
@click.option("--search", metavar="WORD", help="Only those with this word in name or text.")
@LANGUAGE
@options("json")
def catalogue(
    *,
    measures: tuple[str, ...],
    phase: str | None,
    channel: str | None,
    archetype: str | None,
    lasting: str | None,
    search: str | None,
    lang: str,
    as_json: bool,
) -> int:
    """List the measures a programme can use, with effects, costs and sources."""
    from sim.scenario import read_catalogue
    from sim.scenario.library import read_archetypes
    from sim.scenario.measure import Pushes
    from sim.study import tables

    known = read_catalogue()
    wanted = [one_of(name, known, "MEASURES") for name in measures] or list(known)
    if phase is not None:
        phase = phase.replace("-", "_")
        one_of(phase, dict.fromkeys(one.phase for one in known.values()), "--phase")
        wanted = [name for name in wanted if known[name].phase == phase]
    if lasting is not None:
        one_of(lasting, dict.fromkeys(one.lasting for one in known.values()), "--lasting")
        wanted = [name for name in wanted if known[name].lasting == lasting]
    if channel is not None:
        one_of(channel, [*Pushes.model_fields, "message"], "--channel")
        wanted = [name for name in wanted if channel in tables.acts_on(known[name])]
    if archetype is not None:
        one_of(archetype, read_archetypes(), "--archetype")
        wanted = [name for name in wanted if archetype in tables.relieves(known[name])]
    rows = [entry for entry in tables.entries(lang) if entry["measure"] in wanted]
    if search is not None:
        rows = [row for row in rows if search.lower() in text_of(row).lower()]
    if as_json:
        return print_json(rows)
    if not rows:
        console().print(heading("nothing", lang))
    elif measures:
        for one in rows:
            show_measure(one, lang)
    else:
        list_measures(rows, lang)
    return 0


def text_of(measure: dict[str, Any]) -> str:
    """Return the words in which a measure is looked for."""
    parts = ("measure", "title", "description")
    return " ".join([*(measure[part] for part in parts), *measure["does"]])


def list_measures(rows: list[dict[str, Any]], lang: str) -> None:
    """Print measures as tables, one for each phase."""
    from sim.study.tables import said

    terminal = console()
    lasting = ("lasting",) if terminal.width >= NARROW else ()  # the other columns need the room
    columns = ("measure", "title", "k€", *lasting, "does")
    for phase in dict.fromkeys(row["phase"] for row in rows):
        told = [
            {
                **row,
                "k€": f"{row['cost_of_a_year'] / 1000:,.0f}",
                "lasting": said(row["lasting"], lang),
                "does": ", ".join(row["does"]),
            }
            for row in rows
            if row["phase"] == phase
        ]
        table = headed(told, columns, lang)
        terminal.print(rich_table(table, said(phase, lang).capitalize()))
    terminal.print(heading("foot", lang), style="dim")


def show_measure(one: dict[str, Any], lang: str) -> None:
    """Print everything the catalogue says of a measure."""
    from sim.study.tables import said

    def amount(value: float) -> str:
        text = f"{value:,.10g}"
        return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))

    terminal = console()
    terminal.print(f"[bold]{one['measure']}[/bold]: {one['title']}")
    terminal.print(f"  {one['description']}", markup=False)
    for part in ("phase", "lasting"):
        terminal.print(f"  {heading(part, lang)}: {said(one[part], lang)}", markup=False)
    for part in ("does", "sources"):
        terminal.print(f"  {heading(part, lang)}:", markup=False)
        for line in one[part]:
            terminal.print(f"    {line}", markup=False)
    terminal.print(f"  {heading('cost', lang)}:", markup=False)
    costs = {**one["cost"], "cost_of_a_year": round(one["cost_of_a_year"])}
    for part, value in costs.items():
        if value:
            terminal.print(f"    {heading(part, lang)}: {amount(value)}", markup=False)
    if one["unstaffed"]:
        terminal.print(f"    {heading('unstaffed', lang)}: {one['unstaffed'][lang]}", markup=False)


# --- Use cases -------------------------------------------------------------------------------


@adopt.command(
    "use-cases",
    epilog="""\b
Examples:
  adopt use-cases
  adopt use-cases documents planning --lang nl
""",
)
@click.argument("names", nargs=-1)
@LANGUAGE
@options("json")
def use_cases(names: tuple[str, ...], lang: str, as_json: bool) -> int:
    """List the use cases a scenario can take from the library, with their sources."""
    from sim.scenario.library import read_use_cases

    known = read_use_cases()
    wanted = [one_of(name, known, "NAMES") for name in names] or list(known)
    rows = [
        {
            "use_case": name,
            **known[name].model_dump(mode="json"),
            "title": getattr(known[name].title, lang),
            "description": getattr(known[name].description, lang),
        }
        for name in wanted
    ]
    if as_json:
        return print_json(rows)
    if names:
        for row in rows:
            show_use_case(row, lang)
    else:
        list_use_cases(rows, lang)
    return 0


def list_use_cases(rows: list[dict[str, Any]], lang: str) -> None:
    """Print use cases as a table."""
    terminal = console()
    title = ("title",) if terminal.width >= NARROW else ()  # the other columns need the room
    columns = ("use_case", *title, "description", "share", "saving")
    told = [
        {**row, **{part: f"{100 * row[part]:.0f}" for part in ("share", "saving")}} for row in rows
    ]
    terminal.print(rich_table(headed(told, columns, lang)))
    terminal.print(heading("take", lang), style="dim", markup=False)


def show_use_case(one: dict[str, Any], lang: str) -> None:
    """Print everything the library says of a use case."""
    terminal = console()
    terminal.print(f"[bold]{one['use_case']}[/bold]: {one['title']}")
    terminal.print(f"  {one['description']}", markup=False)
    for part in ("share", "saving"):
        terminal.print(f"  {heading(part, lang)}: {100 * one[part]:.0f}", markup=False)
    terminal.print(
        f"  {heading('departments', lang)}: {', '.join(one['departments'])}", markup=False
    )
    terminal.print(f"  {heading('sources', lang)}:", markup=False)
    for line in one["sources"]:
        terminal.print(f"    {line}", markup=False)


# --- KPIs and terms --------------------------------------------------------------------------


@adopt.command(
    epilog="""\b
Examples:
  adopt kpis
  adopt kpis satisfaction trough --lang nl
  adopt kpis --dimension acceptance
  adopt kpis --terms
"""
)
@click.argument("names", nargs=-1)
@click.option("--dimension", help="Only KPIs about this, such as usage, impact or cost.")
@click.option("--terms", is_flag=True, help="Terms and figures about curves instead of KPIs.")
@LANGUAGE
@options("json")
def kpis(
    names: tuple[str, ...], dimension: str | None, terms: bool, lang: str, as_json: bool
) -> int:
    """Explain what is measured, with formula and unit, and every term used."""
    from sim.study.tables import terms as explained

    known = {one["name"]: one for one in explained(lang)}
    if names:
        rows = [known[one_of(name, known, "NAMES")] for name in names]
    else:
        rows = [one for one in known.values() if (one["kind"] == "kpi") != terms]
    if dimension is not None:
        dimensions = dict.fromkeys(one["dimension"] for one in known.values() if one["dimension"])
        one_of(dimension, dimensions, "--dimension")
        rows = [row for row in rows if row["dimension"] == dimension]
    if as_json:
        return print_json(rows)
    if not rows:
        console().print(heading("nothing", lang))
    elif names:
        for one in rows:
            show_term(one, lang)
    else:
        list_terms(rows, lang)
    return 0


def list_terms(rows: list[dict[str, Any]], lang: str) -> None:
    """Print KPIs or terms as tables, one for each dimension or kind."""
    from sim.study.tables import said

    terminal = console()
    for part in dict.fromkeys(row["dimension"] or row["kind"] for row in rows):
        here = [row for row in rows if part in (row["dimension"], row["kind"])]
        columns = ("meaning",) if part == "term" else ("formula", "unit")
        table = headed(here, ("name", "title", *columns), lang)
        terminal.print(rich_table(table, said(part, lang).capitalize()))


def show_term(one: dict[str, Any], lang: str) -> None:
    """Print everything the glossary says of a KPI or a term."""
    from sim.study.tables import said

    terminal = console()
    terminal.print(f"[bold]{one['name']}[/bold]: {one['title']}")
    terminal.print(f"  {one['meaning']}", markup=False)
    for part in ("formula", "unit"):
        if one[part]:
            terminal.print(f"  {heading(part, lang)}: {one[part]}", markup=False)
    for part in ("dimension", "measured_by", "signal", "checkpoint"):
        if one[part]:
            text = one[part] if part == "measured_by" else said(one[part], lang)
            terminal.print(f"  {heading(part, lang)}: {text}", markup=False)


# --- Parameters ------------------------------------------------------------------------------


@adopt.command()
@click.argument("words", nargs=-1)
@options("json")
def parameters(words: tuple[str, ...], as_json: bool) -> int:
    """List every number of the rules with unit, range, source and meaning.

    Words filter by name and meaning: `adopt parameters champion`. `adopt evidence ID` tells more of
    what a source names.
    """
    from sim.parameters import described

    def fits(row: dict[str, Any]) -> bool:
        text = f"{row['parameter']} {row['meaning']}".lower()
        return all(word.lower() in text for word in words)

    rows = [row for row in described() if fits(row)]
    if not rows:
        raise click.BadParameter(
            f"no parameter has '{' '.join(words)}' in its name or meaning", param_hint="WORDS"
        )
    if as_json:
        return print_json(rows)
    for row in rows:
        row["range"] = f"{row['low']:g} to {row['high']:g}"
    columns = ("parameter", "default", "unit", "range", "meaning", "source")
    console().print(rich_table([{name: row[name] for name in columns} for row in rows]))
    return 0
