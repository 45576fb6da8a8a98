"""What a debriefing says: a line, and sentences on what a team's moves were worth."""

from __future__ import annotations

from analysis.decisions.debrief import (
    NOTHING,
    PLAN,
    Debriefed,
    Line,
    Worth,
    agrees,
    best_here,
    title_of,
)
from analysis.words.languages import ENGLISH, Language
from sim.play import CHANCE, State
from sim.programme.deployments import measure_of


def label(name: str, line: Line, words: Language = ENGLISH) -> str:
    """Return what a line is called."""
    if name == NOTHING:
        return words._("Doing nothing")
    if name == PLAN:
        return words._("Best shipped plan: {plan}", plan=line.label)
    return line.label


def verdict(worth: Worth, words: Language = ENGLISH) -> str:
    """Return whether a move was skill or luck, in a word."""
    return {
        "skill": words._("skill"),
        "luck": words._("luck"),
        "mistake": words._("mistake"),
    }[worth.verdict]


def message(out: Debriefed, words: Language = ENGLISH) -> str:
    """Return what came out in a line, without a full stop."""
    nothing = out.lines[NOTHING].end
    if len(out.teams) == 1:
        team = out.teams[0].team
        end = out.lines[team].end
        return words._(
            "{team} ends at {end} % weekly users, {more} points {side} doing nothing",
            team=team,
            end=words.number(end),
            more=words.number(abs(end - nothing)),
            side=words._("above") if end >= nothing else words._("below"),
        )
    ends = {state.team: out.lines[state.team].end for state in out.teams}
    return words._(
        "Teams end between {low} and {high} % weekly users on the same people and luck; doing nothing "
        "ends at {nothing} %",
        low=words.number(min(ends.values())),
        high=words.number(max(ends.values())),
        nothing=words.number(nothing),
    )


def sentences(out: Debriefed, words: Language = ENGLISH) -> list[str]:
    """Return what each team's moves were worth, and what its bets were."""
    lines = []
    for state in out.teams:
        lines.append(_of_moves(out, state.team, words))
        line = out.lines[state.team]
        if line.bets:
            lines.append(
                words._(
                    "{team}: {held} of {bets} bets held what came; ranges of the right width hold it "
                    "{chance} times of 10. A bet cost {score} points on average: its width, and a fine "
                    "where what came lay outside.",
                    team=state.team,
                    held=words.number(line.held),
                    bets=words.number(line.bets),
                    chance=words.number(10.0 * CHANCE),
                    score=words.number(line.score, 1),
                )
            )
        if not state.over:
            lines.append(
                words._(
                    "{team} played {turns} of {all} turns; from there on nothing more is done.",
                    team=state.team,
                    turns=words.number(state.turn),
                    all=words.number(out.world.rules.turns),
                )
            )
    return lines


def _of_moves(out: Debriefed, team: str, words: Language) -> str:
    """Return which move of a team was worth most, and whether that was skill or luck."""
    worths = out.worths[team]
    state = next(state for state in out.teams if state.team == team)
    if not worths:
        return words._("{team} started nothing.", team=team)
    first = best_here(worths)
    best = first[0]
    most = max(worths, key=lambda worth: worth.others)
    values: dict[str, object] = {
        "team": team,
        "move": title_of(best.name, state, words),
        "here": words.number(best.here, 1),
        "others": words.number(out.others),
        "mean": words.number(best.others, 1),
        "low": words.number(best.low, 1),
        "high": words.number(best.high, 1),
        "other": title_of(most.name, state, words),
        "more": words.number(most.others, 1),
    }
    if len(first) > 1:
        return words._(
            "{team}: {moves} were worth the same, {here} points, and none more: which of them is first here is "
            "luck. In {others} other organisations “{other}” is worth most, {more} points.",
            moves=words.listed([f"“{title_of(worth.name, state, words)}”" for worth in first]),
            **values,
        )
    if agrees(worths):
        return words._(
            "{team}: worth most was “{move}”, {here} points. It is worth most in {others} other "
            "organisations too, {mean} points ({low} to {high}): skill.",
            **values,
        )
    if best.name == most.name or best.verdict != "skill":
        return words._(
            "{team}: worth most was “{move}”, {here} points; in {others} other organisations it is "
            "{mean} points ({low} to {high}): luck.",
            **values,
        )
    return words._(
        "{team}: worth most was “{move}”, {here} points; in {others} other organisations it is {mean} "
        "points and “{other}” is worth more, {more}: that it came first here was luck.",
        **values,
    )


def scores(out: Debriefed, words: Language = ENGLISH) -> list[dict[str, str]]:
    """Return where everybody ended, as texts: no single score decides."""
    rows = []
    for name, row in out.table.iterrows():
        made = int(row["bets"])
        rows.append(
            {
                words._("who"): label(str(name), out.lines[str(name)], words),
                words._("weekly users, %"): words.number(row["weekly_users"]),
                words._("euro a point"): words.number(row["euro_per_point"]),
                words._("never reached, %"): words.number(row["never_reached"]),
                words._("bets held"): f"{int(row['bets_held'])}/{made}" if made else "",
                words._("interval score"): words.number(row["interval_score"], 1) if made else "",
            }
        )
    return rows


def moves(out: Debriefed, state: State, words: Language = ENGLISH) -> list[dict[str, str]]:
    """Return what each move of a team was worth, as texts."""
    return [
        {
            words._("move"): title_of(worth.name, state, words),
            words._("month"): words.number(worth.month),
            words._("here"): words.number(worth.here, 1),
            words._("elsewhere"): words.number(worth.others, 1),
            words._("from"): words.number(worth.low, 1),
            words._("to"): words.number(worth.high, 1),
            words._("verdict"): verdict(worth, words),
        }
        for worth in out.worths[state.team]
    ]


def what_they_do(out: Debriefed, state: State, words: Language = ENGLISH) -> list[str]:
    """Return what each move of a team does, in the order of their worths."""
    there = dict(state.programme)
    measures = [measure_of(worth.name, there[worth.name]) for worth in out.worths[state.team]]
    return [f"{words.of(measure.title)}: {words.of(measure.description)}" for measure in measures]


def note(out: Debriefed, words: Language = ENGLISH) -> str:
    """Return how the numbers are to be read."""
    return words._(
        "Here: the organisation that was played, the same people, ties and luck for everybody. Elsewhere: mean over "
        "{others} others, with its 95 % interval. Luck: the two do not agree, or the interval holds 0. Euro a "
        "point: what was spent beyond doing nothing, for each point beyond it. Never reached: people who were never "
        "weekly users.",
        others=words.number(out.others),
    )
