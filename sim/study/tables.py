"""Tables people read, in both languages: the catalogue of measures, and what every KPI means."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sim.scenario import read_catalogue
from sim.scenario.library import read_archetypes, read_glossary, read_words
from sim.scenario.measure import Measure, Pushes
from sim.state import THREATS

if TYPE_CHECKING:
    import pandas as pd

COST_PEOPLE: Final = 100
COST_MONTHS: Final = 12
COST_TURNOVER: Final = 0.1


def said(word: str, lang: str) -> str:
    """Return a word of the catalogue in a language."""
    return str(getattr(read_words()[word], lang))


def _number(value: float, lang: str, sign: str = "") -> str:
    """Return a number with the decimal sign of a language."""
    text = f"{value:{sign}g}"
    return text if lang == "en" else text.replace(".", ",")


def in_words(pushes: Pushes, lang: str = "en", structural: bool = False) -> list[str]:
    """Return what pushes do at full dose, as people say it.

    Parameters
    ----------
    pushes
        What a measure does on each channel.
    lang
        Language, ``en`` or ``nl``.
    structural
        Whether training and mending come every month.
    """
    words = []
    for channel, value in pushes.model_dump().items():
        what = said(channel, lang)
        monthly = f" {said('month', lang)}" if structural else ""
        if not value:
            continue
        if channel == "access":
            words.append(what)
        elif channel == "incentive":
            words.append(f"{what} {100 * value:.0f} %")
        elif channel == "launch":
            words.append(f"{_number(value, lang)} {what}")
        elif channel == "training":
            words.append(f"{_number(value, lang)} {what}{monthly}")
        elif channel == "consider":
            words.append(f"{what} {_number(value, lang, '+')} {said('month', lang)}")
        else:
            share = _number(round(-100 * value, 2), lang, "+")
            words.append(f"{what} {share} %{monthly if channel == 'quality' else ''}")
    return words


def does(measure: Measure, lang: str = "en") -> list[str]:
    """Return everything a measure does, as people say it."""
    structural = measure.lasting == "structural"
    words = in_words(measure.pushes, lang, structural)
    message = measure.message
    if message is not None:
        what = said("message", lang).format(
            balance=said(message.balance, lang), format=said(message.format, lang)
        )
        parts = [what, said(message.concreteness, lang)]
        if message.sender is not None:
            parts.insert(1, said("from", lang).format(sender=said(message.sender, lang)))
        words.append(" ".join(parts))
    if measure.appoints is not None:
        words.append(said(measure.appoints, lang))
        if measure.coaching is not None:
            who = said(f"coached {measure.appoints}", lang)
            words.append(f"{who} ({', '.join(in_words(measure.coaching, lang, structural))})")
    moved = {side: shift for side, shift in measure.culture.model_dump().items() if shift}
    if moved:
        shifts = [
            f"{said(side, lang)} {_number(shift, lang, '+')}" for side, shift in moved.items()
        ]
        words.append(said("culture", lang).format(shifts=", ".join(shifts)))
    if measure.builds_up:
        words.append(said("builds_up", lang).format(months=_number(measure.builds_up, lang)))
    if measure.wears:
        share = _number(round(100 * measure.wears, 2), lang)
        words.append(said("wears", lang).format(share=share))
    for part in ("participatory", "recognises", "on_arrival", "needs_consent"):
        if getattr(measure, part):
            words.append(said(part, lang))
    return words


def acts_on(measure: Measure) -> set[str]:
    """Return the channels a measure acts on, directly or by those who coach; and messages."""
    channels = {
        channel
        for pushes in (measure.pushes, measure.coaching or Pushes())
        for channel, value in pushes.model_dump().items()
        if value
    }
    return channels | ({"message"} if measure.message is not None else set())


def relieves(measure: Measure) -> set[str]:
    """Return the archetypes who feel as their own a threat that a measure relieves most, if any."""
    relief = {
        threat: max(
            getattr(pushes, f"relief_{threat}")
            for pushes in (measure.pushes, measure.coaching or Pushes())
        )
        for threat in THREATS
    }
    most = max(relief.values())
    relieved = {threat for threat, size in relief.items() if size == most and most > 0}
    return {
        name
        for name, archetype in read_archetypes().items()
        if relieved.intersection(archetype.feels)
    }


@lru_cache(maxsize=1)
def costs_of_a_year() -> dict[str, float]:
    """Return what each measure at full dose costs 100 people in a year, hours included [euro].

    One in ten people leaves in that year, so that measures for newcomers cost something too.
    """
    from sim.programme.ledger import ledger
    from sim.scenario.organisation import Organisation
    from sim.scenario.schema import Deployment, Scenario, Simulation

    firm = Organisation(employees=COST_PEOPLE, turnover=COST_TURNOVER)
    year = Simulation(months=COST_MONTHS)
    return {
        name: float(
            ledger(Scenario(organisation=firm, simulation=year, programme={name: Deployment()}))[
                name
            ].sum()
        )
        for name in read_catalogue()
    }


def entries(lang: str = "en") -> list[dict[str, Any]]:
    """Return everything the catalogue says of each measure, with its words in one language."""
    a_year = costs_of_a_year()
    return [
        {
            "measure": name,
            **measure.model_dump(mode="json"),
            "title": getattr(measure.title, lang),
            "description": getattr(measure.description, lang),
            "does": does(measure, lang),
            "cost_of_a_year": round(a_year[name], 2),
        }
        for name, measure in read_catalogue().items()
    ]


def catalogue(lang: str = "en") -> pd.DataFrame:
    """Return the catalogue of measures: one row each, with what it does, costs and rests on.

    Parameters
    ----------
    lang
        Language of titles, descriptions and of what a measure does, ``en`` or ``nl``.

    Returns
    -------
    pandas.DataFrame
        By name; ``cost of a year`` is what full dose costs 100 people in a year, hours included.
    """
    import pandas as pd

    rows = [
        {
            "measure": entry["measure"],
            "title": entry["title"],
            "description": entry["description"],
            "phase": entry["phase"],
            "lasting": entry["lasting"],
            "appoints": entry["appoints"] or "",
            "does": ", ".join(entry["does"]),
            "cost of a year": entry["cost_of_a_year"],
            **{f"cost {part}": value for part, value in entry["cost"].items()},
            "sources": "; ".join(entry["sources"]),
        }
        for entry in entries(lang)
    ]
    return pd.DataFrame(rows).set_index("measure")


def terms(lang: str = "en") -> list[dict[str, str]]:
    """Return what every KPI, figure about a curve and term means, in one language."""

    def text(part: Any) -> str:
        return "" if part is None else str(getattr(part, lang))

    return [
        {
            "name": name,
            "kind": term.kind,
            "dimension": term.dimension or "",
            "title": text(term.title),
            "meaning": text(term.meaning),
            "formula": text(term.formula),
            "unit": text(term.unit),
            "measured_by": text(term.measured_by),
            "signal": term.signal or "",
            "checkpoint": term.checkpoint or "",
        }
        for name, term in read_glossary().items()
    ]


def glossary(lang: str = "en") -> pd.DataFrame:
    """Return what every KPI, figure about a curve and term means: one row each.

    Parameters
    ----------
    lang
        Language, ``en`` or ``nl``.
    """
    import pandas as pd

    return pd.DataFrame(terms(lang)).set_index("name")
