"""Chance by name: (seed, stream, decision, person, index) -> number.

The generator is Philox4x32-10 (Salmon et al. 2011, *Parallel random numbers: as easy as 1, 2,
3*): a keyed scrambling of a counter, so a number is a function of its name and never of what
was drawn before.
"""

from __future__ import annotations

import math
from typing import Final

from sim.elementary import cosine, log
from sim.engine import rule

# One number per decision. New decisions are added at the end and move no other.
# Each says what it decides, and whose chance it is: of the organisation, or of a run's luck.
TRAIT: Final = 0  # traits of a person; organisation, of a newcomer luck
CONTEXT: Final = 1  # what all people of an organisation have in common; organisation
TEAM_TIE: Final = 2  # whether two people of a team notice each other; organisation
CROSS_TIES: Final = 3  # sociability, and the number of ties outside the team; organisation
CROSS_PARTNER: Final = 4  # whom a tie outside the team leads to; organisation
INCLINATION: Final = 5  # whether somebody starts or stops in a substep; luck
CHAMPION: Final = 6  # who commits among leaders, who is chosen as champion; organisation
AUDIENCE: Final = 7  # whom a deployment for a share of people reaches; organisation
RANDOM_TIES: Final = 8  # ties of a random network; organisation
REWIRING: Final = 9  # which ties of a small world are moved; organisation
LEAVING: Final = 10  # who leaves in a month; luck
ROLLOUT: Final = 11  # who is in a phase of the roll-out for a share of people; organisation
BUDDY: Final = 12  # who becomes whose buddy; luck
PULSE: Final = 13  # error of a pulse survey; luck
SCALE_FREE: Final = 14  # ties of a scale-free network; organisation
BLOCK_TIES: Final = 15  # ties of a network of blocks; organisation
ORDER: Final = 16  # who acts when in a substep, where people act one after the other; luck
ASKED: Final = 17  # who answers the pulse survey of a turn of the game; luck
QUOTED: Final = 18  # who is quoted in a turn of the game, and in which words; luck

PHILOX: Final = 0xFFFFFFFF, 0xD2511F53, 0xCD9E8D57, 0x9E3779B9, 0xBB67AE85
"""Mask of a word of 32 bits, multipliers of two words of the counter, steps of two of the key."""

UNIT: Final = 1.0 / 4294967296.0


@rule
def block(
    seed: int, stream: int, decision: int, person: int, other: int, *, index: int
) -> tuple[int, int, int, int]:
    """Return four independent 32-bit words for one name.

    Parameters
    ----------
    seed
        Seed of the study [0 to 2**32 - 1].
    stream
        Number of the organisation (traits, ties) or of the continuation (luck).
    decision
        One of the constants of this page.
    person, other
        Stable key of the person; of the second person for a tie, else 0.
    index
        Block number: field or substep divided by four.
    """
    mask, multiplier0, multiplier1, step0, step1 = PHILOX
    c0, c1, c2, c3 = int(person) & mask, int(other) & mask, int(index) & mask, int(decision) & mask
    k0, k1 = int(seed) & mask, int(stream) & mask
    for _ in range(10):
        # Compiled, these have a sign where the highest of 64 bits is set; masks take it off again.
        product0, product1 = multiplier0 * c0, multiplier1 * c2
        c0, c1 = (product1 >> 32 ^ c1 ^ k0) & mask, product1 & mask
        c2, c3 = (product0 >> 32 ^ c3 ^ k1) & mask, product0 & mask
        k0, k1 = k0 + step0, k1 + step1
    return c0, c1, c2, c3


@rule
def unit(word: int) -> float:
    """Return a 32-bit word as a number strictly between 0 and 1."""
    return (word + 0.5) * UNIT


@rule
def uniform(
    seed: int, stream: int, decision: int, person: int, index: int = 0, *, other: int = 0
) -> float:
    """Return the number strictly between 0 and 1 that has this name."""
    w0, w1, w2, w3 = block(seed, stream, decision, person, other, index=index >> 2)
    lane = index & 3
    if lane == 0:
        return unit(w0)
    if lane == 1:
        return unit(w1)
    if lane == 2:
        return unit(w2)
    return unit(w3)


@rule
def normal(first: float, second: float) -> float:
    """Return a standard normal number made of two uniform ones (Box and Muller 1958)."""
    return math.sqrt(-2.0 * log(first)) * cosine(second)
