"""What made a result: enough to make it again."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from importlib import metadata
from typing import Any

from sim.compiled import source_fingerprint
from sim.deployments import deployments_of
from sim.files import read_catalogue
from sim.files.library import read_archetypes
from sim.population import archetype_shares
from sim.scenario import Scenario

LIMITS = "What this can and cannot tell: docs/limits.md, or adopt limits."
"""What stands below every report and in every stored result."""

LIBRARIES = ("numpy", "numba", "llvmlite", "scipy", "pandas", "pyarrow", "pydantic", "mesa")


def version_of(package: str) -> str:
    """Return the installed version of a package, or ``unknown``."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "unknown"


def measures_of(scenarios: Mapping[str, Scenario]) -> dict[str, Any]:
    """Return what the catalogue says of every measure in use: they are data, not code."""
    used = {
        one.measure or name
        for scenario in scenarios.values()
        for name, one in (
            *deployments_of(scenario).items(),
            *((name, rule.then) for name, rule in scenario.adaptive.items()),
        )
    }
    words = {"title", "description", "phase", "sources"}
    catalogue = read_catalogue()
    return {name: catalogue[name].model_dump(mode="json", exclude=words) for name in sorted(used)}


def archetypes_of(scenarios: Mapping[str, Scenario]) -> dict[str, Any]:
    """Return what the library says of archetypes, and how often each occurs in every scenario."""
    return {
        "archetypes": {
            name: one.model_dump(mode="json", include={"feels", "skill"})
            for name, one in read_archetypes().items()
        },
        "shares": {name: archetype_shares(one.organisation) for name, one in scenarios.items()},
    }


def fingerprint(scenarios: Mapping[str, Scenario], seed: int, runs: int) -> str:
    """Return a hash of everything that determines the numbers of a result [12 hex digits]."""
    content = {
        "scenarios": {name: one.fingerprint() for name, one in scenarios.items()},
        "measures": measures_of(scenarios),
        **archetypes_of(scenarios),
        "seed": seed,
        "runs": runs,
        "code": source_fingerprint(),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


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
    return {
        "fingerprint": fingerprint(scenarios, seed, runs),
        "software": f"ai-adoption {version_of('ai-adoption')}",
        "code": source_fingerprint(),
        "seed": seed,
        "runs": runs,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "libraries": {name: version_of(name) for name in LIBRARIES},
        "limits": LIMITS,
        "scenarios": {name: one.model_dump(mode="json") for name, one in scenarios.items()},
        "measures": measures_of(scenarios),
        **archetypes_of(scenarios),
    }
