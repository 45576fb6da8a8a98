"""The game: lead it yourself, turn by turn; then see what was skill and what was luck."""

from __future__ import annotations

import io
from functools import partial
from typing import Any, Final

import streamlit as st

from analysis.app import game_charts, session, setup
from analysis.app.following import followed
from analysis.app.jobs import Progress, Study
from analysis.app.session import draw, inert
from analysis.decisions import debrief_texts as texts
from analysis.decisions import play_texts
from analysis.words.languages import Language
from sim.errors import AdoptionError, said
from sim.play import (
    Bet,
    Moves,
    Offer,
    Seen,
    Start,
    State,
    begin,
    decided,
    move,
    offers,
    read_world,
    replayed,
    seen,
    stoppable,
    world_names,
)
from sim.play import money as money_of
from sim.programme.deployments import measure_of
from sim.scenario import read_scenario, scenario_of, scenario_text
from sim.scenario.schema import Scenario
from sim.scenario.words import short
from sim.scenario.writing import scenario_values

OTHERS: Final = 200
"""Other organisations in which each move is tried again."""

GAME: Final = "game"
"""Field of the session that holds the game, as a scenario has it."""


def show() -> None:
    """Show the page: the start, a turn, or what it came to."""
    words = session.words()
    st.title(words._("The game"), anchor=False)
    state = played()
    if state is None:
        _start(words)
    elif state.over:
        _end(state, words)
    else:
        _turn(state, words)


def played() -> State | None:
    """Return the game of the session, gone on with after a refresh; None before there is one."""
    kept = session.field(GAME)
    if kept is None:
        return None
    there = st.session_state.get("game state")
    if there is not None and st.session_state.get("game kept") == kept:
        return there  # type: ignore[no-any-return]
    try:
        state = game_of(scenario_of(kept, said("the game")), said("the game"))
    except AdoptionError as error:
        session.refused(error)
        return None
    _hold(state)
    return state


def keep(state: State | None) -> None:
    """Keep a game with the session, or none."""
    session.fill(GAME, None if state is None else scenario_values(state.scenario))
    _hold(state)


def _hold(state: State | None) -> None:
    st.session_state["game state"] = state
    st.session_state["game kept"] = session.field(GAME)
    st.session_state.pop("game seen", None)


# --- The start -----------------------------------------------------------------------------


def _start(words: Language) -> None:
    """Offer the worlds, and files of games to go on with or to compare."""
    st.markdown(
        words._(
            "You lead the adoption of AI in one organisation, with what a change lead sees: a log, a small "
            "survey that comes late, what people say, and money. At the end the game is played again without "
            "each of your moves, on the same people and the same luck, and in {others} other organisations: "
            "what was skill, and what was luck?",
            others=words.number(OTHERS),
        )
    )
    team = st.text_input(
        words._("Name of your team"), words._("team"), max_chars=60, key="game team"
    )
    for column, name in zip(st.columns(len(world_names())), world_names(), strict=True):
        world = read_world(name)
        with column.container(border=True, height="stretch"):
            st.subheader(inert(str(words.of(world.rules.title))), anchor=False)
            st.markdown(inert(str(words.of(world.rules.story))))
            label = words._("Play: {world}", world=words.of(world.rules.title))
            if st.button(inert(label), key=f"play {name}", type="primary"):
                _try(lambda name=name: keep(begin(read_world(name), team.strip())))
    with st.expander(words._("Go on with a game, or compare the games of a class")):
        st.caption(
            words._(
                "Files that teams have saved (YAML). One file goes on where that team was; several make the "
                "page of a class. They have to be of one shipped world; a facilitator's own world is played "
                "in the terminal (adopt play)."
            )
        )
        files = st.file_uploader(
            words._("Files"), ["yaml", "yml"], accept_multiple_files=True, key="game files"
        )
        if files and st.button(words._("Open them"), key="open games"):
            _try(lambda: _open([(file.name, file.getvalue()) for file in files]))
    _class(words)


def _try(do: Any) -> None:
    """Do something and show the page anew, or say what is wrong."""
    try:
        do()
    except AdoptionError as error:
        session.refused(error)
        return
    st.rerun()


def game_of(scenario: Scenario, called: str) -> State:
    """Return the state of a game; only in shipped worlds: a file says nothing of this computer's others.

    Raises
    ------
    AdoptionError
        If it is no game, of another world, or holds moves that its world does not allow.
    """
    played = scenario.play
    if played is None:
        raise AdoptionError(
            said("{file}: nobody played this: there is no section 'play'", file=called)
        )
    if played.world not in world_names():
        raise AdoptionError(
            said(
                "{file}: found the world '{world}', expected one of: {known}",
                file=called,
                world=short(played.world),
                known=", ".join(world_names()),
            )
        )
    try:
        return replayed(read_world(played.world), scenario, played)
    except AdoptionError as error:
        raise AdoptionError(
            said(
                "{file}: not a game of {world}: {why}",
                file=called,
                world=played.world,
                why=error.args[0],
            )
        ) from None


def _open(files: list[tuple[str, bytes]]) -> None:
    """Open the files of games."""
    states = [
        game_of(read_scenario(path, within=path.parent), path.name)
        for path in setup.written(session.folder(), files)
    ]
    if len(states) == 1:
        keep(states[0])
    else:
        st.session_state["class"] = states


def _class(words: Language) -> None:
    """Show what the games of a class came to."""
    states = st.session_state.get("class")
    if states:
        _followed_debrief(states, words)


# --- A turn --------------------------------------------------------------------------------


def _turn(state: State, words: Language) -> None:
    """Show what is seen, and ask for moves and a bet."""
    view = _seen(state)
    st.subheader(inert(play_texts.ahead(state, words)), anchor=False)
    st.progress(state.turn / state.world.rules.turns)
    for line in play_texts.news(view, words):
        st.warning(inert(line))
    if not state.turn:
        st.markdown("\n".join(f"- {inert(line)}" for line in play_texts.rules(state, words)))
    left, right = st.columns([1.1, 1], gap="large")
    with left:
        _view(state, view, words)
    with right:
        _moves(state, words)
    _save(state, words)


def _seen(state: State) -> Seen:
    """Return what a team sees, worked out once a turn."""
    if "game seen" not in st.session_state:
        st.session_state["game seen"] = seen(state)
    return st.session_state["game seen"]  # type: ignore[no-any-return]


def _view(state: State, view: Seen, words: Language) -> None:
    """Show the log, the survey, what people say, and money."""
    heading = words._("What you see")
    st.markdown(f"**{inert(heading)}**")
    if view.month:
        draw(game_charts.log(view, state.world.last, words))
    survey = play_texts.survey(view, words)
    if survey:
        st.markdown(inert(survey))
    elif state.turn:
        st.caption(words._("The first survey is held now: you hear of it in the next turn."))
    for quote in play_texts.quotes(view, words):
        st.markdown(f"> {inert(quote)}")
    there = money_of(state)
    if there.total > 0.0:
        st.progress(min(1.0, there.committed / there.total), play_texts.money(view, words))


def _moves(state: State, words: Language) -> None:
    """Ask what is started and stopped, and for the bet; play the turn."""
    rules, turn = state.world.rules, state.turn
    heading = words._("What you do")
    st.markdown(f"**{inert(heading)}**")
    listed = {offer.name: offer for offer in offers(state) if not offer.running}
    left, nothing = money_of(state).left, words._("nothing")
    chosen: list[str] = []
    for number in range(1, rules.most_at_once + 1):
        free = ["", *(name for name in listed if name not in chosen)]
        name = st.selectbox(
            words._("Start ({number} of at most {most})", number=number, most=rules.most_at_once),
            free,
            format_func=lambda name: _priced(listed[name], left, words) if name else nothing,
            key=f"start {turn} {number}",
        )
        if not name:
            break
        chosen.append(name)
    starts = tuple(_chosen(listed[name], state, words) for name in chosen)
    for name in chosen:
        measure = measure_of(name, listed[name].deployment)
        st.caption(inert(f"{words.of(measure.title)}: {words.of(measure.description)}"))
    names, there = ["", *stoppable(state)], dict(state.programme)
    stop = st.selectbox(
        words._("Stop"),
        names,
        format_func=lambda name: (
            str(words.of(measure_of(name, there[name]).title)) if name else nothing
        ),
        key=f"stop {turn}",
        disabled=len(names) == 1,
    )
    low, high = st.slider(
        words._(
            "Your bet: % of employees who use AI every week at the end of month {month}",
            month=state.month + rules.months,
        ),
        0,
        100,
        _last_bet(state),
        key=f"bet {turn}",
    )
    moves = Moves(starts, stop or None)
    allowed = True
    try:
        after = money_of(decided(state, moves)).left
        st.caption(words._("That leaves {left}.", left=words.euro(after)))
    except AdoptionError as error:
        allowed = False
        st.error(inert(words._("Not possible: {why}", why=words.told(error))))
    label = words._("Play these {months} months", months=rules.months)
    if st.button(
        label,
        type="primary",
        key=f"turn {turn}",
        icon=":material/play_arrow:",
        disabled=not allowed,
    ):
        _try(lambda: keep(move(state, moves, Bet(low=low, high=high))))


def _priced(offer: Offer, left: float, words: Language) -> str:
    """Return a measure with its price to the end, and whether that is more than is left."""
    title = str(words.of(measure_of(offer.name, offer.deployment).title))
    text = f"{title}: {words.euro(offer.cost)}"
    return text if offer.cost <= left else f"{text} ({words._('more than is left')})"


def _chosen(offer: Offer, state: State, words: Language) -> Start:
    """Return the start of a measure; champions are chosen in a way, or by name."""
    if measure_of(offer.name, offer.deployment).appoints != "champions":
        return Start(offer.name)
    ways = play_texts.ways(state, words)
    way = st.selectbox(
        words._("How are champions chosen?"),
        list(ways),
        format_func=ways.__getitem__,
        key=f"way {state.turn}",
    )
    if way != "named":
        return Start(offer.name, way)
    ids = st.text_input(words._("Their ids, as in the file"), key=f"ids {state.turn}")
    return Start(offer.name, way, tuple(ids.replace(",", " ").split()))


def _last_bet(state: State) -> tuple[int, int]:
    """Return where the slider of a bet stands: at the last one, wide at first."""
    if not state.bets:
        return 10, 60
    return round(state.bets[-1].low), round(state.bets[-1].high)


def _save(state: State, words: Language) -> None:
    """Offer the file of the game, and another beginning."""
    left, right, _ = st.columns([1.3, 1, 2])
    left.download_button(
        words._("Save the game (YAML)"),
        scenario_text(state.scenario),
        f"{state.scenario.name}.yaml",
        "application/yaml",
        key="save game",
    )
    if right.button(words._("Begin anew"), key="game anew"):
        keep(None)
        st.rerun()


# --- The end -------------------------------------------------------------------------------


def _end(state: State, words: Language) -> None:
    """Show what the game came to."""
    _followed_debrief([state], words)
    _save(state, words)


def _followed_debrief(states: list[State], words: Language) -> None:
    """Play games again without each move, with progress; then show what they came to."""
    followed(partial(_asked, states), partial(_debriefed, words=words))


def _asked(states: list[State]) -> Study:
    """Ask for the debriefing of some games."""
    from analysis.decisions.debrief import debrief

    def work(progress: Progress) -> Any:
        return debrief(states, OTHERS, progress)

    key = " ".join(["debrief", *sorted(f"{s.team} {s.scenario.fingerprint()}" for s in states)])
    return session.desk().ask(f"{key} {session.current().key}", work, session.me())


def _debriefed(out: Any, *, words: Language) -> None:
    """Show scores, and what each move was worth here and elsewhere."""
    st.subheader(inert(f"{texts.message(out, words)}."), anchor=False)
    for line in texts.sentences(out, words):
        st.markdown(f"- {inert(line)}")
    draw(game_charts.ends(out, words))
    st.table(_labelled(texts.scores(out, words)))
    for state in out.teams:
        rows = texts.moves(out, state, words)
        if rows:
            st.markdown(
                f"**{inert(words._('{team}: what is missing without a move, points', team=state.team))}**"
            )
            draw(game_charts.worths(out, state, words))
            st.table(_labelled(rows))
            heading = words._("What these moves do")
            st.markdown(f"**{inert(heading)}**")
            for line in texts.what_they_do(out, state, words):
                st.markdown(f"- {inert(line)}")
    st.caption(inert(texts.note(out, words)))
    st.download_button(
        words._("The page to hand out (HTML)"),
        partial(_page, out, words),
        "debrief.html",
        "text/html",
        key="debrief page",
    )


def _labelled(rows: list[dict[str, str]]) -> Any:
    """Return rows as a table whose first column names them."""
    import pandas as pd

    table = pd.DataFrame(rows)
    return table.map(lambda text: inert(str(text))).set_index(table.columns[0])


def _page(out: Any, words: Language) -> bytes:
    """Return the page of a debriefing, with its picture."""
    from analysis.app.studies import WRITING
    from analysis.decisions.debrief_page import page_of
    from analysis.report.figure import any_letters

    with WRITING, any_letters():
        picture = io.BytesIO()
        out.figure(words).savefig(picture, format="png", dpi=160)
    return page_of(out, picture.getvalue(), words).encode()
