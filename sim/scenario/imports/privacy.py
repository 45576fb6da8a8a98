"""Pseudonyms instead of ids. What may be told of the people behind them: :mod:`sim.privacy`."""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from sim.errors import said
from sim.scenario.folders import shown
from sim.scenario.imports.table import refused

SALT_FILE: Final = ".adopt-salt"
SALT_BYTES: Final = 32
SHORTEST: Final = 8  # hex digits of a pseudonym


def pseudonym(salt: bytes, identity: str, digits: int = SHORTEST) -> str:
    """Return the pseudonym of an id: the same for the same salt, and no way back without it.

    Examples
    --------
    >>> pseudonym(b"salt", "1001") == pseudonym(b"salt", "1001")
    True
    >>> pseudonym(b"salt", "1001") == pseudonym(b"other salt", "1001")
    False
    """
    return "p-" + hmac.digest(salt, identity.encode(), "sha256").hex()[:digits]


def pseudonyms(salt: bytes, identities: Iterable[str]) -> dict[str, str]:
    """Return the pseudonym of each id, longer where two would be the same."""
    names: dict[str, str] = {}
    left = list(dict.fromkeys(identities))
    digits = SHORTEST
    while left:
        given = {id_: pseudonym(salt, id_, digits) for id_ in left}
        times = Counter(given.values())
        names |= {id_: name for id_, name in given.items() if times[name] == 1}
        left = [id_ for id_, name in given.items() if times[name] > 1]
        digits *= 2
    return names


@lru_cache(maxsize=1)
def session_salt() -> bytes:
    """Return a salt that is forgotten when the program ends."""
    return secrets.token_bytes(SALT_BYTES)


def salt_beside(people: Path) -> tuple[bytes, list[str]]:
    """Return the salt of the project a people file belongs to, and what is to be said of it.

    It is the file ``.adopt-salt`` in the same folder, made on first reading and readable by its
    owner only. Whoever has it and the ids can find who is who: it belongs in no repository.
    """
    path = people.parent / SALT_FILE
    try:
        text = path.read_text("ascii").strip()
    except FileNotFoundError:
        pass
    except (OSError, UnicodeDecodeError):
        raise refused(
            shown(path), said("the salt cannot be read: restore it, or remove it")
        ) from None
    else:
        if not re.fullmatch(rf"[0-9a-f]{{{2 * SALT_BYTES}}}", text):
            message = said(
                "expected {number} hexadecimal digits: restore the file, or remove it; a new one gives everybody a new pseudonym",
                number=2 * SALT_BYTES,
            )
            raise refused(shown(path), message)
        return bytes.fromhex(text), []
    salt = secrets.token_bytes(SALT_BYTES)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        note = said("the folder cannot be written: pseudonyms hold for this session only")
        return session_salt(), [note]
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(salt.hex() + "\n")
    note = said("{file} made beside the people: keep it, and share it with nobody", file=SALT_FILE)
    return salt, [note]
