"""The pages about the model itself: its ODD protocol, two pages in short, and its limits."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

import sim
from analysis.model.markdown import Row, markdown
from sim.errors import AdoptionError

MARKED: Final = re.compile(r"(<!-- table: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
"""Where a table begins, its name, and where it ends."""


# --- The pages -----------------------------------------------------------------------------


def odd_text() -> str:
    """Return the ODD protocol with tables as the code has them now.

    Raises
    ------
    AdoptionError
        If the page asks for a table there is not.
    """
    return rewritten(_page("ODD.md", Path(sim.__file__).parent), "ODD.md")


def model_text() -> str:
    """Return the model in two pages, with tables as the code has them now.

    Raises
    ------
    AdoptionError
        If the page asks for a table there is not.
    """
    home = Path(__file__).parents[1]
    return rewritten(_page("model.md", home.parent / "docs", home), "model.md")


def limits_text() -> str:
    """Return the page about what the model is for, what it is not for, and where it fails."""
    home = Path(__file__).parents[1]
    return _page("limits.md", home.parent / "docs", home)


def _page(name: str, *folders: Path) -> str:
    """Return a page from the first folder that has it: a checkout, or the installed package."""
    for folder in folders:
        if (folder / name).is_file():
            return (folder / name).read_text("utf-8")
    raise AdoptionError(f"{name} is missing from {folders[-1]}: reinstall ai-adoption")


def rewritten(text: str, page: str) -> str:
    """Return a page with what stands between its markers made anew.

    A table stands between a line ``<!-- table: NAME -->`` and a line ``<!-- end -->``.

    Raises
    ------
    AdoptionError
        If there is no table of that name.
    """

    def filled(mark: re.Match[str]) -> str:
        begin, name, end = mark.groups()
        if name not in TABLES:
            raise AdoptionError(f"{page}: found the table '{name}', expected: {', '.join(TABLES)}")
        return f"{begin}\n{TABLES[name]()}\n\n{end}"

    return MARKED.sub(filled, text)


# --- The tables ----------------------------------------------------------------------------


def patterns() -> str:
    """Return the patterns the model is held against, in their order."""
    from analysis.studies.patterns.findings import read_patterns

    rows = [
        (
            name,
            pattern.promise.en,
            pattern.experiment.en,
            "yes" if pattern.fitted else "",
            pattern.source,
        )
        for name, pattern in read_patterns().items()
    ]
    return markdown(("", "pattern", "how it is looked for", "calibrated on", "rests on"), rows)


def month() -> str:
    """Return the steps of a month in the order of the engine, as the functions say them."""
    from analysis.model.steps import table

    return table()


def month_in_short() -> str:
    """Return the same without functions and numbers."""
    from analysis.model.steps import table

    return table(full=False)


def state() -> str:
    """Return the state variables of an employee, by what they are about."""
    from sim.state import Employee, columns

    heads = ("variable", "stored as", "unit", "range", "meaning")
    rows = {
        name: (
            code(name),
            column.kind,
            column.unit,
            between(column.low, column.high),
            column.meaning,
        )
        for name, column in columns().items()
    }
    return _by_heading(Employee, heads, rows)


def parameters() -> str:
    """Return the parameters of the rules, by what they are about."""
    from sim.parameters import Parameters, numbers

    heads = ("parameter", "default", "unit", "allowed", "off at", "prior", "meaning", "source")
    rows = {
        name: (
            code(name),
            f"{Parameters._field_defaults[name]:g}",
            number.unit,
            between(number.low, number.high),
            "" if number.neutral is None else f"{number.neutral:g}",
            "" if number.prior is None else between(*number.prior),
            number.meaning,
            number.source,
        )
        for name, number in numbers().items()
    }
    return _by_heading(Parameters, heads, rows)


def measures() -> str:
    """Return the measures of the catalogue, by phase."""
    from sim.study.tables import entries, said

    heads = ("measure", "at full dose", "lasts", "euro a year", "rests on")
    catalogue = entries("en")
    parts = []
    for phase in dict.fromkeys(measure["phase"] for measure in catalogue):
        rows = [
            (
                code(measure["measure"]),
                ", ".join(measure["does"]),
                said(measure["lasting"], "en"),
                f"{measure['cost_of_a_year']:,.0f}",
                "; ".join(measure["sources"]),
            )
            for measure in catalogue
            if measure["phase"] == phase
        ]
        parts.append(f"**{said(phase, 'en').capitalize()}**\n\n{markdown(heads, rows)}")
    return "\n\n".join(parts)


def kpis() -> str:
    """Return what is measured every month, and what is computed from it."""
    from sim.kpis import DERIVED, MEASURED, PERSONAL
    from sim.study.tables import terms

    words = {term["name"]: term for term in terms()}
    fields = ("title", "formula", "measured_by", "signal", "checkpoint")
    heads = (
        "KPI",
        "unit",
        "what it is",
        "formula",
        "of groups",
        "found out by",
        "signal",
        "first look",
    )
    rows = []
    for k, kpi in enumerate(MEASURED + DERIVED):
        title, formula, *practice = (words[kpi.name][part] for part in fields)
        groups = "yes" if k < PERSONAL else ""
        rows.append((code(kpi.name), kpi.unit, title, formula, groups, *practice))
    return markdown(heads, rows)


def switches() -> str:
    """Return the exact variants of rules, schedule and network that a scenario can ask for."""
    from sim.scenario.organisation import Network
    from sim.scenario.schema import RuleVariants, Simulation

    chosen = {f"rules.{name}": field for name, field in RuleVariants.model_fields.items()}
    chosen["simulation.substeps"] = Simulation.model_fields["substeps"]
    chosen["organisation.network.kind"] = Network.model_fields["kind"]
    rows = []
    for name, field in chosen.items():
        words = [str(word) for word in _words(field.annotation)]
        offered = ", ".join(code(word) for word in words) or _range_of(field)
        rows.append((code(name), code(str(field.default)), offered, field.description or ""))
    return markdown(("switch", "default", "variants", "meaning"), rows)


def decisions() -> str:
    """Return the decisions that have luck of their own, and whose it is."""
    from sim import draws

    entries = re.findall(
        r"^([A-Z][A-Z_]*): Final = (\d+)(?:  # (.+); (.+))?$",
        inspect.getsource(draws),
        re.MULTILINE,
    )
    rows = [(number, code(name), what, whose) for name, number, what, whose in entries]
    return markdown(("number", "decision", "what it decides", "chance of"), rows)


def channels() -> str:
    """Return the channels on which measures act."""
    from sim.scenario.measure import Pushes

    rows = [
        (code(name), _range_of(field), field.description or "")
        for name, field in Pushes.model_fields.items()
    ]
    return markdown(("channel", "range", "at a stock of 1"), rows)


def settings() -> str:
    """Return what a scenario can say of organisation, tool, programme, budget and experiment."""
    from sim.scenario import schema
    from sim.scenario.events import Event
    from sim.scenario.organisation import Organisation

    forms: dict[str, Any] = {
        "organisation": Organisation,
        "tool": schema.Tool,
        "programme.NAME": schema.Deployment,
        "adaptive.NAME": schema.AdaptiveRule,
        "events.NAME": Event,
        "capacity": schema.Capacity,
        "budget": schema.Budget,
        "privacy": schema.Privacy,
        "simulation": schema.Simulation,
    }
    parts = []
    for name, form in forms.items():
        rows = list(_settings(form, ""))
        parts.append(f"**{code(name)}**\n\n{markdown(('value', 'default', 'meaning'), rows)}")
    return "\n\n".join(parts)


def archetypes() -> str:
    """Return the archetypes of resistance: what each feels and can, and what it rests on."""
    from sim.scenario.library import read_archetypes

    rows = [
        (
            code(name),
            archetype.description.en,
            ", ".join(archetype.feels),
            archetype.skill,
            "; ".join(archetype.sources),
        )
        for name, archetype in read_archetypes().items()
    ]
    heads = ("archetype", "who", "threats felt as one's own", "initial skill", "rests on")
    return markdown(heads, rows)


def sectors() -> str:
    """Return how often each archetype occurs, by sector."""
    from sim.scenario.library import read_archetypes, read_presets

    rows = [
        (
            code(name),
            *(f"{preset.shares.get(kind, 0.0):g}" for kind in read_archetypes()),
            "; ".join(preset.sources),
        )
        for name, preset in read_presets().items()
    ]
    return markdown(("sector", *read_archetypes(), "rests on"), rows)


def use_cases() -> str:
    """Return the use cases a scenario can take from the library."""
    from sim.scenario.library import read_use_cases

    rows = [
        (
            code(name),
            case.description.en,
            ", ".join(case.departments or ("all",)),
            f"{case.share:g}",
            f"{case.saving:g}",
            "; ".join(case.sources),
        )
        for name, case in read_use_cases().items()
    ]
    return markdown(("use case", "what", "usually for", "share", "saving", "rests on"), rows)


def baseline() -> str:
    """Return the scenario that others start from, as it is shipped."""
    from sim.scenario.folders import library

    text = (library() / "baseline.yaml").read_text("utf-8")
    return f"```yaml\n{text}```"


TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "patterns": patterns,
    "month": month,
    "month-in-short": month_in_short,
    "state": state,
    "parameters": parameters,
    "measures": measures,
    "kpis": kpis,
    "switches": switches,
    "decisions": decisions,
    "channels": channels,
    "settings": settings,
    "archetypes": archetypes,
    "sectors": sectors,
    "use-cases": use_cases,
    "baseline": baseline,
}
"""Every table a page can ask for, by the name in its marker."""


# --- How they are written ------------------------------------------------------------------


def code(text: str) -> str:
    """Return a name as it is written in code."""
    return f"`{text}`"


def between(low: float, high: float) -> str:
    """Return a range in words.

    Examples
    --------
    >>> between(0, 1), between(1, math.inf), between(-math.inf, math.inf)
    ('0 to 1', 'at least 1', 'any')
    """
    if math.isinf(high):
        return "any" if math.isinf(low) else f"at least {low:g}"
    return f"{low:g} to {high:g}"


def _by_heading(declared: type, heads: Row, rows: Mapping[str, Row]) -> str:
    """Return a table for each part of a class, which a comment above its first field names."""
    parts: dict[str, list[Row]] = {}
    heading = ""
    for line in inspect.getsource(declared).splitlines():
        comment, field = re.match(r"    # (.+)", line), re.match(r"    (\w+): ", line)
        if comment:
            heading = comment[1].rstrip(".")
        elif field and field[1] in rows:
            parts.setdefault(heading, []).append(rows[field[1]])
    return "\n\n".join(f"**{title}**\n\n{markdown(heads, part)}" for title, part in parts.items())


def _settings(form: Any, prefix: str) -> Iterable[Row]:
    """Yield a row for each value of a form, those of forms inside it under their own path."""
    from sim.scenario.base import Form

    for name, field in form.model_fields.items():
        path = f"{prefix}{name}"
        inside = [part for part in _words_of_type(field.annotation) if _is_form(part, Form)]
        if inside:
            step = path if _is_form(field.annotation, Form) else f"{path}.NAME"
            yield from _settings(inside[0], f"{step}.")
        else:
            words = [code(str(word)) for word in _words(field.annotation)]
            meaning = field.description or ""
            if words:
                meaning = f"{meaning}: {', '.join(words)}".removeprefix(": ")
            yield code(path), _default(field), meaning


def _is_form(annotation: Any, form: type) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, form)


def _words_of_type(annotation: Any) -> list[Any]:
    """Return a type and the types it is made of."""
    return [annotation, *(part for arg in get_args(annotation) for part in _words_of_type(arg))]


def _words(annotation: Any) -> list[Any]:
    """Return the words a literal type allows, wherever it stands in a type."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [word for arg in get_args(annotation) for word in _words(arg)]


def _default(field: Any) -> str:
    """Return a default as a scenario file would have it."""
    if field.is_required():
        return "required"
    if field.default is None or field.default in ((), {}):
        return "none"
    if isinstance(field.default, bool):
        return "yes" if field.default else "no"
    return f"{field.default:g}" if isinstance(field.default, int | float) else str(field.default)


def _range_of(field: Any) -> str:
    """Return the range a field allows, open ends said so."""
    ends: dict[str, float] = {}
    for rule in field.metadata:
        ends |= {
            sign: getattr(rule, sign) for sign in ("ge", "gt", "le", "lt") if hasattr(rule, sign)
        }
    low = ends.get("ge", ends.get("gt", -math.inf))
    high = min(ends.get("le", math.inf), ends.get("lt", math.inf))
    below = "below " if high == ends.get("lt") else ""
    if math.isinf(high):
        return between(low, high)
    return f"{'above ' if 'gt' in ends else ''}{low:g} to {below}{high:g}"
