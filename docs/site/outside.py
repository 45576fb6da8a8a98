"""Whether a built site asks anything of elsewhere when it is opened: it must not."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

LOADED = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src",),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
"""What a browser fetches by itself; a link (``a``) is followed by the reader only."""

ELSEWHERE = re.compile(r"(?:https?:)?//", re.I)
IN_STYLES = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])\s*((?:https?:)?//[^"')]+)""", re.I)
IN_SCRIPTS = re.compile(
    r"""(?:fetch|import|importScripts|open|Worker|EventSource|WebSocket)\s*\(\s*["'`][^"'`]*?((?:https?|wss?)://[^"'`]+)"""
    r"""|\.src\s*=\s*["'`]((?:https?:)?//[^"'`]+)""",
    re.I,
)


class Page(HTMLParser):
    """What a page loads from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Look at what an element loads, and at its style."""
        for name, value in attributes:
            if value and name in LOADED.get(tag, ()) and ELSEWHERE.match(value.strip()):
                self.found.append(f"<{tag} {name}={value}>")
            if value and name == "style":
                self.found += IN_STYLES.findall(value)

    def handle_data(self, data: str) -> None:
        """Look at styles and scripts within the page."""
        if self.lasttag == "style":
            self.found += IN_STYLES.findall(data)
        if self.lasttag == "script":
            self.found += ["".join(one) for one in IN_SCRIPTS.findall(data)]


def loads(folder: Path) -> Iterator[str]:
    """Yield what any file of a site loads from elsewhere, with the file."""
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        if file.suffix in {".html", ".svg"}:
            page = Page()
            page.feed(file.read_text("utf-8"))
            found = page.found
        elif file.suffix == ".css":
            found = IN_STYLES.findall(file.read_text("utf-8"))
        elif file.suffix in {".js", ".mjs"}:
            found = ["".join(one) for one in IN_SCRIPTS.findall(file.read_text("utf-8"))]
        else:
            continue
        yield from (f"{file.relative_to(folder)}: loads {one}" for one in found)


if __name__ == "__main__":
    site = Path(sys.argv[1])
    if not (site / "index.html").exists():
        sys.exit(f"{site}: no site, there is no index.html")
    if told := list(loads(site)):
        sys.exit("\n".join(["the site asks something of elsewhere:", *told]))
