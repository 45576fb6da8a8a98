"""What a client's report carries beside its numbers: who it is for, a logo, the question, the decision."""

from __future__ import annotations

import base64
import datetime
import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from sim.errors import AdoptionError, said

LARGEST: Final = 2_000_000
"""Bytes of a logo at most."""

MOST_PIXELS: Final = 25_000_000
"""Pixels of a logo at most: a small file can hold a picture that fills the memory."""

LONGEST: Final = {"client": 120, "decision": 400}
"""Letters of a text at most."""

KINDS: Final = {"PNG": "image/png", "JPEG": "image/jpeg", "SVG": "image/svg+xml"}
"""Pictures a logo can be, and how a page names them."""

SVG: Final = "{http://www.w3.org/2000/svg}svg"


@dataclass(frozen=True)
class Logo:
    """A picture that was read and checked.

    Attributes
    ----------
    kind
        ``PNG``, ``JPEG`` or ``SVG``.
    content
        Its bytes.
    """

    kind: str
    content: bytes

    @property
    def suffix(self) -> str:
        """How a file with it ends."""
        return self.kind.lower()

    @property
    def inline(self) -> str:
        """The picture as an address of itself, for a page that needs nothing else."""
        return f"data:{KINDS[self.kind]};base64,{base64.b64encode(self.content).decode('ascii')}"

    @cached_property
    def pixels(self) -> bytes:
        """The picture as PNG or JPEG, for formats that know no SVG."""
        if self.kind != "SVG":
            return self.content
        import tempfile

        import typst

        page = '#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image("logo.svg", height: 60pt)'
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "logo.svg").write_bytes(self.content)
            (Path(folder) / "logo.typ").write_text(page, "utf-8")
            drawn: bytes = typst.compile(
                str(Path(folder) / "logo.typ"), root=folder, format="png", ppi=288
            )
        return drawn


@dataclass(frozen=True)
class Cover:
    """What a report carries beside its numbers; all of it may be left out.

    Attributes
    ----------
    client
        Whose report it is.
    logo
        File of the client's logo: PNG, JPEG or SVG, at most 2 MB.
    question
        The question; by default that of the last scenario that asks one.
    decision
        The decision that is asked; by default it follows from the answer.
    day
        Day the report carries; by default none, so that the same result gives the same bytes.
    """

    client: str = ""
    logo: Path | None = None
    question: str = ""
    decision: str = ""
    day: datetime.date | None = None

    def checked(self) -> Cover:
        """Return it with texts that no file chokes on, or say what is wrong.

        Raises
        ------
        AdoptionError
            If a text is too long, or the logo is no such picture.
        """
        from analysis.report.reading import clean

        texts = {name: clean(getattr(self, name)) for name in ("client", "question", "decision")}
        for name, most in LONGEST.items():
            if len(texts[name]) > most:
                raise AdoptionError(
                    said(
                        "{name}: found {number} letters, expected {most} at most",
                        name=name,
                        number=len(texts[name]),
                        most=most,
                    )
                )
        self.picture  # noqa: B018  (read, so that what is wrong with it is said first)
        return Cover(**texts, logo=self.logo, day=self.day)

    @property
    def picture(self) -> Logo | None:
        """The logo, read and checked; None without one.

        Raises
        ------
        AdoptionError
            If there is no such file, it is too large, or no picture of these kinds.
        """
        return None if self.logo is None else read_logo(Path(self.logo))


def read_logo(path: Path) -> Logo:
    """Return the picture in a file.

    Raises
    ------
    AdoptionError
        If there is no such file, it is too large, or no picture of these kinds.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise AdoptionError(
                said(
                    "{path}: found {size} MB, expected a logo of {most} MB at most",
                    path=path,
                    size=f"{size / 1e6:.1f}",
                    most=LARGEST // 1_000_000,
                )
            )
        content = path.read_bytes()
    except OSError as error:
        raise AdoptionError(
            said("{path}: the logo cannot be read: {why}", path=path, why=error.strerror or error)
        ) from error
    kind = _kind(content)
    if kind not in KINDS:
        raise AdoptionError(
            said("{path}: found no picture that can be read, expected PNG, JPEG or SVG", path=path)
        )
    logo = Logo(kind, content)
    try:
        logo.pixels  # noqa: B018  (what cannot be drawn is said now)
    except Exception as error:
        raise AdoptionError(
            said("{path}: found no picture that can be read, expected PNG, JPEG or SVG", path=path)
        ) from error
    return logo


def _kind(content: bytes) -> str:
    """Return which kind of picture bytes are, nothing if none that can be drawn."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            wide, high = picture.size
            kind = str(picture.format)
            if wide * high > MOST_PIXELS:
                return ""
            picture.load()
            return kind
    except Exception:
        return "SVG" if _is_svg(content) else ""


def _is_svg(content: bytes) -> bool:
    """Return whether bytes are an SVG without entities, which can make a small file huge."""
    if b"<!ENTITY" in content or (b"<!DOCTYPE" in content and b"[" in content.split(b">", 1)[0]):
        return False
    try:
        return ElementTree.fromstring(content).tag == SVG
    except (ElementTree.ParseError, ValueError, LookupError):
        return False
