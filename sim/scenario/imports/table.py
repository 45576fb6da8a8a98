"""How a spreadsheet's export becomes rows: encoding, separator, header, cells with their lines."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from sim.engine.kinds import Array
from sim.errors import Problem, ScenarioError, invisible, said
from sim.scenario.folders import shown
from sim.scenario.imports.fields import WIDER, listed, title
from sim.scenario.imports.workbook import Exact, UnreadableWorkbookError, sheet_of
from sim.scenario.words import closest, short, suggestion
from sim.texts import UNFIT

Row = tuple[int, list[str]]
"""Line number and cells of a row, which may be shorter or longer than the header."""

LARGEST_FILE: Final = 50_000_000  # bytes
MOST_PROBLEMS: Final = 20
ALIKE: Final = 3
"""So many problems that say the same of other rows are said in one line."""
SEPARATORS: Final = ",;\t"
LONGEST_HEADER: Final = 1_000_000  # signs
CHUNK: Final = 300
"""Rows that are turned into columns at a time: so few that no garbage is collected for them."""


class Problems:
    """Every problem of one file, so that all can be mended at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def add(
        self, message: str, name: str = "", line: int = 0, column: int = 0, head: str = ""
    ) -> None:
        """Note a problem of a column: what was found, what is allowed; of a cell also where it stands."""
        self.found.append(Problem(message, title(name), self.file, line, column, head=head))

    def error(self) -> ScenarioError:
        """Return the problems noted so far, in order of lines, the first twenty kinds in full.

        Those of many rows that differ only in what was found there are one, with the first rows.
        """
        kinds: dict[tuple[str, str], list[Problem]] = {}
        for problem in sorted(self.found, key=lambda problem: (problem.line, problem.column)):
            # Without a line a problem is about the whole file, and like no other.
            message = (
                re.sub(r"found '.*?'(?=[,;]|$)|[0-9]+", "", problem.message)
                if problem.line
                else problem.message
            )
            kinds.setdefault((problem.path, message), []).append(problem)
        listed: list[Problem] = []
        for alike in kinds.values():
            listed += alike if len(alike) < ALIKE else [_folded(alike)]
        listed.sort(key=lambda problem: (problem.line, problem.column))
        more = len(listed) - MOST_PROBLEMS
        if more > 0:
            listed[MOST_PROBLEMS:] = [Problem(said("and {more:,} more", more=more), file=self.file)]
        return ScenarioError(listed)

    def raise_if_any(self) -> None:
        """Raise the problems noted so far, if there are any."""
        if self.found:
            raise self.error()


def _folded(alike: list[Problem]) -> Problem:
    """Return problems that say the same of several rows as one, with the lines of the first."""
    lines = list(dict.fromkeys(problem.line for problem in alike))
    more = said(" and {number:,} more", number=len(lines) - 6) if len(lines) > 6 else ""
    rows = ", ".join(map(str, lines[:6])) + more
    return replace(
        alike[0],
        message=said(
            "{message} (in {number:,} rows: {told})",
            message=alike[0].message,
            number=len(lines),
            told=rows,
        ),
    )


class _Codes(dict[str, int]):
    """Numbers of texts, in the order in which they are asked for first."""

    def __missing__(self, text: str) -> int:
        self[text] = code = len(self)
        return code


class Column(NamedTuple):
    """The cells of a column: what is to be known of a text is found out once for all its rows.

    Attributes
    ----------
    texts
        What stands in the cells, each once.
    code
        Which of the texts stands in each row [rows].
    """

    texts: list[str]
    code: Array

    @property
    def cells(self) -> list[str]:
        """The text in each row."""
        return [self.texts[k] for k in self.code.tolist()]

    def each(self, values: Sequence[Any], kind: type = float) -> Array:
        """Return in each row the value of its text."""
        in_rows: Array = np.array(values, kind)[self.code]
        return in_rows

    def rows(self, some: Iterable[object]) -> Array:
        """Return the rows whose text is one of some, said of each text."""
        return np.flatnonzero(self.each([*map(bool, some)], bool))

    def kept(self, rows: Array) -> Column:
        """Return the column in some rows only, told by a mask or one after the other."""
        code = self.code[rows]
        there = np.zeros(len(self.texts), np.bool_)
        there[code] = True
        texts = [text for text, used in zip(self.texts, there.tolist(), strict=True) if used]
        return Column(texts, (np.cumsum(there, dtype=np.int32) - 1)[code])

    def put(self, rows: Array, text: str) -> Column:
        """Return the column with one text in some rows, told by a mask."""
        code = np.where(rows, len(self.texts), self.code)
        return Column([*self.texts, text], code).kept(np.ones_like(rows)).merged()

    def changed(self, change: Callable[[str], str]) -> Column:
        """Return the column with each text changed; texts that become the same are one."""
        texts = list(map(change, self.texts))
        return self if texts == self.texts else Column(texts, self.code).merged()

    def merged(self) -> Column:
        """Return the column with each text once."""
        codes = _Codes()
        moved = np.array([codes[text] for text in self.texts], np.int32)
        return Column(list(codes), moved[self.code])


def column_of(cells: Iterable[str]) -> Column:
    """Return the column of some cells."""
    codes = _Codes()
    code = np.array([codes[cell] for cell in cells], np.int32)
    return Column(list(codes), code)


class Sheet(NamedTuple):
    """A file of rows as it was read.

    Attributes
    ----------
    file
        The file as shown.
    separator
        What separates its cells, empty for a workbook.
    header
        Names of its columns.
    lines
        Line number of each row that is not blank [rows].
    columns
        The cells below each name.
    longer
        Rows with something behind the last name: number of cells by line number.
    notes
        What was assumed or left out.
    unfit
        Whether a text in it holds signs that no text may.
    """

    file: str
    separator: str
    header: list[str]
    lines: Array
    columns: list[Column]
    longer: dict[int, int]
    notes: list[str]
    unfit: bool = False


def refused(file: str, message: str) -> ScenarioError:
    """Return the error of a file that cannot be used as a whole."""
    return ScenarioError([Problem(message, file=file)])


def content_of(path: Path) -> bytes:
    """Return the bytes of a file, or raise what keeps it from being read."""
    file = shown(path)
    try:
        if path.is_dir():
            raise refused(file, said("this is a folder, expected a file with rows (CSV)"))
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        near = None
        if path.parent.is_dir():
            near = closest(path.name, sorted(file.name for file in path.parent.glob("*.csv")))
        advice = said("; did you mean '{near}'?", near=near) if near else ""
        raise refused(file, said("there is no such file{advice}", advice=advice)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise refused(file, said("the file cannot be read: {reason}", reason=reason)) from None
    if len(content) > LARGEST_FILE:
        most = LARGEST_FILE // 1_000_000
        raise refused(
            file,
            said(
                "the file is larger than {most} MB: leave out columns it can do without", most=most
            ),
        )
    return content


def text_of(content: bytes, file: str) -> tuple[str, list[str]]:
    """Return bytes as text and what was assumed: UTF-8, UTF-16 with its mark, or Windows-1252."""
    mend = said("save it from the spreadsheet as 'CSV UTF-8'")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(
            file,
            said("this is a workbook of an old kind, or locked: {mend}, or as .xlsx", mend=mend),
        )
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16"), []
        except UnicodeDecodeError:
            raise refused(
                file, said("the file starts as UTF-16 and does not go on so: {mend}", mend=mend)
            ) from None
    if b"\0" in content:
        raise refused(file, said("this is not a text: {mend}", mend=mend))
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = said(
            "line {line} is neither in UTF-8 nor in Windows-1252: {mend}", line=line, mend=mend
        )
        raise refused(file, message) from None
    return text, [said("the file is not in UTF-8 and was read as Windows-1252")]


def separator_of(line: str) -> str:
    """Return the separator a header is written with: the most frequent one outside quotes."""
    bare = re.sub('"[^"]*"', "", line)
    return max(SEPARATORS, key=bare.count)


SPACES: Final = " \t\n\r\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
SPACE: Final = re.compile(f"[{SPACES}]+")
HIDDEN: Final = re.compile(
    "[\xad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufeff\U000e0000-\U000e007f]"
)
"""Signs that cannot be seen and mean nothing to a reader: marks of direction, joints, soft hyphens."""
ODD: Final = re.compile(f"{HIDDEN.pattern}|[{SPACES[4:]}]")
CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
AS_TEXT: Final = re.compile('="([^"]*)"')
"""What some systems write so that a spreadsheet keeps leading zeros."""


def cleaned(cell: str) -> str:
    """Return a cell without what cannot be seen, with single spaces of one kind."""
    if isinstance(cell, Exact):
        return cell
    text = SPACE.sub(" ", HIDDEN.sub("", cell)).strip(" ")
    if match := AS_TEXT.fullmatch(text):
        return match[1].strip(" ")
    return text


def read_sheet(path: Path) -> Sheet:
    """Read a file of rows: comma, semicolon or tab, as the header is written; or a workbook.

    Blank lines are skipped and counted, cells are trimmed and freed of signs that cannot be seen,
    the first line ``sep=;`` of some spreadsheets is obeyed, and empty cells at the end of the
    header are no columns.
    """
    file = shown(path)
    content = content_of(path)
    if content.startswith(b"PK\x03\x04"):
        try:
            sheet, notes = sheet_of(content)
        except UnreadableWorkbookError as error:
            raise refused(
                file,
                said("{error}: save it from the spreadsheet as 'CSV UTF-8'", error=error.args[0]),
            ) from None
        separator, clean = "", cleaned
        strange = any(UNFIT.search(cleaned(cell)) for _, cells in sheet for cell in cells)
        rows: Iterator[Row] = iter(sheet)
    else:
        text, notes = text_of(content, file)
        if "\r" in text and "\n" not in text:  # ends of lines of old computers
            text = text.replace("\r", "\n")
        plain = text.replace("\r", "")
        strange = (CONTROL if plain.isascii() else UNFIT).search(plain) is not None
        odd = strange or '="' in text or (not text.isascii() and ODD.search(text) is not None)
        clean = cleaned if odd else trimmed
        separator, rows = _parted(text, file)
    return _sheet(file, separator, rows, clean, notes, strange)


def trimmed(cell: str) -> str:
    """Return a cell of a text without odd signs as :func:`cleaned` does."""
    return cell.strip(" \t\r\n")


def _sheet(
    file: str,
    separator: str,
    rows: Iterator[Row],
    clean: Callable[[str], str],
    notes: list[str],
    unfit: bool,
) -> Sheet:
    """Return rows as columns below the first row that is not blank."""
    header, before, rows = _header(file, rows, clean, notes)
    width = len(header)
    lines, codes = array("i"), [_Codes() for _ in header]
    columns, longer = [array("i") for _ in header], dict[int, int]()
    while some := list(islice(rows, CHUNK)):
        lines.extend(line for line, _ in some)
        for place, (line, cells) in enumerate(some):
            if len(cells) != width:
                if any(map(clean, cells[width:])):
                    longer[line] = len(cells)
                some[place] = line, (cells + [""] * width)[:width]
        for known, column, here in zip(
            codes, columns, zip(*(cells for _, cells in some), strict=True), strict=True
        ):
            column.extend(map(known.__getitem__, here))
    read = [
        Column(list(known), np.array(column, np.int32)).changed(clean)
        for known, column in zip(codes, columns, strict=True)
    ]
    numbers = np.array(lines, np.int32)
    there = np.isin(numbers, list(longer))
    for cells_of in read:
        there[cells_of.rows(cells_of.texts)] = True
    if blank := before + int(np.count_nonzero(~there)):
        notes.append(
            said("1 blank line skipped")
            if blank == 1
            else said("{number:,} blank lines skipped", number=blank)
        )
    kept = [column.kept(there) for column in read]
    return Sheet(file, separator, header, numbers[there], kept, longer, notes, unfit)


def _header(
    file: str, rows: Iterator[Row], clean: Callable[[str], str], notes: list[str]
) -> tuple[list[str], int, Iterator[Row]]:
    """Return the names of columns, how many lines before them are blank, and the rows below.

    A single cell above a row of several is the title of the list, and left out.
    """
    blank = 0
    while (row := next(rows, None)) is not None:
        header = list(map(clean, row[1]))
        if not any(header):
            blank += 1
            continue
        ahead = list(islice(rows, 2)) if len(list(filter(None, header))) == 1 else []
        rows = chain(ahead, rows)
        if any(len(list(filter(None, map(clean, below)))) >= TITLED for _, below in ahead):
            notes.append(
                said("line {line} left out: a title above the names of columns", line=row[0])
            )
            continue
        while not header[-1]:
            header.pop()
        return header, blank, rows
    raise refused(
        file, said("the file is empty, expected a line of column names and a row for each")
    )


TITLED: Final = 3
"""So many cells below a single one make that one a title."""


def _parted(text: str, file: str) -> tuple[str, Iterator[Row]]:
    """Return the separator of a text, and line number and cells of each row."""
    lines = text.split("\n", 1)
    named = re.fullmatch(r'"?sep=([,;\t])"?[,;\s]*', lines[0], re.IGNORECASE)
    skipped = 0
    if named and len(lines) > 1:
        text, skipped = lines[1], 1
    first = next((line for line in text[:LONGEST_HEADER].splitlines() if line.strip()), "")
    separator = named.group(1) if named else separator_of(first)
    return separator, _rows(text, file, separator, skipped)


def _rows(text: str, file: str, separator: str, skipped: int) -> Iterator[Row]:
    """Yield line number and cells of each row of a text."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = skipped + 1
    try:
        for cells in reader:
            yield line, cells
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        message = said('a quote (") is opened or closed inside a cell: double it, or leave it out')
        if "field larger" in error.args[0]:
            message = said(
                'a cell has more than 100,000 signs: a quote (") is opened and never closed?'
            )
        raise ScenarioError([Problem(message, file=file, line=line, column=1)]) from None


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
        The cells of each known column that the file has.
    places
        Where each of them stands in the file.
    lines
        Line number of each row [rows].
    notes
        What was assumed or mended, in words without personal data.
    heads
        Header of each known column.
    broken
        Whether a row is missing because it is wrong as a whole: what others say of it is not
        judged.
    aside
        Headers of the columns that are not kept.
    problems
        What has to be mended by hand.
    """

    file: str
    separator: str
    columns: dict[str, Column]
    places: dict[str, int]
    lines: Array
    notes: list[str]
    heads: dict[str, str] = field(default_factory=dict)
    broken: bool = False
    aside: Sequence[str] = ()
    problems: Problems = field(init=False)

    def __post_init__(self) -> None:
        self.problems = Problems(self.file)

    def column(self, name: str) -> Column:
        """Return the cells of a column, empty if the file has no such column."""
        if name in self.columns:
            return self.columns[name]
        return Column([""], np.zeros(len(self.lines), np.int32))

    def cells(self, row: int) -> list[str]:
        """Return the cells of a row."""
        return [column.texts[column.code[row]] for column in self.columns.values()]

    def keep(self, rows: Array) -> None:
        """Leave out all rows but some, told by a mask."""
        if rows.all():
            return
        self.lines = self.lines[rows]
        self.columns = {name: column.kept(rows) for name, column in self.columns.items()}

    def wrong(self, rows: Iterable[int], name: str, message: str) -> None:
        """Note what is wrong with a column's cells in some rows."""
        for row in rows:
            place, head = self.places[name] + 1, self.heads.get(name, "")
            self.problems.add(message, name, int(self.lines[row]), place, head)

    def twice(self, name: str, other: str) -> None:
        """Note that another header means the same column."""
        message = said(
            "the columns '{one}' and '{other}' both mean {name}: keep one, say of the other that it is not kept",
            one=short(self.heads[name]),
            other=short(other),
            name=title(name),
        )
        self.problems.add(message, name)

    def wrong_texts(self, name: str, messages: Mapping[str, str]) -> None:
        """Note what is wrong with some texts of a column, in every row that has them."""
        column = self.columns[name]
        for row in column.rows(text in messages for text in column.texts):
            self.wrong([row], name, messages[column.texts[column.code[row]]])


_SUM: Final = (
    r"(?:(?:sub|eind|tussen|grand|gesamt|zwischen)[ -]?)?"
    r"(?:totaa?l(?:en|s)?|som|sum|summe|insgesamt|gesamt|gemiddelde|average|durchschnitt|aantal|count|anzahl)"
)
SUM: Final = re.compile(rf"{_SUM}(?:[ :=(].*)?|.* {_SUM}:?", re.IGNORECASE | re.DOTALL)
"""What a row of sums is called."""
FIGURE: Final = re.compile(r"[-+(€ ]*[0-9][0-9.,' ]*[ €%)]*")

_HOURS: Final = r"[0-9]{1,2}(?:[.,][0-9]+)? ?(?:hours?|hrs?|h|uren|uur|u|stunden|std)\.?(?: ?(?:per|/|p\.?) ?(?:week|w))?"
ASIDE: Final = re.compile(
    rf" *(?:[(\[](?:in )?(?:€|euro'?s?|eur|%|0 ?- ?1|=? ?{_HOURS}|[0-9]{{1,2}})[)\]]|[ =]{_HOURS}|in euro'?s?|eur)$",
    re.IGNORECASE,
)
"""What a header may say beside its name: in what its numbers are."""


NOT_KEPT: Final = "none"
"""What a column is assigned to that is to be left aside, whatever it is called."""


def meanings_of(
    header: Sequence[str],
    vocabulary: Mapping[str, Sequence[str]],
    assigned: Mapping[str, str] | None = None,
) -> list[str | None]:
    """Return what each column of a header means: as it was assigned, else as it is called.

    Of several that may mean the same, one that is assigned goes first, and one of
    :data:`sim.scenario.imports.fields.WIDER` comes last.

    Parameters
    ----------
    header
        Names of the columns.
    vocabulary
        The headers each known column is known by, compared without case, spaces and signs.
    assigned
        Known column of a header, or :data:`NOT_KEPT`.
    """
    meaning = {spelled(word): name for name, words in vocabulary.items() for word in words}
    by_hand = {spelled(head): name for head, name in (assigned or {}).items()}
    meanings: list[tuple[str | None, int]] = []
    for head in header:
        word = spelled(head) if spelled(head) in meaning else spelled(ASIDE.sub("", head))
        name = by_hand.get(spelled(head), meaning.get(word))
        doubt = 0 if spelled(head) in by_hand else 2 if word in WIDER else 1
        meanings.append((None if name == NOT_KEPT else name, doubt))
    least = {name: min(doubt for other, doubt in meanings if other == name) for name, _ in meanings}
    return [name if doubt == least[name] else None for name, doubt in meanings]


def _check_assigned(
    table: Table, sheet: Sheet, vocabulary: Mapping[str, Sequence[str]], assigned: Mapping[str, str]
) -> None:
    """Note what was assigned to a column there is none of, and headers the file has not."""
    there = set(map(spelled, sheet.header))
    for head, name in assigned.items():
        if spelled(head) not in there:
            message = said(
                "organisation.columns names '{head}', and the file has no column of that name{known}",
                head=short(head),
                known=suggestion(head, sheet.header),
            )
            table.problems.add(message)
        if name not in vocabulary and name != NOT_KEPT:
            known = [*vocabulary, NOT_KEPT]
            message = said(
                "organisation.columns: '{head}' is said to be '{name}'{known}",
                head=short(head),
                name=short(name),
                known=said("; known: {listed}", listed=", ".join(known)),
            )
            table.problems.add(message)


def table_of(
    sheet: Sheet,
    vocabulary: Mapping[str, Sequence[str]],
    required: Sequence[str],
    real: Sequence[str] = (),
    assigned: Mapping[str, str] | None = None,
) -> Table:
    """Find the known columns of a sheet; all others are left aside and named, never kept.

    Rows of sums and headers that are repeated are left out and counted.

    Parameters
    ----------
    sheet
        The rows.
    vocabulary
        The headers each column is known by, compared without case, spaces and signs.
    required
        Columns the file must have, the one that names a row first.
    real
        Columns in which a row of sums has nothing, where a file has them.
    assigned
        What a column is by hand, by its header: a name of the vocabulary, or :data:`NOT_KEPT`.
    """
    places: dict[str, int] = {}
    aside: list[str] = []
    twice: list[tuple[str, int]] = []
    meanings = meanings_of(sheet.header, vocabulary, assigned)
    for place, (head, name) in enumerate(zip(sheet.header, meanings, strict=True)):
        if name is None:
            aside.append(head)
        elif name in places:
            twice.append((name, place))
        else:
            places[name] = place
    heads = {name: sheet.header[place] for name, place in places.items()}
    columns = {name: sheet.columns[place] for name, place in places.items()}
    notes = list(sheet.notes)
    table = Table(
        sheet.file, sheet.separator, columns, places, sheet.lines, notes, heads, aside=aside
    )
    _check_assigned(table, sheet, vocabulary, assigned or {})
    for name, place in twice:
        table.twice(name, sheet.header[place])
    for name in required:
        if name not in places:
            near = next((c for c in (closest(w, aside) for w in vocabulary[name]) if c), None)
            advice = said(" (is it '{near}'?)", near=short(near)) if near else ""
            message = said(
                "there is no such column{advice}: call the one that holds it '{name}', above the first row",
                advice=advice,
                name=title(name),
            )
            table.problems.add(message, name)
    table.problems.raise_if_any()
    _fill(table, sheet, required[0], [places[name] for name in real if name in places])
    table.notes.append(said("columns read: {columns}", columns=_told(heads)))
    if aside:
        table.notes.append(_left_aside(aside))
    return table


def _left_aside(heads: Sequence[str]) -> str:
    """Return the note on columns that are not kept."""
    names = ", ".join(f"'{short(head, 30)}'" for head in heads[:8] if head)
    more = said(" and {number} more", number=len(heads) - 8) if len(heads) > 8 else ""
    listed = said(": {names}{more}", names=names, more=more) if names else ""
    if len(heads) == 1:
        return said("1 column left aside, not kept{listed}", listed=listed)
    return said("{number:,} columns left aside, not kept{listed}", number=len(heads), listed=listed)


def _fill(table: Table, sheet: Sheet, key: str, real: Sequence[int]) -> None:
    """Leave in a table the rows of a sheet that are about something."""
    width, named = len(sheet.header), table.places[key]
    head, header = sheet.header[named].casefold(), list(map(spelled, sheet.header))
    for line, number in sheet.longer.items():
        message = said(
            "found {number} cells, the header has {width}: put a text with a separator in it in quotes",
            number=number,
            width=width,
        )
        table.problems.add(message, line=line, column=width + 1)
        table.broken = True
    kept = ~np.isin(sheet.lines, list(sheet.longer))
    sums: list[int] = []
    again: list[int] = []
    names = sheet.columns[named]
    for row in names.rows(
        not text or SUM.fullmatch(text) or text.casefold() == head for text in names.texts
    ):
        if not kept[row]:
            continue
        cells = [column.texts[column.code[row]] for column in sheet.columns]
        if cells[named].casefold() == head and list(map(spelled, cells)) == header:
            again.append(int(sheet.lines[row]))
        elif _sums_up(cells, named, real):
            sums.append(int(sheet.lines[row]))
        else:
            continue
        kept[row] = False
    table.keep(kept)
    if sheet.unfit:
        _refuse_unfit(table)
    if sums:
        table.notes.append(
            said("1 row of sums left out: line {line}", line=sums[0])
            if len(sums) == 1
            else said(
                "{number:,} rows of sums left out: lines {lines}",
                number=len(sums),
                lines=_first(sums),
            )
        )
    if again:
        table.notes.append(
            said("1 repeated header left out: line {line}", line=again[0])
            if len(again) == 1
            else said(
                "{number:,} repeated headers left out: lines {lines}",
                number=len(again),
                lines=_first(again),
            )
        )


def _first(lines: Sequence[int]) -> str:
    """Return the first of some lines as a text."""
    return ", ".join(map(str, lines[:6])) + ", ..." * (len(lines) > 6)


def _sums_up(cells: Sequence[str], named: int, real: Sequence[int]) -> bool:
    """Return whether a row is about other rows: called a total, or nameless with figures only."""
    name = cells[named]
    if name and not SUM.fullmatch(name):
        return False
    said = (cells[place] for place in real if cells[place])
    if not all(FIGURE.fullmatch(cell) or SUM.fullmatch(cell) for cell in said):
        return False
    if name:
        return True
    there = [cell for cell in cells if cell]
    return any(SUM.fullmatch(cell) for cell in there) or all(map(FIGURE.fullmatch, there))


def _refuse_unfit(table: Table) -> None:
    """Note the cells of known columns that hold signs no text may, and take these out."""
    for name, column in table.columns.items():
        table.wrong_texts(
            name, {text: message for text in column.texts if (message := invisible(text))}
        )
    table.columns = {
        name: column.changed(
            lambda text: UNFIT.sub("", text).strip(" ") if invisible(text) else text
        )
        for name, column in table.columns.items()
    }


def _told(heads: Mapping[str, str]) -> str:
    """Return the known columns with their headers, where these are other words."""
    questions = len([name for name in heads if re.fullmatch("q[0-9]+", name)])
    columns = [
        title(name)
        if spelled(name) == spelled(head)
        else said("{name} ('{head}')", name=title(name), head=short(head, 30))
        for name, head in heads.items()
        if not re.fullmatch("q[0-9]+", name)
    ]
    if questions:
        columns.append(
            said("1 question") if questions == 1 else said("{number:,} questions", number=questions)
        )
    return listed(columns)
