"""Commands for scenario files: scenarios, validate-scenario, schema, new."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from analysis.cli.shared import FAILED, adopt, options
from analysis.cli.terminal import plain_table


@adopt.command("validate-scenario")
@click.argument("files", nargs=-1, required=True, metavar="SCENARIO...")
@options("set")
def validate_scenario(files: tuple[str, ...], sets: tuple[str, ...]) -> int:
    """Check scenario files and say what is wrong, where, and what is allowed.

    Also checks that the programme fits its budget. Exit code 1 if anything is wrong.
    """
    from sim.errors import AdoptionError
    from sim.scenario import read_scenario

    code = 0
    for file in files:
        try:
            scenario = read_scenario(file, sets)
            from analysis.results.tables import budget_sentences
            from sim.programme.compiling import compile_programme

            compile_programme(scenario)
            sentences = budget_sentences(scenario)
        except AdoptionError as error:
            click.echo(str(error), err=True)
            code = FAILED
        else:
            click.echo(f"{file}: in order ({', '.join(scenario.deployments) or 'no measures'})")
            for sentence in sentences:
                click.echo(f"  {sentence}")
    return code


@adopt.command()
@click.option(
    "--write", type=click.Path(dir_okay=False, path_type=Path), help="Write it to a file."
)
@click.option("--experiment", is_flag=True, help="Of an experiment, for sweeps, instead.")
def schema(write: Path | None, experiment: bool) -> int:
    """Print the JSON schema of a scenario file, for editors and other programs."""
    from sim.scenario import schema_text
    from sim.study.sweeps.files import experiment_schema

    text = experiment_schema() if experiment else schema_text()
    if write is None:
        click.echo(text, nl=False)
    else:
        write.write_text(text, "utf-8")
        click.echo(str(write))
    return 0


@adopt.command()
@click.argument("words", nargs=-1)
@options("json")
def scenarios(words: tuple[str, ...], as_json: bool) -> int:
    """List the scenarios there are, each with its question.

    Words filter by name and question: `adopt scenarios council`.
    """
    from sim.scenario.overview import overview

    rows = [scenario._asdict() for scenario in overview()]
    fitting = [row for row in rows if all(word.lower() in str(row).lower() for word in words)]
    if not fitting:
        raise click.BadParameter(f"no scenario has '{' '.join(words)}'", param_hint="WORDS")
    if as_json:
        click.echo(json.dumps(fitting, indent=2, ensure_ascii=False))
        return 0
    plain_table(fitting)
    return 0


@adopt.command(
    epilog="""\b
Examples:
  adopt new acme
  adopt new acme --people people.csv --ties ties.csv
"""
)
@click.argument("name")
@click.option(
    "--people", type=click.Path(path_type=Path), help="File of people (CSV): a row per person."
)
@click.option("--ties", type=click.Path(path_type=Path), help="File of their ties (CSV).")
def new(name: str, people: Path | None, ties: Path | None) -> int:
    """Write a commented starter file NAME.yaml for your own organisation.

    It rolls out in a pilot and waves. Beside it come NAME-licences.yaml, the same organisation and
    waves with licences only to compare it with, and the schema that editors check both with. With files of people and ties, the
    organisation is read from them: `adopt people` shows what is in them.
    """
    import os

    from sim.errors import AdoptionError
    from sim.scenario import schema_text, starter_text
    from sim.scenario.folders import library
    from sim.scenario.words import short

    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if not re.fullmatch(r"[\w.-]{1,80}", path.stem) or path.stem.startswith("."):
        raise AdoptionError(
            f"found the name '{short(path.stem)}', expected letters, digits, '-' and '_', at most 80"
        )
    if (library() / f"{path.stem}.yaml").is_file():
        raise AdoptionError(f"'{path.stem}' is shipped already; choose another name")
    bare = path.with_name(f"{path.stem}-licences.yaml")
    for file in (path, bare):
        if file.exists():
            raise AdoptionError(f"{file}: is there already; choose another name")
    if ties is not None and people is None:
        raise AdoptionError(
            "--ties: these are ties between the people of a file: give --people too"
        )
    departments: list[str] = []
    if people is not None:
        from sim.scenario.imports import read_organisation

        departments = list(read_organisation(people, ties).departments[1:])
    beside = ["" if file is None else os.path.relpath(file, path.parent) for file in (people, ties)]
    schema_path = path.with_name("scenario.schema.json")
    text = starter_text(path.stem, beside[0], beside[1], departments)
    text = text.replace("library/scenario.schema.json", schema_path.name)
    path.write_text(text, "utf-8")
    bare.write_text(
        f"# yaml-language-server: $schema={schema_path.name}\n"
        f"# The organisation of {path.name} with licences and a launch in the same waves, and no measures.\n"
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
