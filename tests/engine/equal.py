"""Do all engines give the same bits? Every scenario, switch, network and substep, and files by chance.

``python tests/engine/equal.py --minutes 2`` compares WebAssembly with native code, with WebAssembly that
looks at every index, and small organisations with plain Python; and, so that nobody trusts a comparison
that cannot fail, with native code that may make one operation of two, which has to differ.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from making import same

from sim import kernel, networks, rules, world
from sim.engine import hosts, module, running
from sim.errors import AdoptionError
from sim.programme import compiling
from sim.scenario import read_scenario
from sim.scenario.schema import Scenario

SEEDS = range(1, 6)

SWITCHES: tuple[dict[str, Any], ...] = (
    *({"organisation.network.kind": kind} for kind in networks.DRAWN),
    *({"rules.contagion": name} for name in rules.CONTAGION),
    *({"rules.link": name} for name in rules.LINK),
    *({"rules.decision": name} for name in rules.DECISION),
    *({"rules.stopping": name} for name in rules.STOPPING),
    *({"rules.threat": name} for name in rules.THREAT),
    *({"rules.schedule": name} for name in rules.SCHEDULE),
    *({"simulation.substeps": number} for number in range(1, 9)),
    {"organisation.turnover": 0.6},
    {"organisation.already_using": 0.3},
    {"rules.schedule": "random_sequential", "organisation.network.kind": "complete"},
)
"""What every mechanism is tried with."""


def engines(folder: Path) -> dict[str, running.Host]:
    """Return every engine of the rules as they are now that this machine can make."""
    now = running.current_engine()
    assert now.wasm is not None
    found: dict[str, running.Host] = {"wasm": running.Chosen("wasm", now, hosts.Wasm(now.wasm))}
    made = module.written()
    if module.c_compiler() is not None:
        for name, options in (("native", ()), ("fused", ("-ffp-contract=fast", "-mfma"))):
            library = folder / f"{name}.so"
            try:
                library.write_bytes(module.build_native(made, *options))
            except module.BuildError:
                continue  # a processor without such an operation
            found[name] = running.Chosen(name, now, hosts.Native(library))
    if module.has_zig():
        checked = module.written(checked=True)
        built = module.build_wasm(checked)
        assert built.wasm is not None
        found["checked"] = running.Chosen("checked", built, hosts.Wasm(built.wasm, checked.lines))
    return found


def everything(scenario: Scenario, seed: int, runs: int) -> tuple[Any, ...]:
    """Return all that a few runs of a scenario give."""
    design = world.design(scenario)
    worlds = world.draw_worlds(design, seed, np.arange(runs))
    done = kernel.simulate(
        worlds, world.plan(scenario, design), seed,
        keep_people=True, by=kernel.GROUPS, keep_events=True,
    )  # fmt: skip
    return (*done, *worlds[:-1], tuple(compiling.planned(*compiling.inputs(scenario))))


def cases(seconds: float) -> Iterator[tuple[str, Scenario, int]]:
    """Yield what is compared: a name, a scenario, a seed; by chance until the time is over."""
    names = [one.stem for one in sorted((module.PACKAGE.parent / "scenarios").glob("*.yaml"))]
    for name in names:
        for seed in SEEDS:
            yield f"{name}, seed {seed}", read_scenario(name), seed
    for name in ("full-programme", "adaptive", "champions"):
        for changes in SWITCHES:
            yield f"{name} {changes}", read_scenario(name).changed(changes), 1
    luck, end = random.Random(2026), monotonic() + seconds
    while monotonic() < end:
        changes: dict[str, Any] = {"organisation.employees": luck.randint(5, 400)}
        for one in luck.sample(SWITCHES, 4):
            changes |= one
        changes |= {"simulation.months": luck.randint(1, 40)}
        name, seed = luck.choice(names), luck.randrange(2**32)
        try:
            scenario = read_scenario(name).changed(changes)
            world.plan(scenario)
        except AdoptionError:
            continue  # what may not be asked for
        yield f"{name} {changes}, seed {seed}", scenario, seed


def main() -> int:
    """Compare; return 0 if all that should be equal is, and the control is not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1.0, help="Time for files by chance.")
    asked = parser.parse_args()
    counts: dict[str, int] = {}
    different: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        found = engines(Path(folder))
        found["python"] = running.Plain()
        for number, (name, scenario, seed) in enumerate(cases(60.0 * asked.minutes)):
            small = scenario.organisation.people is None and number % 40 == 0
            given = {}
            for engine, host in found.items():
                if engine == "python":
                    if not small:
                        continue
                    try:
                        tiny = scenario.changed({"organisation.employees": 20})
                    except AdoptionError:
                        continue
                    running.use(found["wasm"])
                    meant = everything(tiny, seed, 1)
                    running.use(host)
                    equal = all(map(same, meant, everything(tiny, seed, 1)))
                else:
                    running.use(host)
                    given[engine] = everything(scenario, seed, 2)
                    equal = all(map(same, given["wasm"], given[engine]))
                counts[engine] = counts.get(engine, 0) + 1
                if not equal:
                    different.setdefault(engine, []).append(name)
    for engine, count in counts.items():
        print(f"{engine:8} {count:6} compared, {len(different.get(engine, [])):6} different")
    wrong = [engine for engine in different if engine != "fused"]
    for engine in wrong:
        print(f"{engine}: {'; '.join(different[engine][:5])}")
    if "fused" in counts and not different.get("fused"):
        print("fused multiply-add gave the same bits everywhere: the comparison sees nothing")
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
