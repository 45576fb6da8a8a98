"""What a team sees at the start of a turn: figures as an organisation has them, never what is truly so."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NamedTuple, get_args

import numpy as np
from pydantic import Field

from sim import draws, kpis
from sim.engine.kinds import Array
from sim.people.population import department_names
from sim.play.game import Money, State, lived, money
from sim.scenario.base import Form
from sim.scenario.catalogue import entries_of
from sim.scenario.events import Event
from sim.scenario.folders import PerLibrary, library_folder
from sim.scenario.measure import Text
from sim.state import THREATS, Worry

Step = Literal["no_access", "never_tried", "stopped", "now_and_then", "weekly"]
"""How far somebody has come."""

WORRIED: Final = 0.35
"""Threat from which somebody speaks of it [0 to 1]; a choice."""

HOPEFUL: Final = 0.5
"""Expected usefulness from which somebody answers that it helps [0 to 1]; a choice."""

LARGEST: Final = 4
"""Added to the answers, half of them yes, before an error is told: or none would be told of 0 of 25."""


class Remark(Form):
    """An entry of ``scenarios/library/quotes.yaml``: what somebody may say."""

    step: Annotated[Step, Field(description="Who can say it: how far somebody has come")]
    worry: Annotated[
        Worry | None, Field(description="What somebody who says it fears most; by default nothing")
    ] = None
    says: Text


class Quote(NamedTuple):
    """What one of the invented people says.

    Attributes
    ----------
    department
        Where he or she works.
    says
        In both languages.
    """

    department: str
    says: Text


class Answers(NamedTuple):
    """What a pulse survey came to.

    Attributes
    ----------
    month
        End of the month it was held in.
    asked
        People who answered.
    weekly, helps
        Share of them who use AI every week, and who expect that it helps them [0 to 1].
    weekly_error, helps_error
        Standard errors of these as shares of the staff [0 to 1].
    """

    month: int
    asked: int
    weekly: float
    weekly_error: float
    helps: float
    helps_error: float


class Seen(NamedTuple):
    """What a team sees.

    Attributes
    ----------
    turn, month
        Turns and months that have passed.
    licences, used
        People with access, and those of them who used AI in each month so far, by the log: exact
        [months + 1 each].
    survey
        The last one that is known; None before there is any.
    quotes
        What some people say.
    money
        What is left.
    news
        What has happened in the last turn, by name.
    """

    turn: int
    month: int
    licences: tuple[int, ...]
    used: tuple[int, ...]
    survey: Answers | None
    quotes: tuple[Quote, ...]
    money: Money
    news: dict[str, Event]


@PerLibrary
def read_quotes() -> dict[str, Remark]:
    """Return what people may say, by name.

    Raises
    ------
    ScenarioError
        With every problem in the file of quotes.
    """
    return entries_of(library_folder() / "quotes.yaml", Remark)


def seen(state: State) -> Seen:
    """Return what a team sees before it decides.

    The log of licences is exact. The survey is of a few people, a turn late. What people fear, and
    how many colleagues it takes, nobody is told.
    """
    rules = state.world.rules
    before = state.month - rules.months
    news = {
        name: event for name, event in rules.events.items() if before < event.month <= state.month
    }
    licences, used = _log(state)
    people = lived(state).people[0]
    return Seen(
        turn=state.turn,
        month=state.month,
        licences=licences,
        used=used,
        survey=survey_of(state),
        quotes=quotes_of(state, people),
        money=money(state),
        news=news,
    )


def _log(state: State) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return how many people have access, and use it, at the end of each month so far."""
    licences, used = [], []
    for month in range(state.month + 1):
        people = lived(state, month).people[0]
        has = people["access"] == 1
        licences.append(int(has.sum()))
        used.append(int((has & (people["uses"] == 1)).sum()))
    return tuple(licences), tuple(used)


def survey_of(state: State) -> Answers | None:
    """Return the last survey that is known, None before there is one.

    Who answers is drawn by name (:data:`sim.draws.ASKED`): the same for every team, whatever it does.
    """
    rules = state.world.rules
    held = state.turn - rules.survey.lag
    if held < 0 or not state.turn:
        return None
    month = held * rules.months
    people = lived(state, month).people[0]
    asked = in_order(state, people, draws.ASKED, held)[: rules.survey.answers]
    weekly = weekly_users(state, people)[asked]
    helps = people["expectation"][asked] >= HOPEFUL
    return Answers(
        month,
        int(asked.size),
        float(weekly.mean()),
        error_of(weekly, people.size),
        float(helps.mean()),
        error_of(helps, people.size),
    )


def weekly_users(state: State, people: Array) -> Array:
    """Return who uses AI every week [people]."""
    least = state.world.start.numbers.weekly_use
    users: Array = (people["uses"] == 1) & (people["intensity"] >= least)
    return users


def error_of(answers: Array, people: int) -> float:
    """Return the standard error of a share among some of the people [0 to 1].

    With two answers of each kind added (Agresti and Coull 1998), and less where nearly all were asked.
    """
    count = answers.size
    share = (float(answers.sum()) + LARGEST / 2.0) / (count + LARGEST)
    missing = (people - count) / max(1, people - 1)
    return float(np.sqrt(share * (1.0 - share) / (count + LARGEST) * missing))


def in_order(state: State, people: Array, decision: int, turn: int) -> Array:
    """Return the rows of all people in an order drawn by name [people]."""
    rules = state.world.rules
    luck = [
        draws.uniform(rules.seed, rules.run, decision, int(person["key"]), turn)
        for person in people
    ]
    return np.argsort(np.array(luck), kind="stable")


def quotes_of(state: State, people: Array) -> tuple[Quote, ...]:
    """Return what some people say, each of another department while there are others.

    Nothing is put into the mouths of people of an own organisation (``organisation.people``).
    """
    if state.world.start.organisation.people is not None:
        return ()
    names = department_names(state.world.start.organisation)
    quotes: list[Quote] = []
    for row in quoted(state, people):
        me = people[row]
        remarks = _fresh(state, me, quotes)
        says = remarks[int(wording(state, int(me["key"])) * len(remarks))]
        quotes.append(Quote(names[int(me["department"])], says))
    return tuple(quotes)


def quoted(state: State, people: Array) -> list[int]:
    """Return the rows of who is quoted in a turn; it hangs on no more than keys and departments."""
    chosen: list[int] = []
    order = in_order(state, people, draws.QUOTED, state.turn)
    for fresh in (True, False):
        for row in order:
            there = {int(people["department"][k]) for k in chosen}
            new = int(people["department"][row]) not in there
            if (
                len(chosen) < state.world.rules.quotes
                and int(row) not in chosen
                and (new or not fresh)
            ):
                chosen.append(int(row))
    return chosen


def wording(state: State, key: int) -> float:
    """Return which of the remarks somebody could make is made in a turn, as a part of them [0 to 1]."""
    rules = state.world.rules
    return draws.uniform(rules.seed, rules.run, draws.QUOTED, key, state.turn, other=1)


def _fresh(state: State, me: Any, quotes: list[Quote]) -> list[Text]:
    """Return what somebody may say and nobody has said yet; if all is said, what may be said."""
    step, there = step_of(state, me), [quote.says for quote in quotes]
    of_worry, of_step = remarks_of(step, worry_of(me)), remarks_of(step, None)
    for remarks in (of_worry, of_step):
        if fresh := [remark for remark in remarks if remark not in there]:
            return fresh
    return of_worry or of_step


def remarks_of(step: Step, worry: Worry | None) -> list[Text]:
    """Return what people at a step say who fear this most, or nothing much."""
    known = read_quotes().values()
    return [remark.says for remark in known if (remark.step, remark.worry) == (step, worry)]


def step_of(state: State, me: Any) -> Step:
    """Return how far somebody has come."""
    if me["access"] != 1 and me["uses"] != 1:
        return "no_access"
    if me["uses"] != 1:
        return "stopped" if me["ever_used"] == 1 else "never_tried"
    weekly = me["intensity"] >= state.world.start.numbers.weekly_use
    return "weekly" if weekly else "now_and_then"


def worry_of(me: Any) -> Worry | None:
    """Return what somebody fears most, None where that is little."""
    levels = {name: float(me[f"threat_{name}"]) for name in THREATS}
    most = max(get_args(Worry), key=lambda name: levels[name])
    return most if levels[most] >= WORRIED else None


def reached(state: State) -> Array:
    """Return the true share of weekly users by month [months + 1] [%]: for the end, not for a team."""
    curve: Array = 100.0 * lived(state).rows[0, :, kpis.COLUMN["adoption"]]
    return curve
