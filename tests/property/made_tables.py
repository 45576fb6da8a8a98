"""Files of people and ties made by chance: as systems export them, and as people have edited them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

HEADERS = {
    "id": ("id", "Employee ID", "Personeelsnummer"),
    "department": ("department", "Afdeling"),
    "team": ("team", "Team name"),
    "manager": ("manager", "Leidinggevende", "Reports to"),
    "role": ("role", "Functieniveau"),
    "archetype": ("archetype", "weerstand"),
    "hours": ("hours", "Uren per week", "hours (40)"),
    "fte": ("FTE", "deeltijd %"),
    "hours_month": ("hours per month",),
    "hourly_cost": ("hourly cost", "uurkosten (€)"),
    "skill": ("skill",),
    "uses": ("uses AI", "gebruikt"),
    "threat_status": ("threat_status",),
    **{f"q{k}": (f"q{k}", f"vraag {k}") for k in range(1, 11)},
    "name": ("Full name", "salary", ""),
}
TIES = {
    "source": ("source", "from", "Van"),
    "target": ("target", "to", "Naar"),
    "weight": ("weight", "Gewicht", "Strong_tie_score"),
    "layer": ("layer", "laag"),
    "since": ("since",),
}
ODD = (
    "", " ", "x", "?", "-", "n.v.t.", "0", "-1", "1.0", "1,5", "1.050", "1.234,5", "1'000", "80 %", "32 h",
    "€ 40", "1e3", "1E+05", "3-mei", "2026-01-01", "nan", "=1+1", '="0012"', "\xa01\xa0", "\u200b2", "\x07",
    "A\u0301", "Total", "Som: 12", "'5", "(3)", "99999", "yes ", "TRUE", "manager", "Directie", "z" * 90,
)  # fmt: skip
"""What a cell is replaced by."""


def people_file(rng: random.Random) -> tuple[bytes, list[str]]:
    """Return a file of people, and their ids."""
    number = rng.choice((1, 2, 6, 12, 12, 30, 30, 60))
    style = rng.choice(("{}", "{:04d}", "e{}", "E-{}", "{}.0"))
    ids = [style.format(100 + one) for one in range(number)]
    optional = [one for one in HEADERS if one not in ("id", "department", "manager")]
    few = rng.sample(optional, rng.randrange(7))
    columns = ["id", "department", *(["manager"] * (rng.random() < 0.8)), *few]
    if rng.random() < 0.2:
        columns += [f"q{k}" for k in range(1, 11) if f"q{k}" not in columns]
    rng.shuffle(columns)
    sign = rng.choice((".", ".", ","))

    def cell(name: str, row: int) -> str:
        if rng.random() < 0.05 and name not in ("id", "department"):
            return ""
        if name == "id":
            return ids[row]
        if name == "department":
            return rng.choice(("Sales", "sales", "Service", "R&D", "Legal", "Management"))
        if name == "team":
            return rng.choice(("North", "South", "north", "", "Field / East"))
        if name == "manager":
            return ids[(row - 1) // 4] if row else ""
        if name == "role":
            return rng.choice(("employee", "medewerker", "", "team lead" if row % 4 else "manager"))
        if name == "archetype":
            return rng.choice(("status", "control", "", "ethiek", "competence"))
        if name == "uses":
            return rng.choice(("yes", "no", "ja", "nee", "1", "0", ""))
        if name.startswith("q"):
            return rng.choice(("1", "2", "3", "4", "5", ""))
        if name == "name":
            return rng.choice(("Zoë", "Jan, de", "O'Neil", "4200"))
        value = {"hours": 36.0, "fte": 0.8, "hours_month": 150.0, "hourly_cost": 45.5}.get(
            name, 0.25
        )
        return f"{value * rng.choice((1, 1, 0.5, 1.1)):.2f}".replace(".", sign)

    rows = [[cell(name, row) for name in columns] for row in range(number)]
    return _written(rng, columns, HEADERS, rows), ids


def ties_file(rng: random.Random, ids: Sequence[str]) -> bytes:
    """Return a file of ties between people of these ids."""
    columns = ["source", "target"]
    columns += [one for one in ("weight", "layer", "since") if rng.random() < 0.5]
    rng.shuffle(columns)
    known: list[Callable[[str], str]] = [str, str, str, str.lower, str.upper, lambda one: f"0{one}"]
    spelling = rng.choice((known[:1], known[:1], known))
    leavers = rng.choice((0.0, 0.0, 0.02, 0.2))
    sign = rng.choice((".", ".", ","))

    def cell(name: str) -> str:
        if name in ("source", "target"):
            if rng.random() < leavers:
                return f"gone{rng.randrange(3)}"
            return rng.choice(spelling)(rng.choice(ids))
        if name == "weight":
            return rng.choice(("1", "2", f"2{sign}5", "0", "12"))
        return rng.choice(("advice", "Advice", "trust", ""))

    rows = [[cell(name) for name in columns] for _ in range(rng.choice((0, 1, 20, 60, 120)))]
    return _written(rng, columns, TIES, rows)


def _written(
    rng: random.Random,
    columns: Sequence[str],
    headers: dict[str, tuple[str, ...]],
    rows: list[list[str]],
) -> bytes:
    """Return rows as the bytes of a file, with some of what happens to files."""
    width = len(columns)
    table = [[rng.choice(headers[name]) for name in columns], *rows]
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 4))):
        at = rng.randrange(len(table))
        what = rng.randrange(8)
        if what < 4 and table[at]:
            table[at][rng.randrange(len(table[at]))] = rng.choice(ODD)
        elif what == 4:
            table.insert(at, rng.choice(([], [""] * width, table[rng.randrange(len(table))][:])))
        elif what == 5:
            table[at] = table[at][: rng.randrange(width + 1)] + [""] * rng.randrange(2)
            table[at] = table[at] or [""]
        elif what == 6:
            table[at] = [*table[at], rng.choice(("", "", "more"))]
        else:
            table.append(["Total" if rng.random() < 0.5 else "", *["12"] * (width - 1)])
    separator = rng.choice((",", ",", ",", ";", "\t"))
    everywhere = rng.random() < 0.1
    careless = rng.random() < 0.05

    def quoted(cell: str) -> str:
        needed = any(sign in cell for sign in (separator, '"', "\n")) and not careless
        return '"' + cell.replace('"', '""') + '"' if needed or everywhere else cell

    end = rng.choice(("\n", "\n", "\r\n", "\r"))
    text = end.join(separator.join(map(quoted, row)) for row in table)
    text = rng.choice(("", "", "", f"sep={separator}{end}", end)) + text
    text += rng.choice((end, end, "", end * 3))
    coding = rng.choice(("utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16"))
    content = bytearray(text.encode(coding, "replace"))
    if rng.random() < 0.03:
        content[rng.randrange(len(content))] = rng.randrange(256)
    return bytes(content)
