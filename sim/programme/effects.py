"""What the programme does: rounds of measures become pushes, month by month and for whom."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple, get_args

import numpy as np

from sim import draws
from sim.channels import LAUNCH, MESSAGE_PROMISE, MESSAGE_PULL, QUALITY, WIDTH, Push
from sim.elementary import exp, log
from sim.engine import rule
from sim.engine.kinds import F8_2, F8_3, I8, I8_2, TRUE_2, Array, Of
from sim.programme.budget import LEADERS, is_for
from sim.scenario.schema import Visible
from sim.state import Employee

MOST_ROUNDS: Final = 63
"""Rounds a person's reach is kept of, in the bits of one number."""

NEVER: Final = 1 << 30
"""The month in which something starts that never does."""

VISIBLE: Final = get_args(Visible)

ROUND: Final = np.dtype(
    [
        ("share", "f8"),  # of those meant, drawn by chance
        ("code", "i8"),  # names the round's chance
        ("not_yet_using", "u1"),  # for those who do not use AI when it starts
        ("on_arrival", "u1"),  # for newcomers
        ("appoints", "i8"),  # position in APPOINTS
        ("new_head", "f8"),  # what a participant who comes later costs once [euro]
        ("new_hours", "f8"),  # [hour]
        ("wage", "f8"),  # what an hour of everybody costs here, 0 for the own [euro]
        ("sender", "i8"),  # who speaks, as a number; -1 for nobody in particular
        ("format", "i8"),  # in which format, as a number
    ],
    align=True,
)
"""What a round is, besides its months and people."""

MONTH: Final = np.dtype(
    [
        ("last_dose", "i8"),  # the latest month with a dose, -1 before the first
        ("fixed", "f8"),  # costs, whatever the number of participants, own team included [euro]
        ("team", "f8"),  # working time of those who run it [hour]
        ("head", "f8"),  # for each participant [euro]
        ("hours", "f8"),  # working time of each participant [hour]
    ]
)
"""What a round is in a month, counted from its start."""

REACTION: Final = np.dtype(
    [
        ("starts", "i8"),  # the round that is started
        ("kpi", "i8"),  # position in VISIBLE of the figure looked at
        ("first", "i8"),  # months in which it is looked at, from 0
        ("last", "i8"),
        ("level", "f8"),  # acts where sign * figure < sign * level
        ("sign", "f8"),
        ("where_level", "f8"),  # the same for departments; a sign of 0 means all
        ("where_sign", "f8"),
        ("lag", "i8"),  # months until a figure is known
        ("noise", "f8"),  # standard deviation of its error
    ]
)
"""What a change lead does when something shows."""

SHOCK: Final = np.dtype(
    [
        ("round", "i8"),  # whom it concerns: those the round of the event is meant for
        ("month", "i8"),  # month in which it happens, from 0
        ("habit", "f8"),  # share of the habit lost
        ("skill", "f8"),  # share lost of the skill gained
        ("expectation", "f8"),  # share of the expected usefulness lost
        ("leaves", "i8"),  # role of who leaves, -1 for nobody
    ]
)
"""What an event does at once, beside its pushes."""

OFFICES: Final = np.dtype(
    [
        ("leaders_share", "f8"),  # share of leaders who commit
        ("leaders", "i8"),  # the round whose audience may commit, -1 for none
        ("champions", "i8"),  # how many champions are wanted
        ("selection", "i8"),  # position in SELECTION
        ("eligible", "i8"),  # the round whose audience may be chosen, -1 for none
        ("capacity", "f8"),  # people each champion can coach
        ("buddies", "i8"),  # the round of buddies, -1 for none
        ("spare", "f8"),  # money adaptive rules may spend [euro]
    ]
)
"""Who gets a part to play."""

CALENDAR: Final = np.dtype(
    [
        ("commitment", "f8"),  # how far leaders keep their commitment, 0 while it is not in force
        ("service", "i8"),  # months champions have tired, -1 while not in service
        ("works", "f8"),  # how well the tool works: 1, or less while it fails
        ("starting", "f8"),  # what measures made of the culture: factor on the rate of starting
        ("stopping", "f8"),  # on the rate of stopping
        ("learning", "f8"),  # on what practice teaches
        ("finding", "f8"),  # on use cases found
        ("dearer", "f8"),  # factor on the price of licences
    ],
    align=True,
)
"""What holds for everybody in a month."""


class Programme(NamedTuple):
    """A programme as both engines read it; D rounds, M months. Tables compile faster than columns.

    Attributes
    ----------
    rounds
        Dtype ``ROUND`` [D].
    amount
        What each round does to a person reached, by month since its start [D, M, fields of Push].
    lasting
        Part of a push left a month later; 1 where a latecomer gets what the others get
        [D, fields of Push].
    months
        Dtype ``MONTH``, by month since the start [D, M].
    onset
        Month in which each round starts in each department, from 0 [D, departments].
    admits, stretches, named
        Whom each round is meant for, as in :class:`sim.programme.budget.Asked`.
    offices
        Dtype ``OFFICES`` [1].
    calendar
        Dtype ``CALENDAR`` [M].
    coaching, buddying
        What a full coaching place does, by calendar month, and a buddy, by month since the start
        [M, fields of Push].
    reactions
        Dtype ``REACTION``, one per adaptive rule.
    launches
        Rounds whose launch counts from each person's own access; none where it counts from its
        own month alone.
    variety
        Power of the number of senders and formats in the pull of messages.
    shocks
        Dtype ``SHOCK``, one per event.
    """

    rounds: Annotated[Array, Of(ROUND)]
    amount: F8_3
    lasting: F8_2
    months: Annotated[Array, Of(MONTH, 2)]
    onset: I8_2
    admits: TRUE_2
    stretches: I8
    named: TRUE_2
    offices: Annotated[Array, Of(OFFICES)]
    calendar: Annotated[Array, Of(CALENDAR)]
    coaching: F8_2
    buddying: F8_2
    reactions: Annotated[Array, Of(REACTION)]
    launches: I8
    variety: float
    shocks: Annotated[Array, Of(SHOCK)]


# --- Whom it reaches ----------------------------------------------------------------------


@rule
def reach(me: Employee, i: int, programme: Programme, seed: int, stream: int) -> int:
    """Return which rounds are meant for the person in row ``i``, one bit each."""
    mask = 0
    for d in range(programme.rounds.size):
        admitted = programme.admits[d]
        if (
            is_for(admitted, programme.stretches, me.department, me.role, me.team)
            and admitted[programme.stretches[2] + me.archetype]
            and (programme.named.shape[1] == 0 or programme.named[d, i])
            and (
                programme.rounds[d]["share"] >= 1.0
                or draws.uniform(
                    seed, stream, draws.AUDIENCE, me.key, 0, other=programme.rounds[d]["code"]
                )
                < programme.rounds[d]["share"]
            )
        ):
            mask |= 1 << d
    return mask


@rule
def age(
    programme: Programme, onset: Array, d: int, department: int, arrival: int, *, now: int
) -> int:
    """Return the months since a round began for these people; negative if it has not, or is past.

    A measure for newcomers begins when they arrive, if it is in force then.
    """
    begun = now - onset[d, department]
    if programme.rounds[d]["on_arrival"] == 0:
        return begun  # type: ignore[no-any-return]
    came = arrival - onset[d, department]
    if arrival == 0 or came < 0 or begun < 0 or programme.months[d, came]["last_dose"] != came:
        return -1
    return now - arrival


@rule
def months_missed(arrival: int, begins: int, on_arrival: int) -> int:
    """Return the months of a round before somebody came: none of one for newcomers; 0 or less is none."""
    return 0 if on_arrival == 1 else arrival - begins


@rule
def left_to(amount: float, missed: float, lasting: float, over: bool, months: int) -> float:
    """Return what a round does to somebody in a month, who came after its first ones.

    Parameters
    ----------
    amount
        What it does to who was there from its start.
    missed
        What it did in the month before this person came.
    lasting
        Part of that left a month later; 1 if who comes later gets what the others get.
    over
        Whether it was, by then, given for the last time.
    months
        Months since that last one missed.
    """
    if lasting < 1.0:
        for _ in range(months if missed != 0.0 else 0):
            missed = missed * lasting
        return amount - missed
    return 0.0 if over else amount


@rule
def variety(rounds: Array, power: float, heard: Array) -> float:
    """Return the factor of many senders and formats on the pull of what somebody hears.

    The number of senders is the inverse Simpson number of their shares in the pull, that of
    formats likewise: one voice in one format counts 1, two equal ones 2.

    Parameters
    ----------
    rounds
        Dtype ``ROUND``; uses senders and formats [D].
    power
        Power of their numbers.
    heard
        Pull of each round's message on this person this month [D].
    """
    total, same_sender, same_format = 0.0, 0.0, 0.0
    for d in range(heard.size):
        if heard[d] == 0.0:
            continue
        total += heard[d]
        for e in range(heard.size):
            if heard[e] == 0.0:
                continue
            both = heard[d] * heard[e]
            if rounds[d]["sender"] == rounds[e]["sender"]:
                same_sender += both
            if rounds[d]["format"] == rounds[e]["format"]:
                same_format += both
    if same_sender <= 0.0 or same_format <= 0.0:
        return 1.0
    number = (total * total / same_sender) * (total * total / same_format)
    return exp(power * log(max(1.0, number)))


@rule
def fill_each(
    amounts: Array,
    programme: Programme,
    onset: Array,
    mask: int,
    department: int,
    *,
    arrival: int,
    now: int,
) -> None:
    """Write what each round of a mask does in a month [rounds, fields of Push].

    What leaders do is told as if all leaders of these people committed.

    Parameters
    ----------
    amounts
        Where it goes.
    programme
        The programme.
    onset
        Month in which each round starts in each department, from 0.
    mask
        Rounds that reach these people, one bit each.
    department
        Their department.
    arrival
        Months the programme had run when they came; what was said before did not reach them.
    now
        Month, from 0.
    """
    for d in range(programme.rounds.size):
        for k in range(WIDTH):
            amounts[d, k] = 0.0
        if (mask >> d) & 1 == 0 and programme.rounds[d]["appoints"] != LEADERS:
            continue
        since = age(programme, onset, d, department, arrival, now=now)
        if since < 0:
            continue
        missed = months_missed(arrival, onset[d, department], programme.rounds[d]["on_arrival"])
        over = missed > 0 and programme.months[d, since]["last_dose"] < missed
        for k in range(WIDTH):
            amounts[d, k] = programme.amount[d, since, k]
            if missed > 0:
                amounts[d, k] = left_to(
                    amounts[d, k],
                    programme.amount[d, missed - 1, k],
                    programme.lasting[d, k],
                    over and k != QUALITY,
                    since - missed + 1,
                )


@rule
def together(programme: Programme, amounts: Array, led: float) -> Push:
    """Return what rounds do together, and leaders who commit.

    Parameters
    ----------
    programme
        The programme.
    amounts
        What each round does, as :func:`fill_each` writes it [rounds, fields of Push].
    led
        Part of these people's leaders who commit: what leaders do reaches those they lead [0 to 1].
    """
    total, heard = np.zeros(WIDTH), np.zeros(programme.rounds.size)
    for d in range(programme.rounds.size):
        part = led if programme.rounds[d]["appoints"] == LEADERS else 1.0
        for k in range(WIDTH):
            total[k] += part * amounts[d, k]
        heard[d] = part * amounts[d, MESSAGE_PULL]
    if programme.variety > 0.0:
        factor = variety(programme.rounds, programme.variety, heard)
        total[MESSAGE_PULL] *= factor
        total[MESSAGE_PROMISE] *= factor
    return as_push(total)


@rule
def add_up(
    programme: Programme,
    onset: Array,
    mask: int,
    department: int,
    arrival: int,
    *,
    led: float,
    now: int,
) -> Push:
    """Return what the rounds of a mask, and leaders who commit, do together in a month.

    The arguments are those of :func:`fill_each` and :func:`together`.
    """
    amounts = np.empty((programme.rounds.size, WIDTH))
    fill_each(amounts, programme, onset, mask, department, arrival=arrival, now=now)
    return together(programme, amounts, led)


@rule
def launch_from_access(
    programme: Programme, onset: Array, mask: int, me: Employee, now: int
) -> float:
    """Return how many launches are fresh to this person, each counted from the own access.

    A launch that came before somebody could use the tool begins with the access, for newcomers who
    wait for it as well; one that was over when a newcomer came, who can use the tool at once, does
    not begin again.

    Parameters
    ----------
    programme
        The programme.
    onset
        Month in which each round starts in each department, from 0.
    mask
        Rounds that reach this person, one bit each.
    me
        The employee, with the month of access.
    now
        Month, from 0.
    """
    total, access = 0.0, me.access_month - 1
    for d in programme.launches:
        led = programme.rounds[d]["appoints"] == LEADERS
        if (mask >> d) & 1 == 0 and not led:
            continue
        since = age(programme, onset, d, me.department, me.arrival, now=now)
        if since < 0 or now < access:
            continue
        missed = months_missed(
            me.arrival, onset[d, me.department], programme.rounds[d]["on_arrival"]
        )
        wait = access - (now - since)
        if wait > 0 and (missed <= 0 or access > me.arrival):
            since, missed = since - wait, 0
        amount = programme.amount[d, since, LAUNCH]
        if missed > 0:
            amount = left_to(
                amount,
                programme.amount[d, missed - 1, LAUNCH],
                programme.lasting[d, LAUNCH],
                programme.months[d, since]["last_dose"] < missed,
                since - missed + 1,
            )
        total += amount * (me.led if led else 1.0)
    return total


@rule
def as_push(row: Array) -> Push:
    """Return a row of numbers as a Push."""
    return Push(*row)
