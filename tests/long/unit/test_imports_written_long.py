"""What takes long of ``unit/test_imports_written.py``."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import test_imports_written as quick
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from test_imports_written import Read, hours

from sim.errors import ScenarioError

read = quick.read


SLOW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


DIALECTS = [
    (group, sign) for group in ("", ".", ",", " ", "'", "\u00a0", "\u202f", "\u2019")
    for sign in (".", ",") if group != sign
]  # fmt: skip


@SLOW
@given(
    st.lists(st.decimals("0", "999999.999", places=3), min_size=1, max_size=6),
    st.sampled_from(DIALECTS),
    st.integers(0, 3),
    st.sampled_from([",", ";", "\t"]),
)
def test_a_number_is_read_as_written_or_refused_whatever_the_dialect(
    read: Read, numbers: list[Decimal], dialect: tuple[str, str], places: int, separator: str
) -> None:
    group, sign = dialect
    numbers = [round(one, places) for one in numbers]
    assume(all(numbers))
    texts = [
        f"{one:,.{places}f}".replace(",", "G").replace(".", sign).replace("G", group)
        for one in numbers
    ]
    cells = [f'"{one}"' if separator in one else one for one in texts]
    people = "id,department,role\nhub,x,executive\n"
    people += "".join(f"p{k},x,employee\n" for k in range(len(cells)))
    ties = separator.join(("source", "target", "weight")) + "\n"
    ties += "".join(separator.join(("hub", f"p{k}", one)) + "\n" for k, one in enumerate(cells))
    try:
        weight = read(people, ties).weight
    except ScenarioError as error:
        assert "no other number tells which" in str(error)
        return
    median = float(np.median([float(one) for one in numbers]))
    expected = np.clip([float(one) / median for one in numbers], 1 / 8, 8)
    np.testing.assert_allclose(sorted(weight), sorted(np.round(expected * 1024) / 1024), atol=1e-3)


@SLOW
@given(
    st.lists(st.integers(1, 10), min_size=1, max_size=8),
    st.sampled_from([36, 38, 40]),
    st.sampled_from(["share", "percent", "sign", "week", "month", "year"]),
    st.sampled_from([".", ","]),
)
def test_the_same_week_is_read_however_it_is_counted(
    read: Read, tenths: list[int], full: int, how: str, sign: str
) -> None:
    weeks = [one * full / 10 for one in tenths]
    head, values = {
        "share": (f"FTE ({full} uur)", [one / 10 for one in tenths]),
        "percent": (f"parttime % ({full} uur)", [10 * one for one in tenths]),
        "sign": (f"FTE ({full} uur)", [10 * one for one in tenths]),
        "week": ("uren per week", weeks),
        "month": ("uren per maand", [one * 52 / 12 for one in weeks]),
        "year": ("uren per jaar", [one * 52 for one in weeks]),
    }[how]
    texts = [f"{one:.4f}".replace(".", sign) + "%" * (how == "sign") for one in values]
    found = hours(read, head, *texts, texts[0])
    np.testing.assert_allclose(found, [*weeks, weeks[0]], atol=1e-3)
