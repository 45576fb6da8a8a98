"""The engine: the rules as C, made from their Python, run as WebAssembly, as native code, or as they are.

Rules are plain Python of a small subset (``SUBSET.md``). :mod:`sim.engine.writer` writes them as C,
function for function; :mod:`sim.engine.module` makes ``sim/engine.wasm`` of that and knows whether it
is still what the rules say; :mod:`sim.engine.hosts` runs it. All give the same bits.
"""

from sim.engine.marks import entry, rule

__all__ = ["entry", "rule"]
