"""The command about what outcomes depend on: sensitivity."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from analysis.cli.shared import adopt, load, number_option, options
from analysis.cli.terminal import console, progress_bar, records, rich_table, say, say_limits

if TYPE_CHECKING:
    from analysis.studies.sensitivity import Design, Factor, Found, Simulator
    from analysis.studies.sensitivity.replicates import Stability

HEADLINE = ("leadership", "champions")
REFERENCE = "baseline"
"""Looked at where no scenario is given."""

DESIGN = frozenset(
    {"method", "factors", "written", "also", "only", "within", "trajectories", "samples"}
)
"""Options that say which points are looked at."""

ORGANISATIONS = 20
MANY = 2000
"""Organisations at every point of a design, and of the question how many are enough."""


@adopt.command(
    epilog="""\b
Examples:
  adopt sensitivity
  adopt sensitivity leadership --against baseline --method morris
  adopt sensitivity continuous --against front-loaded --kpi never_users --month 24
  adopt sensitivity champions --against baseline --only --also peer_weight \\
      --factor programme.champions.selection=random,most_connected,volunteers \\
      --factor organisation.network.kind=teams,small_world,random \\
      --factor organisation.employees=50..500
  adopt sensitivity leadership --against baseline --within literature
  adopt sensitivity leadership --against baseline --replicates --precision 0.5
"""
)
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...")
@click.option(
    "--against",
    metavar="SCENARIO",
    help="Look at what the scenarios add to this one, in the same organisations.",
)
@click.option(
    "--method",
    type=click.Choice(["morris", "sobol"]),
    default="sobol",
    show_default=True,
    help="morris: screen all factors. sobol: screen, then split up the variance by those that count.",
)
@click.option(
    "--replicates", is_flag=True, help="Ask instead how many organisations (runs) are enough."
)
@number_option(
    "--factors",
    (1, 200),
    8,
    "Factors of the screening that go on to Sobol; with so many or fewer nothing is screened.",
)
@click.option(
    "--factor",
    "written",
    multiple=True,
    metavar="PATH=VALUES",
    help="Vary this too: a range (LOW..HIGH) or a list (ONE,TWO,...) of anything in a scenario. "
    "Repeatable.",
)
@click.option(
    "--also",
    multiple=True,
    metavar="PARAMETER",
    help="Vary this number of the rules too, a third to either side. Repeatable.",
)
@click.option(
    "--only", is_flag=True, help="Only what is named; not all parameters that have a prior."
)
@click.option(
    "--within",
    type=click.Choice(["prior", "vendor", "literature"]),
    default="prior",
    show_default=True,
    help="Vary parameters over their prior, or where the vectors calibrated on an evidence set lie.",
)
@number_option("--trajectories", (2, 10_000), 12, "Trajectories of the screening.")
@number_option(
    "--samples",
    (2, 2**20),
    256,
    "Base samples of Sobol, a power of 2; twice as many go on from there.",
)
@click.option(
    "--organisations",
    type=click.IntRange(1, 1_000_000),
    help=f"At every point, the same ones; {ORGANISATIONS} by default, {MANY} with --replicates.",
)
@click.option(
    "--precision",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    help="Half the 95 % interval asked for by --replicates (points).",
)
@click.option("--kpi", default="adoption", show_default=True, help="KPI looked at.")
@options("month", "figure", "seed", "set", "output", "json")
def sensitivity(
    *,
    scenarios: tuple[str, ...],
    against: str | None,
    method: str,
    replicates: bool,
    factors: int,
    written: tuple[str, ...],
    also: tuple[str, ...],
    only: bool,
    within: str,
    trajectories: int,
    samples: int,
    organisations: int | None,
    precision: float,
    kpi: str,
    month: int,
    figure: bool,
    seed: int | None,
    sets: tuple[str, ...],
    output: Path,
    as_json: bool,
) -> int:
    """Find out what an outcome, or what a programme adds, depends on most.

    What does an outcome, or what a programme adds, depend on most?

    Varies the parameters over their priors, and whatever else is named. Every point has the same
    organisations with the same luck. Finished points are kept: interrupted, or asked for more
    samples, the same command goes on from there. Without a scenario: leadership and champions
    against baseline.
    """
    if not scenarios:
        scenarios, against = HEADLINE, against or REFERENCE
    chosen = load(scenarios, sets, None)
    reference = load([against], sets, None)[0] if against else None
    from analysis.studies import sensitivity as study

    seed = chosen[0].simulation.seed if seed is None else seed
    size = organisations or (MANY if replicates else ORGANISATIONS)
    looked_at = study.simulator(chosen, reference, kpi, month, size, seed=seed)
    if replicates:
        _nothing_of_a_design()
        return _replicates(looked_at, precision, output, figure, as_json)
    varied = study.chosen_factors(written, also, only, within.removeprefix("prior"))
    if samples & (samples - 1):
        raise click.BadParameter(
            f"found {samples}, expected a power of 2, such as 256", param_hint="--samples"
        )
    screened = method == "morris" or len(varied) > factors
    designs = [study.morris_design(varied, trajectories, seed)] if screened else []
    if method == "sobol":
        # Which factors go on is not known yet, only how many.
        designs.append(study.sobol_design(varied[:factors], samples, seed))
    study.check_factors(varied, looked_at.scenarios.values())
    _announce(looked_at, designs, output)
    findings: list[Found] = []
    if screened:
        with progress_bar("Screening", 1) as report:
            findings.append(study.investigate(looked_at, designs[0], output, report))
    if method == "sobol":
        count = _going_on(varied, findings, factors)
        design = study.sobol_design(count, samples, seed)
        with progress_bar("Sobol indices", 1) as report:
            findings.append(study.investigate(looked_at, design, output, report))
    drawn = [path for finding in findings for path in _draw(finding)] if figure else []
    return _tell(findings, drawn, as_json)


def _nothing_of_a_design() -> None:
    """Raise if an option was given that says something of a design, where none is made."""
    context = click.get_current_context()
    for param in context.command.params:
        given = context.get_parameter_source(str(param.name)) is ParameterSource.COMMANDLINE
        if given and param.name in DESIGN:
            raise click.BadParameter("has no effect with --replicates", context, param)


def _going_on(varied: Sequence[Factor], screened: Sequence[Found], number: int) -> list[Factor]:
    """Return the factors that go on from the screening, in their order."""
    from analysis.studies.sensitivity import strongest

    if not screened:
        return list(varied)
    best = strongest(screened[0].table, number)
    return [factor for factor in varied if factor.path in best]


def _announce(simulator: Simulator, designs: Sequence[Design], output: Path) -> None:
    """Say how much is to be simulated, and about how long it takes less what is kept already."""
    from analysis.studies.sensitivity.points import sweep_of
    from sim.scenario.words import duration
    from sim.study.sweeps.running import runs_there

    middle = {factor.path: factor.at(0.5) for factor in designs[0].factors}
    simulator(middle)  # what is compiled when it is first needed
    began = time.perf_counter()
    simulator(middle)
    each = (time.perf_counter() - began) / (os.cpu_count() or 1)
    names = {"morris": "Screening", "sobol": "Sobol indices"}
    for design in designs:
        points = len(design.unit)
        runs = points * len(simulator.scenarios) * simulator.organisations
        # Of a second design only the number of its factors is known.
        there = runs_there(*sweep_of(simulator, design, output)) if design is designs[0] else 0
        text = (
            f"{names[design.method]}: {len(design.factors)} factors, {points:,} points, "
            f"{runs:,} runs, about {duration(each * points * (1 - there / runs))}"
        )
        click.echo(text + (f"; {there:,} runs are there already" if there else ""), err=True)


def _draw(finding: Found) -> list[Path]:
    """Draw the figure of a study."""
    from analysis.figures.curves import save_figure

    return [*save_figure(finding.figure(), finding.folder / finding.design.method)]


def _tell(findings: Sequence[Found], drawn: Sequence[Path], as_json: bool) -> int:
    """Print what was found."""
    from analysis.studies.sensitivity import texts
    from analysis.studies.sensitivity.tables import tables
    from sim.study.provenance import LIMITS

    if as_json:
        content: dict[str, Any] = {
            "message": findings[-1].answer,
            "studies": [finding.as_json() for finding in findings],
            "figures": [str(path) for path in drawn],
            "limits": LIMITS,
        }
        click.echo(json.dumps(content, indent=2))
        return 0
    terminal = console()
    last = findings[-1]
    for page in tables(last):
        terminal.print(rich_table(page.table, page.title))
        say(terminal, f" {page.note}\n", style="dim")
    say(terminal, f"{last.answer}.")
    say(terminal, texts.meaning(last), style="dim")
    say_limits(terminal, *drawn[::2], *(finding.folder for finding in findings))
    return 0


def _replicates(
    simulator: Simulator, precision: float, output: Path, figure: bool, as_json: bool
) -> int:
    """Tell how many organisations are enough."""
    from analysis.figures.curves import save_figure
    from analysis.studies.sensitivity import replicates
    from analysis.studies.sensitivity.replicates_figure import stability_figure
    from sim.study.provenance import LIMITS

    with progress_bar("Simulating", simulator.organisations) as report:
        stabilities = replicates.stability(simulator, precision, report)
    folder = replicates.save(stabilities, simulator, precision, output)
    drawn: list[Path] = []
    if figure:
        drawn = [
            *save_figure(stability_figure(stabilities, simulator, precision), folder / "stability")
        ]
    message = replicates.justified(stabilities, precision)
    if as_json:
        content = {
            "message": message,
            "precision": precision,
            "organisations": simulator.organisations,
            "seed": simulator.seed,
            "outcomes": records(replicates.stability_table(stabilities)),
            "figures": [str(path) for path in drawn],
            "folder": str(folder),
            "limits": LIMITS,
        }
        click.echo(json.dumps(content, indent=2))
        return 0
    terminal = console()
    terminal.print(rich_table(_needed(stabilities, precision), "How many organisations are enough"))
    say(terminal, f"{message}.")
    say(
        terminal,
        f"Seen in {simulator.organisations:,} organisations, seed {simulator.seed}, parameters as the "
        "scenarios have them; ±: half the 95 % interval of a mean; in the prior: "
        f"{replicates.VECTORS} other vectors with {replicates.THERE} organisations each.",
        style="dim",
    )
    say_limits(terminal, *drawn[:1], folder)
    return 0


def _needed(stabilities: Sequence[Stability], precision: float) -> Any:
    """Return how many organisations are needed, as texts."""
    import pandas as pd

    from analysis.studies.sensitivity import replicates, texts

    runs = replicates.DEFAULT_RUNS
    return pd.DataFrame(
        {
            "outcome": stability.outcome.name,
            "mean": texts.number(stability.mean),
            "sd": texts.number(stability.deviation),
            f"with {runs}": f"±{texts.number(replicates.precision_at(stability, runs))}",
            f"for ±{precision:g}": f"{stability.needed:,}",
            "without pairs": f"{stability.needed_alone:,}",
            "prior: half": f"{stability.needed_elsewhere[0]:,}",
            "nine in ten": f"{stability.needed_elsewhere[1]:,}",
        }
        for stability in stabilities
    ).set_index("outcome")
