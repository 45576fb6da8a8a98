"""Whether the sections of a scenario fit together, when each value alone is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sim.errors import Problem, ScenarioError, said
from sim.scenario.allowed import scenario_form, scenario_forms
from sim.scenario.catalogue import read_catalogue, read_events
from sim.scenario.employees import with_staff
from sim.scenario.items import DEPARTMENTS, Item, Keys
from sim.scenario.library import read_archetypes, read_presets
from sim.scenario.measure import Measure
from sim.scenario.schema import COUNCIL, Deployment, Scenario, by_name, share_of
from sim.scenario.usual import filled, suited
from sim.scenario.validation import MOST_PROBLEMS, sound, thousands, touch, validated
from sim.scenario.words import short, suggestion


def checked_scenario(
    tree: Item,
    problems: Sequence[Problem] = (),
    left_out: Iterable[Keys] = (),
    *,
    whole: bool = True,
) -> Scenario:
    """Return the scenario a tree describes, or raise everything that is wrong with it."""
    forms = scenario_forms()
    unknown = filled(tree, left_out, whole)
    checked = validated(tree, scenario_form(), forms, left_out, whole=whole)
    wrongs = [*problems, *unknown, *checked.problems, *thousands(tree, forms)]
    scenario: Scenario | None = checked.value
    if scenario is not None and whole:
        try:
            scenario, wrong = with_staff(scenario, tree)
            if not wrong:
                scenario, wrong = suited(scenario, tree, checked.left_out)
                wrong += _crossed(scenario, tree, checked.left_out)
            wrongs += wrong
        except ScenarioError as error:
            wrongs += error.problems
    return sound(scenario, wrongs)


def _crossed(scenario: Scenario, tree: Item, left_out: set[Keys]) -> list[Problem]:
    """Return what does not fit together in a scenario of which each value is allowed."""
    look = _Crossing(scenario, tree, left_out)
    look.at_the_organisation()
    look.at_the_tool()
    look.at_the_programme()
    look.at_what_is_kept()
    look.at_the_rules()
    look.at_the_events()
    return look.problems


class _Crossing:
    """What of a scenario does not fit with what else it says, or with the library."""

    def __init__(self, scenario: Scenario, tree: Item, left_out: set[Keys]) -> None:
        self.scenario, self.tree, self.left_out = scenario, tree, left_out
        self.problems: list[Problem] = []
        used = scenario.programme or scenario.adaptive
        self.catalogue = read_catalogue() if used else {}

    def say(self, message: str, *keys: str | int, at_key: bool = False) -> None:
        """Note a problem, unless one is told of at the same place."""
        item = self.tree.nearest(keys)
        if not item.reported:
            self.problems.append((item.key if at_key else item.place).problem(message, keys))

    def in_time(self, month: int | None, *keys: str | int) -> None:
        """Note a month after the last one."""
        last = self.scenario.simulation.months
        timed = not touch(("simulation", "months"), self.left_out)
        if timed and month is not None and month > last:
            message = said(
                "found {month}, the simulation ends with month {last} (simulation.months)",
                month=month,
                last=last,
            )
            self.say(message, *keys)

    def there(
        self, wanted: Iterable[str] | None, known: Iterable[str], kind: str, *keys: str | int
    ) -> None:
        """Note the names of a list that are not known."""
        for index, name in enumerate(wanted or ()):
            if name not in known and len(self.problems) <= MOST_PROBLEMS:
                message = said(
                    "there is no {kind} '{name}'{known}",
                    kind=kind,
                    name=short(name),
                    known=suggestion(name, known),
                )
                place = self.tree.nearest((*keys, index)).place
                self.problems.append(place.problem(message, keys))

    def departments(self, wanted: Iterable[str] | None, *keys: str | int) -> None:
        """Note departments that are not there."""
        if not touch(DEPARTMENTS, self.left_out):
            known = [*self.scenario.organisation.departments, "management"]
            self.there(wanted, known, said("department"), *keys)

    def deployed(self, deployment: Deployment, name: str, *where: str) -> None:
        """Note what is wrong with a deployment."""
        audience, path = deployment.audience, (*where, "audience")
        self.departments(audience.departments, *path, "departments")
        if audience.archetypes:
            known, kind = read_archetypes(), said("archetype")
            self.there(audience.archetypes, known, kind, *path, "archetypes")
        if not touch((*where, "measure"), self.left_out):
            self.problems += _fits(deployment, name, self.tree, self.catalogue, where)

    def at_the_organisation(self) -> None:
        """Look at sector, archetypes and who uses AI already."""
        organisation = self.scenario.organisation
        if organisation.sector:
            where = ("organisation", "sector")
            self.there([organisation.sector], read_presets(), said("sector"), *where)
        for name in organisation.archetypes or ():
            if name not in read_archetypes():
                message = said(
                    "there is no archetype '{name}'{known}",
                    name=short(name),
                    known=suggestion(name, read_archetypes()),
                )
                self.say(message, "organisation", "archetypes", name, at_key=True)
        if isinstance(organisation.already_using, dict):
            self.departments(organisation.already_using, "organisation", "already_using")

    def at_the_tool(self) -> None:
        """Look at months and departments of the roll-out."""
        tool = self.scenario.tool
        self.in_time(tool.go_live, "tool", "go_live")
        for index, phase in enumerate(tool.phases):
            if phase.month is not None:
                self.in_time(phase.month, "tool", "phases", index, "month")
            self.departments(phase.departments, "tool", "phases", index, "departments")
        for name, case in tool.use_cases.items():
            self.departments(case.departments, "tool", "use_cases", name, "departments")
        if tool.failure is not None:
            self.in_time(tool.failure.month, "tool", "failure", "month")

    def at_the_programme(self) -> None:
        """Look at every deployment, and at those that are taken away."""
        programme = self.scenario.programme
        for name, deployment in programme.items():
            if len(self.problems) > MOST_PROBLEMS:  # no more are shown, and each takes its time
                break
            where = ("programme", name)
            if deployment is not None:
                self.in_time(deployment.start, *where, "start")
                self.deployed(deployment, name, *where)
                continue
            item = self.tree.at(where)
            if item is not None and not item.replaces and name not in self.catalogue:
                others = [name for name, other in programme.items() if other is not None]
                message = said(
                    "there is no deployment '{name}' to take away{known}",
                    name=name,
                    known=suggestion(name, others),
                )
                self.say(message, *where, at_key=True)

    def at_what_is_kept(self) -> None:
        """Look at the names of what no budget cuts."""
        scenario = self.scenario
        known = list(scenario.programme)
        if scenario.organisation.works_council != "none":
            known.append(COUNCIL)
        for index, name in enumerate(scenario.budget.keep or ()):
            if name not in known:
                hint = suggestion(name, known)
                if name in scenario.adaptive:
                    hint = said(": an adaptive rule is paid from what is left, it cannot be kept")
                where = ("budget", "keep", index)
                message = said("there is no deployment '{name}'{hint}", name=short(name), hint=hint)
                self.problems.append(self.tree.nearest(where).place.problem(message, where))

    def at_the_rules(self) -> None:
        """Look at every adaptive rule."""
        for name, rule in self.scenario.adaptive.items():
            then = ("adaptive", name, "then")
            self.in_time(rule.when.month, "adaptive", name, "when", "month")
            self.in_time(rule.when.until, "adaptive", name, "when", "until")
            if self.scenario.programme.get(name) is not None:
                message = said(
                    "there is a deployment '{name}' already; choose another name", name=name
                )
                self.say(message, "adaptive", name)
            if rule.then.start != 1 or rule.then.after_go_live is not None:
                self.say(
                    said("it starts when the rule says so: leave 'start' and 'after_go_live' out"),
                    *then,
                )
            self.deployed(rule.then, name, *then)
            measure = self.catalogue.get(rule.then.measure or name)
            if measure is not None and measure.appoints in ("champions", "leaders"):
                message = said(
                    "{appoints} are appointed before the start, not by a rule",
                    appoints=measure.appoints,
                )
                self.say(message, *then)

    def at_the_events(self) -> None:
        """Look at kind, month and departments of every event."""
        taken = (self.scenario.programme, self.scenario.adaptive)
        for name, event in self.scenario.events.items():
            where = ("events", name)
            if event is None:
                continue
            kinds = read_events()
            chosen = event.kind or name
            if chosen not in kinds:
                known = suggestion(chosen, kinds)
                message = said(
                    "there is no kind of event '{chosen}'{known}", chosen=short(chosen), known=known
                )
                self.say(message, *where, *(["kind"] if event.kind else []), at_key=not event.kind)
            elif event.role is not None and kinds[chosen].leaves is None:
                self.say(
                    said("nobody leaves by '{chosen}': leave 'role' out", chosen=chosen),
                    *where,
                    "role",
                )
            if any(section.get(name) is not None for section in taken):
                message = said(
                    "there is a deployment '{name}' already; choose another name", name=name
                )
                self.say(message, *where, at_key=True)
            self.in_time(event.month, *where, "month")
            self.departments(event.departments, *where, "departments")


def _fits(
    deployment: Deployment, name: str, tree: Item, catalogue: Mapping[str, Measure], where: Keys
) -> list[Problem]:
    """Return what a deployment says that its measure does not know."""
    chosen = deployment.measure or name
    measure = catalogue.get(chosen)
    if measure is None:
        known = suggestion(chosen, catalogue)
        if deployment.measure is not None:
            place, where = tree.nearest((*where, "measure")).place, (*where, "measure")
        else:
            place = tree.nearest(where).key
            known += "" if known.endswith("?") else ";"
            known += said(" a name of your own needs 'measure: …'")
        return [
            place.problem(
                said("there is no measure '{chosen}'{known}", chosen=short(chosen), known=known),
                where,
            )
        ]
    problems = []
    if by_name(deployment, measure) and deployment.audience.people is None:
        message = said("champions chosen by name need a list of them: audience.people")
        problems.append(tree.nearest((*where, "selection")).place.problem(message, where))
    if measure.takes_people and deployment.dose not in (0.0, 1.0):
        item = tree.nearest((*where, "dose"))
        if not item.reported:
            instead = _instead(deployment, chosen, measure)
            problems.append(item.place.problem(instead, (*where, "dose")))
    if measure.appoints in ("champions", "leaders") and deployment.audience.not_yet_using:
        message = said(
            "champions and leaders are appointed before the start, when nobody uses AI: leave "
            "'not_yet_using' out"
        )
        place = tree.nearest((*where, "audience", "not_yet_using")).place
        problems.append(place.problem(message, (*where, "audience", "not_yet_using")))
    for needs, has, fields in (
        (said("appoint people"), _appoints_some, ("share",)),
        (said("appoint champions"), _appoints_champions, ("selection", "hours")),
        (said("have a message"), _speaks, ("format", "balance", "concreteness", "sender")),
    ):
        if has(measure):
            continue
        such = [key for key, measure in catalogue.items() if has(measure)]
        named = said(" ({listed})", listed=", ".join(such)) if 0 < len(such) <= 12 else ""
        for field in fields:
            if getattr(deployment, field) is not None:
                message = said(
                    "'{field}' is for measures that {needs}{named}, '{chosen}' does not",
                    field=field,
                    needs=needs,
                    named=named,
                    chosen=chosen,
                )
                place = tree.nearest((*where, field)).key
                problems.append(place.problem(message, (*where, field)))
    return problems


def _instead(deployment: Deployment, name: str, measure: Measure) -> str:
    """Return what to write instead of a dose of a measure that takes people."""
    share, given = share_of(deployment, measure), f"{deployment.dose:g}"
    if measure.appoints is None or share is None:
        part = min(1.0, deployment.audience.share * deployment.dose)
        return said(
            "found {given}, '{name}' takes people and no dose, each has it in full: write whom it is "
            "for, such as audience: {written} for that part of them",
            given=given,
            name=name,
            written=f"{{share: {part:.3g}}}",
        )
    people = {
        "champions": said("of the staff who are champions; hours says how many each has a month"),
        "leaders": said("of the leaders who commit"),
        "buddies": said("of those it is meant for who may get a buddy"),
    }[measure.appoints]
    return said(
        "found {given}, '{name}' takes people and no dose, each takes part in full: write share, "
        "such as share: {part} ({now} here now), the part {people}",
        given=given,
        name=name,
        part=f"{min(1.0, share * deployment.dose):.3g}",
        now=f"{share:g}",
        people=people,
    )


def _appoints_some(measure: Measure) -> bool:
    return measure.appoints is not None


def _appoints_champions(measure: Measure) -> bool:
    return measure.appoints == "champions"


def _speaks(measure: Measure) -> bool:
    return measure.message is not None
