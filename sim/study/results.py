"""Result: KPIs of every scenario, run and month, with what made them; save and read."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim import kpis
from sim.disk import whole
from sim.elementary import total
from sim.engine.kinds import Array
from sim.engine.sources import source_fingerprint
from sim.errors import AdoptionError
from sim.programme.ledger import Undone, undone_if_known
from sim.scenario.schema import Scenario
from sim.study.provenance import (
    EVENTS,
    archetypes_of,
    fingerprint,
    fingerprint_of,
    first_difference,
    kinds_of_events,
    measures_of,
    opened,
    provenance,
    sealed,
)

if TYPE_CHECKING:
    import pandas as pd


TABLE = "runs.parquet"
GROUPS = "groups.parquet"
ORIGIN = "provenance.json"
LONGEST_NAME = 120  # bytes, of a folder of results

Notice = Callable[[str], None]


class Groups(NamedTuple):
    """KPIs of groups of people; a group too small to be shown is NaN.

    Attributes
    ----------
    labels
        Kind and name of each group, for example ``("department", "sales")``.
    values
        KPIs [runs, months + 1, groups, first ``kpis.PERSONAL`` KPIs].
    heads
        People in each group [runs, months + 1, groups].
    """

    labels: tuple[tuple[str, str], ...]
    values: Array
    heads: Array


def curves(scenario: Scenario, rows: Array, kpi: str) -> Array:
    """Return one KPI of a scenario's runs: one row per run, one column per month from 0.

    Parameters
    ----------
    scenario
        The scenario, which says what an hour and the tool cost.
    rows
        What was measured [..., months + 1, KPIs of ``kpis.MEASURED``].
    kpi
        Name of a measured or derived KPI.

    Raises
    ------
    KeyError
        If there is no such KPI.
    """
    if kpi in kpis.COLUMN:
        measured: Array = rows[..., kpis.COLUMN[kpi]]
        return measured
    tool, organisation = scenario.tool, scenario.organisation
    if kpi in ("quality_gain", "customer_gain"):
        stated = total([getattr(case, kpi) for case in tool.use_cases.values()])
        gain: Array = curves(scenario, rows, "skilled_use") * stated
        return gain
    cost: Array = curves(scenario, rows, "cost_technology") + curves(
        scenario, rows, "cost_measures"
    )
    benefit: Array = curves(scenario, rows, "value") * organisation.employees * tool.capture_rate
    if kpi in ("cost", "benefit"):
        return cost if kpi == "cost" else benefit
    if kpi == "cumulative_net":
        net: Array = np.cumsum(benefit - cost, axis=-1)
        return net
    if kpi != "roi":
        raise KeyError(kpi)
    spent, earned = np.cumsum(cost, axis=-1), np.cumsum(benefit, axis=-1)
    unknown = np.full_like(spent, np.nan)
    ratio: Array = np.divide(earned - spent, spent, out=unknown, where=spent > 0.0)
    return ratio


@dataclass(frozen=True)
class Result:
    """What a number of runs of a number of scenarios gave.

    Attributes
    ----------
    scenarios
        Scenarios by name, in the order they were asked for.
    measured
        KPIs by scenario: [runs, months + 1, KPIs of ``kpis.MEASURED``]. Run k has the same
        people, ties and luck in every scenario with the same organisation.
    seed
        Seed of the study.
    asked
        Replicates asked for; more than there are if the study was interrupted.
    origin
        Provenance of a result that was read from a file.
    groups
        KPIs of groups by scenario, if asked for.
    started
        Month in which each adaptive rule started something, by scenario and rule, 0 where it never
        did [runs]. Not stored.
    """

    scenarios: Mapping[str, Scenario]
    measured: Mapping[str, Array]
    seed: int
    asked: int = 0
    origin: Mapping[str, Any] | None = None
    groups: Mapping[str, Groups] = field(default_factory=dict)
    started: Mapping[str, Mapping[str, Array]] = field(default_factory=dict)

    def __repr__(self) -> str:
        months = max(scenario.simulation.months for scenario in self.scenarios.values())
        return (
            f"<Result {self.fingerprint}: {', '.join(self.scenarios)}; "
            f"{self.runs} runs, {months} months, seed {self.seed}>"
        )

    @property
    def runs(self) -> int:
        """Number of replicates."""
        return int(next(iter(self.measured.values())).shape[0])

    @property
    def interrupted(self) -> bool:
        """Whether fewer replicates were finished than asked for."""
        return self.runs < self.asked

    @property
    def fingerprint(self) -> str:
        """Hash of everything that determines the numbers."""
        if self.origin is not None:
            return str(self.origin["fingerprint"])
        return fingerprint(self.scenarios, self.seed, self.runs)

    @property
    def provenance(self) -> dict[str, Any]:
        """What made this result."""
        if self.origin is not None:
            return dict(self.origin)
        return {
            **provenance(self.scenarios, self.seed, self.runs),
            "asked": self.asked,
            "undone": {
                name: [[undone.name, undone.reason, undone.part] for undone in undones]
                for name, undones in self.undone.items()
            },
        }

    @property
    def undone(self) -> dict[str, tuple[Undone, ...]]:
        """What each scenario says and nobody did, as it was when it was simulated."""
        stored = (self.origin or {}).get("undone", {})
        return {
            name: tuple(Undone(what, why, part, 0.0) for what, why, part in stored[name])
            if name in stored
            else undone_if_known(scenario)
            for name, scenario in self.scenarios.items()
        }

    def curves(self, scenario: str, kpi: str) -> Array:
        """Return one KPI of one scenario: one row per run, one column per month from 0.

        Raises
        ------
        KeyError
            If there is no such scenario or KPI.
        """
        return curves(self.scenarios[scenario], self.measured[scenario], kpi)

    def group_table(self) -> pd.DataFrame:
        """Return a tidy table of groups: one row per scenario, run, month and group.

        Columns are ``scenario``, ``run``, ``month``, ``kind``, ``group``, ``people`` and one for
        each KPI that groups have. Groups smaller than ``privacy.min_group`` are NaN.
        """
        import pandas as pd

        parts = []
        for name, group in self.groups.items():
            runs, months, size, width = group.values.shape
            index = pd.MultiIndex.from_product(
                [[name], range(runs), range(months), range(size)],
                names=["scenario", "run", "month", "place"],
            )
            part = pd.DataFrame(
                group.values.reshape(-1, width), index, list(kpis.COLUMN)[:width]
            ).reset_index()
            part.insert(3, "kind", [group.labels[k][0] for k in part["place"]])
            part.insert(4, "group", [group.labels[k][1] for k in part["place"]])
            part.insert(5, "people", group.heads.ravel())
            parts.append(part.drop(columns="place"))
        if not parts:
            raise AdoptionError("no groups were measured: simulate with by=['department'], say")
        return pd.concat(parts, ignore_index=True)

    def table(self) -> pd.DataFrame:
        """Return a wide table: one row per scenario, run and month, one column per KPI."""
        import pandas as pd

        parts = []
        for name, scenario in self.scenarios.items():
            months = scenario.simulation.months + 1
            columns: dict[str, Any] = {
                "run": np.repeat(np.arange(self.runs, dtype=np.int32), months),
                "month": np.tile(np.arange(months, dtype=np.int16), self.runs),
            }
            for kpi in kpis.KPIS:
                columns[kpi] = self.curves(name, kpi).ravel()
            part = pd.DataFrame(columns)
            part.insert(0, "scenario", name)
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    def tidy(self) -> pd.DataFrame:
        """Return a long table: one row per scenario, run, month and KPI."""
        # A KPI is called "value" too, so the column of that name can only be made afterwards.
        long = self.table().melt(["scenario", "run", "month"], var_name="kpi", value_name="number")
        return long.rename(columns={"number": "value"})

    # --- Files -----------------------------------------------------------------------------

    def save(
        self, root: str | Path = "results", name: str | None = None, notice: Notice | None = None
    ) -> Path:
        """Write the table and its provenance to ``root/name/fingerprint``.

        A result with the same fingerprint has the same numbers, so an existing one is left as it
        is, unless it is no longer what was written: then it is written anew. The folder appears
        complete or not at all. Groups are a file of their own in it, to which kinds of groups are
        added that were not measured before.

        Parameters
        ----------
        root, name
            Where; by default called after the scenarios.
        notice
            Called with a sentence about what was damaged and is written anew.

        Raises
        ------
        AdoptionError
            If it cannot be written.
        """
        if name is not None and len(name.encode("utf-8", "replace")) > LONGEST_NAME:
            what = f"found a name of {len(name):,} characters"
            raise AdoptionError(f"{what}, expected at most {LONGEST_NAME}, as folders can have")
        named = name or "-".join(self.scenarios).encode()[:80].decode(errors="ignore")
        shelf = re.sub(r"[^\w.-]+", "-", named).strip(".-")
        folder = Path(root) / (shelf or "result") / self.fingerprint
        self.save_in(folder, notice)
        return folder

    def save_in(self, folder: Path, notice: Notice | None = None) -> None:
        """Write the result to a folder, or write anew what is not sound in it; see :meth:`save`."""
        there = (folder / TABLE).is_file() or (folder / ORIGIN).is_file()
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder.parent))
        except OSError as error:
            raise AdoptionError(f"{folder}: cannot write results: {error.strerror}") from error
        try:
            if there:
                self._mend(folder, draft, notice or (lambda _: None))
            else:
                self._write(draft, self.group_table() if self.groups else None)
                draft.chmod(0o755)
                draft.replace(folder)
        except OSError as error:
            if there or not (folder / TABLE).is_file():
                raise AdoptionError(f"{folder}: cannot write results: {error.strerror}") from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _write(self, draft: Path, groups: pd.DataFrame | None) -> None:
        """Write the table, groups and, after them, what made them."""
        table = self.table()
        table["scenario"] = table["scenario"].astype("category")
        table.to_parquet(draft / TABLE, compression="zstd", index=False)
        files = {TABLE: checksum(draft / TABLE)}
        self._write_groups(draft, groups, files)

    def _write_groups(
        self, draft: Path, groups: pd.DataFrame | None, files: dict[str, str]
    ) -> None:
        """Write groups, and the provenance of them and of the other files."""
        kinds: list[str] = []
        if groups is not None:
            groups.to_parquet(draft / GROUPS, compression="zstd", index=False)
            files |= {GROUPS: checksum(draft / GROUPS)}
            kinds = [str(fromkey) for fromkey in dict.fromkeys(groups["kind"])]
        origin = sealed({**self.provenance, "groups": kinds, "files": files})
        (draft / ORIGIN).write_text(json.dumps(origin, indent=2) + "\n", "utf-8")

    def _mend(self, folder: Path, draft: Path, notice: Notice) -> None:
        """Add groups of other kinds to what is stored, or write anew what is not as it was written."""
        import pandas as pd

        origin, wrong = inspected(folder)
        table = self.group_table() if self.groups else None
        if wrong:
            notice("\n".join(f"{line}; written anew" for line in wrong))
            self._write(draft, table)
            (folder / GROUPS).unlink(missing_ok=True)
        elif table is None:
            return
        else:
            if GROUPS in origin["files"]:
                stored = pd.read_parquet(folder / GROUPS)
                if set(table["kind"]) <= set(stored["kind"]):
                    return
                table = pd.concat([stored[~stored["kind"].isin(set(table["kind"]))], table])
            self._write_groups(draft, table, {TABLE: origin["files"][TABLE]})
        for file in (TABLE, GROUPS, ORIGIN):
            if (draft / file).is_file():
                (draft / file).replace(folder / file)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet, completely or not at all.

    Raises
    ------
    AdoptionError
        If it cannot be written.
    """
    with whole(path, "cannot write results") as draft:
        table.to_parquet(draft, compression="zstd", index=False)


def inspected(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Return what made a stored result, and what in its folder is not as it was written.

    Returns
    -------
    tuple
        Provenance, as far as it is what was written; and a sentence for each file that is not.
    """
    path = folder / ORIGIN
    try:
        origin, doubt = opened(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}, [f"{path}: the file is missing"]
    except (OSError, UnicodeDecodeError) as error:
        return {}, [f"{path}: the file is damaged: {error}"]
    if doubt:
        return origin, [f"{path}: the file is damaged: {doubt}"]
    wrong: list[str] = []
    try:
        if (follows := fingerprint_of(origin)) != origin["fingerprint"]:
            wrong.append(
                f"{path}: the file is damaged: found the fingerprint {origin['fingerprint']}, and "
                f"{follows} follows from its scenarios, library, seed, runs and code"
            )
        elif origin["code"] == source_fingerprint() and origin["hashes"] != {
            name: scenario.fingerprint() for name, scenario in scenarios_of(origin).items()
        }:
            wrong.append(
                f"{path}: the file is damaged: its scenarios are not those of its fingerprint"
            )
        files = dict(origin["files"])
    except (KeyError, TypeError, ValueError) as error:
        return {}, [f"{path}: the file is damaged: it lacks {error}"]
    for name in dict.fromkeys((TABLE, GROUPS, *files)):
        there = (folder / name).is_file()
        if name not in files:
            if there:
                wrong.append(f"{folder / name}: was not written with {ORIGIN}")
            continue
        if not there:
            wrong.append(f"{folder / name}: the file is missing")
        elif (digest := checksum(folder / name)) != files[name]:
            wrong.append(
                f"{folder / name}: the file is damaged: found SHA-256 {digest[:12]}, expected "
                f"{files[name][:12]} as {ORIGIN} says"
            )
    return origin, wrong


def sound_origin(folder: Path) -> dict[str, Any]:
    """Return what made a stored result, if everything in its folder is what was written.

    Raises
    ------
    AdoptionError
        If the folder holds none; or naming each file that is not as it was written, what was found,
        and how to have it again.
    """
    if not ((folder / ORIGIN).is_file() or (folder / TABLE).is_file()):
        raise AdoptionError(f"{folder}: no result here: expected {ORIGIN} and {TABLE}")
    origin, wrong = inspected(folder)
    if wrong:
        lines = [*wrong, f"simulate again: {remedy(folder, origin)}"]
        raise AdoptionError("\n".join(lines))
    return origin


def remedy(folder: Path, origin: Mapping[str, Any]) -> str:
    """Return the command that makes a stored result again, as far as its provenance is known."""
    if set(origin) >= REMADE_FROM and origin["code"] == source_fingerprint():
        return f"adopt rerun {shlex.quote(str(folder))}"
    scenarios = origin.get("scenarios", ["SCENARIO..."])
    names: Sequence[str] = (
        list(scenarios) if isinstance(scenarios, list | dict) else ["SCENARIO..."]
    )
    words = ["adopt", "run" if len(names) == 1 and "." not in names[0] else "compare", *names]
    words += ["--runs", str(origin.get("runs", "RUNS")), "--seed", str(origin.get("seed", "SEED"))]
    for kind in origin.get("groups", ()):
        words += ["--by", str(kind)]
    return " ".join(words)


REMADE_FROM = frozenset(
    {"scenarios", "seed", "runs", "asked", "groups", "fingerprint", "code", "checksums"}
)
"""Fields of a provenance from which a result can be made again."""


def other_library(origin: Mapping[str, Any], scenarios: Mapping[str, Scenario]) -> str:
    """Return which file of the library says something else now than when a result was made, and what.

    Parameters
    ----------
    origin
        Provenance of the result.
    scenarios
        Its scenarios.
    """
    events = kinds_of_events(scenarios)
    now = {"measures": measures_of(scenarios), **archetypes_of(scenarios), EVENTS: events}
    for name, file in LIBRARY_OF.items():
        if difference := first_difference(origin.get(name, {}), now[name]):
            return f"{file}: {difference}"
    return ""


LIBRARY_OF = {
    "measures": "library/measures.yaml",
    "archetypes": "library/archetypes.yaml",
    "shares": "library/sectors.yaml",
    EVENTS: "library/events.yaml",
}
"""From which file of the library each field of a provenance comes."""


def read_result(folder: str | Path) -> Result:
    """Read a result that :meth:`Result.save` wrote.

    Every file is held against its checksum, the provenance against that of each of its fields, and
    its fingerprint against what it says: a result that is not what was written is not read.

    Raises
    ------
    AdoptionError
        If the folder holds none, or it is not as it was written: with the file, what was found, and
        the command that makes it again.
    """
    import pandas as pd

    folder = Path(folder)
    origin = sound_origin(folder)
    try:
        groups = pd.read_parquet(folder / GROUPS) if GROUPS in origin["files"] else None
        result = _result_of(origin, pd.read_parquet(folder / TABLE), groups)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AdoptionError(
            f"{folder}: the result is damaged: {error}\nsimulate again: {remedy(folder, origin)}"
        ) from error
    return result


def scenarios_of(origin: Mapping[str, Any]) -> dict[str, Scenario]:
    """Return the scenarios in a provenance.

    Raises
    ------
    ValueError
        If one is none.
    """
    return {
        name: Scenario.model_validate_json(json.dumps(content))
        for name, content in origin["scenarios"].items()
    }


def _result_of(origin: dict[str, Any], table: pd.DataFrame, grouped: pd.DataFrame | None) -> Result:
    """Return the result that a provenance and tables describe, which must fit together."""
    scenarios = scenarios_of(origin)
    if not scenarios:
        raise ValueError("there is no scenario in it")
    names = list(kpis.COLUMN)
    measured = {}
    for name, scenario in scenarios.items():
        part = table[table["scenario"] == name].sort_values(["run", "month"])
        shape = (origin["runs"], scenario.simulation.months + 1, len(names))
        measured[name] = part[names].to_numpy(dtype=float).reshape(shape)
    asked = int(origin["asked"])
    groups = {
        name: _groups_of(grouped[grouped["scenario"] == name], rows.shape[0], rows.shape[1])
        for name, rows in measured.items()
        if grouped is not None
    }
    return Result(scenarios, measured, int(origin["seed"]), asked, origin, groups)


def _groups_of(table: pd.DataFrame, runs: int, months: int) -> Groups:
    """Return the groups that a table of one scenario describes."""
    labels = tuple(table[["kind", "group"]].drop_duplicates().itertuples(index=False, name=None))
    place = {label: number for number, label in enumerate(labels)}
    numbers = [place[label] for label in zip(table["kind"], table["group"], strict=True)]
    table = table.assign(place=numbers).sort_values(["run", "month", "place"], kind="stable")
    shape = (runs, months, len(labels))
    columns = list(kpis.COLUMN)[: kpis.PERSONAL]
    values = table[columns].to_numpy(dtype=float).reshape(*shape, len(columns))
    return Groups(labels, values, table["people"].to_numpy(dtype=float).reshape(shape))
