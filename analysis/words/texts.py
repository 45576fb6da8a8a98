"""How numbers and labels stand in a text."""

from __future__ import annotations


def minus(text: str) -> str:
    """Return a text with true minus signs."""
    return text.replace("-", "\N{MINUS SIGN}")


def short(label: str, most: int = 48) -> str:
    """Return a label that leaves room in a title."""
    return label if len(label) <= most else label[: most - 1].rstrip(" ,;:.-") + "…"
