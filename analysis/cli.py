"""The command ``adopt``: one function per command; nothing heavy is imported before it is needed."""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from sim.results import Result
    from sim.scenario import Scenario

FAILED = 1
INTERRUPTED = 130


def main() -> None:
    """Run the command line; what the user can mend is said in a line, without a traceback."""
    from sim.errors import AdoptionError, InterruptedStudyError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without the euro sign
    try:
        code = adopt.main(standalone_mode=False)
    except click.exceptions.Abort:
        code = INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except AdoptionError as error:
        click.echo(f"error: {error}", err=True)
        code = INTERRUPTED if isinstance(error, InterruptedStudyError) else FAILED
    except BrokenPipeError:
        sys.stderr.close()
        code = FAILED
    except OSError as error:
        if error.filename is None and error.strerror is None:
            raise
        click.echo(f"error: {error.filename or ''}: {error.strerror}", err=True)
        code = FAILED
    sys.exit(code if isinstance(code, int) else 0)


# --- Shared --------------------------------------------------------------------------------


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  adopt compare baseline leadership champions full-programme
  adopt run champions --set organisation.employees=75 --runs 500
  adopt new acme && adopt validate-scenario acme.yaml && adopt compare acme-licences.yaml acme.yaml
""",
)
@click.version_option(package_name="ai-adoption", prog_name="adopt")
def adopt() -> None:
    """Simulate AI adoption in an organisation and compare what would help.

    A scenario is a file, or the name of one that is shipped. Each run draws its own people, ties
    and luck; scenarios compared share all three, run by run.
    """


def options(*names: str) -> Callable[[Any], Any]:
    """Return a decorator that gives a command the shared options of these names."""
    known = {
        "runs": click.option(
            "--runs", type=click.IntRange(1, 10_000_000), help="Organisations simulated per scenario."
        ),
        "seed": click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="Seed of the study."),
        "months": click.option("--months", type=click.IntRange(1, 1200), help="Months simulated."),
        "set": click.option(
            "--set", "sets", multiple=True, metavar="PATH=VALUE",
            help="Change a value of every scenario, for example tool.licence_price=40. Repeatable.",
        ),
        "threads": click.option(
            "--threads", type=click.IntRange(1, 256), help="Threads; one per processor by default."
        ),
        "output": click.option(
            "--output", type=click.Path(file_okay=False, path_type=Path), default="results",
            show_default=True, help="Folder of results.",
        ),
        "name": click.option("--name", help="Name of the result's folder."),
        "json": click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table."),
    }  # fmt: skip

    def decorate(command: Any) -> Any:
        for name in reversed(names):
            command = known[name](command)
        return command

    return decorate


def console(stderr: bool = False) -> Console:
    """Return a terminal to write to."""
    import shutil

    from rich.console import Console

    wide = shutil.get_terminal_size((120, 40)).columns
    return Console(stderr=stderr, highlight=False, width=max(wide, 80))


@contextmanager
def progress_bar(label: str, total: float) -> Iterator[Callable[..., None]]:
    """Show a bar with the time left on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    terminal = console(stderr=True)
    with Progress(*columns, console=terminal, transient=True) as bar:
        task = bar.add_task(label, total=total)

        def report(done: float, of: float | None = None, text: str = label) -> None:
            bar.update(task, completed=done, total=of or total, description=text)

        yield report


def load(names: Sequence[str], sets: Sequence[str], months: int | None) -> list[Scenario]:
    """Read scenarios with the changes of the command line."""
    from sim.files import read_scenario

    changes = [*sets, *([f"simulation.months={months}"] if months else [])]
    return [read_scenario(name, changes) for name in names]


def import_ahead() -> None:
    """Import what shows a result while the engine, which needs no interpreter, is at work."""
    from importlib import import_module
    from threading import Thread

    def bring() -> None:
        for page in ("pandas", "pyarrow.parquet", "analysis.plots", "analysis.tables"):
            import_module(page)

    Thread(target=bring, daemon=True).start()


def simulate(
    scenarios: Sequence[Scenario], runs: int | None, seed: int | None, threads: int | None
) -> Result:
    """Compare scenarios with a progress bar, saying so when the engine has to be compiled."""
    from sim.compiled import is_compiled

    if not is_compiled():
        click.echo("Compiling the engine, once for this version (about 20 seconds) ...", err=True)
    from sim.experiments import compare as simulate_all

    first = scenarios[0].simulation
    for one in scenarios[1:]:
        for given, name in ((runs, "runs"), (seed, "seed")):
            asked, used = getattr(one.simulation, name), getattr(first, name)
            if given is None and asked != used:
                click.echo(
                    f"{name}: {used} as {scenarios[0].name} says; {one.name} says {asked}", err=True
                )
    import_ahead()
    total = runs or scenarios[0].simulation.runs
    with progress_bar("Simulating", total) as report:
        result = simulate_all(scenarios, runs, seed, report, threads)
    if result.interrupted:
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # a second Ctrl-C may not lose what is finished
        click.echo(f"Interrupted: {result.runs} of {result.asked} runs are finished.", err=True)
    return result


def rich_table(frame: pd.DataFrame, title: str = "", index: bool = True) -> Table:
    """Return a DataFrame of texts and numbers as a table for the terminal."""
    import pandas as pd
    from rich import box
    from rich.table import Table
    from rich.text import Text

    frame = frame.reset_index() if index else frame
    roomy = console().width > 90
    table = Table(
        title=Text(title) if title else None,
        box=box.SIMPLE_HEAD if roomy else None,
        title_justify="left",
        padding=(0, 1, 0, 0),
    )
    for place, column in enumerate(frame.columns):
        texts = frame[column].astype(str)
        prose = not pd.api.types.is_numeric_dtype(frame[column]) and texts.str.len().max() > 26
        table.add_column(
            str(column),
            justify="left" if place == 0 or prose else "right",
            no_wrap=place > 0 and not prose,
            min_width=int(
                max(len(word) for text in texts for word in (text.split() or [""]))
                if prose or place == 0
                else max(texts.str.len().max(), len(str(column)))
            ),
        )
    for row in frame.itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    return table


def _cell(value: Any) -> str:
    from rich.markup import escape

    if isinstance(value, float):
        return "" if value != value else f"{value:g}"
    return escape(str(value))


def finish(result: Result) -> int:
    """Return the exit code of a study."""
    return INTERRUPTED if result.interrupted else 0


# --- Studies -------------------------------------------------------------------------------


@adopt.command(
    epilog="""\b
Examples:
  adopt compare baseline leadership champions full-programme
  adopt compare acme-licences.yaml acme.yaml --runs 1000 --seed 7
  adopt compare baseline champions --set organisation.employees=500 --json
"""
)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@options("runs", "seed", "months", "set", "threads", "name", "output", "json")
@click.option(
    "--kpi", default="adoption", show_default=True, help="KPI of the figure and the verdict."
)
@click.option("--against", help="Scenario the others are compared with; by default the first.")
@click.option("--figure/--no-figure", default=True, help="Draw the figure.")
def compare(
    scenarios: tuple[str, ...],
    runs: int | None,
    seed: int | None,
    months: int | None,
    sets: tuple[str, ...],
    threads: int | None,
    name: str | None,
    output: Path,
    as_json: bool,
    kpi: str,
    against: str | None,
    figure: bool,
) -> int:
    """Compare scenarios on the same people and the same luck.

    Prints a table with paired differences and their 95 % intervals, draws the adoption curves,
    and stores every run with what made it in OUTPUT/NAME/FINGERPRINT. An existing result is
    never overwritten.
    """
    chosen = load(scenarios, sets, months)
    known_kpi(kpi)
    if against is not None and against not in [one.name for one in chosen]:
        raise click.BadParameter(
            f"found '{against}', expected one of: {', '.join(one.name for one in chosen)}",
            param_hint="--against",
        )
    result = simulate(chosen, runs, seed, threads)
    return show(result, output, name, as_json, kpi, against, figure)


@adopt.command(
    epilog="""\b
Examples:
  adopt run champions
  adopt run champions --set programme.champions.share=0.04 --runs 500
"""
)
@click.argument("scenario")
@options("runs", "seed", "months", "set", "threads", "name", "output", "json")
@click.option("--kpi", default="adoption", show_default=True, help="KPI of the figure.")
@click.option("--figure/--no-figure", default=True, help="Draw the figure.")
def run(
    scenario: str,
    runs: int | None,
    seed: int | None,
    months: int | None,
    sets: tuple[str, ...],
    threads: int | None,
    name: str | None,
    output: Path,
    as_json: bool,
    kpi: str,
    figure: bool,
) -> int:
    """Simulate one scenario and show its KPIs at months 3, 6, 12, 18 and 24."""
    known_kpi(kpi)
    result = simulate(load([scenario], sets, months), runs, seed, threads)
    return show(result, output, name, as_json, kpi, None, figure)


def known_kpi(kpi: str) -> None:
    """Raise if there is no such KPI, with the nearest name."""
    from analysis.summary import known
    from sim.errors import AdoptionError
    from sim.kpis import KPIS

    try:
        known(kpi, KPIS, "KPI")
    except AdoptionError as error:
        raise click.BadParameter(str(error), param_hint="--kpi") from error


def show(
    result: Result,
    output: Path,
    name: str | None,
    as_json: bool,
    kpi: str,
    against: str | None,
    figure: bool,
) -> int:
    """Print, draw and store a result."""
    from analysis import comparison, tables
    from sim.kpis import KPIS

    folder = result.save(output, name)
    drawn = draw(result, folder, kpi, against) if figure else []
    several = len(result.scenarios) > 1
    if as_json:
        content = {
            "folder": str(folder),
            "figures": [str(path) for path in drawn],
            "fingerprint": result.fingerprint,
            "runs": result.runs,
            "asked": result.asked,
            "seed": result.seed,
            "levels": records(tables.levels(result)),
            "differences": records(comparison.difference(result, against, kpi)) if several else [],
        }
        click.echo(json.dumps(content, indent=2))
        return finish(result)
    terminal = console()
    unit = KPIS[kpi].unit.replace("share", "%")
    title = f"{tables.organisations(result)}: {KPIS[kpi].label.lower()} [{unit}]"
    shown = tables.overview(result, against, kpi) if several else tables.profile(result)
    terminal.print(rich_table(shown, title))
    if several:
        for sentence in comparison.verdicts(result, against, kpi).values():
            terminal.print(f"  {sentence}", markup=False, soft_wrap=True)
        terminal.print()
    if several:
        terminal.print(
            "m6: mean in month 6. 10-90 %: where 80 % of organisations end. difference: in points or "
            "the unit above, between the same organisations (~ if they are not the same), with the "
            "95 % interval of its mean; ? if that includes 0. never: never a weekly user [%]. half: "
            "mean month in which half use it weekly, where most organisations get there. cost, net: "
            "whole period.",
            style="dim",
        )
    terminal.print(f"{result.runs} organisations, seed {result.seed}. {LIMITS}", style="dim")
    for path in (*drawn[:1], folder):
        terminal.print(str(path), markup=False, soft_wrap=True)
    return finish(result)


def records(frame: pd.DataFrame) -> Any:
    """Return a table as plain values, for JSON."""
    return json.loads(frame.reset_index().to_json(orient="records"))


LIMITS = "What if, not a forecast of one firm's future."


def draw(result: Result, folder: Path, kpi: str, against: str | None) -> list[Path]:
    """Draw the curves into the result's folder, unless they are there already."""
    stem = folder / (f"{kpi}-against-{against}" if against else kpi)
    paths = [stem.with_suffix(".png"), stem.with_suffix(".svg")]
    if not all(path.is_file() for path in paths):
        from analysis import plots

        plots.save_figure(plots.adoption_curves(result, against, kpi), stem)
    return paths


@adopt.command(
    epilog="""\b
Examples:
  adopt fit
  adopt fit --minutes 5 --json > fitted.json
"""
)
@click.option(
    "--minutes",
    type=click.FloatRange(0.1, 600),
    default=15,
    show_default=True,
    help="Time for the fit.",
)
@click.option(
    "--runs",
    type=click.IntRange(10, 10_000),
    default=250,
    show_default=True,
    help="Organisations per scenario and trial.",
)
@click.option(
    "--check-runs",
    type=click.IntRange(10, 100_000),
    default=1000,
    show_default=True,
    help="Other organisations the end is checked on.",
)
@options("seed", "output", "json")
def fit(
    minutes: float, runs: int, check_runs: int, seed: int | None, output: Path, as_json: bool
) -> int:
    """Refit the free parameters to scenarios/library/targets.yaml.

    Prints which figures are reached and which are missed, and writes the parameters as a block
    for a scenario file. More free numbers than figures: a point on a ridge, no estimate.
    """
    from analysis import calibration

    with progress_bar("Fitting", 1.0) as report:
        found = calibration.fit(
            minutes, runs, check_runs, seed or 1,
            progress=lambda used, text: report(used, 1.0, text),
        )  # fmt: skip
    folder = calibration.save(found, output)
    if as_json:
        click.echo(json.dumps(calibration.as_dict(found), indent=2))
        return 0
    terminal = console()
    terminal.print(rich_table(calibration.figures_table(found), index=False))
    terminal.print(rich_table(calibration.parameters_moved(found), index=False))
    missed = len(found.missed)
    terminal.print(
        f"{len(found.targets) - missed} of {len(found.targets)} figures reached after "
        f"{found.evaluations} sets of parameters in {found.seconds / 60:.1f} minutes."
    )
    terminal.print(str(folder), markup=False)
    return 0


@adopt.command()
@click.option("--quick", is_flag=True, help="Skip the million people and the cold start.")
@options("json")
def bench(quick: bool, as_json: bool) -> int:
    """Measure the engine's speed as ratios within this run."""
    from analysis import benchmark

    return benchmark.main(quick, as_json)


@adopt.command(
    epilog="""\b
Example:
  adopt pairing champions baseline
"""
)
@click.argument("scenario")
@click.argument("against", default="baseline")
@click.option("--kpi", default="adoption", show_default=True, help="KPI compared.")
@click.option("--month", type=click.IntRange(1, 1200), default=18, show_default=True, help="Month.")
@click.option(
    "--runs",
    type=click.IntRange(10, 1_000_000),
    default=1000,
    show_default=True,
    help="Organisations.",
)
@options("seed", "set", "json")
def pairing(
    scenario: str, against: str, kpi: str, month: int, runs: int, seed: int | None,
    sets: tuple[str, ...], as_json: bool,
) -> int:  # fmt: skip
    """Measure what common people and luck are worth for a difference.

    Prints how many times less the difference varies with pairs than without: between
    organisations, and within one organisation where only luck differs.
    """
    from analysis.pairing import gain

    one, other = load([scenario, against], sets, None)
    with progress_bar("Simulating", runs) as report:
        found = gain(one, other, kpi, month, runs, seed or 1, report)
    if as_json:
        click.echo(json.dumps(found._asdict(), indent=2))
        return 0
    click.echo(
        f"{one.label} minus {other.label}, {kpi} in month {month}: with pairs the variance is\n"
        f"  {found.between:.1f} times less between organisations\n"
        f"  {found.within:.1f} times less within one organisation (median of several)"
    )
    return 0


# --- Looking things up ---------------------------------------------------------------------


@adopt.command(
    epilog="""\b
Examples:
  adopt catalogue
  adopt catalogue champions training
  adopt catalogue --lang nl --phase communication
"""
)
@click.argument("measures", nargs=-1)
@click.option("--phase", help="Only measures of this phase.")
@click.option(
    "--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True, help="Language."
)
@options("json")
def catalogue(measures: tuple[str, ...], phase: str | None, lang: str, as_json: bool) -> int:
    """List the measures a programme can use, with effects, costs and sources."""
    from sim.tables import catalogue as table_of

    table = table_of(lang)
    unknown = [one for one in measures if one not in table.index]
    if unknown:
        raise click.BadParameter(
            f"found '{unknown[0]}', known: {', '.join(table.index)}", param_hint="MEASURES"
        )
    if measures:
        table = table.loc[list(measures)]
    if phase is not None:
        phases = sorted(set(table_of(lang)["phase"]))
        if phase not in phases:
            raise click.BadParameter(
                f"found '{phase}', known: {', '.join(phases)}", param_hint="--phase"
            )
        table = table[table["phase"] == phase]
    if as_json:
        click.echo(table.reset_index().to_json(orient="records", indent=2, force_ascii=False))
        return 0
    terminal = console()
    if measures:
        for name, row in table.iterrows():
            terminal.print(f"[bold]{name}[/bold]: {row['title']}")
            for column, value in row.items():
                if column != "title" and value not in ("", 0):
                    terminal.print(f"  {column}: {value}", markup=False)
        return 0
    terminal.print(rich_table(table[["title", "phase", "lasting", "does"]]))
    terminal.print(
        "does: at full dose; a threat that is justified stays. one_off fades, structural holds while "
        "in force. adopt catalogue MEASURE shows costs and sources.",
        style="dim",
    )
    return 0


@adopt.command()
@click.argument("words", nargs=-1)
@options("json")
def parameters(words: tuple[str, ...], as_json: bool) -> int:
    """List every number of the rules with unit, range, source and meaning.

    Words filter by name and meaning: `adopt parameters champion`.
    """
    from sim.parameters import parameters_table

    table = parameters_table()
    for word in words:
        text = table.index.to_series() + " " + table["meaning"]
        table = table[text.str.contains(word, case=False, regex=False)]
    if table.empty:
        raise click.BadParameter(
            f"no parameter has '{' '.join(words)}' in its name or meaning", param_hint="WORDS"
        )
    if as_json:
        click.echo(table.reset_index().to_json(orient="records", indent=2, force_ascii=False))
        return 0
    table["range"] = [
        f"{low:g} to {high:g}" for low, high in zip(table["low"], table["high"], strict=True)
    ]
    console().print(rich_table(table[["default", "unit", "range", "meaning", "source"]]))
    return 0


# --- Scenario files ------------------------------------------------------------------------


@adopt.command("validate-scenario")
@click.argument("files", nargs=-1, required=True, metavar="SCENARIO...")
@options("set")
def validate_scenario(files: tuple[str, ...], sets: tuple[str, ...]) -> int:
    """Check scenario files and say what is wrong, where, and what is allowed.

    Also checks that the programme fits its budget. Exit code 1 if anything is wrong.
    """
    from sim.errors import AdoptionError
    from sim.files import read_scenario

    code = 0
    for file in files:
        try:
            scenario = read_scenario(file, sets)
            from sim.programme import compile_programme

            compile_programme(scenario)
        except AdoptionError as error:
            click.echo(str(error), err=True)
            code = FAILED
        else:
            click.echo(f"{file}: in order ({', '.join(scenario.deployments) or 'no measures'})")
    return code


@adopt.command()
@click.option(
    "--write", type=click.Path(dir_okay=False, path_type=Path), help="Write it to a file."
)
def schema(write: Path | None) -> int:
    """Print the JSON schema of a scenario file, for editors and other programs."""
    from sim.files import schema_text

    if write is None:
        click.echo(schema_text(), nl=False)
    else:
        write.write_text(schema_text(), "utf-8")
        click.echo(str(write))
    return 0


@adopt.command()
@click.argument("name")
def new(name: str) -> int:
    """Write a commented starter file NAME.yaml for your own organisation.

    Beside it come NAME-licences.yaml, the same organisation with licences only to compare it
    with, and the schema that editors check both with.
    """
    from sim.errors import AdoptionError
    from sim.files import schema_text, starter_text
    from sim.scenario import library

    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if not re.fullmatch(r"[\w.-]+", path.stem) or path.stem.startswith("."):
        raise AdoptionError(f"found the name '{path.stem}', expected letters, digits, '-' and '_'")
    if (library() / f"{path.stem}.yaml").is_file():
        raise AdoptionError(f"'{path.stem}' is shipped already; choose another name")
    bare = path.with_name(f"{path.stem}-licences.yaml")
    for one in (path, bare):
        if one.exists():
            raise AdoptionError(f"{one}: is there already; choose another name")
    schema_path = path.with_name("scenario.schema.json")
    text = starter_text(path.stem).replace("library/scenario.schema.json", schema_path.name)
    path.write_text(text, "utf-8")
    bare.write_text(
        f"# yaml-language-server: $schema={schema_path.name}\n"
        f"# The organisation of {path.name} with licences and a launch, and no measures.\n"
        f"extends: {path.name}\n"
        "title: Licences only\n"
        "programme:\n"
        "  training: null              # null leaves out what the file above has\n"
        "  champions: null\n",
        "utf-8",
    )
    schema_path.write_text(schema_text(), "utf-8")
    click.echo(f"{path}: change it, then: adopt compare {bare} {path}")
    return 0


if __name__ == "__main__":
    main()
