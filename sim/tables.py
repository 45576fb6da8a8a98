"""Tables people read: the catalogue of measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.files import read_catalogue

if TYPE_CHECKING:
    import pandas as pd


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
        effects = {
            channel: value for channel, value in measure.pushes.model_dump().items() if value
        }
        if measure.message is not None:
            effects["message"] = measure.message.strength
        if measure.coaching is not None:
            coached = measure.coaching.model_dump().items()
            effects.update({f"coached {channel}": value for channel, value in coached if value})
        rows.append(
            {
                "measure": name,
                "title": getattr(measure.title, lang),
                "description": getattr(measure.description, lang),
                "phase": measure.phase,
                "lasting": measure.lasting,
                "appoints": measure.appoints or "",
                "does": ", ".join(f"{channel} {value:+g}" for channel, value in effects.items()),
                **{f"cost {key}": value for key, value in measure.cost.model_dump().items()},
                "sources": "; ".join(measure.sources),
            }
        )
    return pd.DataFrame(rows).set_index("measure")
