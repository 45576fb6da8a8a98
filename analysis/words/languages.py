"""What people read, in their language: texts by gettext, numbers, euros and dates by Babel.

English texts stand in the code, translations in ``analysis/words/locale/*.po``, and nothing is compiled by
hand. To collect new texts: ``python -m analysis.words.languages``; a test fails while one is missing.
"""

from __future__ import annotations

import datetime
import gettext
import io
import math
import string
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from sim.errors import AdoptionError, Problem, Said, ScenarioError, said

LOCALES: Final[dict[str, str]] = {"en": "en_GB", "nl": "nl_NL"}
"""Languages, and how each writes numbers and dates."""

NAMES: Final = {"en": "English", "nl": "Nederlands"}

FOLDER: Final = Path(__file__).with_name("locale")

SPOKEN: Final = (
    "results/*.py",
    "decisions/*.py",
    "lessons/*.py",
    "figures/groups.py",
    "figures/curves.py",
    "network/picture.py",
    "studies/ties/*.py",
    "words/*.py",
    "app/**/*.py",
    "cli/lookup.py",
    "cli/play.py",
    "cli/report.py",
    "report/**/*.py",
    "play_on/*.py",
    "report/**/*.jinja",
)
"""Pages whose texts are translated."""

ERRORS: Final = (
    "sim/scenario/*.py",
    "sim/scenario/imports/*.py",
    "sim/errors.py",
    "sim/privacy.py",
    "sim/study/experiments.py",
    "sim/scenario/base.py",
    "sim/programme/ledger.py",
    "sim/play/*.py",
    "sim/networks.py",
    "sim/scenario/organisation.py",
    "sim/scenario/schema.py",
)
"""Pages whose errors are translated, because a page can show them; see :func:`sim.errors.said`."""

SPACE: Final = "\N{NO-BREAK SPACE}"

MINUS: Final = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Language:
    """How things are said in a language.

    Attributes
    ----------
    code
        ``en`` or ``nl``.
    """

    code: str

    @property
    def locale(self) -> str:
        """How numbers and dates are written."""
        return LOCALES[self.code]

    def _(self, text: str, /, **values: object) -> str:
        """Return a text in this language, with values in the places of their names."""
        said = _translations(self.code).gettext(text)
        return said.format(**values) if values else said

    def plural(self, singular: str, several: str, number: float, /, **values: object) -> str:
        """Return a text for one or for several, with ``number`` as a value of it."""
        said = _translations(self.code).ngettext(singular, several, 1 if number == 1 else 2)
        return said.format(number=self.number(number), **values)

    def of(self, texts: Any) -> str:
        """Return what the library says in this language."""
        return str(texts[self.code] if isinstance(texts, dict) else getattr(texts, self.code))

    def told(self, message: object) -> str:
        """Return an error, a problem or a message of ``sim`` in this language.

        Examples
        --------
        >>> from sim.errors import said
        >>> language("nl").told(said("a list of {number}", number=3))
        'een lijst van 3'
        """
        if isinstance(message, ScenarioError):
            return "\n".join(self.told(problem) for problem in message.problems)
        if isinstance(message, Problem):
            file, path = self.told(message.file), self.told(message.path)
            return str(replace(message, file=file, path=path, message=self.told(message.message)))
        if isinstance(message, Exception):
            return self.told(message.args[0]) if message.args else str(message)
        if not isinstance(message, Said):
            return str(message)
        known = self._(message.template) if message.template else ""
        values = {
            name: self.told(value) if isinstance(value, str) else value
            for name, value in message.values.items()
        }
        return _Filled(self).vformat(known, (), values)

    # --- Numbers ---------------------------------------------------------------------------

    def number(self, value: float, digits: int = 0, sign: bool = False) -> str:
        """Return a number as it is written here: ``1,234.5`` or ``1.234,5``.

        Examples
        --------
        >>> language("en").number(1234.56, 1), language("nl").number(-1234.56, 1)
        ('1,234.6', '\N{MINUS SIGN}1.234,6')
        """
        from babel.numbers import format_decimal

        if not math.isfinite(value):
            return "\N{EN DASH}"
        value = round(value, digits) + 0.0
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return _signed(format_decimal(abs(value), pattern, self.locale), value, sign)

    def percent(self, share: float, digits: int = 0, sign: bool = False) -> str:
        """Return a share in percent: ``45%``."""
        text = self.number(100.0 * share, digits, sign)
        if not math.isfinite(share):
            return text
        if digits == 0 and not sign:  # nearly all is not all, and hardly any is not none
            text = ">99" if 0.995 <= share < 1.0 else "<1" if 0.0 < share < 0.005 else text
        return f"{text}%"

    def points(self, difference: float, sign: bool = True) -> str:
        """Return a difference of shares in percentage points, without their name."""
        return self.number(100.0 * difference, 0 if abs(difference) >= 0.0095 else 1, sign)

    def euro(self, value: float, sign: bool = False, step: float = 0.0) -> str:
        """Return an amount in euros, as round as people say it: ``€ 12,300``.

        Or in whole steps [euro], where that is how firm it is.

        Examples
        --------
        >>> language("en").euro(12345.6), language("nl").euro(12345.6)
        ('€12,300', '€\N{NO-BREAK SPACE}12.300')
        """
        if not math.isfinite(value):
            return "\N{EN DASH}"
        if step > 0.0:
            value = step * round(value / step)
            text = self.number(abs(value), 2 if step < 1.0 else 0)
            return _signed(f"€{'' if self.code == 'en' else SPACE}{text}", value, sign)
        size = 3 if abs(value) >= 1000.0 else 2
        digits = size - 1 - (math.floor(math.log10(abs(value))) if abs(value) >= 1.0 else 0)
        text = self.number(abs(round(value, min(0, digits))))
        return _signed(f"€{'' if self.code == 'en' else SPACE}{text}", value, sign)

    def date(self, day: datetime.date | None = None) -> str:
        """Return a date, by default today."""
        from babel.dates import format_date

        return format_date(day or datetime.date.today(), "long", self.locale)

    def listed(self, words: list[str]) -> str:
        """Return words as a list: ``a, b and c``."""
        from babel.lists import format_list

        return format_list(words, "standard", self.locale)


def _signed(text: str, value: float, sign: bool) -> str:
    return (MINUS if value < 0.0 else "+" if sign and value > 0.0 else "") + text


ENGLISH: Final = Language("en")


class _Filled(string.Formatter):
    """Puts values into a text; a comma between thousands is what the language has there."""

    def __init__(self, words: Language) -> None:
        self.words = words

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return one value as it is written."""
        text = str(super().format_field(value, format_spec))
        if "," in format_spec and self.words.number(1000) != "1,000":
            text = text.translate(str.maketrans(",.", ".,"))
        return text


@cache
def language(code: str) -> Language:
    """Return a language by its code.

    Raises
    ------
    AdoptionError
        If nothing is said in that language.
    """
    if code not in LOCALES:
        known = ", ".join(LOCALES)
        raise AdoptionError(
            said("language: found '{code}', expected one of: {known}", code=code, known=known)
        )
    return Language(code)


@cache
def _translations(code: str) -> gettext.NullTranslations:
    """Return the texts of a language; English ones are in the code."""
    if code == "en":
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo

    file = io.BytesIO()
    write_mo(file, catalogue(code))
    file.seek(0)
    return gettext.GNUTranslations(file)


def catalogue(code: str) -> Any:
    """Return the translations of a language as Babel reads them."""
    from babel.messages.pofile import read_po

    with (FOLDER / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


# --- For translators ---------------------------------------------------------------------------


def texts() -> Iterator[tuple[str, int, Any]]:
    """Yield every text that is to be translated: page, line, and one text or one for several."""
    from babel.messages.extract import extract_from_file

    keywords = {"_": None, "plural": (1, 2), "said": None}
    here = Path(__file__).parents[1]
    for folder, patterns in ((here, SPOKEN), (here.parent, ERRORS)):
        for pattern in patterns:
            method = "jinja2.ext:babel_extract" if pattern.endswith(".jinja") else "python"
            for path in sorted(folder.glob(pattern)):
                for line, text, _, _ in extract_from_file(method, path, keywords=keywords):
                    yield path.relative_to(folder).as_posix(), line, text


def collect(code: str) -> tuple[int, int]:
    """Bring a catalogue up to date with the code; return how many texts it has, and lacks."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    file = FOLDER / f"{code}.po"
    known = catalogue(code) if file.is_file() else {}
    catalog = Catalog(locale=code, project="adopt", charset="utf-8", fuzzy=False)
    catalog.creation_date = catalog.revision_date = datetime.datetime(
        2026, 1, 1, tzinfo=datetime.UTC
    )
    for page, _, text in texts():
        there = known.get(text[0] if isinstance(text, tuple) else text) if known else None
        message = catalog.add(text, there.string if there else None, locations=[(page, 0)])
        message.flags.discard("python-format")  # a percent sign here is a percent sign
    with file.open("wb") as out:
        write_po(out, catalog, sort_output=True, width=100, include_lineno=False)
    messages = [message for message in catalog if message.id]
    return len(messages), len(missing(catalog))


def missing(catalog: Any) -> list[str]:
    """Return the texts of a catalogue that lack a translation."""
    return [
        str(message.id) for message in catalog if message.id and not all(_several(message.string))
    ]


def _several(text: Any) -> Any:
    return text if isinstance(text, tuple | list) else (text,)


if __name__ == "__main__":
    for code in LOCALES:
        if code != "en":
            number, lacking = collect(code)
            print(f"{FOLDER / code}.po: {number} texts, {lacking} to translate")
