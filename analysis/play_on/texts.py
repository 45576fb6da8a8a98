"""What a play-on file says, in a language; names in braces are filled in by the page."""

from __future__ import annotations

from typing import Final

from analysis.words.languages import LOCALES, Language, language
from sim.people.population import MANAGEMENT
from sim.scenario.library import read_glossary

SHOWN: Final = ("adoption", "using", "tried", "never_started")
"""KPIs the page calls by the names of the glossary."""


def texts_of(words: Language) -> dict[str, str]:
    """Return the texts of the page by their names in ``page.js``."""
    named = {f"kpi_{kpi}": words.of(read_glossary()[kpi].title) for kpi in SHOWN}
    return {**named, **_answers(words), **_parts(words), **_levers(words), **_about(words)}


def title_of_department(name: str) -> dict[str, str]:
    """Return what a department is called in each language: its own name, unless it is a usual one.

    Departments that are told as one are called by all their names.

    Examples
    --------
    >>> title_of_department("management + Laser")["nl"]
    'directie + Laser'
    """
    return {
        code: " + ".join(_departments(language(code)).get(part, part) for part in name.split(" + "))
        for code in LOCALES
    }


def _departments(words: Language) -> dict[str, str]:
    """Return the usual departments, those of the shipped scenarios."""
    return {
        MANAGEMENT: words._("management"),
        "engineering": words._("engineering"),
        "production": words._("production"),
        "sales": words._("sales"),
        "service": words._("service"),
        "office": words._("office"),
        "all": words._("everybody"),
        "everybody": words._("everybody"),
        "other departments": words._("other departments"),
    }


def _answers(words: Language) -> dict[str, str]:
    """Return the sentences that answer, and the three numbers."""
    return {
        "brings": words._(
            "\u201c{label}\u201d brings most weekly users: {share} of employees after {month} months, "
            "{points} points more than \u201c{base}\u201d."
        ),
        "alone": words._(
            "With \u201c{label}\u201d, {share} of employees use AI every week after {month} months."
        ),
        "no_better": words._(
            "No strategy clearly brings more weekly users than \u201c{base}\u201d: {against} of employees "
            "after {month} months, {share} with \u201c{label}\u201d."
        ),
        "worse": words._(
            "Nothing does better than \u201c{base}\u201d: {against} of employees use AI every week after "
            "{month} months, {share} with the next best, \u201c{label}\u201d."
        ),
        "wins": words._(
            "More in {wins} of {organisations} organisations, each compared with itself; on average "
            "{low} to {high} points (95% interval)."
        ),
        "spread": words._(
            "In four of five organisations like this one it is between {low} and {high}."
        ),
        "twin_sure": words._(
            "The people are invented: with those of your organisation it is up to {points} points other (see below)."
        ),
        "next_clear": words._("Next is \u201c{other}\u201d, {points} points behind."),
        "next_close": words._("\u201c{other}\u201d does as well, as far as can be told."),
        "number_users": words._("weekly users in month {month} with \u201c{label}\u201d"),
        "number_more": words._("points more than \u201c{base}\u201d"),
        "number_fewer": words._("points fewer than \u201c{base}\u201d"),
        "number_spread": words._("of employees, in four of five organisations"),
        "number_extra": words._("for each extra weekly user, over {months} months"),
        "number_cost": words._("cost over {months} months, with the tool"),
        "unclear": words._("not clear"),
    }


def _parts(words: Language) -> dict[str, str]:
    """Return headings, captions and tables."""
    return {
        "title": words._("AI adoption: {organisation}"),
        "lead": words._(
            "{organisation}: a simulation of {organisations} organisations like it, {people} people, "
            "{months} months"
        ),
        "language": words._("Language"),
        "views": words._("Pages of this file"),
        "view_strategies": words._("Strategies"),
        "curves_title": words._("How many people use AI every week"),
        "curves_note": words._(
            "Share of all employees. Line: mean of {organisations} organisations. Band: four in five of them."
        ),
        "curves_runs": words._(
            "The result this file was made from has {runs}, of the same draw: means differ by little."
        ),
        "month_axis": words._("Month"),
        "month": words._("Month"),
        "go_live": words._("go-live, month {month}"),
        "first_access": words._("first access, month {month}"),
        "all_access": words._("all have it, month {month}"),
        "curves_label": words._("Weekly users in month {month}: {values}"),
        "in_numbers": words._("The same in numbers"),
        "strategy": words._("Strategy"),
        "range": words._("{share} ({low} to {high})"),
        "stand_title": words._("From access to weekly use"),
        "stand_note": words._(
            "Share of all employees, mean over the organisations. Move the month."
        ),
        "access": words._("Has access"),
        "never_note": words._("of people who have had access for half a year"),
        "never_unknown": words._("not known before anybody has had access for half a year"),
        "picture_title": words._("One of these organisations"),
        "count": words._(
            "{count} of {people} invented people use AI in month {month}, if only now and then."
        ),
        "key_uses": words._("uses AI"),
        "key_not": words._("does not"),
        "key_leads": words._("leads others"),
        "key_champion": words._("champion"),
        "money_title": words._("What it costs and what it may yield"),
        "money_note": words._(
            "What is left after {months} months: time gained that becomes money, less all costs. "
            "Open dot: none of the time becomes money. Full dot: {capture} does."
        ),
        "capture": words._("{capture} of the time gained becomes money"),
        "zero": words._("costs earned back"),
        "cost": words._("Cost"),
        "cost_extra": words._("Cost for each extra weekly user"),
        "yield_none": words._("Left at 0%"),
        "yield_some": words._("Left at {capture}"),
        "between": words._("{low} to {high}"),
        "money_label": words._("{label}: {low} to {high}"),
    }


def _levers(words: Language) -> dict[str, str]:
    """Return what is said of numbers that are moved."""
    return {
        "open_levers": words._("Move the levers"),
        "levers_title": words._("Your plan"),
        "reset": words._("Reset"),
        "close": words._("Close"),
        "start_from": words._("Start from"),
        "from_plan": words._("Start from: {label}"),
        "own_title": words._("Your plan"),
        "own_same": words._(
            "Still \u201c{label}\u201d, for {cost}. Move something: everything follows."
        ),
        "own_users": words._("{share} weekly users in month {month}"),
        "own_more": words._(
            "{points} points more than \u201c{label}\u201d ({low} to {high}). It costs {cost}, {difference}."
        ),
        "own_fewer": words._(
            "{points} points fewer than \u201c{label}\u201d ({low} to {high}). It costs {cost}, {difference}."
        ),
        "own_equal": words._(
            "Not clearly other than \u201c{label}\u201d. It costs {cost}, {difference}."
        ),
        "dearer": words._("{amount} more"),
        "cheaper": words._("{amount} less"),
        "as_dear": words._("as much"),
        "licences": words._("Licences"),
        "of_staff": words._("% of the staff"),
        "of_planned": words._("% of those planned"),
        "licences_shown": words._("{value}% \u00b7 {people} people"),
        "go_live_lever": words._("First month with access"),
        "from_month": words._("from month {month}"),
        "much": words._("{measure}, {unit}"),
        "first_month": words._("{measure}, first month"),
        "budget": words._("Budget"),
        "euro": words._("euro"),
        "over_budget": words._(
            "This does not fit the budget of {budget}: raise the budget, or do less. What is shown is the plan "
            "before."
        ),
        "cut": words._("The budget does not pay for: {measures}."),
    }


def _about(words: Language) -> dict[str, str]:
    """Return what the file is, and what it cannot tell."""
    return {
        "about_title": words._("What this is"),
        "about_what": words._(
            "This file holds a simulation of how the people of an organisation take up AI. It draws "
            "{organisations} organisations by chance, with {people} people each, and simulates every strategy in "
            "all of them, month by month, with the same people and the same luck. It does so here, in your "
            "browser: nothing is sent anywhere, and it works without internet. The numbers are those of the Python "
            "software for the same {organisations} organisations (code {code})."
        ),
        "about_limits": words._(
            "The numbers of the model are fitted to research on few organisations, and much is judgement: read "
            "differences between strategies, and read them as what the model implies. The bands hold chance and "
            "the draw of organisations, not what is unsure about the model."
        ),
        "about_levers": words._(
            "Levers move the number of licences, first months, and how much there is of each measure of a "
            "strategy. Rules that start something when something shows, and events, are simulated as "
            "they stand. Measures that are not in a strategy, the organisation and its culture cannot be added or changed here: "
            "that takes the software."
        ),
        "about_twin": words._(
            "Nobody of your organisation is in this file. The people here are invented: as many as you have, in "
            "departments and teams of the same size, with the shares of work that were given for them; departments "
            "too small to be shown are one. Licences and measures cost what they cost with your own people, so a budget "
            "buys the same. What people answered, and who notices whom, is not used, and no picture of people is shown."
        ),
        "twin_apart": words._(
            "So its numbers differ from those of your own organisation. Here, beside there:"
        ),
        "twin_month": words._("{points} points weekly users in month {month}"),
        "twin_cost": words._("{difference} cost"),
        "twin_wider": words._(
            "For a part of a group that is shown as one, and here for all of it: {measures}."
        ),
        "seed": words._("Seed of chance"),
        "draw_again": words._("Draw other organisations"),
        "running": words._("{share} simulated"),
        "took": words._("{number} million months of people in {seconds} seconds"),
        "fails": words._("This browser cannot run the simulation: {reason}"),
    }
