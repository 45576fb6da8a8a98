"""The commands about experiments at scale: sweep, show, results, export, rerun."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.shared import adopt, checked_precision, options, precision_options
from analysis.cli.terminal import console, progress_bar, records, rich_table, say, say_limits

if TYPE_CHECKING:
    from sim.study.sweeps import Sweep
    from sim.study.sweeps.preparing import Prepared
    from sim.study.sweeps.work import Key


def _share(_context: Any, _option: Any, given: str | None) -> tuple[int, int]:
    """Return part and number of parts, from a text such as 2/5."""
    part, slash, parts = (given or "1/1").partition("/")
    if not (slash and part.isdigit() and parts.isdigit() and 1 <= int(part) <= int(parts)):
        raise click.BadParameter(f"found '{given}', expected PART/PARTS, such as 2/5")
    return int(part), int(parts)


@adopt.command(
    epilog="""\b
Examples:
  adopt sweep network-kinds --dry-run
  adopt sweep network-kinds
  adopt sweep my-experiment.yaml --engine processes --workers 4
  adopt sweep network-kinds --precision 1 --max-runs 400
  adopt sweep my-experiment.yaml --shard 3/20          # one job of an array of 20
  adopt sweep my-experiment.yaml --engine dask --scheduler tcp://10.0.0.5:8786
"""
)
@click.argument("experiment")
@click.option(
    "--dry-run", is_flag=True, help="Only say how much it is, how long it takes, how large it gets."
)
@click.option(
    "--engine",
    type=click.Choice(["threads", "processes", "dask"]),
    default="threads",
    show_default=True,
    help="Where it is simulated; it does not change a single bit.",
)
@click.option(
    "--workers", type=click.IntRange(1, 4096), help="Workers; one per processor by default."
)
@click.option("--scheduler", default="", metavar="ADDRESS", help="Address of a Dask scheduler.")
@click.option(
    "--shard",
    "share",
    callback=_share,
    metavar="PART/PARTS",
    help="Do only this part, for job arrays: any number of parts at once, in one folder.",
)
@precision_options("each difference from the first scenario at every point")
@options("name", "output", "json")
def sweep(
    *,
    experiment: str,
    dry_run: bool,
    engine: str,
    workers: int | None,
    scheduler: str,
    share: tuple[int, int],
    precision: float | None,
    most: int | None,
    name: str | None,
    output: Path,
    as_json: bool,
) -> int:
    """Run an experiment: scenarios at every point of a design, in many organisations.

    EXPERIMENT is a file, or the name of one in scenarios/experiments. Finished shards are kept in
    OUTPUT/sweeps/NAME as Parquet. Stopped, killed or out of disk, the same command goes on from
    there and ends with the same bytes. Results can be read while it runs: adopt show FOLDER.

    With --precision, every point gets as many organisations as it needs, instead of as many as
    EXPERIMENT says: luck of organisations only. In a file: precision: {within: 1, kpi: adoption}.
    """
    checked_precision(precision, most)
    from sim.scenario.words import duration
    from sim.study.sweeps import Sweep, read_experiment
    from sim.study.sweeps.engines import processors
    from sim.study.sweeps.preparing import prepare
    from sim.study.sweeps.running import agreed, complete, runs_there
    from sim.study.sweeps.verb import named, precisely

    asked = read_experiment(experiment)
    asked = named(asked, name or asked.name)
    if precision is not None:
        asked = precisely(asked, precision, most)
    folder = output / "sweeps" / asked.name
    prepared = agreed(prepare(asked), folder)
    there = runs_there(prepared, folder)
    size = _size(prepared, workers or processors(), there)
    if not as_json or dry_run:
        _announce(prepared, size, folder, as_json)
    if dry_run:
        return 0
    began = time.monotonic()
    with progress_bar("Runs", prepared.runs) as report:
        complete(
            prepared,
            folder,
            engine,
            workers,
            scheduler,
            share=share,
            progress=report,
            notice=lambda text: click.echo(text, err=True),
        )
    seconds = time.monotonic() - began
    stored = Sweep(folder)
    content = {
        "folder": str(folder),
        "shards": stored.finished,
        "of": prepared.cut.shards,
        "runs": prepared.runs,
        "rows": prepared.rows,
        **_as_needed(prepared, folder),
        "seconds": round(seconds, 1),
    }
    if as_json:
        click.echo(json.dumps(content, indent=2))
        return 0
    terminal = console()
    terminal.print(f"{stored.told}, in {duration(seconds)}.", markup=False)
    if prepared.experiment.precision is not None:
        runs = content["runs"]
        say(
            terminal,
            f"{runs:,} runs were needed or allowed; at most {prepared.runs:,} were allowed.",
        )
    say(terminal, f"See it: adopt show {folder}")
    say_limits(terminal)
    return 0


def _as_needed(prepared: Prepared, folder: Path) -> dict[str, int]:
    """Return how many runs and rows there are where every point has as many as it needs."""
    from sim.study.sweeps.running import runs_there

    if prepared.experiment.precision is None:
        return {}
    runs = runs_there(prepared, folder)
    return {"runs": runs, "rows": prepared.rows * runs // prepared.runs}


def _size(prepared: Prepared, workers: int, there: int) -> dict[str, float]:
    """Return about how long what is missing takes, and how large it gets, from a few of its runs."""
    from sim.study.sweeps.work import simulated

    cut = prepared.cut
    tried = sorted({0, cut.shards // 2, cut.shards - 1})
    seconds = runs = rows = size = 0.0
    for number in tried:
        job = prepared.job(number)._replace(precision=None)
        few = [piece._replace(last=min(piece.last, piece.first + 4)) for piece in job.pieces[:4]]
        simulated(job._replace(pieces=few[:1]))  # what is compiled when it is first needed
        began = time.perf_counter()
        shard = simulated(job._replace(pieces=few))
        seconds += time.perf_counter() - began
        organisations = sum(piece.last - piece.first for piece in few)
        runs += organisations * job.replicates * len(prepared.scenarios)
        rows += organisations * job.replicates * cut.months
        size += len(shard.runs) + len(shard.groups)
    return {
        "runs": prepared.runs,
        "rows": prepared.rows,
        "shards": cut.shards,
        "seconds": seconds / runs * (prepared.runs - there) / workers,
        "bytes": size / rows * prepared.rows,
        "there": there,
    }


def _announce(prepared: Prepared, size: dict[str, float], folder: Path, as_json: bool) -> None:
    """Say how much it is before it starts."""
    from sim.scenario.words import amount, counted, duration

    asked, runs = prepared.experiment, prepared.runs
    if as_json:
        click.echo(json.dumps({"folder": str(folder), **size}, indent=2))
        return
    most = "at most " * (asked.precision is not None)
    parts = [
        counted(len(prepared.points), "point"),
        *([counted(len(prepared.vectors), "parameter vector")] if asked.posterior else []),
        most + counted(asked.organisations, "organisation"),
        *([counted(asked.replicates, "replicate")] if asked.replicates > 1 else []),
        counted(len(prepared.scenarios), "scenario"),
    ]
    lines = [
        f"{' x '.join(parts)} = {most}{counted(runs, 'run')}, {prepared.rows:,} rows",
        f"{counted(prepared.cut.shards, 'shard')} in {folder}: {most or 'about '}{duration(size['seconds'])}, "
        f"{amount(size['bytes'])}",
    ]
    if size["there"]:
        lines.append(
            f"{counted(round(size['there']), 'run')} of these are there already: the time is for the rest"
        )
    if asked.points and asked.design == "sobol" and asked.points & (asked.points - 1):
        power = 2 ** (asked.points.bit_length() - 1)
        lines.append(
            f"A Sobol sequence is balanced at powers of two: rather {power} or {2 * power} points"
        )
    for line in lines:
        click.echo(line, err=True)


@adopt.command(
    epilog="""\b
Examples:
  adopt show results/sweeps/network-kinds
  adopt show results/sweeps/network-kinds --kpi never_users --by scenario,organisation.network.kind
  adopt show results/sweeps/network-kinds --month 6 --json
  adopt show results/sweeps/network-kinds --against baseline --month 18
  adopt show results/sweeps/my-experiment --groups department     # kept with by: [department]
"""
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--kpi", default="adoption", show_default=True, help="KPI summed up.")
@click.option(
    "--by",
    help="Columns that tell apart what is summed up; by default the scenario, and the factors of a grid.",
)
@click.option(
    "--groups", metavar="KIND", help="Groups instead of whole organisations, such as department."
)
@click.option("--month", type=click.IntRange(0, 1200), help="Month; the last by default.")
@click.option(
    "--difference",
    is_flag=True,
    help="Paired differences from the first scenario at every point, and what factors do to them.",
)
@click.option("--against", metavar="SCENARIO", help="The same from this scenario.")
@options("json")
def show(
    *,
    folder: Path,
    kpi: str,
    by: str | None,
    groups: str | None,
    month: int | None,
    difference: bool,
    against: str | None,
    as_json: bool,
) -> int:
    """Sum up a sweep, also while it runs: mean, spread and quantiles over its runs.

    Computed from the shards on disk, so that millions of runs need no memory; each is held against
    its checksum first. With --difference or --against: what each scenario adds, organisation by
    organisation, with 95 % intervals and bands that hold all points at once.
    """
    from sim.study.sweeps import Sweep

    stored = Sweep(folder)
    if difference or against is not None:
        if by or groups:
            raise click.UsageError("--by and --groups are of summaries, not of differences")
        return _differences(
            stored, against or next(iter(stored.origin["scenarios"])), kpi, month, as_json
        )
    columns = [
        "scenario",
        *(stored.factors if stored.origin["experiment"]["design"] == "grid" else []),
    ]
    if by:
        ends = {end: path for path, end in _short(stored.factors).items()}
        columns = [ends.get(column.strip(), column.strip()) for column in by.split(",")]
    where = "true"
    if groups:
        kinds = stored.origin["experiment"]["by"]
        if groups not in kinds:
            expected = f"expected one of: {', '.join(kinds)}" if kinds else "no groups were kept"
            raise click.BadParameter(f"found '{groups}', {expected}", param_hint="--groups")
        columns, where = [*columns, "group"], f"kind = '{groups}'"
    table = (stored.groups if groups else stored).summary(kpi, columns, where)
    end = int(table["month"].max())
    last = end if month is None else month
    if last > end:
        raise click.BadParameter(f"found {month}, expected 0 to {end}", param_hint="--month")
    table = table[table["month"] == last].drop(columns="month")
    for column in columns:  # a point need not name every factor
        table[column] = table[column].astype(object).where(table[column].notna(), "")
    if as_json:
        content = {
            "finished": stored.finished,
            "shards": stored.origin["shards"],
            "month": last,
            "kpi": kpi,
            "rows": records(table.set_index(columns)),
        }
        click.echo(json.dumps(content, indent=2))
        return 0
    shown = table.drop(columns=["sd", "q25", "q75"]).round(3).rename(columns=_short(columns))
    terminal = console()
    terminal.print(rich_table(shown, f"{kpi} in month {last}", index=False))
    terminal.print(
        f"{stored.told}, seed {stored.origin['seed']}; q05 to q95: quantiles over runs, and with "
        "--json more of them.",
        style="dim",
        markup=False,
    )
    say_limits(terminal)
    return 0


def _differences(stored: Sweep, against: str, kpi: str, month: int | None, as_json: bool) -> int:
    """Show what each scenario adds to another, point by point, and what the factors do to that."""
    ends = [scenario["simulation"]["months"] for scenario in stored.origin["scenarios"].values()]
    last = min(ends) if month is None else month
    table = stored.difference(against, kpi, last)
    origin, finished = stored.origin, table.attrs["finished"]
    grid = origin["experiment"]["design"] == "grid" and any(
        len(factor["values"] or ()) > 1 for factor in origin["experiment"]["factors"].values()
    )
    effects = stored.effects(kpi, against, last) if grid and finished == origin["points"] else None
    if as_json:
        content = {
            "kpi": kpi,
            "month": last,
            "against": against,
            "points": origin["points"],
            "finished": finished,
            "differences": records(table.set_index(["scenario", "point"])),
            "effects": []
            if effects is None
            else records(effects.set_index(["scenario", "effect"])),
        }
        click.echo(json.dumps(content, indent=2))
        return 0
    terminal = console()
    hidden = ["against", "month", "curve_low", "curve_high"]
    short = _short(stored.factors)
    digits = 3
    shown = table.drop(columns=hidden).round(digits).rename(columns=short)
    terminal.print(
        rich_table(shown, f"{kpi}: difference from {against} in month {last}", index=False)
    )
    if effects is not None:
        for path, end in short.items():
            effects["factor"] = effects["factor"].str.replace(path, end, regex=False)
        shown = effects.drop(columns=hidden).round(digits)
        terminal.print(rich_table(shown, "What the factors do to the difference", index=False))
    vectors = " vectors: where nine tenths of the parameter vectors lie." * bool(
        origin["experiment"]["posterior"]
    )
    say(
        terminal,
        f"{finished:,} of {origin['points']:,} points. Paired over organisations, in the KPI's unit; low, "
        "high: 95 % interval of one row; all: simultaneous 95 % band, which holds all rows at once."
        f"{vectors} main: a level against the first. interaction: how much more at the second level.",
        style="dim",
    )
    say_limits(terminal)
    return 0


def _short(paths: Sequence[str]) -> dict[str, str]:
    """Return the shortest ends of dotted paths that still tell them apart."""
    names: dict[str, str] = {}
    for path in paths:
        parts = path.split(".")
        ends = (".".join(parts[-length:]) for length in range(1, len(parts) + 1))
        others = [other for other in paths if other != path]
        names[path] = next(
            end for end in ends if not any(f".{other}".endswith(f".{end}") for other in others)
        )
    return names


@adopt.command(
    epilog="""\b
Examples:
  adopt results
  adopt results results/sweeps --json
"""
)
@click.argument("root", type=click.Path(file_okay=False, path_type=Path), default=Path("results"))
@options("json")
def results(root: Path, as_json: bool) -> int:
    """List the results there are, and what made them."""
    from sim.study.sweeps.reading import kept

    table = kept(root)
    if as_json:
        click.echo(json.dumps(records(table.set_index("folder")), indent=2))
        return 0
    if table.empty:
        click.echo(f"{root}: no results yet; make some: adopt compare baseline champions")
        return 0
    console().print(rich_table(table, "Results, the newest first", index=False))
    return 0


@adopt.command(
    epilog="""\b
Examples:
  adopt export results/sweeps/network-kinds --to csv
  adopt export results/sweeps/network-kinds --to xlsx --kpi adoption --month 18
  adopt export results/sweeps/network-kinds --to csv --key champions,3,17,18 --file row.csv
"""
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--to", "kind", type=click.Choice(["csv", "xlsx"]), required=True, help="Format.")
@click.option("--kpi", "kpis", multiple=True, help="Only these KPIs. Repeatable.")
@click.option("--month", type=click.IntRange(0, 1200), help="Only this month.")
@click.option("--row", type=click.IntRange(min=0), help="Only the row of this number, from 0.")
@click.option(
    "--key", metavar="SCENARIO,POINT,RUN,MONTH", help="Only the row of this name, which lasts."
)
@click.option(
    "--file",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to; by default beside the folder of a sweep, and in that of a result.",
)
def export(
    *,
    folder: Path,
    kind: str,
    kpis: tuple[str, ...],
    month: int | None,
    row: int | None,
    key: str | None,
    target: Path | None,
) -> int:
    """Write the rows of a sweep or a result to a file for spreadsheets, and say where it is.

    A row is named for good by scenario, point, run and month, which are columns.
    Texts that a spreadsheet would take for a formula are written with an apostrophe before them.
    """
    from analysis.results.exporting import exported

    if row is not None and key is not None:
        raise click.UsageError("--row and --key name one row each: give one of them")
    wanted = _key(key) if key is not None else row
    path = exported(folder, kind, kpis, month, target, row=wanted)
    click.echo(str(path))
    _say_unfinished(folder)
    return 0


@adopt.command(
    epilog="""\b
Examples:
  adopt rerun results/sweeps/network-kinds --row 4711
  adopt rerun results/sweeps/network-kinds --key champions,3,17,18
  adopt rerun results/baseline-leadership/1a2b3c4d5e6f            # a whole result, and mend it
"""
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--row",
    type=click.IntRange(min=0),
    help="Row of a sweep, by number from 0 in the order of adopt export.",
)
@click.option(
    "--key",
    metavar="SCENARIO,POINT,RUN,MONTH",
    help="Row of a sweep by what names it for good: more points or shards do not move it.",
)
@options("json")
def rerun(folder: Path, row: int | None, key: str | None, as_json: bool) -> int:
    """Simulate again what is stored, and say whether it is the same to the last bit.

    One row of a sweep, from the points, vectors and library kept in its folder. Or a whole result of
    adopt run or compare: whatever is no longer what was written is then written anew.
    """
    from sim.study.results import ORIGIN, TABLE
    from sim.study.sweeps.again import rerun as again

    if (folder / ORIGIN).is_file() or (folder / TABLE).is_file():
        if row is not None or key is not None:
            raise click.UsageError(
                f"{folder} is a result, which is simulated as a whole: leave out --row and --key"
            )
        return _remake(folder, as_json)
    wanted = _key(key) if key is not None else row
    if wanted is None or (row is not None and key is not None):
        raise click.UsageError("a sweep needs --row or --key: which row")
    if row is not None:
        _say_unfinished(folder)
    both = again(folder, wanted)
    differ = [column for column in both.columns if both[column].nunique(dropna=False) != 1]
    if as_json:
        stored, anew = json.loads(both.to_json(orient="records"))
        click.echo(
            json.dumps(
                {"same": not differ, "differ": differ, "stored": stored, "again": anew}, indent=2
            )
        )
        return int(bool(differ))
    title = f"Row {row:,}" if row is not None else f"Row {key}"
    console().print(rich_table(both.T.set_axis(["stored", "again"], axis=1), title))
    click.echo("Different: " + ", ".join(differ) if differ else "The same to the last bit.")
    return int(bool(differ))


def _key(text: str) -> Key:
    """Return the key of a row from a text such as champions,3,17,18."""
    from sim.study.sweeps.work import Key

    scenario, *numbers = (part.strip() for part in text.split(","))
    if len(numbers) != 3 or not all(number.isdigit() for number in numbers):
        raise click.BadParameter(
            f"found '{text}', expected SCENARIO,POINT,RUN,MONTH, such as champions,3,17,18",
            param_hint="--key",
        )
    return Key(scenario, *map(int, numbers))


def _remake(folder: Path, as_json: bool) -> int:
    """Simulate a whole result again, and say what was wrong with what is stored."""
    from sim.study.results import inspected
    from sim.study.sweeps.again import remade

    total = inspected(folder)[0].get("runs", 1)
    with progress_bar("Simulating", total) as report:
        _, wrong = remade(folder, lambda text: click.echo(text, err=True), report)
    if as_json:
        click.echo(json.dumps({"same": not wrong, "wrong": wrong}, indent=2))
        return int(bool(wrong))
    click.echo("\n".join(wrong) if wrong else "The same to the last bit.")
    return int(bool(wrong))


def _say_unfinished(folder: Path) -> None:
    """Say so if shards are missing: rows are numbered by those there are."""
    from sim.study.sweeps import Sweep, store

    if (folder / store.ORIGIN).is_file():
        stored = Sweep(folder)
        if stored.finished < stored.origin["shards"]:
            click.echo(
                f"{stored.told}: rows get other numbers as more are finished; --key lasts.",
                err=True,
            )
