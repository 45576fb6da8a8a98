"""Ten cards on culture and readiness, what they set, and the same in numbers."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from analysis.app import session
from analysis.words.languages import Language
from sim.scenario.diagnosis import LEVELS, Card, Level, read_diagnosis, value_at
from sim.scenario.organisation import Organisation

TIES: Final = "network."
"""How fields begin that a file of ties says better."""


def show(words: Language) -> None:
    """Show the cards, what they set, and the sliders."""
    st.subheader(words._("Culture and readiness"), anchor=False)
    cards = {
        name: card
        for name, card in read_diagnosis().items()
        if not _in_files(card, session.current().first.organisation)
    }
    with st.expander(words._("Ten cards: what is to be seen here?"), icon=":material/style:"):
        st.caption(
            words._("Choose what somebody would see who walks in. Fair changes nothing.")
            + (
                ""
                if len(cards) == len(read_diagnosis())
                else " " + words._("What your files say already is not asked.")
            )
        )
        columns = st.columns(2, gap="medium")
        for number, card in enumerate(cards.values(), start=1):
            with columns[(number - 1) % 2].container(border=True):
                _card(card, number, words)
    st.markdown(_told(list(cards.values()), words))
    with st.expander(words._("The same in numbers"), icon=":material/tune:"):
        _sliders(words)


def _in_files(card: Card, organisation: Organisation) -> bool:
    """Return whether what a card sets is not used, because a file says it."""
    if card.field.startswith(TIES):
        return organisation.ties is not None or organisation.network.kind != "teams"
    return card.field == "teams_per_manager" and organisation.people is not None


def _card(card: Card, number: int, words: Language) -> None:
    """Ask one question."""
    there = card.level(session.current().first.organisation)
    names = {
        "weak": words._("Weak"),
        "fair": words._("Fair"),
        "strong": words._("Strong"),
    }
    signs = {level: f"**{names[level]}.** {words.of(getattr(card.at, level))}" for level in LEVELS}
    key = _key("card", card.field)
    st.radio(
        f"**{number}. {words.of(card.title)}.** {words.of(card.question)}",
        LEVELS,
        index=None if there is None else LEVELS.index(there),
        format_func=signs.__getitem__,
        key=key,
        on_change=_answered,
        args=(card, key),
    )


def _answered(card: Card, key: str) -> None:
    """Set what an answer says, and let the slider of that number follow."""
    level: Level | None = st.session_state[key]
    if level is None:
        return
    session.change({card.path: card.value(level)})
    _renew("slider", card.field)


def _moved(path: str, key: str) -> None:
    """Set what a slider says, and let the card of that number follow."""
    session.change({f"organisation.{path}": st.session_state[key] / 100.0})
    _renew("card", path)


def _key(kind: str, field: str) -> str:
    """Return the key of the card or the slider of a field, another one after the other was used."""
    times = st.session_state.get(f"{kind} {field}", 0)
    return session.key(f"{kind} {field} {times}")


def _renew(kind: str, field: str) -> None:
    """Let the card or the slider of a field show what there is now."""
    name = f"{kind} {field}"
    st.session_state[name] = st.session_state.get(name, 0) + 1


def _told(cards: list[Card], words: Language) -> str:
    """Return what differs from the usual, in plain words."""
    organisation = session.current().first.organisation
    texts = [
        _says(card.field, value_at(organisation, card.field), words)
        for card in cards
        if value_at(organisation, card.field) != card.usual
    ]
    if not texts:
        return words._("All as usual: nothing differs from an average organisation.")
    return words._("This differs from the usual: {listed}.", listed="; ".join(texts))


def _says(field: str, value: Any, words: Language) -> str:
    """Return what a field says, with its number."""
    councils = {
        "none": words._("no works council has a say"),
        "late": words._("the works council has a say only after go-live"),
        "early": words._("the works council has a say from the first month"),
    }
    if field == "works_council":
        return councils[value]
    hundred = words._("{name}: {number} of 100", name="{name}", number="{number}")
    names = shares(words)
    if field in names:
        return hundred.format(name=names[field], number=words.number(100.0 * value))
    return words._(
        "{name}: {number}",
        name=numbers(words)[field],
        number=words.number(value, 0 if float(value).is_integer() else 1),
    )


def shares(words: Language) -> dict[str, str]:
    """Return the fields from 0 to 1, and what they are called."""
    return {
        "culture.error_tolerance": words._("Errors may be made"),
        "culture.participation": words._("People have a say"),
        "culture.experimentation": words._("Trying out is welcome"),
        "culture.transparency": words._("Plans are told"),
        "digital_maturity": words._("Digital maturity"),
        "network.team_ties": words._("Teammates who notice each other"),
        "network.inside_department": words._("Contacts outside the team, in the own department"),
    }


def numbers(words: Language) -> dict[str, str]:
    """Return the fields that are numbers of something, and what they are called."""
    return {
        "network.cross_ties": words._("Contacts outside the team"),
        "teams_per_manager": words._("Teams under a manager"),
    }


def _sliders(words: Language) -> None:
    """Show the numbers that the cards set, and turnover, each with a slider."""
    organisation = session.current().first.organisation
    st.caption(words._("Culture and digital maturity: 50 is the middle and changes nothing."))
    for path, name in {**shares(words), "turnover": words._("Turnover, % a year")}.items():
        if path.startswith(TIES) and (organisation.ties or organisation.network.kind != "teams"):
            continue
        there, key = round(100.0 * value_at(organisation, path)), _key("slider", path)
        most = max(50 if path == "turnover" else 100, there)
        st.slider(name, 0, most, there, key=key, on_change=_moved, args=(path, key))
