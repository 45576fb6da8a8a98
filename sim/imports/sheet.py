"""How a spreadsheet's export becomes rows: encoding, separator, header, cells with their lines."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from sim.errors import Problem, ScenarioError
from sim.files.folders import shown
from sim.files.words import closest, counted, short

LARGEST_FILE: Final = 50_000_000  # bytes
MOST_PROBLEMS: Final = 20
SEPARATORS: Final = ",;\t"


class Problems:
    """Every problem of one file, so that all can be mended at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def add(self, message: str, path: str = "", line: int = 0, column: int = 0) -> None:
        """Note a problem: what was found, what is allowed; of a cell also where it stands."""
        self.found.append(Problem(message, path, self.file, line, column))

    def error(self) -> ScenarioError:
        """Return the problems noted so far, in order of lines, the first twenty in full."""
        found = sorted(self.found, key=lambda one: (one.line, one.column))
        more = len(found) - MOST_PROBLEMS
        if more > 0:
            found[MOST_PROBLEMS:] = [Problem(f"and {more:,} more", file=self.file)]
        return ScenarioError(found)

    def raise_if_any(self) -> None:
        """Raise the problems noted so far, if there are any."""
        if self.found:
            raise self.error()


class Sheet(NamedTuple):
    """A file of rows as it was read; rows may be shorter or longer than the header."""

    file: str
    separator: str
    header: list[str]
    rows: list[tuple[int, list[str]]]
    notes: list[str]


def refused(file: str, message: str) -> ScenarioError:
    """Return the error of a file that cannot be used as a whole."""
    return ScenarioError([Problem(message, file=file)])


def content_of(path: Path) -> bytes:
    """Return the bytes of a file, or raise what keeps it from being read."""
    file = shown(path)
    if path.is_dir():
        raise refused(file, "this is a folder, expected a file with rows (CSV)")
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        near = None
        if path.parent.is_dir():
            near = closest(path.name, sorted(one.name for one in path.parent.glob("*.csv")))
        advice = f"; did you mean '{near}'?" if near else ""
        raise refused(file, f"there is no such file{advice}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise refused(file, f"the file cannot be read: {reason}") from None
    if len(content) > LARGEST_FILE:
        most = LARGEST_FILE // 1_000_000
        raise refused(
            file, f"the file is larger than {most} MB: leave out columns it can do without"
        )
    return content


def text_of(content: bytes, file: str) -> tuple[str, list[str]]:
    """Return bytes as text and what was assumed: UTF-8, UTF-16 with its mark, or Windows-1252."""
    mend = "save it from the spreadsheet as 'CSV UTF-8'"
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise refused(file, f"this is a workbook, expected text: {mend}")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16"), []
        except UnicodeDecodeError:
            raise refused(
                file, f"the file starts as UTF-16 and does not go on so: {mend}"
            ) from None
    if b"\0" in content:
        raise refused(file, f"this is not a text: {mend}")
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"line {line} is neither in UTF-8 nor in Windows-1252: {mend}"
        raise refused(file, message) from None
    return text, ["the file is not in UTF-8 and was read as Windows-1252"]


def separator_of(line: str) -> str:
    """Return the separator a header is written with: the most frequent one outside quotes."""
    bare = re.sub('"[^"]*"', "", line)
    return max(SEPARATORS, key=bare.count)


def read_sheet(path: Path) -> Sheet:
    """Read a file of rows: comma, semicolon or tab, as the header is written.

    Blank lines are skipped and counted, cells are trimmed, the first line ``sep=;`` of some
    spreadsheets is obeyed, and empty cells at the end of the header are no columns.
    """
    file = shown(path)
    text, notes = text_of(content_of(path), file)
    lines = text.split("\n", 1)
    told = re.fullmatch(r'"?sep=([,;\t])"?[,;\s]*', lines[0], re.IGNORECASE)
    skipped = 0
    if told and len(lines) > 1:
        text, skipped = lines[1], 1
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = told.group(1) if told else separator_of(first)
    header: list[str] | None = None
    rows: list[tuple[int, list[str]]] = []
    blank = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = skipped + 1
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                blank += 1
            elif header is None:
                header = cells
            else:
                rows.append((line, cells))
            line = skipped + reader.line_num + 1
    except csv.Error:
        message = 'a quote (") is opened or closed inside a cell: double it, or leave it out'
        raise ScenarioError([Problem(message, file=file, line=line, column=1)]) from None
    if header is None:
        raise refused(file, "the file is empty, expected a line of column names and a row for each")
    while not header[-1]:
        header.pop()
    if blank:
        notes.append(f"{counted(blank, 'blank line')} skipped")
    return Sheet(file, separator, header, rows, notes)


def spelled(name: str) -> str:
    """Return a name without case, spaces, underscores and signs, as names are compared."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


@dataclass
class Table:
    """Rows whose columns are known by name.

    Attributes
    ----------
    file, separator
        The file as shown, and what separates its cells.
    columns
        Position of each known column that the file has.
    rows
        Line number and cells of each row, as wide as the header.
    notes
        What was assumed or mended, in words without personal data.
    problems
        What has to be mended by hand.
    """

    file: str
    separator: str
    columns: dict[str, int]
    rows: list[tuple[int, list[str]]]
    notes: list[str]
    problems: Problems = field(init=False)

    def __post_init__(self) -> None:
        self.problems = Problems(self.file)

    def cell(self, cells: Sequence[str], name: str) -> str:
        """Return a row's cell of this column, empty if the file has no such column."""
        place = self.columns.get(name)
        return "" if place is None else cells[place]

    def wrong(self, line: int, name: str, message: str) -> None:
        """Note what is wrong with a row's cell of this column."""
        self.problems.add(message, name, line, self.columns[name] + 1)


def table_of(
    sheet: Sheet, vocabulary: Mapping[str, Sequence[str]], required: Iterable[str]
) -> Table:
    """Find the known columns of a sheet; all others are left aside and named, never kept.

    Parameters
    ----------
    sheet
        The rows.
    vocabulary
        The headers each column is known by, compared without case, spaces and signs.
    required
        Columns the file must have.
    """
    meaning = {spelled(word): name for name, words in vocabulary.items() for word in words}
    columns: dict[str, int] = {}
    aside: list[str] = []
    twice: list[tuple[str, int]] = []
    for place, head in enumerate(sheet.header):
        name = meaning.get(spelled(head))
        if name is None:
            aside.append(head)
        elif name in columns:
            twice.append((name, place))
        else:
            columns[name] = place
    table = Table(sheet.file, sheet.separator, columns, [], list(sheet.notes))
    for name, place in twice:
        one, other = sheet.header[columns[name]], sheet.header[place]
        message = f"the columns '{short(one)}' and '{short(other)}' both mean {name}: keep one"
        table.problems.add(message, name)
    for name in required:
        if name not in columns:
            near = next((c for c in (closest(w, aside) for w in vocabulary[name]) if c), None)
            advice = f" (is it '{short(near)}'?)" if near else ""
            message = (
                f"there is no such column{advice}; known headers: {', '.join(vocabulary[name])}"
            )
            table.problems.add(message, name)
    table.problems.raise_if_any()
    width = len(sheet.header)
    for line, cells in sheet.rows:
        if any(cells[width:]):
            message = (
                f"found {len(cells)} cells, the header has {width}: "
                "put a text with a separator in it in quotes"
            )
            table.problems.add(message, line=line, column=width + 1)
        else:
            table.rows.append(
                (line, cells if len(cells) == width else (cells + [""] * width)[:width])
            )
    if aside:
        names = ", ".join(f"'{short(one, 30)}'" for one in aside[:8] if one)
        more = f" and {len(aside) - 8} more" if len(aside) > 8 else ""
        listed = f": {names}{more}" if names else ""
        table.notes.append(f"{counted(len(aside), 'column')} left aside, not kept{listed}")
    return table
