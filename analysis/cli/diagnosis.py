"""The command for what culture and readiness look like: diagnosis."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import click

from analysis.cli.shared import adopt, language_option


@adopt.command(
    epilog="""\b
Examples:
  adopt diagnosis --lang nl                       the ten cards
  adopt diagnosis --answers weak,fair,strong      of the first three cards, in their order
  adopt diagnosis --answers answers.csv           card,answer in each row; or a file card: answer
"""
)
@language_option()
@click.option(
    "--answers",
    metavar="LIST|FILE",
    help="Print what these answers set in a scenario: weak, fair or strong for each card.",
)
def diagnosis(lang: str, answers: str | None) -> int:
    """List ten cards on culture and readiness, or print what answers to them set in a scenario.

    Fair is the usual value and changes nothing. What is printed stands under `organisation` in a
    scenario file.
    """
    from sim.scenario.diagnosis import LEVELS, diagnosed, read_diagnosis

    cards = read_diagnosis()
    if answers is not None:
        click.echo(_yaml(diagnosed(_given(answers, list(cards)))), nl=False)
        return 0
    for name, card in cards.items():
        click.echo(f"{name}: {card.question.model_dump()[lang]}  ({card.path})")
        for level in LEVELS:
            signs = getattr(card.at, level).model_dump()[lang]
            click.echo(f"  {level:<6}  {card.value(level)!s:<5}  {signs}")
    return 0


def _given(answers: str, names: list[str]) -> dict[str, str]:
    """Return answers by card: of a list, or of a file."""
    from sim.errors import AdoptionError, said

    if not answers.lower().endswith((".csv", ".yaml", ".yml")):
        listed = [answer.strip() for answer in answers.split(",")]
        if len(listed) > len(names):
            raise AdoptionError(
                said("found {number} answers for {most} cards", number=len(listed), most=len(names))
            )
        return dict(zip(names, listed, strict=False))
    try:
        text = Path(answers).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AdoptionError(
            said("{file}: the file cannot be read: {reason}", file=answers, reason=error)
        ) from None
    if answers.lower().endswith(".csv"):
        separator = ";" if ";" in text.partition("\n")[0] else ","
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(row)]
        if any(len(row) != 2 for row in rows):
            raise AdoptionError(said("{file}: expected rows of a card and an answer", file=answers))
        return {
            card.strip(): answer for card, answer in rows if card.strip() not in ("card", "kaart")
        }
    content = _mapping(text)
    if content is None:
        raise AdoptionError(said("{file}: expected lines such as 'errors: weak'", file=answers))
    return content


def _mapping(text: str) -> dict[str, str] | None:
    """Return the mapping of names to words that a YAML file holds; None for anything else."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="safe", pure=True).load(text)
    except YAMLError:
        return None
    if not isinstance(content, dict):
        return None
    return {str(card): str(answer) for card, answer in content.items()}


def _yaml(values: dict[str, Any]) -> str:
    """Return values by dotted path as the lines of a scenario file."""
    from ruamel.yaml import YAML

    tree: dict[str, Any] = {}
    for path, value in values.items():
        *parents, last = path.split(".")
        here = tree
        for part in parents:
            here = here.setdefault(part, {})
        here[last] = value
    yaml, out = YAML(), io.StringIO()
    yaml.default_flow_style = False
    yaml.dump(tree, out)
    return out.getvalue()
