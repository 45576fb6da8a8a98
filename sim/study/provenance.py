"""What made a result: enough to make it again, and to see whether it is as it was written."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from typing import Any, Final

from sim.engine.running import described
from sim.engine.sources import source_fingerprint
from sim.people.population import archetype_shares
from sim.programme.deployments import deployments_of
from sim.scenario import read_catalogue
from sim.scenario.catalogue import read_events
from sim.scenario.imports.questionnaire import questionnaire
from sim.scenario.library import read_archetypes, read_presets, read_use_cases
from sim.scenario.schema import Scenario
from sim.scenario.words import short

LIMITS = "What this can and cannot tell: docs/limits.md, or adopt limits."
"""What stands below every report and in every stored result."""

LIBRARIES = ("numpy", "wasmtime", "scipy", "pandas", "pyarrow", "pydantic", "mesa")


def version_of(package: str) -> str:
    """Return the installed version of a package, or ``unknown``."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "unknown"


WORDS: Final = frozenset({"title", "description", "phase", "sources"})
"""What the library says of a measure that changes no number."""

EVENTS: Final = "events"
"""Where a provenance keeps what the library says of the kinds of events in use, if there are any."""

CHECKSUMS: Final = "checksums"
"""Where a provenance keeps the checksum of each of its fields."""


def measures_of(scenarios: Mapping[str, Scenario]) -> dict[str, Any]:
    """Return what the catalogue says of every measure in use: they are data, not code."""
    used = {
        entry.measure or name
        for scenario in scenarios.values()
        for name, entry in (
            *deployments_of(scenario).items(),
            *((name, rule.then) for name, rule in scenario.adaptive.items()),
        )
    }
    return measures(used)


def kinds_of_events(scenarios: Mapping[str, Scenario]) -> dict[str, Any]:
    """Return what the library says of every kind of event in use, without words."""
    used = {
        event.kind or name
        for scenario in scenarios.values()
        for name, event in scenario.happenings.items()
    }
    kinds = read_events() if used else {}
    return {name: kinds[name].model_dump(mode="json", exclude=set(WORDS)) for name in sorted(used)}


def measures(names: Iterable[str]) -> dict[str, Any]:
    """Return what the catalogue says of some measures, without words."""
    catalogue = read_catalogue()
    return {
        name: catalogue[name].model_dump(mode="json", exclude=set(WORDS)) for name in sorted(names)
    }


def archetypes_of(scenarios: Mapping[str, Scenario]) -> dict[str, Any]:
    """Return what the library says of archetypes, in their order, and how often each occurs in every scenario."""
    return {
        "archetypes": {
            name: archetype.model_dump(mode="json", include={"feels", "skill"})
            for name, archetype in read_archetypes().items()
        },
        "shares": {
            name: archetype_shares(scenario.organisation) for name, scenario in scenarios.items()
        },
    }


def library_in_use() -> dict[str, Any]:
    """Return all of the library that can determine a number, file by file: words are left out."""
    return {
        "measures.yaml": measures(read_catalogue()),
        "archetypes.yaml": {
            name: archetype.model_dump(mode="json", include={"feels", "skill", "words"})
            for name, archetype in read_archetypes().items()
        },
        "sectors.yaml": {name: dict(preset.shares) for name, preset in read_presets().items()},
        "use-cases.yaml": {
            name: case.model_dump(mode="json", exclude={"title", "description", "sources"})
            for name, case in read_use_cases().items()
        },
        "events.yaml": {
            name: kind.model_dump(mode="json", exclude=set(WORDS))
            for name, kind in read_events().items()
        },
        "questionnaire.yaml": {
            name: {"threat": item.threat, "reversed": item.reversed}
            for name, item in questionnaire().items.items()
        },
    }


def first_difference(there: Any, here: Any, path: tuple[str, ...] = ()) -> str:
    """Return where two contents differ first, and how, in words; nothing where they are equal.

    Examples
    --------
    >>> first_difference({"a": {"b": 1}}, {"a": {"b": 2}})
    'a.b: 1 there, 2 here'
    >>> first_difference({"a": 1, "b": 1}, {"b": 1, "a": 1})
    'the order: a, b there, b, a here'
    """
    where = f"{'.'.join(path)}: " if path else ""
    if isinstance(there, dict) and isinstance(here, dict):
        for name in (*there, *here):
            if name not in here or name not in there:
                return f"{'.'.join((*path, name))}: only {'there' if name in there else 'here'}"
            if difference := first_difference(there[name], here[name], (*path, name)):
                return difference
        if list(there) != list(here):
            return f"{where}the order: {', '.join(there)} there, {', '.join(here)} here"
        return ""
    if there == here:
        return ""
    return f"{where}{short(json.dumps(there))} there, {short(json.dumps(here))} here"


def fingerprint(scenarios: Mapping[str, Scenario], seed: int, runs: int) -> str:
    """Return a hash of everything that determines the numbers of a result [12 hex digits]."""
    return fingerprint_of(_determining(scenarios, seed, runs))


def _determining(scenarios: Mapping[str, Scenario], seed: int, runs: int) -> dict[str, Any]:
    """Return everything that determines the numbers of a result."""
    events = kinds_of_events(scenarios)
    return {
        **({EVENTS: events} if events else {}),
        "hashes": {name: scenario.fingerprint() for name, scenario in scenarios.items()},
        "measures": measures_of(scenarios),
        **archetypes_of(scenarios),
        "seed": seed,
        "runs": runs,
        "code": source_fingerprint(),
    }


def fingerprint_of(origin: Mapping[str, Any]) -> str:
    """Return the fingerprint that follows from what a provenance says.

    Raises
    ------
    KeyError
        If something is missing in it.
    """
    names: tuple[str, ...] = (
        *("hashes", "measures", "archetypes", "shares", "seed", "runs", "code"),
    )
    if EVENTS in origin:
        names = (*names, EVENTS)
    # In their order: that of archetypes decides who is drawn.
    return hashlib.sha256(_text({name: origin[name] for name in names})).hexdigest()[:12]


def provenance(scenarios: Mapping[str, Scenario], seed: int, runs: int) -> dict[str, Any]:
    """Return what made a result: scenarios, measures and archetypes in full, seeds, code, library versions.

    Parameters
    ----------
    scenarios
        Scenarios by name, with every value they ran with.
    seed
        Seed of the study.
    runs
        Replicates finished.
    """
    made = _determining(scenarios, seed, runs)
    return {
        "fingerprint": fingerprint_of(made),
        "software": f"ai-adoption {version_of('ai-adoption')}",
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "engine": described(),
        "libraries": {name: version_of(name) for name in LIBRARIES},
        "limits": LIMITS,
        "scenarios": {
            name: scenario.model_dump(mode="json") for name, scenario in scenarios.items()
        },
        **made,
    }


# --- As it was written ---------------------------------------------------------------------


def _text(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


def _checksum(content: Any) -> str:
    return hashlib.sha256(_text(content)).hexdigest()


def sealed(origin: Mapping[str, Any]) -> dict[str, Any]:
    """Return a provenance with the SHA-256 of each of its fields, by which :func:`opened` knows it.

    They guard against accidents and careless edits. They are no signature: whoever wants to deceive
    computes them anew.
    """
    fields = {name: value for name, value in origin.items() if name != CHECKSUMS}
    return {**fields, CHECKSUMS: {name: _checksum(field) for name, field in fields.items()}}


def wrong_in(origin: Any) -> Iterator[tuple[str, str]]:
    """Yield each field of a sealed provenance that is not as it was written, and what was found.

    An empty name stands for the whole.
    """
    if not isinstance(origin, dict):
        yield "", f"found {short(json.dumps(origin))}, expected fields by name"
        return
    sums = origin.get(CHECKSUMS)
    if not isinstance(sums, dict):
        yield "", "found no checksums: an older version wrote it, or it was changed by hand"
        return
    for name in dict.fromkeys((*origin, *sums)):
        if name == CHECKSUMS:
            continue
        if name not in origin:
            yield name, f"the field '{name}' is missing"
        elif name not in sums:
            yield name, f"the field '{name}' was not written with it"
        elif sums[name] != _checksum(origin[name]):
            value = short(json.dumps(origin[name]))
            yield name, f"the field '{name}' ({value}) is not what was written"


def opened(text: str) -> tuple[dict[str, Any], str]:
    """Return a sealed provenance, and what is wrong with it, if anything.

    Parameters
    ----------
    text
        What its file holds.

    Returns
    -------
    tuple
        Its fields as far as they are what was written, all of them where nothing can tell; and in
        words what is not as it was written, or nothing.
    """
    try:
        origin = json.loads(text)
    except ValueError as error:
        return {}, f"found {len(text):,} characters that are no JSON ({error})"
    wrong = dict(wrong_in(origin))
    if "" in wrong:
        return origin if isinstance(origin, dict) else {}, wrong[""]
    return {name: value for name, value in origin.items() if name not in wrong}, "; ".join(
        wrong.values()
    )
