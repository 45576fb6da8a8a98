"""What a file looks like from which one starts a scenario of one's own."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sim.texts import printable

STARTER = """\
# yaml-language-server: $schema=library/scenario.schema.json
# One scenario is one question about one organisation. Change the values; what you leave out
# stays as in the scenario below. An editor that knows YAML completes and explains each field.

extends: baseline             # start from this scenario and say only what differs
title: {title}  # shown in figures
question: Do courses and champions pay for themselves within two years?  # one line

{organisation}
tool:                         # what is rolled out
  phases:                     # who can use it before everybody can, step by step
    - month: 1                # the pilot: first month with access, counted from 1
      share: 0.12             # part of the staff, drawn by chance
    - month: 3                # the next wave
      departments: {some}  # all of these
  go_live: 6                  # first month with access for everybody else
  licence_price: 28           # per person and month [euro]
  integration_cost: 20000     # once, at go-live [euro]; no point or comma between thousands

programme:                    # what is done, each a measure of the catalogue
  launch:                     # from the scenario above: an event for each wave
    start: 1                  # it counts from the month in which people can use it
  training:                   # the name of the measure
    start: 3                  # first month
    months: 6                 # spread over this many months
    dose: 1                   # full courses per head
    audience:                 # whom it reaches; leave out to reach everybody
      departments: {some}  # only these
  champions:                  # the second measure
    start: 2                  # before the first large wave
    share: 0.05               # part of the staff appointed
    selection: volunteers     # or most_connected, nominated, ...: adopt champions compares them

budget:                       # what may be spent
  total: 400000               # licences, integration and measures together [euro]

simulation:                   # the experiment
  months: 24                  # how long
  runs: 200                   # how often, each time with other people and other luck
"""


GENERATED = """\
organisation:                 # who works here
  name: {title}  # shown in figures
  employees: 250              # number of people
  departments:                # the shares add up to 1
    office:                   # a department
      share: 0.4              # 40 % of the staff; always with a decimal point
      task_share: 0.35        # part of the working time in tasks AI can help with
    production:               # a name of your own, as many departments as you like
      share: 0.45             # share of the staff
      task_share: 0.1         # part of the working time
    sales:                    # the last one
      share: 0.15             # what is left
      task_share: 0.3         # part of the working time
  weekly_hours: 36            # working hours a week
  hourly_cost: 48             # cost of a working hour [euro]
"""

READ = """\
organisation:                 # who works here
  name: {title}  # shown in figures
  people: {people}  # a row per person, from the folder of this file
{ties}  departments:                # those of the file, each with its work
{departments}  turnover: 0.1               # share of people who leave in a year
"""


def starter_text(
    name: str, people: str = "", ties: str = "", departments: Sequence[str] = ()
) -> str:
    """Return a commented file to start an own scenario from.

    Parameters
    ----------
    name
        Name of the organisation or the question; becomes the title.
    people, ties
        Files of people and ties, from the folder of the scenario; without them the organisation is
        generated.
    departments
        Departments in the file of people.
    """
    words = " ".join(printable(name).replace("_", " ").replace("-", " ").split())[:100]
    title = _quoted(words[:1].upper() + words[1:] or "My organisation")
    some = "[office, sales]"
    organisation = GENERATED
    if people:
        some = f"[{', '.join(_quoted(department) for department in departments[:2])}]"
        work = "".join(
            f"    {_quoted(department)}: {{task_share: 0.25}}  # part of the working time AI can help with\n"
            for department in departments
        )
        organisation = (
            READ.replace("{people}", _quoted(people))
            .replace("{ties}", f"  ties: {_quoted(ties)}  # a row per tie\n" if ties else "")
            .replace("{departments}", work)
        )
    text = STARTER.replace("{organisation}", organisation).replace("{some}", some)
    return text.replace("{title}", title)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
