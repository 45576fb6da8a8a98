"""Commands that look things up: catalogue, use-cases, kpis, parameters."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import click

from analysis.cli.shared import adopt, language_option, options
from analysis.cli.terminal import console, rich_table

NARROW = 100


@cache
def headings(lang: str) -> dict[str, str]:
    """Return the headings of columns and lines in a language."""
    from analysis.words.languages import language

    words = language(lang)
    return {
        "measure": words._("measure"),
        "name": words._("name"),
        "title": words._("title"),
        "does": words._("does at full dose"),
        "k€": words._("k€/year"),
        "phase": words._("phase"),
        "lasting": words._("lasts"),
        "cost_of_a_year": words._("a year, 100 people, hours included [€]"),
        "fixed": words._("once [€]"),
        "per_month": words._("each month [€]"),
        "per_participant": words._("per participant [€]"),
        "hours_per_participant": words._("per participant [hours]"),
        "monthly_hours_per_participant": words._("per participant and month [hours]"),
        "trainer_hours_per_participant": words._("of a trainer, per participant [hours]"),
        "team_hours": words._("of those who set it up [hours]"),
        "monthly_team_hours": words._("of those who run it, each month [hours]"),
        "unstaffed": words._("who does the work"),
        "cost": words._("costs"),
        "use_case": words._("use case"),
        "description": words._("what it is"),
        "departments": words._("usually for"),
        "share": words._("working time [%]"),
        "saving": words._("saved on it [%]"),
        "take": words._(
            "tool: {use_cases: {documents: {}}} takes one into a scenario; what it says "
            "itself wins. adopt use-cases NAME shows all of it."
        ),
        "event": words._("event"),
        "happens": words._(
            "events: {bad-news: {month: 9}} lets one happen in a scenario; size: 2 makes it twice as "
            "large. adopt events NAME shows all of it."
        ),
        "sources": words._("rests on (see adopt evidence ID)"),
        "dimension": words._("about"),
        "measured_by": words._("found out by"),
        "signal": words._("signal"),
        "checkpoint": words._("first look"),
        "meaning": words._("meaning"),
        "formula": words._("formula"),
        "unit": words._("unit"),
        "foot": words._(
            "A worry that is justified stays. What is one-off fades; what is structural holds"
            " while in force. k€/year: full dose in a firm of 100, hours included. adopt "
            "catalogue MEASURE shows all of it."
        ),
        "nothing": words._("nothing fits all of these"),
    }


def heading(name: str, lang: str) -> str:
    """Return the heading of a column or a line in a language."""
    return headings(lang)[name]


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


def show_rows(
    rows: list[dict[str, Any]],
    lang: str,
    as_json: bool,
    each: Callable[[dict[str, Any], str], None] | None,
    listed: Callable[[list[dict[str, Any]], str], None],
) -> int:
    """Print what was looked for: as JSON, each by itself if any was named, or as a list."""
    if as_json:
        return print_json(rows)
    if not rows:
        console().print(heading("nothing", lang))
    elif each is None:
        listed(rows, lang)
    else:
        for row in rows:
            each(row, lang)
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
@language_option()
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
        one_of(phase, dict.fromkeys(measure.phase for measure in known.values()), "--phase")
        wanted = [name for name in wanted if known[name].phase == phase]
    if lasting is not None:
        one_of(lasting, dict.fromkeys(measure.lasting for measure in known.values()), "--lasting")
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
    return show_rows(rows, lang, as_json, show_measure if measures else None, list_measures)


def text_of(measure: dict[str, Any]) -> str:
    """Return the words in which a measure is looked for."""
    parts = ("measure", "title", "description")
    return " ".join([*(measure[part] for part in parts), *measure["does"]])


def list_measures(rows: list[dict[str, Any]], lang: str) -> None:
    """Print measures as tables, one for each phase."""
    from sim.study.tables import said as word

    terminal = console()
    lasting = ("lasting",) if terminal.width >= NARROW else ()  # the other columns need the room
    columns = ("measure", "title", "k€", *lasting, "does")
    for phase in dict.fromkeys(row["phase"] for row in rows):
        written = [
            {
                **row,
                "k€": f"{row['cost_of_a_year'] / 1000:,.0f}",
                "lasting": word(row["lasting"], lang),
                "does": ", ".join(row["does"]),
            }
            for row in rows
            if row["phase"] == phase
        ]
        table = headed(written, columns, lang)
        terminal.print(rich_table(table, word(phase, lang).capitalize()))
    terminal.print(heading("foot", lang), style="dim")


def show_measure(measure: dict[str, Any], lang: str) -> None:
    """Print everything the catalogue says of a measure."""
    from sim.study.tables import said as word

    def amount(value: float) -> str:
        text = f"{value:,.10g}"
        return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))

    terminal = console()
    terminal.print(f"[bold]{measure['measure']}[/bold]: {measure['title']}")
    terminal.print(f"  {measure['description']}", markup=False)
    for part in ("phase", "lasting"):
        terminal.print(f"  {heading(part, lang)}: {word(measure[part], lang)}", markup=False)
    for part in ("does", "sources"):
        terminal.print(f"  {heading(part, lang)}:", markup=False)
        for line in measure[part]:
            terminal.print(f"    {line}", markup=False)
    terminal.print(f"  {heading('cost', lang)}:", markup=False)
    costs = {**measure["cost"], "cost_of_a_year": round(measure["cost_of_a_year"])}
    for part, value in costs.items():
        if value:
            terminal.print(f"    {heading(part, lang)}: {amount(value)}", markup=False)
    if measure["unstaffed"]:
        terminal.print(
            f"    {heading('unstaffed', lang)}: {measure['unstaffed'][lang]}", markup=False
        )


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
@language_option()
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
    return show_rows(rows, lang, as_json, show_use_case if names else None, list_use_cases)


def list_use_cases(rows: list[dict[str, Any]], lang: str) -> None:
    """Print use cases as a table."""
    terminal = console()
    title = ("title",) if terminal.width >= NARROW else ()  # the other columns need the room
    columns = ("use_case", *title, "description", "share", "saving")
    written = [
        {**row, **{part: f"{100 * row[part]:.0f}" for part in ("share", "saving")}} for row in rows
    ]
    terminal.print(rich_table(headed(written, columns, lang)))
    terminal.print(heading("take", lang), style="dim", markup=False)


def show_use_case(use_case: dict[str, Any], lang: str) -> None:
    """Print everything the library says of a use case."""
    terminal = console()
    terminal.print(f"[bold]{use_case['use_case']}[/bold]: {use_case['title']}")
    terminal.print(f"  {use_case['description']}", markup=False)
    for part in ("share", "saving"):
        terminal.print(f"  {heading(part, lang)}: {100 * use_case[part]:.0f}", markup=False)
    terminal.print(
        f"  {heading('departments', lang)}: {', '.join(use_case['departments'])}", markup=False
    )
    terminal.print(f"  {heading('sources', lang)}:", markup=False)
    for line in use_case["sources"]:
        terminal.print(f"    {line}", markup=False)


# --- Events ----------------------------------------------------------------------------------


@adopt.command(
    epilog="""\b
Examples:
  adopt events
  adopt events bad-news --lang nl
  adopt compare full-programme --set 'events.bad-news={month: 9}'
"""
)
@click.argument("names", nargs=-1)
@language_option()
@options("json")
def events(names: tuple[str, ...], lang: str, as_json: bool) -> int:
    """List the events that can happen to an organisation, with what they rest on."""
    from sim.scenario.catalogue import read_events

    known = read_events()
    wanted = [one_of(name, known, "NAMES") for name in names] or list(known)
    rows = [
        {
            "event": name,
            **known[name].model_dump(mode="json", exclude_defaults=True),
            "title": getattr(known[name].title, lang),
            "description": getattr(known[name].description, lang),
        }
        for name in wanted
    ]
    return show_rows(rows, lang, as_json, show_event if names else None, list_events)


def list_events(rows: list[dict[str, Any]], lang: str) -> None:
    """Print events as a table."""
    terminal = console()
    terminal.print(rich_table(headed(rows, ("event", "description"), lang)))
    terminal.print(heading("happens", lang), style="dim", markup=False)


def show_event(event: dict[str, Any], lang: str) -> None:
    """Print everything the library says of an event."""
    terminal = console()
    terminal.print(f"[bold]{event['event']}[/bold]: {event['title']}")
    terminal.print(f"  {event['description']}", markup=False)
    for part in ("pushes", "shock", "cost"):
        if part in event:
            listed = ", ".join(f"{name} {value:g}" for name, value in event[part].items())
            terminal.print(f"  {part}: {listed}", markup=False)
    for part in ("lasting", "leaves", "price"):
        if part in event:
            terminal.print(f"  {part}: {event[part]}", markup=False)
    terminal.print(f"  {heading('sources', lang)}:", markup=False)
    for line in event["sources"]:
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
@language_option()
@options("json")
def kpis(
    names: tuple[str, ...], dimension: str | None, terms: bool, lang: str, as_json: bool
) -> int:
    """Explain what is measured, with formula and unit, and every term used."""
    from sim.study.tables import terms as explained

    known = {term["name"]: term for term in explained(lang)}
    if names:
        rows = [known[one_of(name, known, "NAMES")] for name in names]
    else:
        rows = [term for term in known.values() if (term["kind"] == "kpi") != terms]
    if dimension is not None:
        dimensions = dict.fromkeys(
            term["dimension"] for term in known.values() if term["dimension"]
        )
        one_of(dimension, dimensions, "--dimension")
        rows = [row for row in rows if row["dimension"] == dimension]
    return show_rows(rows, lang, as_json, show_term if names else None, list_terms)


def list_terms(rows: list[dict[str, Any]], lang: str) -> None:
    """Print KPIs or terms as tables, one for each dimension or kind."""
    from sim.study.tables import said as word

    terminal = console()
    for part in dict.fromkeys(row["dimension"] or row["kind"] for row in rows):
        here = [row for row in rows if part in (row["dimension"], row["kind"])]
        columns = ("meaning",) if part == "term" else ("formula", "unit")
        table = headed(here, ("name", "title", *columns), lang)
        terminal.print(rich_table(table, word(part, lang).capitalize()))


def show_term(term: dict[str, Any], lang: str) -> None:
    """Print everything the glossary says of a KPI or a term."""
    from sim.study.tables import said as word

    terminal = console()
    terminal.print(f"[bold]{term['name']}[/bold]: {term['title']}")
    terminal.print(f"  {term['meaning']}", markup=False)
    for part in ("formula", "unit"):
        if term[part]:
            terminal.print(f"  {heading(part, lang)}: {term[part]}", markup=False)
    for part in ("dimension", "measured_by", "signal", "checkpoint"):
        if term[part]:
            text = term[part] if part == "measured_by" else word(term[part], lang)
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
