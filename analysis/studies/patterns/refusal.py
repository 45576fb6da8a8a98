"""P7: whether few never use it with full support, and a third with licences alone."""

from __future__ import annotations

from typing import Final

from analysis.studies.patterns.arms import Study, curves
from analysis.studies.patterns.findings import Shown, judged, percent
from sim.scenario import read_scenario

END: Final = 24
"""Month looked at."""

BARE: Final = (28.0, 42.0)
SUPPORTED: Final = (2.0, 8.0)
"""Never-users with licences alone, and with full support [%]."""


def support_reaches_most(study: Study) -> Shown:
    """Compare never-users with licences alone and with the full programme."""
    arms = [read_scenario(name) for name in ("baseline", "full-programme")]
    simulated = curves(arms, study, ("never_users", "never_started"))
    bare, full = (simulated[arm.name]["never_users"][..., END] for arm in arms)
    untouched = simulated[arms[0].name]["never_started"][..., END]
    findings = [
        percent("never weekly, licences only", bare, True, BARE),
        percent("never weekly, full programme", full, True, SUPPORTED),
        percent("never started, licences only", untouched, False),
    ]
    licences, supported, started = findings
    reading = (
        f"By month {END} {licences.value:.0f} % were never weekly users with licences alone "
        f"({started.value:.0f} % never tried it), {supported.value:.1f} % with everything."
    )
    verdict = judged(
        licences.inside and supported.inside,
        supported.near and licences.near,
    )
    return Shown("P7", findings, "%", None, verdict, reading)
