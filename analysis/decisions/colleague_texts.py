"""An invented colleague in three sentences: how it began, what came then, and where it ended."""

from __future__ import annotations

from analysis.decisions.colleague import Colleague, Moment
from analysis.words.languages import ENGLISH, Language


def sentences(me: Colleague, words: Language = ENGLISH) -> list[str]:
    """Return three sentences about an invented person."""
    return [_began(me, words), _then(me, words), _ended(me, words)]


def _began(me: Colleague, words: Language) -> str:
    """Say when and why somebody tried it for the first time."""
    if not me.moments:
        return words._("Never tried AI, with access from month {month} on.", month=me.access)
    first = me.moments[0]
    if first.reason == "before":
        return words._("Used AI already before the programme began.")
    if first.reason == "appointed":
        return words._("Began in month {month}, as promised when appointed.", month=first.month)
    values = {"month": first.month, "reason": started_by(first.reason, words)}
    if first.alone:
        return words._(
            "Tried AI in month {month}, and would not have done so that week without {reason}.",
            **values,
        )
    return words._("Tried AI in month {month}; what weighed most was {reason}.", **values)


def _then(me: Colleague, words: Language) -> str:
    """Say when and why somebody stopped and began again."""
    stops = [moment for moment in me.moments if moment.kind == "stop"]
    if not me.moments:
        return words._("Nothing weighed enough to begin: no colleague, no leader, no news.")
    if not stops:
        return words._("Did not stop since.")
    last = stops[-1]
    times = words._("Stopped once")
    if len(stops) > 1:
        times = words._("Stopped {number} times", number=words.number(len(stops)))
    again = _after(me, last)
    values = {"times": times, "month": last.month, "why": stopped_by(last.reason, words)}
    if again is None:
        return words._("{times}, lastly in month {month}: {why}.", **values)
    return words._(
        "{times}, lastly in month {month}: {why}; began again in month {again}, through {reason}.",
        again=again.month,
        reason=started_by(again.reason, words),
        **values,
    )


def _after(me: Colleague, stop: Moment) -> Moment | None:
    """Return how somebody began again after the last stop."""
    place = me.moments.index(stop)
    return me.moments[place + 1] if place + 1 < len(me.moments) else None


def _ended(me: Colleague, words: Language) -> str:
    """Say where somebody is at the end, and how usual that is."""
    usual = words._(
        "In use for {used} months; {median} is the middle of the {people} of this kind that were looked at.",
        used=words.number(me.used),
        median=words.number(me.median),
        people=words.number(me.people),
    )
    if me.intensity <= 0.0:
        return words._("Does not use it at the end. {usual}", usual=usual)
    return words._(
        "Uses it at the end on {share} of the working days. {usual}",
        share=words.percent(me.intensity),
        usual=usual,
    )


def started_by(reason: str, words: Language = ENGLISH) -> str:
    """Return what moved somebody to begin."""
    return {
        "peers": words._("colleagues who use it"),
        "example": words._("the leaders' example"),
        "novelty": words._("the news of it"),
        "incentive": words._("what there was to gain by it"),
        "rest": words._("what this person thinks of it and can do with it"),
        "appointed": words._("the promise made when appointed"),
        "before": words._("earlier use"),
    }[reason]


def stopped_by(reason: str, words: Language = ENGLISH) -> str:
    """Return what weighed less at a stop than at the start before it."""
    return {
        "peers": words._("fewer colleagues were seen to use it"),
        "example": words._("the leaders' example faded"),
        "novelty": words._("the news wore off"),
        "incentive": words._("there was less to gain by it"),
        "rest": words._("it brought less than hoped, or worries grew"),
        "chance": words._("nothing weighed less, other work came first"),
    }[reason]
