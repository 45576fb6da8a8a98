"""What the game says in its page, in a language; names in braces are filled in by the page.

Sentences that the terminal says too are those of :mod:`analysis.decisions.play_texts` and
:mod:`analysis.decisions.debrief_texts`, word for word: a test compares them.
"""

from __future__ import annotations

from analysis.decisions import play_texts
from analysis.words.languages import Language
from sim.play import CHANCE, World, begin


def game_texts_of(world: World, words: Language) -> dict[str, str]:
    """Return the texts of the game by their names in ``game.js``."""
    state = begin(world)
    rules = {f"rule_{k}": text for k, text in enumerate(play_texts.rules(state, words))}
    ways = {f"way_{way}": text for way, text in play_texts.ways(state, words).items()}
    return {**rules, **ways, **_turn(words), **_refused(words), **_start(words), **_end(words)}


def _start(words: Language) -> dict[str, str]:
    """Return what is said before the first turn, and of the file."""
    return {
        "view_game": words._("The game"),
        "game_lead": words._("A game: {turns} turns of {months} months, {people} people"),
        "game_about": words._(
            "You lead the adoption of AI in one organisation, with what a change lead sees: a log, a small "
            "survey that comes late, what people say, and money. At the end the game is played again without "
            "each of your moves, on the same people and the same luck, and in {others} other organisations: "
            "what was skill, and what was luck?"
        ),
        "how": words._("How it works"),
        "team": words._("Name of your team"),
        "team_usual": words._("team"),
        "team_wrong": words._("A name has 1 to {most} signs."),
        "begin": words._("Begin"),
        "go_on": words._("Go on: {team}, turn {turn} of {turns}"),
        "go_on_end": words._("Go on: {team}, the end"),
        "open": words._("Open a saved game"),
        "anew": words._("Begin anew"),
        "anew_sure": words._("Really begin anew? What is not saved as a file is gone."),
        "yes_anew": words._("Yes, begin anew"),
        "no_back": words._("No, go back"),
        "keep": words._("Keep the game"),
        "save_game": words._("Save the game (YAML)"),
        "save_note": words._(
            "The game is kept in this browser, if the browser allows that. The file of it goes on elsewhere, and "
            "is what you hand in."
        ),
        "about_file": words._("About this file"),
        "about_here": words._(
            "Everything happens in this browser: nothing is sent anywhere, and it works without internet. All "
            "people are invented. The numbers are those of the Python software for the same game (code {code})."
        ),
        "about_secrets": words._(
            "To simulate here, the file has to hold what you do not see: the people and what lies ahead. Whoever "
            "reads its source can find the future, and spoils the game."
        ),
        "about_model": words._(
            "The organisations are the model\u2019s, and what the model leaves out the game leaves out. Sizes of "
            "events, from when on somebody answers that it helps, and what people are made to say are choices, "
            "and no study is behind them."
        ),
    }


def _turn(words: Language) -> dict[str, str]:
    """Return what is said in a turn."""
    return {
        "ahead": words._("Turn {turn} of {turns}: months {first} to {last} lie ahead"),
        "turns_label": words._("Turns"),
        "you_see": words._("What you see"),
        "you_do": words._("What you do"),
        "log_title": words._("Licences, by the log"),
        "log_now": words._("{used} of {licences} licences were used in month {month}."),
        "log_none": words._("Nothing has happened yet: the log begins with the first month."),
        "licences_line": words._("licences"),
        "used_line": words._("used in the month"),
        "people_axis": words._("People"),
        "survey_title": words._("The survey"),
        "survey": words._(
            "Survey of month {month}, {asked} people: {weekly} % use it every week (give or take {error}), "
            "{helps} % expect that it helps them (give or take {other}). One standard error."
        ),
        "survey_weekly": words._("use it every week"),
        "survey_helps": words._("expect that it helps them"),
        "survey_held": words._("The first survey is held now: you hear of it in the next turn."),
        "quotes_title": words._("What people say"),
        "someone": words._("someone in {department}"),
        "money_bar": words._("Money"),
        "money": words._(
            "Money: {left} left to decide about; {spent} spent, {ahead} committed to what is to come."
        ),
        "spent": words._("spent"),
        "committed": words._("committed"),
        "left": words._("left"),
        "news": words._("News of month {month}. {title}: {text}"),
        "done_title": words._("What you have done"),
        "done_from": words._("months {first} to {last}"),
        "done_month": words._("month {first}"),
        "by_start": words._("there from the start"),
        "start_title": words._("Start, at most {most}"),
        "start_note": words._("The price is from now to the end."),
        "what_is": words._("What is it?"),
        "in_force": words._("in force"),
        "dear": words._("more than is left"),
        "how_chosen": words._("How are champions chosen?"),
        "stop": words._("Stop"),
        "nothing": words._("nothing"),
        "stop_none": words._("Nothing can be stopped now."),
        "bet_title": words._("Your bet"),
        "bet": words._("% of employees who use AI every week at the end of month {month}"),
        "bet_low": words._("at least"),
        "bet_high": words._("at most"),
        "bet_shown": words._("{low} to {high} %"),
        "leaves": words._("That leaves {left}."),
        "play": words._("Play these {months} months"),
        "played": words._("{months} months have passed."),
    }


def _refused(words: Language) -> dict[str, str]:
    """Return why a move, or a file, is refused."""
    return {
        "refused": words._("Not possible: {why}"),
        "refused_money": words._(
            "\u201c{measure}\u201d costs {cost} to the end, and {left} of {total} are left."
        ),
        "refused_many": words._("at most {most} measures can be started in a turn."),
        "refused_running": words._("\u201c{measure}\u201d is in force already: stop it first."),
        "refused_appointed": words._(
            "\u201c{measure}\u201d appoints people whom \u201c{other}\u201d has appointed already: that is done once."
        ),
        "refused_stop": words._(
            "\u201c{measure}\u201d cannot be stopped: it is over, or given and paid at once."
        ),
        "refused_file": words._("this is not the file of a game."),
        "refused_world": words._(
            "this is a game of another world ({found}), and this file holds {world}."
        ),
        "refused_other": words._(
            "its organisation, programme or events are others than in this world, or its moves are not allowed."
        ),
    }


def _end(words: Language) -> dict[str, str]:
    """Return what is said at the end."""
    return {
        "end_message": words._(
            "{team} ends at {end} % weekly users, {more} points {side} doing nothing"
        ),
        "above": words._("above"),
        "below": words._("below"),
        "end_nothing": words._("Doing nothing"),
        "end_plan": words._("Best shipped plan: {plan}"),
        "end_curve": words._("Where it went"),
        "end_curve_note": words._(
            "Weekly users, % of employees: the truth, which you could not see. The same people and the same luck "
            "for every line."
        ),
        "end_no_plan": words._("No shipped plan can be paid here."),
        "end_bets": words._("Your bets"),
        "end_bets_note": words._(
            "Bar: what you bet. Dot: what came. A bet costs its width, and ten points more for each point that what "
            "came lies outside."
        ),
        "end_bets_label": words._("Turn {turn}: bet {low} to {high} %, came {came} %, {verdict}"),
        "held": words._("held"),
        "missed": words._("missed"),
        "bets_sentence": words._(
            "{team}: {held} of {bets} bets held what came; ranges of the right width hold it "
            "{chance} times of 10. A bet cost {score} points on average: its width, and a fine "
            "where what came lay outside."
        ),
        "chance": words.number(10.0 * CHANCE),
        "replaying": words._(
            "The game is played again without each move, here and in {others} other organisations ..."
        ),
        "worths": words._("What each move was worth"),
        "worths_note": words._(
            "Points of weekly users that are missing at the end without a move. Bar: here. Dot with its interval: "
            "in {others} other organisations."
        ),
        "worth_label": words._("{move}, month {month}"),
        "worth_said": words._(
            "{move}, month {month}: {here} points here, {mean} elsewhere ({low} to {high}), {verdict}"
        ),
        "skill": words._("skill"),
        "luck": words._("luck"),
        "mistake": words._("mistake"),
        "skill_means": words._("Skill: it helped here, and surely does elsewhere."),
        "mistake_means": words._("Mistake: it did harm here, and surely does elsewhere."),
        "luck_means": words._("Luck: the two do not agree, or elsewhere it is not sure."),
        "worth_none": words._("{team} started nothing."),
        "worth_equal": words._(
            "{team}: {moves} were worth the same, {here} points, and none more: which of them is first here is "
            "luck. In {others} other organisations “{other}” is worth most, {more} points."
        ),
        "worth_skill": words._(
            "{team}: worth most was “{move}”, {here} points. It is worth most in {others} other "
            "organisations too, {mean} points ({low} to {high}): skill."
        ),
        "worth_luck": words._(
            "{team}: worth most was “{move}”, {here} points; in {others} other organisations it is "
            "{mean} points ({low} to {high}): luck."
        ),
        "worth_first": words._(
            "{team}: worth most was “{move}”, {here} points; in {others} other organisations it is {mean} "
            "points and “{other}” is worth more, {more}: that it came first here was luck."
        ),
        "scores": words._("Several scores, and no sum of them"),
        "col_who": words._("who"),
        "col_weekly": words._("weekly users, %"),
        "col_euro": words._("euro a point"),
        "col_never": words._("never reached, %"),
        "col_bets": words._("bets held"),
        "col_score": words._("interval score"),
        "col_move": words._("move"),
        "col_month": words._("month"),
        "col_here": words._("here"),
        "col_others": words._("elsewhere"),
        "col_from": words._("from"),
        "col_to": words._("to"),
        "col_verdict": words._("verdict"),
        "end_note": words._(
            "Here: the organisation that was played, the same people, ties and luck for everybody. Elsewhere: mean over "
            "{others} others, with its 95 % interval. Luck: the two do not agree, or the interval holds 0. Euro a "
            "point: what was spent beyond doing nothing, for each point beyond it. Never reached: people who were never "
            "weekly users."
        ),
    }
