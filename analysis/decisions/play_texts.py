"""What a game says to who plays it: the rules, what is seen, how champions may be chosen."""

from __future__ import annotations

from analysis.words.languages import ENGLISH, Language
from sim.play import Seen, State
from sim.scenario.catalogue import read_events
from sim.scenario.measure import Selection


def rules(state: State, words: Language = ENGLISH) -> list[str]:
    """Return what can be done, and what it costs: what it is about first."""
    told = state.world.rules
    return [
        words._(
            "You lead this for {turns} turns of {months} months, with {money} for everything: licences are in it.",
            turns=words.number(told.turns),
            months=words.number(told.months),
            money=words.euro(told.money),
        ),
        words._(
            "Each turn: start up to {most} measures, stop one, and bet on how many use AI every week when the "
            "turn ends.",
            most=words.number(told.most_at_once),
        ),
        words._(
            "A price is what a measure costs from now to the end; what cannot be paid is refused. Stopping gives "
            "back what is not spent yet."
        ),
        words._(
            "A bet is a range, such as 20 to 35. It should hold what comes 8 times of 10: too wide costs, too narrow "
            "costs more. Weekly users are fewer than those who used it once this month."
        ),
        words._("The survey asks a few people, and you hear of it a turn late."),
    ]


def ahead(state: State, words: Language = ENGLISH) -> str:
    """Return which turn it is, and which months lie ahead."""
    told = state.world.rules
    return words._(
        "Turn {turn} of {turns}: months {first} to {last} lie ahead",
        turn=words.number(state.turn + 1),
        turns=words.number(told.turns),
        first=words.number(state.month + 1),
        last=words.number(state.month + told.months),
    )


def survey(view: Seen, words: Language = ENGLISH) -> str:
    """Return what the last survey says; nothing before there is one."""
    answers = view.survey
    if answers is None or not answers.month:
        return ""
    return words._(
        "Survey of month {month}, {asked} people: {weekly} % use it every week (give or take {error}), "
        "{helps} % expect that it helps them (give or take {other}). One standard error.",
        month=words.number(answers.month),
        asked=words.number(answers.asked),
        weekly=words.number(100.0 * answers.weekly),
        error=words.number(100.0 * answers.weekly_error),
        helps=words.number(100.0 * answers.helps),
        other=words.number(100.0 * answers.helps_error),
    )


def quotes(view: Seen, words: Language = ENGLISH) -> list[str]:
    """Return what people say, and where they work."""
    lines = []
    for quote in view.quotes:
        who = words._("someone in {department}", department=quote.department)
        lines.append(f"“{words.of(quote.says)}” ({who})")
    return lines


def money(view: Seen, words: Language = ENGLISH) -> str:
    """Return what is left, spent and committed."""
    return words._(
        "Money: {left} left to decide about; {spent} spent, {ahead} committed to what is to come.",
        left=words.euro(view.money.left),
        spent=words.euro(view.money.spent),
        ahead=words.euro(view.money.committed - view.money.spent),
    )


def news(view: Seen, words: Language = ENGLISH) -> list[str]:
    """Return what happened in the last turn."""
    lines = []
    for name, event in view.news.items():
        kind = read_events()[event.kind or name]
        lines.append(
            words._(
                "News of month {month}. {title}: {text}",
                month=words.number(event.month),
                title=words.of(kind.title),
                text=words.of(kind.description),
            )
        )
    return lines


def ways(state: State, words: Language = ENGLISH) -> dict[Selection, str]:
    """Return how champions may be chosen; where the people are on a list, they can be named."""
    listed: dict[Selection, str] = {
        "volunteers": words._("who volunteers"),
        "nominated": words._("whom colleagues name"),
        "most_connected": words._("who knows most people"),
        "best_bridge": words._("who connects groups"),
        "per_department": words._("some of each department"),
        "random": words._("by lot"),
    }
    if state.world.start.organisation.people is not None:
        listed["named"] = words._("by name, from the list of people")
    return listed
