"""Tables people read: the catalogue of measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.files import read_catalogue
from sim.measure import Pushes

if TYPE_CHECKING:
    import pandas as pd


def in_words(pushes: Pushes) -> list[str]:
    """Return what pushes do at full dose, as people say it."""
    words = []
    for channel, value in pushes.model_dump().items():
        if value and channel.startswith("relief_"):
            threat = channel.removeprefix("relief_")
            words.append(f"{threat} threat {-100 * value:+.0f} %")
        elif value:
            words.append(f"{channel} {value:g}")
    return words


def catalogue(lang: str = "en") -> pd.DataFrame:
    """Return the catalogue of measures: one row each, with what it does, costs and rests on.

    Parameters
    ----------
    lang
        Language of titles and descriptions, ``en`` or ``nl``.
    """
    import pandas as pd

    rows = []
    for name, measure in read_catalogue().items():
        does = in_words(measure.pushes)
        if measure.message is not None:
            does += [f"{measure.message.balance.replace('_', '-')} message"]
        if measure.coaching is not None:
            does += [f"coached people: {effect}" for effect in in_words(measure.coaching)]
        if measure.appoints is not None:
            does += [f"appoints {measure.appoints}"]
        rows.append(
            {
                "measure": name,
                "title": getattr(measure.title, lang),
                "description": getattr(measure.description, lang),
                "phase": measure.phase,
                "lasting": measure.lasting,
                "appoints": measure.appoints or "",
                "does": ", ".join(does),
                **{f"cost {key}": value for key, value in measure.cost.model_dump().items()},
                "sources": "; ".join(measure.sources),
            }
        )
    return pd.DataFrame(rows).set_index("measure")
