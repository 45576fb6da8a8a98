"""What the test of the network says, in a sentence and in those below it."""

from __future__ import annotations

from analysis.decisions.network_test import FAR, GOOD, MORE, NetworkTest, shown_use
from analysis.results.summary import called
from analysis.words.languages import ENGLISH, Language


def verdict(tested: NetworkTest, words: Language = ENGLISH) -> str:
    """Return the verdict in a sentence a board understands."""
    times = words.number(100.0 * float(tested.powers[0]))
    chance = words.number(tested.p, 3)
    if tested.kind == "seen":
        return words._(
            "Ties matter here: people take AI up after colleagues they have ties with used it (p = {p})",
            p=chance,
        )
    if tested.kind == "not seen":
        return words._(
            "No sign that ties matter here, where contagion as in the model would have shown {times} times in 100",
            times=times,
        )
    if tested.kind == "unsure":
        return words._(
            "No clear sign that ties matter here, but contagion as in the model would show only {times} times in 100",
            times=times,
        )
    return words._(
        "These data cannot tell whether ties matter here: contagion would show only {times} times in 100",
        times=times,
    )


def sentences(tested: NetworkTest, words: Language = ENGLISH) -> list[str]:
    """Return what a reader has to know beside the verdict."""
    texts = [_chance(tested, words), _more(tested, words), _done(tested, words)]
    texts += [
        words._(
            "The model without contagion is {points} points away from the use that was seen, on average "
            "over months: its chances are less sure.",
            points=words.number(100.0 * level.apart, 1),
        )
        for level in tested.levels[:1]
        if level.apart > FAR
    ]
    texts.append(
        words._(
            "This is about the organisation as a whole: it credits and blames nobody, and says nothing of "
            "any single tie."
        )
    )
    return texts


def _chance(tested: NetworkTest, words: Language) -> str:
    """Return the p-value with its error; where the test could tell nothing, why it is not told."""
    if tested.kind == "cannot tell":
        return words._(
            "No p-value is told: with a power of {power} its absence would be no evidence, and its presence "
            "little.",
            power=words.number(float(tested.powers[0]), 2),
        )
    return words._(
        "Without contagion a score as high as the {score} seen comes up {share} (p = {p}, give or take {error} "
        "for {runs} simulated organisations).",
        score=words.number(tested.score.value, 2),
        share=words.percent(tested.p, 1),
        p=words.number(tested.p, 3),
        error=words.number(1.96 * tested.p_error, 3),
        runs=words.number(tested.runs),
    )


def _more(tested: NetworkTest, words: Language) -> str:
    """Return what more months and more people would tell."""
    power = [words.number(float(power), 2) for power in tested.powers]
    months = words._(
        "Power with these {people} people: {now} now, {six} with {more} months more, {twelve} with {most}.",
        people=words.number(tested.people),
        now=power[0],
        six=power[1],
        twelve=power[2],
        more=MORE[1],
        most=MORE[2],
    )
    if tested.kind == "seen" or tested.powers[0] >= GOOD:
        return months
    if tested.people_needed is None:
        people = words._("More people would not help either: contagion adds next to nothing here.")
    else:
        people = words._(
            "About {people} people would do, for four chances in five.",
            people=words.number(tested.people_needed),
        )
    return f"{months} {people}"


def _done(tested: NetworkTest, words: Language) -> str:
    """Return what was taken to have been done, and who the champions are."""
    text = words._(
        "Held against what else goes along ties in “{scenario}”.",
        scenario=called(tested.scenario, words),
    )
    if "champions" in tested.scenario.deployments and not tested.champions:
        more = words._(
            "Who is a champion is not known, which costs much power: --champions tells, and --scenario "
            "where there are none."
        )
        return f"{text} {more}"
    return text


def use_words(tested: NetworkTest, words: Language = ENGLISH) -> str:
    """Return the use in the first and the last month, where it may be told."""
    shown = shown_use(tested.use)
    first, last = (
        words._("few or nearly all") if share is None else words.percent(share)
        for share in (shown[0], shown[-1])
    )
    return words._(
        "{people} people, {ties} ties, months {first} to {last}; used by {before} at first, {after} at last",
        people=words.number(tested.people),
        ties=words.number(tested.ties),
        first=tested.use.months[0],
        last=tested.use.months[1],
        before=first,
        after=last,
    )
