"""The game: lead the adoption of AI in one organisation, turn by turn, with what a change lead can see.

A state and what moves make of it (``game``), what a team sees (``seen``), the file of a facilitator
(``world``), and what is saved and handed in (``saved``).

Examples
--------
>>> from sim.play import Bet, Moves, Start, begin, move, read_world, seen
>>> state = begin(read_world("machine-builder"), "blue")
>>> state = move(state, Moves((Start("champions", "most_connected"),)), Bet(low=5, high=30))
>>> state.month, seen(state).licences[-1]
(3, 140)
"""

from __future__ import annotations

from sim.play.game import (
    CHANCE,
    Money,
    Moves,
    Offer,
    Start,
    State,
    begin,
    decided,
    interval_score,
    lived,
    money,
    move,
    offers,
    running,
    scenario_of,
    stoppable,
    to_the_end,
)
from sim.play.saved import replayed, resume, save
from sim.play.seen import Answers, Quote, Seen, reached, seen
from sim.play.world import Rules, World, read_world, world_names
from sim.scenario.schema import Bet

__all__ = [
    "CHANCE",
    "Answers",
    "Bet",
    "Money",
    "Moves",
    "Offer",
    "Quote",
    "Rules",
    "Seen",
    "Start",
    "State",
    "World",
    "begin",
    "decided",
    "interval_score",
    "lived",
    "money",
    "move",
    "offers",
    "reached",
    "read_world",
    "replayed",
    "resume",
    "running",
    "save",
    "scenario_of",
    "seen",
    "stoppable",
    "to_the_end",
    "world_names",
]
