"""What takes long of ``unit/test_imports.py``."""

from __future__ import annotations

import csv
import io
import random

import numpy as np
import test_imports as quick
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_imports import PEOPLE, Read

from sim.errors import ScenarioError

read = quick.read


HEADS = {
    "id": ("id", "Employee ID", "personeelsnummer", "MEDEWERKER_ID"),
    "department": ("department", "Afdeling"),
    "team": ("Team", "team_name", "Teamnaam"),
    "manager": ("manager", "Leidinggevende", "Reports to"),
    "role": ("role", "Functieniveau", "ROL"),
    "hours": ("hours", "Uren per week", "weekly_hours"),
}


WORDS = {
    "employee": ("employee", "Medewerker"),
    "team lead": ("team_lead", "TEAMLEIDER", "Team lead"),
    "manager": ("manager", "leidinggevende"),
    "executive": ("executive", "Directie", "directeur"),
}


ROWS = [line.split(",") for line in PEOPLE.splitlines()[1:]]


@st.composite
def writings(draw: st.DrawFn) -> bytes:
    """Draw a way to write the same people."""
    separator = draw(st.sampled_from([",", ";", "\t"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    columns = draw(st.permutations(list(HEADS)))
    rows = draw(st.permutations(ROWS))
    comma = separator != "," and draw(st.booleans())
    extra, trailing, told = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    text = io.StringIO()
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer = csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting)
    tail = [""] if trailing else []
    if told:
        text.write(f"sep={separator}{end}")
    heads = [draw(st.sampled_from(HEADS[name])) for name in columns]
    writer.writerow(heads + ["Achternaam"] * extra + tail)
    for row in rows:
        cells = dict(zip(("id", "department", "team", "manager", "role"), row, strict=True))
        cells["role"] = draw(st.sampled_from(WORDS[cells["role"]]))
        cells["department"] = cells["department"].replace("Service", "Réparation")
        cells["hours"] = "32,5" if comma else "32.5"
        pad = " " if draw(st.booleans()) else ""
        written = [pad + cells[name] + pad for name in columns]
        writer.writerow(written + ["Jansen"] * extra + tail)
        if draw(st.booleans()):
            text.write(end)
    return text.getvalue().encode(encoding)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(writings())
def test_neither_separators_nor_encodings_nor_the_order_of_anything_change_the_organisation(
    read: Read, written: bytes
) -> None:
    heads = "id,department,team,manager,role,hours\n"
    plain = "".join(",".join([*row, "32.5"]) + "\n" for row in ROWS)
    expected = read(heads + plain.replace("Service", "Réparation"))
    imported = read(written)
    assert imported.digest == expected.digest
    for name in (*imported._fields[:-4], "digest"):
        np.testing.assert_array_equal(getattr(imported, name), getattr(expected, name))
    for one, other in zip(imported.groups, expected.groups, strict=True):
        assert str(one) == str(other)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.randoms(use_true_random=False), st.booleans())
def test_neither_order_nor_direction_of_ties_changes_anything(
    read: Read, luck: random.Random, turned: bool
) -> None:
    ties = [("ann", "bob", 0.1), ("bob", "cem", 0.2), ("ann", "dia", 0.7), ("cem", "boss", 3)]
    text = "".join(f"{a},{b},{w}\n" for a, b, w in ties)
    expected = read(PEOPLE, "source,target,weight\n" + text)
    luck.shuffle(ties)
    text = "".join(f"{b},{a},{w}\n" if turned else f"{a},{b},{w}\n" for a, b, w in ties)
    assert read(PEOPLE, "source,target,weight\n" + text).digest == expected.digest


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: f"id,department,role,q1\n{text}".encode()),
        st.lists(st.lists(st.text(max_size=4), max_size=7), max_size=5).map(
            lambda rows: ("id;department;manager\n" + "\n".join(map(";".join, rows))).encode()
        ),
    )
)
def test_whatever_a_file_holds_it_is_read_or_refused_in_words(read: Read, content: bytes) -> None:
    for people, ties in ((content, None), (PEOPLE, content.decode("utf-8", "replace"))):
        try:
            imported = read(people, ties)
        except ScenarioError as error:
            assert error.problems
        else:
            assert len(imported.people) >= 2
