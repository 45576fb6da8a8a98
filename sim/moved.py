"""Pages that moved in version 1.0: their old names work until 2.0, with a warning."""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

ROOMS: Final = {
    "sim.people": "sim: population selection",
    "sim.programme": "sim: budget compiling deployments levers",
    "sim.scenario": "sim: measure organisation imports",
    "sim.study": "sim: experiments results provenance posteriors tables sweeps",
    "analysis.figures": "analysis: theme",
    "analysis.words": "analysis: languages",
    "analysis.results": "analysis: summary comparison answer estimates ensemble firm undone control "
    "pairing exporting tables groups",
    "analysis.studies": "analysis: audit bands calibration claims patterns robustness sensitivity "
    "ties validation",
}
"""Rooms, and what came into them under its own name: from where, and what."""

MOVED: Final = {
    f"{pages.split(': ')[0]}.{name}": f"{room}.{name}"
    for room, pages in ROOMS.items()
    for name in pages.split(": ")[1].split()
} | {
    "sim.files": "sim.scenario",
    "sim.form": "sim.scenario.base",
    "sim.model": "sim.mesa_model",
    "sim.money": "sim.programme.ledger",
    "sim.simultaneous": "sim.study.intervals",
    "sim.turn": "sim.month",
    "analysis.layout": "analysis.figures.frame",
    "analysis.month": "analysis.model",
    "analysis.odd": "analysis.model.odd",
    "analysis.plots": "analysis.figures.curves",
}
"""New names of pages and packages by their old ones; what is inside a package moved with it."""


class _Same:
    """Gives a page under its old name: the page itself, not another one like it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = import_module(self.name)
        self.spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self.spec


class _Moved:
    """Finds pages under their old names."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        old = ".".join(name.split(".")[:2])
        if old not in MOVED:
            return None
        now = MOVED[old] + name.removeprefix(old)
        warnings.warn(
            f"'{name}' is now '{now}'; the old name goes with version 2.0",
            FutureWarning,
            stacklevel=2,
        )
        return ModuleSpec(name, _Same(now))  # type: ignore[arg-type]


def install() -> None:
    """Let old names be found, before what is left of their folders is."""
    if not any(isinstance(finder, _Moved) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Moved())
