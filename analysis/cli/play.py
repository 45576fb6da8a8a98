"""The command of the game: play, turn by turn, in the terminal; and what games came to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from analysis.cli.shared import INTERRUPTED, adopt, language_option, number_option, options
from analysis.cli.terminal import progress_bar

if TYPE_CHECKING:
    from analysis.decisions.debrief import Debriefed
    from analysis.words.languages import Language
    from sim.play import Bet, Offer, Seen, Start, State

HELP: Final = "?"


class Desk(NamedTuple):
    """Where a team sits: what it is told, and asked.

    Attributes
    ----------
    words
        Its language.
    aside
        Whether all that is said goes to standard error, so that standard output is JSON alone.
    """

    words: Language
    aside: bool

    def say(self, *lines: str) -> None:
        """Print lines."""
        for line in lines:
            click.echo(line, err=self.aside)

    def ask(self, text: str) -> str:
        """Return what is typed, without what surrounds it."""
        return str(
            click.prompt(text, default="", show_default=False, prompt_suffix=" > ", err=self.aside)
        ).strip()


@adopt.command(
    epilog="""\b
Examples:
  adopt play
  adopt play service-provider --team blue --lang nl
  adopt play --resume blue.yaml
  adopt play my-world.yaml --team red --save games/red.yaml
  adopt play --debrief games/*.yaml
  adopt play machine-builder --write game.html
"""
)
@click.argument("names", nargs=-1, metavar="[WORLD]")
@click.option("--team", default="team", show_default=True, help="Who plays.")
@click.option(
    "--save",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File of the game, written after each turn.  [default: TEAM.yaml]",
)
@click.option(
    "--resume",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Go on with the game of a file.",
)
@click.option(
    "--write",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the game as one HTML file, played in a browser with nothing installed.",
)
@click.option("--debrief", "only_debrief", is_flag=True, help="Files of games: what they came to.")
@number_option("--others", (2, 100_000), 200, "Other organisations in which moves are tried.")
@options("figure", "output")
@language_option("Language of the game.")
@options("json")
def play(
    *,
    names: tuple[str, ...],
    team: str,
    target: Path | None,
    resume: Path | None,
    page: Path | None,
    only_debrief: bool,
    others: int,
    figure: bool,
    output: Path,
    lang: str,
    as_json: bool,
) -> int:
    """Lead the adoption of AI in one organisation, turn by turn.

    You see what a change lead sees: the log of licences, a small survey that comes late, what
    people say, and money. Each turn you start and stop measures, and bet on where it leads. At the
    end the game is played again without each of your moves, here and in other organisations: what
    was skill, and what was luck?

    A world is a shipped one (machine-builder, service-provider) or a facilitator's file: every team
    gets the same people, ties and luck. A game is a scenario file: adopt compare reads it too. Ctrl-C keeps
    what is played, and --resume goes on. All answers can be piped in.
    """
    from analysis.words.languages import language
    from sim import play as game

    desk = Desk(language(lang), as_json)
    if only_debrief:
        if not names:
            raise click.UsageError("--debrief: found no file, expected those of games")
        states = [game.resume(Path(name)) for name in names]
        return _debrief(desk, states, others, output, figure)
    if page is not None:
        if resume is not None or target is not None:
            raise click.UsageError(
                "--write: the file is for everybody: leave --resume and --save out"
            )
        return _write(names, page, lang)
    if len(names) > 1:
        raise click.UsageError(f"found {len(names)} worlds, expected one; --debrief takes files")
    if resume is not None:
        if names:
            raise click.UsageError("--resume: the file says which world it is: leave it out")
        state, file = game.resume(resume), target or resume
    else:
        state = game.begin(game.read_world(*names), team)
        file = target or Path(f"{state.scenario.name}.yaml")
        if file.exists():
            raise click.UsageError(
                f"{file} is there already: --resume it, or give --save or --team"
            )
    try:
        state = _played(desk, state, file)
    except (click.Abort, KeyboardInterrupt):
        words = desk.words
        kept = words._("Kept in {file}. Go on with: adopt play --resume {file}", file=str(file))
        desk.say("", kept if file.exists() else words._("Nothing is kept: no turn was played."))
        return INTERRUPTED
    return _debrief(desk, [state], others, output, figure)


def _write(names: tuple[str, ...], path: Path, lang: str) -> int:
    """Write the game as a page that needs nothing else."""
    from analysis.play_on import page_of
    from sim.disk import whole
    from sim.play import read_world

    if len(names) > 1:
        raise click.UsageError(f"--write: found {len(names)} worlds, expected one")
    text = page_of((), lang=lang, world=read_world(*names))
    with whole(path, "cannot write the game") as draft:
        draft.write_text(text, "utf-8")
    click.echo(str(path))
    return 0


def _played(desk: Desk, state: State, file: Path) -> State:
    """Return where a game ends that is played on from a state, kept after each turn."""
    from sim.play import save, seen

    words, rules = desk.words, state.world.rules
    if not state.turn:
        desk.say("", str(words.of(rules.title)).upper(), str(words.of(rules.story)), "")
        _help(desk, state)
    while not state.over:
        _show(desk, state, seen(state))
        state = _turn(desk, state)
        save(state, file)
    desk.say(
        "",
        words._("The game is over: {months} months have passed.", months=words.number(state.month)),
    )
    desk.say(words._("It is kept in {file}.", file=str(file)))
    return state


def _help(desk: Desk, state: State) -> None:
    """Say what can be done."""
    from analysis.decisions import play_texts as texts

    words = desk.words
    first, *rest = texts.rules(state, words)
    rest.append(
        words._(
            "Type ? for this, ? and a number for what a measure is, Enter for nothing. Ctrl-C ends; what was "
            "played is kept."
        )
    )
    desk.say(first, *(f"- {line}" for line in rest))


def _show(desk: Desk, state: State, view: Seen) -> None:
    """Show what a team sees."""
    from analysis.decisions import play_texts as texts

    words, rules = desk.words, state.world.rules
    head = texts.ahead(state, words)
    desk.say("", f"── {head} " + "─" * max(0, 76 - len(head)), *texts.news(view, words))
    if view.month:
        recent = list(zip(view.used, view.licences, strict=True))[-rules.months :]
        shown = ", ".join(f"{words.number(used)}/{words.number(all_)}" for used, all_ in recent)
        desk.say(words._("Licences used, of those given, in the last months: {shown}", shown=shown))
    if answers := texts.survey(view, words):
        desk.say(answers)
    desk.say(*(f"  {quote}" for quote in texts.quotes(view, words)), texts.money(view, words))


def _turn(desk: Desk, state: State) -> State:
    """Ask for moves and a bet until they are allowed; return the state a turn later."""
    from sim.errors import AdoptionError
    from sim.play import Moves, decided, money, move, offers

    words = desk.words
    listed = offers(state)
    _market(desk, state, listed)
    while True:
        starts = _ask_starts(desk, state, listed)
        moves = Moves(starts, _ask_stop(desk, state))
        try:
            left = money(decided(state, moves)).left
        except AdoptionError as error:
            desk.say(words._("Not possible: {why}", why=words.told(error)))
            continue
        desk.say(words._("That leaves {left}.", left=words.euro(left)))
        return move(state, moves, _ask_bet(desk, state))


def _market(desk: Desk, state: State, listed: tuple[Offer, ...]) -> None:
    """List what can be started, with prices to the end."""
    from sim.play import money
    from sim.programme.deployments import measure_of

    words, left = desk.words, money(state).left
    beyond = words._("more than is left")
    desk.say("", words._("On offer, with the price from now to the end:"))
    for number, offer in enumerate(listed, start=1):
        title = str(words.of(measure_of(offer.name, offer.deployment).title))
        price = words._("in force") if offer.running else words.euro(offer.cost)
        dear = "" if offer.cost <= left else f"  ({beyond})"
        desk.say(f"{number:>4}  {title:<44} {price:>12}{dear}")


def _ask_starts(desk: Desk, state: State, listed: tuple[Offer, ...]) -> tuple[Start, ...]:
    """Return what is to be started."""
    from sim.play import Start
    from sim.programme.deployments import measure_of

    words, most = desk.words, state.world.rules.most_at_once
    prompt = words._(
        "Start which? Up to {most} numbers, such as 4 6; Enter for none", most=words.number(most)
    )
    while True:
        given = desk.ask(prompt)
        if given.startswith(HELP):
            _explain(desk, state, listed, given)
            continue
        numbers = given.replace(",", " ").split()
        if not all(_is_among(number, len(listed)) for number in numbers):
            desk.say(
                words._(
                    "Found “{given}”, expected numbers from 1 to {most}",
                    given=given,
                    most=words.number(len(listed)),
                )
            )
            continue
        if len(numbers) > most:
            desk.say(words._("At most {most} a turn.", most=words.number(most)))
            continue
        chosen = [listed[int(number) - 1] for number in dict.fromkeys(numbers)]
        return tuple(
            _ask_seats(desk, state, offer)
            if measure_of(offer.name, offer.deployment).appoints == "champions"
            and not offer.running
            else Start(offer.name)
            for offer in chosen
        )


def _is_among(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text) <= most


def _ask_seats(desk: Desk, state: State, offer: Offer) -> Start:
    """Return how champions are to be chosen; where the people are on a list, they can be named."""
    from analysis.decisions.play_texts import ways as ways_of
    from sim.play import Start

    words = desk.words
    ways = ways_of(state, words)
    desk.say(words._("How are champions chosen?"))
    for number, text in enumerate(ways.values(), start=1):
        desk.say(f"{number:>4}  {text}")
    while True:
        given = desk.ask(words._("Which way? Enter for the first")) or "1"
        if _is_among(given, len(ways)):
            way = list(ways)[int(given) - 1]
            if way != "named":
                return Start(offer.name, way)
            people = desk.ask(words._("Their ids, as in the file")).replace(",", " ").split()
            return Start(offer.name, way, tuple(people))
        desk.say(
            words._(
                "Found “{given}”, expected numbers from 1 to {most}",
                given=given,
                most=words.number(len(ways)),
            )
        )


def _ask_stop(desk: Desk, state: State) -> str | None:
    """Return what is to be stopped, None for nothing."""
    from sim.play import stoppable
    from sim.programme.deployments import measure_of

    words, names = desk.words, stoppable(state)
    if not names:
        return None
    there = dict(state.programme)
    desk.say(words._("In force, and can be stopped:"))
    for number, name in enumerate(names, start=1):
        desk.say(f"{number:>4}  {words.of(measure_of(name, there[name]).title)}")
    while True:
        given = desk.ask(words._("Stop which? One number; Enter for none"))
        if given.startswith(HELP):
            _help(desk, state)
        elif not given:
            return None
        elif _is_among(given, len(names)):
            return names[int(given) - 1]
        else:
            desk.say(
                words._(
                    "Found “{given}”, expected numbers from 1 to {most}",
                    given=given,
                    most=words.number(len(names)),
                )
            )


def _ask_bet(desk: Desk, state: State) -> Bet:
    """Return the bet of the turn."""
    from sim.play import Bet

    words = desk.words
    prompt = words._(
        "Your bet: weekly users at the end of month {month}, low to high in %, such as 20 35",
        month=words.number(state.month + state.world.rules.months),
    )
    while True:
        given = desk.ask(prompt)
        if given.startswith(HELP):
            _help(desk, state)
            continue
        parts = given.replace("%", " ").replace("-", " ").replace("\N{EN DASH}", " ").split()
        try:
            low, high = (float(part.replace(",", ".")) for part in parts)
        except ValueError:
            low, high = 1.0, 0.0
        if 0.0 <= low <= high <= 100.0:
            return Bet(low=low, high=high)
        desk.say(
            words._(
                "Found “{given}”, expected two numbers from 0 to 100, the lower first", given=given
            )
        )


def _explain(desk: Desk, state: State, listed: tuple[Offer, ...], given: str) -> None:
    """Say what can be done, or what a measure is."""
    from sim.programme.deployments import measure_of

    number = given.removeprefix(HELP).strip()
    if not _is_among(number, len(listed)):
        _help(desk, state)
        return
    offer = listed[int(number) - 1]
    measure = measure_of(offer.name, offer.deployment)
    desk.say(f"{desk.words.of(measure.title)}: {desk.words.of(measure.description)}")


# --- What games came to ------------------------------------------------------------------------


def _debrief(desk: Desk, states: list[State], others: int, output: Path, figure: bool) -> int:
    """Print and write what games came to."""
    from analysis.decisions import debrief as study
    from analysis.decisions.debrief_page import save

    words = desk.words
    again = words._(
        "The game is played again without each move, here and in {others} other organisations ...",
        others=words.number(others),
    )
    click.echo(again, err=True)
    with progress_bar(words._("Moves"), 1) as report:
        out = study.debrief(states, others, report)
    paths = save(out, output / "play", desk.words, figure)
    if desk.aside:
        content = {**out.as_json(desk.words), "files": [str(path) for path in paths]}
        click.echo(json.dumps(content, indent=2))
        return 0
    _tell(desk, out)
    desk.say("", *map(str, paths))
    return 0


def _tell(desk: Desk, out: Debriefed) -> None:
    """Print scores, moves and what they say."""
    from analysis.cli.terminal import console, rich_table, say
    from analysis.decisions import debrief_texts as texts

    words, terminal = desk.words, console()
    terminal.print(rich_table(texts.scores(out, words), words._("Where it ended"), index=False))
    for state in out.teams:
        moves = texts.moves(out, state, words)
        if moves:
            heading = words._("{team}: what is missing without a move, points", team=state.team)
            terminal.print(rich_table(moves, heading))
    say(terminal, f"{texts.message(out, words)}.", *texts.sentences(out, words))
    say(terminal, texts.note(out, words), style="dim")
