"""The picture of a network: who works where, who notices whom, who leads and who is champion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection, LineCollection

from analysis.figures import theme
from analysis.figures.area import Area, Key, sheet
from analysis.figures.frame import MARGIN, WIDTH, Picture
from analysis.network import node_positions
from analysis.network.champions import cast
from analysis.network.numbers import SAMPLE, Figures, figures, ties_of
from analysis.results.colours import PALETTE
from analysis.results.summary import name_of
from analysis.words.languages import Language, language
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.people.population import department_names, family, imported
from sim.privacy import rounded
from sim.scenario.library import read_archetypes
from sim.state import ROLES
from sim.world import Worlds

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario


COLOURS: Final = ("department", "archetype", "role")
"""What the colour of a person can stand for."""

MOST_PEOPLE: Final = 1500
"""Above so many, departments are drawn instead of people."""

HEIGHT: Final = 6.9
"""Most height of what is drawn [inch]."""

SIZES: Final = (1.05, 1.45, 1.85, 2.25)
"""Diameter of a person by role; neighbours are 1.5 apart."""

RINGED: Final = 0.75
"""How much a ring adds to a dot's diameter."""

FINEST: Final = 5.2
"""Units in an inch below which dots would look like balloons."""


ROUND: Final = ("ring", "small_world")
FREE: Final = ("random", "scale_free")
"""Kinds of network that know no departments."""


def network_picture(
    scenario: Scenario, seed: int = 1, run: int = 0, colour: str = "department", lang: str = "en"
) -> Picture:
    """Draw one organisation: people as dots, ties as lines, departments as discs.

    Parameters
    ----------
    scenario
        Whose organisation.
    seed
        Seed of the study.
    run
        Number of the organisation, from 0.
    colour
        What colours stand for, one of ``COLOURS``.
    lang
        Language: ``en`` or ``nl``.

    Returns
    -------
    Picture
        A matplotlib figure. Leaders are larger and champions, if the scenario has some, ringed.
        Above ``MOST_PEOPLE`` people, and of real people always: a circle per department, by its
        people, and lines between them, by their ties; departments too small to be shown stand with
        another.

    Raises
    ------
    AdoptionError
        If real people would be shown by who they are or what they fear, or there is no such
        language.
    """
    words = language(lang)
    real = imported(scenario.organisation) is not None
    if real and colour != "department":
        raise AdoptionError(
            f"colour: found '{colour}', but these people were read from a file and nobody is to "
            "be picked out among them; allowed: department"
        )
    (worlds,) = cast(scenario, seed, [run])
    groups = family(scenario)
    numbers = figures(worlds, None if groups is None else groups.department.place)
    names = department_names(scenario.organisation)
    made = words._("One organisation (run {run}), seed {seed}: no band.", run=run + 1, seed=seed)
    if real or numbers.people > MOST_PEOPLE:
        return _map(scenario, worlds, numbers, names, made, words)
    return _people(scenario, worlds, numbers, names, colour, made, words)


# --- What it says --------------------------------------------------------------------------


def message(scenario: Scenario, numbers: Figures, degree: Array, words: Language) -> str:
    """Return what is seen, in a sentence."""
    kind = scenario.organisation.network.kind
    people = words.number(numbers.people)
    if not numbers.ties:
        return words._("{people} people who do not notice each other at all", people=people)
    if kind == "complete":
        return words._("{people} people who all notice each other", people=people)
    far = words._("two people are {path} ties apart", path=words.number(numbers.path, 1))
    if numbers.giant < 0.995:
        reach = words.number(100 * numbers.giant)
        far = words._("{share} % of the people can reach each other", share=reach)
    if kind in ROUND or len(scenario.organisation.departments) == 1:
        return words._(
            "People notice {number} colleagues on average, and {far}",
            number=words.number(numbers.degree),
            far=far,
        )
    if kind in FREE:
        tenth = np.sort(degree)[::-1][: max(1, round(0.1 * degree.size))]
        share = float(100 * tenth.sum() / degree.sum())
        return words._(
            "The best-connected tenth holds {share} % of all ties, and {far}",
            share=words.number(share),
            far=far,
        )
    return words._(
        "{share} % of ties stay inside a department, and {far}",
        share=words.number(100 * numbers.inside),
        far=far,
    )


def origin(scenario: Scenario, words: Language) -> str:
    """Return where ties and places come from."""
    ties = words._("One of many networks these people could have.")
    if scenario.organisation.ties is not None:
        ties = words._("Ties as they were read from a file.")
    return ties + " " + words._("Places mean no more than who is near whom.")


def subtitle(scenario: Scenario, numbers: Figures, words: Language) -> str:
    """Return whose network it is, and its numbers."""
    organisation = scenario.organisation
    values = {
        "name": organisation.name.split(",")[0],
        "people": words.number(organisation.employees),
        "ties": words.number(numbers.ties),
        "degree": words.number(numbers.degree, 1),
    }
    if not numbers.ties:
        return words._("{name}, {people} people: {ties} ties, {degree} per person.", **values)
    return words._(
        "{name}, {people} people: {ties} ties, {degree} per person, clustering {clustering}, mean "
        "path {path}, longest {longest}.",
        clustering=words.number(numbers.clustering, 2),
        path=words.number(numbers.path, 1),
        longest=words.number(numbers.longest),
        **values,
    )


# --- People --------------------------------------------------------------------------------


class Looks(NamedTuple):
    """How people are coloured: the colour of each, and what colours mean."""

    shade: list[str]
    keys: list[Key]


def shades(count: int) -> list[str]:
    """Return colours that differ: the palette, and then its darker and its paler versions."""
    colours = list(PALETTE)
    colours += [theme.readable(colour, 9.0) for colour in PALETTE[:6]]
    return [colours[k % len(colours)] for k in range(count)]


def _looks(people: Array, names: list[str], colour: str, words: Language) -> Looks:
    """Return the colours of people; the top of the organisation is dark."""
    if colour == "archetype":
        labels = [name_of("archetype", archetype, words) for archetype in read_archetypes()]
        labels[0] = words._("{archetype} (kind of resistance)", archetype=labels[0])
        codes, palette = people["archetype"], shades(len(labels))
    elif colour == "role":
        labels, codes = [name_of("role", role, words) for role in ROLES], people["role"]
        palette = ["#9fb7c9", "#56B4E9", "#0072B2", theme.INK]
    else:
        labels, codes = names, people["department"]
        palette = [theme.INK, *shades(len(names) - 1)]
    members = np.bincount(codes, minlength=len(labels))
    keys = [
        Key(f"{label}, {words.number(number)}", shade)
        for label, number, shade in zip(labels, members, palette, strict=True)
        if number
    ]
    return Looks([palette[code] for code in codes], keys)


def _people(
    scenario: Scenario,
    worlds: Worlds,
    numbers: Figures,
    names: list[str],
    colour: str,
    made: str,
    words: Language,
) -> Picture:
    """Draw every person and every tie."""
    people, kind = worlds.people[0], scenario.organisation.network.kind
    champion = people["champion"] == 1
    ties, looks = ties_of(worlds), _looks(people, names, colour, words)
    labelled = kind not in ROUND + FREE
    degree = np.diff(ties.indptr)
    size = np.array(SIZES)[people["role"]]
    if kind in FREE:
        size = 0.7 + 1.9 * np.sqrt(degree / max(1, degree.max()))
    if kind in ROUND:
        size *= 0.62
    room = size + RINGED * champion
    department = people["department"]
    members = np.bincount(department, minlength=len(names))
    discs = [k for k in range(len(names)) if members[k]]
    place = standing(kind, ties, department, members, room, names=names)

    keys = [looks.keys] if colour != "department" or not labelled else []
    keys.append(_parts(people["role"], champion, kind, words))
    coloured = labelled and colour == "department"
    said = words._("A line is a tie: two people who notice each other.")
    if coloured:
        said = words._(
            "A line is a tie: two people who notice each other, in colour inside a department, "
            "grey across."
        )
    if not ties.nnz:
        said = words._("Nobody notices anybody.")
    if worlds.complete:
        said = words._("Everybody notices everybody: ties are not drawn.")
    picture, area = sheet(
        message(scenario, numbers, degree, words),
        subtitle(scenario, numbers, words),
        f"{said} {origin(scenario, words)} {made}",
        HEIGHT,
        keys,
    )
    ax, inch = _axes(picture, area, place, 1.6 if labelled else 1.0, 0.3 if labelled else 0.0)
    shrunk = min(1.0, inch / FINEST)
    size, room = shrunk * size, shrunk * room
    _lines(ax, ties, place, department, looks.shade if coloured else None, inch, kind in ROUND)
    _dots(ax, place, size, looks.shade, champion)
    if labelled:
        for k in discs:
            rows = np.flatnonzero(department == k)
            shade = looks.shade[rows[0]] if colour == "department" else theme.QUIET
            name = f"{names[k]}, {words.number(members[k])}"
            _name_disc(ax, place[rows], room[rows], name, shade, inch)
    return picture


def standing(
    kind: str, ties: Any, department: Array, members: Array, room: Array, *, names: list[str]
) -> Array:
    """Return where people stand in a picture [people, 2]: on a circle, freely, or by department.

    Parameters
    ----------
    kind
        Kind of network.
    ties
        Who notices whom.
    department, members
        Department of each person, and people in each.
    room
        Diameter of each person.
    names
        Names of the departments, which have to fit.
    """
    if kind in ROUND:
        return node_positions.on_a_circle(department.size)
    if kind in FREE:
        return node_positions.settle(ties, room)
    discs = [k for k in range(len(names)) if members[k]]
    spacious = 0.11 * np.sqrt(department.size)
    radii = np.sqrt(members[discs]) + 1.0 + spacious
    tags = [theme.width_of(f"{names[k]}, {members[k]}", 9, bold=True) for k in discs]
    inch = 0.36 * np.sqrt(department.size)  # about so many units, before it is known exactly
    radii = np.maximum(radii, 0.42 * np.array(tags) * inch)
    centres = np.zeros((len(names), 2))
    centres[discs] = node_positions.pack(radii)
    return node_positions.in_departments(ties, department, centres, room)


def _parts(role: Array, champion: Array, kind: str, words: Language) -> list[Key]:
    """Return the legend of sizes and rings."""
    count = np.bincount(role, minlength=len(ROLES))
    labels = (
        words.plural("{number} employee", "{number} employees", count[0]),
        words.plural("{number} team lead", "{number} team leads", count[1]),
        words.plural("{number} manager", "{number} managers", count[2]),
        words.plural("{number} executive", "{number} executives", count[3]),
    )
    keys = [
        Key(label, theme.QUIET, 6.8 * size)
        for label, size, number in zip(labels, SIZES, count, strict=True)
        if number
    ]
    if kind in FREE:
        keys = [Key(words._("larger: more ties"), theme.QUIET, 9.0)]
    if champion.any():
        label = words.plural("{number} champion", "{number} champions", champion.sum())
        keys.append(Key(label, theme.QUIET, 7.9, ringed=True))
    return keys


def _height(place: Array) -> float:
    """Return how high a drawing is that fills the width, within limits [inch]."""
    wide, high = np.ptp(place, axis=0) + 3.0
    return float(np.clip((WIDTH - 2 * MARGIN) * high / wide + 0.3, 0.5 * HEIGHT, HEIGHT))


def _axes(
    picture: Picture, area: Area, place: Array, margin: float, above: float
) -> tuple[Axes, float]:
    """Return axes in which everybody is inside the area, and the units in an inch."""
    wide, high = picture.get_size_inches()
    ax = picture.add_axes(
        (area.left / wide, area.bottom / high, area.wide / wide, area.high / high)
    )
    ax.set_axis_off()
    low, top = place.min(axis=0) - margin, place.max(axis=0) + margin
    inch = max((top[0] - low[0]) / area.wide, (top[1] - low[1]) / (area.high - above))
    middle = 0.5 * (low + top)
    middle[1] += 0.5 * above * inch
    ax.set_xlim(middle[0] - 0.5 * area.wide * inch, middle[0] + 0.5 * area.wide * inch)
    ax.set_ylim(middle[1] - 0.5 * area.high * inch, middle[1] + 0.5 * area.high * inch)
    return ax, float(inch)


def _lines(
    ax: Axes,
    ties: Any,
    place: Array,
    department: Array,
    shade: list[str] | None,
    inch: float,
    bent: bool,
) -> None:
    """Draw the ties: those across below, those inside a department in its colour.

    Ties of people on a circle are bent towards its middle, or nobody would see them.
    """
    rows = np.repeat(np.arange(len(place)), np.diff(ties.indptr))
    once = rows < ties.indices
    first, second = rows[once], ties.indices[once]
    within = department[first] == department[second]
    ends = np.stack([place[first], place[second]], axis=1)
    if bent:
        t = np.linspace(0.0, 1.0, 13)[None, :, None]
        begin, finish = ends[:, :1], ends[:, 1:]
        ends = (1 - t) ** 2 * begin + 0.55 * t * (1 - t) * (begin + finish) + t**2 * finish
    broad = float(np.clip(3.0 / inch, 0.25, 1.0))
    crowd = float(np.clip(260.0 / max(1, (~within).sum()), 0.25, 1.0))
    ax.add_collection(
        LineCollection(
            list(ends[~within]),
            colors=theme.QUIET,
            linewidths=0.8 * broad,
            alpha=0.42 * crowd,
            zorder=1,
        )
    )
    tint = [shade[k] for k in first[within]] if shade else theme.QUIET
    ax.add_collection(
        LineCollection(list(ends[within]), colors=tint, linewidths=broad, alpha=0.32, zorder=2)
    )


def _dots(ax: Axes, place: Array, size: Array, shade: list[str], champion: Array) -> None:
    """Draw people, and a ring around champions."""

    def discs(rows: Array, more: float, colours: Any, zorder: float, **looks: Any) -> None:
        across = size[rows] + more
        ax.add_collection(
            EllipseCollection(
                across,
                across,
                np.zeros(rows.size),
                units="xy",
                offsets=place[rows],
                offset_transform=ax.transData,
                facecolors=colours,
                zorder=zorder,
                **looks,
            )
        )

    discs(np.arange(len(place)), 0.0, shade, 3.0, edgecolors="white", linewidths=0.4)
    ringed = np.flatnonzero(champion)
    if ringed.size:
        more = RINGED * float(size.min()) / SIZES[0]
        discs(ringed, more, theme.INK, 4.0, linewidths=0)
        discs(ringed, 0.5 * more, "white", 4.1, linewidths=0)
        discs(ringed, 0.0, [shade[k] for k in ringed], 4.2, linewidths=0)


def _name_disc(ax: Axes, place: Array, room: Array, name: str, shade: str, inch: float) -> None:
    """Write the name of a department above its disc."""
    top = float((place[:, 1] + 0.5 * room).max())
    ax.text(
        float(place[:, 0].mean()),
        top + 0.06 * inch,
        name,
        ha="center",
        va="bottom",
        fontproperties=theme.letters(9, bold=True),
        color=theme.readable(shade),
        zorder=6,
        parse_math=False,
        bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.0},
    )


# --- Departments ---------------------------------------------------------------------------


def _map(
    scenario: Scenario,
    worlds: Worlds,
    numbers: Figures,
    names: list[str],
    made: str,
    words: Language,
) -> Picture:
    """Draw a circle per department and a line between any two, by the number of their ties."""
    parts = departments(scenario, worlds, names)
    names, members, between, discs = parts.names, parts.members, parts.between, parts.discs
    names = [name_of("department", name, words) for name in names]
    radii, unit, centres = parts.radii, parts.unit, parts.centres
    least = parts.least
    ties = ties_of(worlds)
    reach = np.vstack([centres - radii[:, None], centres + radii[:, None]])
    picture, area = sheet(
        message(scenario, numbers, np.diff(ties.indptr), words),
        subtitle(scenario, numbers, words),
        " ".join([*_key_of_map(worlds, least, words), origin(scenario, words), made]),
        _height(reach),
    )
    ax, inch = _axes(picture, area, reach, 0.12 * unit, 0.0)
    palette = [theme.INK, *shades(len(names) - 1)]
    most = max(1.0, least, (between - np.diag(np.diag(between))).max())
    pairs = [(a, b) for a in range(len(discs)) for b in range(a)]
    pairs.sort(key=lambda pair: -between[discs[pair[0]], discs[pair[1]]])
    broadest = 22.0 * min(1.0, 6.0 / len(discs))
    written = [
        centres[a] - np.array([0.0, radii[a] + 0.3 * inch])
        for a, disc in enumerate(discs)
        if not _letters(names[disc], radii[a] / inch)
    ]
    for a, b in pairs:
        number = between[discs[a], discs[b]]
        if not number:
            break
        ax.plot(
            *centres[[a, b]].T,
            color=theme.QUIET,
            alpha=0.35,
            zorder=1,
            linewidth=max(0.4, broadest * max(number, least) / most),
            solid_capstyle="butt",
        )
        spot = _free_spot(a, b, centres, radii, written, 0.4 * inch)
        if spot is not None and number > 0.04 * most and len(pairs) <= 15:
            written.append(spot)
            few = f"<{least}" if number < least else words.number(number)
            _write(ax, spot, few, 8, theme.INK, 1.5)
    for a, disc in enumerate(discs):
        ax.add_patch(_circle(centres[a], radii[a], palette[disc]))
        total = 2.0 * between[disc, disc] + between[disc].sum() - between[disc, disc]
        lines = [names[disc], words._("{number} people", number=words.number(members[disc]))]
        if total:
            inside = words.number(200 * between[disc, disc] / total)
            lines.append(words._("{share} % inside", share=inside))
        _tell(ax, centres[a], radii[a] / inch, lines, palette[disc], inch)
    return picture


def _key_of_map(worlds: Worlds, least: int, words: Language) -> Iterator[str]:
    """Yield what circles and lines are, and what was left out or not measured in full."""
    yield words._(
        "Circles are departments, by their people; the broader a line, the more ties, with "
        "their number. Inside: share of its people's ties that stay inside."
    )
    if least:
        yield words._(
            "Departments of fewer than {least} people stand with another; numbers of ties are "
            "rounded.",
            least=least,
        )
    if worlds.people.shape[1] > SAMPLE:
        yield words._("Clustering and paths are measured from a sample of people.")


class Departments(NamedTuple):
    """Departments as they may be shown, and the ties between them.

    Attributes
    ----------
    names, members
        What they are called, and the people in each.
    between
        Ties between any two, and inside each on the diagonal.
    discs
        Numbers of those that have people.
    radii, centres
        How large each of these is drawn, and where [departments; departments, 2].
    unit
        Length by which small ones are told from large ones.
    least
        People a department must have to be shown, 0 where nobody is real.
    """

    names: list[str]
    members: Array
    between: Array
    discs: list[int]
    radii: Array
    centres: Array
    unit: float
    least: int


def departments(scenario: Scenario, worlds: Worlds, names: list[str]) -> Departments:
    """Return the departments of the first organisation, of real people without small ones."""
    department = worlds.people[0]["department"]
    groups, least = family(scenario), 0
    if groups is not None:
        least = scenario.privacy.min_group
        if department.size < least:
            raise AdoptionError(
                f"privacy.min_group: {department.size} people, fewer than the {least} a group must "
                "have to be shown: there is nothing to draw"
            )
        names, department = list(groups.department.names), groups.department.place
    members = np.bincount(department, minlength=len(names))
    ties = ties_of(worlds)
    rows = np.repeat(department, np.diff(ties.indptr))
    between = np.zeros((len(names), len(names)))
    np.add.at(between, (rows, department[ties.indices]), 0.5)
    between += between.T - np.diag(np.diag(between))
    if worlds.complete:
        between = np.outer(members, members).astype(float)
        np.fill_diagonal(between, members * (members - 1) / 2.0)
    if scenario.organisation.ties is not None:
        between = rounded(between, least)
    discs = [k for k in range(len(names)) if members[k]]
    radii = np.sqrt(members[discs])
    unit = float(np.sqrt((radii**2).sum()) / 2.6)
    centres = node_positions.pack(np.maximum(radii, 0.12 * unit) + 0.34 * unit, flatness=1.5)
    return Departments(names, members, between, discs, radii, centres, unit, least)


def _circle(centre: Array, radius: float, shade: str) -> Any:
    from matplotlib.patches import Circle

    return Circle(
        (float(centre[0]), float(centre[1])),
        radius,
        facecolor=shade,
        edgecolor="white",
        linewidth=1.5,
        zorder=2,
    )


def _free_spot(
    a: int, b: int, centres: Array, radii: Array, written: list[Array], room: float
) -> Array | None:
    """Return a place on a line between two circles where a number can be read, if there is one."""
    along = centres[b] - centres[a]
    length = float(np.linalg.norm(along))
    begin, end = radii[a] / length, 1.0 - radii[b] / length
    for t in (0.5, 0.35, 0.65, 0.2, 0.8):
        spot: Array = centres[a] + (begin + t * (end - begin)) * along
        others = np.linalg.norm(centres - spot, axis=1) - radii - room
        numbers = [np.linalg.norm(spot - text) - room for text in written]
        if min(np.delete(others, [a, b]).min(initial=1.0), *numbers, 1.0) > 0.0:
            return spot
    return None


def _write(
    ax: Axes,
    place: Array,
    text: str,
    size: int,
    shade: str,
    zorder: float,
    bold: bool = False,
    boxed: bool = True,
) -> None:
    """Write a text around a place, on a white ground where lines pass."""
    ground = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1.0}
    ax.text(
        float(place[0]),
        float(place[1]),
        text,
        ha="center",
        va="center",
        color=shade,
        fontproperties=theme.letters(size, bold),
        zorder=zorder,
        parse_math=False,
        bbox=ground if boxed else None,
    )


def _letters(name: str, radius: float) -> int:
    """Return the size of letters in which a name fits a circle, 0 if it does not fit."""
    return next(
        (size for size in (10, 9, 8) if theme.width_of(name, size, True) < 1.75 * radius), 0
    )


def _tell(
    ax: Axes, centre: Array, radius: float, lines: list[str], shade: str, inch: float
) -> None:
    """Write what a circle stands for: into it where it fits, below it where it does not."""
    size = _letters(lines[0], radius)
    colour = "white" if theme.contrast_with_white(shade) > 3.0 else theme.INK
    if not size:
        colour = theme.readable(shade)
    y = 0.17 * (len(lines) - 1) / 2.0 if size else -radius - 0.12
    for k, line in enumerate(lines):
        place = centre + np.array([0.0, (y - 0.17 * k) * inch])
        _write(ax, place, line, (size or 9) - (k > 0), colour, 5.0, bold=k == 0, boxed=not size)
