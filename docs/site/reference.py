"""The reference: a page for each public name of ``sim`` and ``analysis``, the commands, and scenario files."""

from __future__ import annotations

import inspect
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import fields
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

PACKAGES = ("sim", "analysis")


def kind_of(one: Any) -> str:
    """Return by which directive a public name is described."""
    if not inspect.isclass(one):
        return "autofunction"
    return "autoexception" if issubclass(one, Exception) else "autoclass"


def page_of(package: str, name: str) -> str:
    """Return the page of one public name."""
    kind = kind_of(getattr(import_module(package), name))
    members = "" if kind == "autofunction" else "   :members:\n"
    title = f"{package}.{name}"
    return f"{title}\n{'=' * len(title)}\n\n.. {kind}:: {title}\n{members}"


def overview_of(package: str) -> str:
    """Return the page of a package: its public names, each with its first sentence."""
    module = import_module(package)
    names = "\n".join(f"   {name}" for name in module.__all__)
    pages = "\n".join(f"   {package}.{name}" for name in module.__all__)
    title = f"{package} in Python"
    return (
        f"{title}\n{'=' * len(title)}\n\n.. py:module:: {package}\n\n{module.__doc__}\n\n"
        f".. autosummary::\n   :nosignatures:\n\n{names}\n\n"
        f".. toctree::\n   :hidden:\n\n{pages}\n"
    )


def indented(text: str) -> str:
    """Return a text as the body of a block."""
    return "\n".join(f"   {line}".rstrip() for line in text.splitlines())


def commands() -> str:
    """Return the page of the commands: what each says of itself."""
    from analysis.cli import adopt

    title = "Commands"
    parts = [
        f"{title}\n{'=' * len(title)}\n\n"
        "What ``adopt COMMAND --help`` says. In the folder of the project, ``adopt`` stands for "
        "``python3 -m uv run adopt``.\n"
    ]
    settings = {**adopt.context_settings, "terminal_width": 88, "max_content_width": 88}
    context = click.Context(adopt, info_name="adopt", **settings)
    for name in adopt.list_commands(context):
        command = adopt.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context, **settings)
        parts.append(
            f"adopt {name}\n{'-' * (len(name) + 6)}\n\n.. code-block:: text\n\n"
            f"{indented(command.get_help(inner))}\n"
        )
    return "\n".join(parts)


def write(app: Sphinx) -> None:
    """Write the pages, and only those that are not as they were, so that Sphinx rereads no other."""
    folder = Path(app.srcdir) / "docs" / "reference"
    folder.mkdir(exist_ok=True)
    pages = {"commands": commands(), "scenario": fields.page()}
    for package in PACKAGES:
        pages[package] = overview_of(package)
        for name in import_module(package).__all__:
            pages[f"{package}.{name}"] = page_of(package, name)
    for old in folder.glob("*.rst"):
        if old.stem not in pages:
            old.unlink()
    for name, text in pages.items():
        page = folder / f"{name}.rst"
        if not page.exists() or page.read_text("utf-8") != text:
            page.write_text(text, "utf-8")


def reached(root: Any, words: list[str]) -> bool:
    """Return whether attributes lead from something to something."""
    for word in words:
        if not hasattr(root, word):
            return False
        root = getattr(root, word)
    return True


def exists(target: str) -> bool:
    """Return whether a name leads to something of this project: from a module, or in one that is in use."""
    words = target.split(".")
    for cut in range(len(words), 0, -1):
        with suppress(ImportError):
            if reached(import_module(".".join(words[:cut])), words[cut:]):
                return True
    ours = [one for name, one in sys.modules.items() if name.split(".")[0] in PACKAGES]
    return any(reached(one, words) for one in ours)


def shown_at(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, text: nodes.TextElement
) -> Any:
    """Lead a name asked for by its module, such as ``sim.results.Result``, to the page of the public one.

    What is not public has no page and is shown as it is, if it exists.
    """
    if node.get("refdomain") != "py":
        return None
    target = str(node.get("reftarget", ""))
    words = target.split(".")
    domain = env.get_domain("py")
    for package in PACKAGES:
        public = import_module(package).__all__
        for count in (1, 2):
            if len(words) >= count and words[-count] in public:
                name = ".".join([package, *words[-count:]])
                if found := domain.resolve_xref(
                    env, node["refdoc"], app.builder, "obj", name, node, text
                ):
                    return found
    return text if exists(target) else None


def plain_first_line(
    app: Sphinx, what: str, name: str, one: Any, options: Any, lines: list[str]
) -> None:
    """Keep the first line of a property as it is: what stands before a colon there is no type."""
    if what in {"attribute", "property"} and lines:
        lines.insert(0, "\\")


def signature(
    app: Sphinx, what: str, name: str, one: Any, options: Any, given: str, returned: str
) -> tuple[str, str] | None:
    """Leave out the defaults of what is read from a file: they fill a page."""
    return ("(...)", "") if hasattr(one, "model_fields") else None


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages before Sphinx looks which there are."""
    app.connect("builder-inited", write)
    app.connect("missing-reference", shown_at)
    app.connect("autodoc-process-signature", signature)
    app.connect("autodoc-process-docstring", plain_first_line, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
