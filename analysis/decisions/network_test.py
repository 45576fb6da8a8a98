"""Does the network matter here: a test of monthly use by person on one's own ties, and what it can tell.

Use goes together along ties for many reasons. So the score is held against what it is in the model
without contagion, on these very people and ties, brought to the same level of use, with the leaders'
example and coaching left in. And before anything is concluded, the model with contagion says how often
such a test would see it: below one in two it is not asked.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.decisions.network_null import Level, Watch, levelled, scored
from analysis.decisions.network_score import Score, circle_of, score
from analysis.decisions.person_use import PersonUse, read_champions, read_use
from analysis.decisions.stored import Place
from analysis.results.pieces import Pieces, as_json
from analysis.studies.form import beside
from analysis.studies.ties.study import SILENT
from analysis.words.languages import ENGLISH, Language
from sim.engine.kinds import Array
from sim.errors import AdoptionError, InterruptedStudyError, whole_number
from sim.people.population import imported
from sim.privacy import LEAST
from sim.scenario import as_scenario
from sim.scenario.imports import Imported, read_organisation
from sim.scenario.imports.organisation import MANAGEMENT
from sim.scenario.schema import Scenario
from sim.study.experiments import Progress

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

QUESTION: Final = "Do ties matter for who uses AI here?"

SCENARIO: Final = "leadership-champions"
"""What is taken to have been done where nobody says: all that goes along ties without contagion."""

BANG: Final = 1 / 3
"""Share of the highest use that the first month needs to count as a launch, where nobody says."""

NULLS: Final = 500
WITH: Final = 200
PIECE: Final = 50
"""Organisations without contagion and with it; so many at a time."""

MORE: Final = (0, 6, 12)
"""Months more for which it is said what they would tell."""

ALPHA: Final = 0.05
"""Share of false alarms where there is no contagion."""

ENOUGH: Final = 0.5
GOOD: Final = 0.8
"""Power below which nothing is concluded, and from which no sign is a sign."""

FAR: Final = 0.05
"""Distance of the level from what was seen beyond which a reader has to know [share]."""

HOPELESS: Final = 100.0
"""Times as many people that nobody has."""


class Question(NamedTuple):
    """What is asked.

    Attributes
    ----------
    scenario
        What was done, on the people and ties at hand.
    use
        Monthly use by person.
    watch
        Ties and months that are looked at.
    champions
        Whether it is known who the champions are.
    nulls, seed
        Organisations without contagion, seed.
    """

    scenario: Scenario
    use: PersonUse
    watch: Watch
    champions: bool
    nulls: int
    seed: int

    @property
    def size(self) -> int:
        """Pieces of work."""
        return 2 + _pieces(self.nulls) + _pieces(WITH)

    @property
    def place(self) -> Place:
        """Where it lies on disk."""
        settings = {
            "use": [self.use.used.astype(int).tolist(), self.use.seen.astype(int).tolist()],
            "champions": self.watch.circle.coached.tolist(),
            "first": self.watch.first,
            "horizons": self.watch.horizons,
        }
        digest = hashlib.sha256(as_json(settings).encode()).hexdigest()
        return Place(
            "network-test",
            {self.scenario.name: self.scenario},
            self.seed,
            self.nulls,
            {"asked": digest},
            {},
        )


class NetworkTest(NamedTuple):
    """What the test says, and what it can say.

    Attributes
    ----------
    scenario
        What was done.
    use
        Monthly use by person.
    score
        That of what was seen.
    horizons
        Months: now, and with more.
    null, with_contagion
        Scores without contagion and with it [organisations, horizons].
    levels
        How the model was brought to the use that was seen: without contagion, and with it.
    people, ties
        How many.
    champions
        Whether it is known who the champions are.
    seed
        Seed of the study.
    """

    scenario: Scenario
    use: PersonUse
    score: Score
    horizons: tuple[int, ...]
    null: Array
    with_contagion: Array
    levels: tuple[Level, Level]
    people: int
    ties: int
    champions: bool
    seed: int

    @property
    def question(self) -> str:
        """What is asked."""
        return QUESTION

    @property
    def runs(self) -> int:
        """Organisations without contagion."""
        return len(self.null)

    @property
    def p(self) -> float:
        """How often a score is as high without contagion, this one among them."""
        return (1.0 + float((self.null[:, 0] >= self.score.value).sum())) / (1.0 + self.runs)

    @property
    def p_error(self) -> float:
        """Standard error of that, for the number of organisations simulated."""
        return math.sqrt(self.p * (1.0 - self.p) / self.runs)

    @property
    def thresholds(self) -> Array:
        """Score from which on it is more than chance, after each horizon [horizons]."""
        least: Array = np.quantile(self.null, 1.0 - ALPHA, axis=0, method="higher")
        return least

    @property
    def powers(self) -> Array:
        """How often the test would see the model's contagion, after each horizon [horizons]."""
        power: Array = (self.with_contagion > self.thresholds).mean(axis=0)
        return power

    @property
    def kind(self) -> str:
        """``cannot tell`` where power is too low, ``seen``, ``not seen``, or ``unsure``."""
        if self.powers[0] < ENOUGH:
            return "cannot tell"
        if self.p <= ALPHA:
            return "seen"
        return "not seen" if self.powers[0] >= GOOD else "unsure"

    @property
    def months_needed(self) -> int | None:
        """Months more with which the test could tell; None if it could not with a year more."""
        enough = np.flatnonzero(self.powers >= ENOUGH)
        return MORE[int(enough[0])] if enough.size else None

    @property
    def people_needed(self) -> int | None:
        """People with whom it would see contagion four times in five; None if more than anybody has.

        As if what sets both means apart grew with the root of the number of people.
        """
        null, other = self.null[:, 0], self.with_contagion[:, 0]
        apart, spread = float(other.mean() - null.mean()), float(null.std(ddof=1))
        need = 1.645 * spread + 0.842 * float(other.std(ddof=1))
        if apart <= 0.0 or (times := (need / apart) ** 2) > HOPELESS:
            return None
        return math.ceil(max(times, 1.0) * self.people / 10.0) * 10

    @property
    def answer(self) -> str:
        """The verdict in a sentence."""
        return self.answer_in(ENGLISH)

    def answer_in(self, words: Language) -> str:
        """Return the verdict in a language."""
        text: str = beside(self, "network_test_texts").verdict(self, words)
        return text

    @property
    def table(self) -> pd.DataFrame:
        """What the test can tell, now and with more months."""
        import pandas as pd

        null, other = self.null, self.with_contagion
        return pd.DataFrame(
            {
                "months": self.horizons,
                "null_mean": null.mean(axis=0),
                "null_sd": null.std(axis=0, ddof=1),
                "threshold": self.thresholds,
                "contagion_mean": other.mean(axis=0),
                "contagion_sd": other.std(axis=0, ddof=1),
                "power": self.powers,
                "power_error": np.sqrt(self.powers * (1.0 - self.powers) / len(other)),
            },
            index=pd.Index(MORE, name="months_more"),
        )

    def said(self, words: Language = ENGLISH) -> list[str]:
        """Return what a reader has to know, a sentence each."""
        texts: list[str] = beside(self, "network_test_texts").sentences(self, words)
        return texts

    def figure(self, words: Language = ENGLISH) -> Picture:
        """Draw the score among those without contagion and with it, and the power."""
        drawn: Picture = beside(self, "network_test_figure").network_test_figure(self, words)
        return drawn

    def as_json(self, words: Language = ENGLISH) -> dict[str, Any]:
        """Return what was found as plain values; of people only totals that may be told."""
        refused = self.kind == "cannot tell"
        return {
            "question": QUESTION,
            "answer": self.answer_in(words),
            "verdict": self.kind,
            "p": None if refused else self.p,
            "p_error": None if refused else self.p_error,
            "p_note": "not told: with this power it would be no evidence" if refused else "",
            "score": self.score.value,
            "person_months": self.score.compared,
            "starts": self.score.starts if self.score.starts >= LEAST else None,
            "people": self.people,
            "ties": self.ties,
            "months": list(self.use.months),
            "use": shown_use(self.use),
            "power": [
                {str(name): _plain(value) for name, value in row.items()}
                for row in self.table.reset_index().to_dict("records")
            ],
            "months_needed": self.months_needed,
            "people_needed": self.people_needed,
            "levels": {
                name: {"changes": level.changes, "apart": level.apart, "use": level.curve}
                for name, level in zip(("without", "with"), self.levels, strict=True)
            },
            "champions_known": self.champions,
            "scenario": self.scenario.name,
            "nulls": self.runs,
            "with_contagion": len(self.with_contagion),
            "seed": self.seed,
            "notes": [*self.use.notes],
            "said": self.said(words),
        }


def _plain(value: Any) -> float | int:
    return int(value) if isinstance(value, int | np.integer) else float(value)


def _pieces(number: int) -> int:
    return -(-number // PIECE)


def shown_use(use: PersonUse) -> list[float | None]:
    """Return the share of users in each month; None where so few use it, or do not, that it is not told."""
    users, known = (use.used & use.seen).sum(axis=0), use.seen.sum(axis=0)
    return [
        float(share) if LEAST <= number <= total - LEAST else None
        for share, number, total in zip(use.curve, users, known, strict=True)
    ]


def question(
    ties: Path | str | None,
    use: Path | str,
    *,
    people: Path | str | None = None,
    scenario: Scenario | str | None = None,
    champions: Path | str | None = None,
    first: int = 1,
    at_least: float = 1.0,
    nulls: int = NULLS,
    seed: int = 1,
) -> Question:
    """Return what is asked, everything read and checked.

    Parameters
    ----------
    ties
        File of ties; None for that of the scenario.
    use
        File of monthly use by person.
    people
        File of people; by default that of the scenario, else ``people.csv`` beside the ties.
    scenario
        What was done here; by default leaders' example and champions, with a launch where use
        starts with a bang.
    champions
        File with the ids of the champions, where they are known.
    first
        How many months after go-live the first month of use is; 1 is the month of go-live.
    at_least
        Days or actions in a month from which on somebody used AI.
    nulls
        Organisations without contagion [at least 100].
    seed
        Seed of the study.

    Raises
    ------
    AdoptionError
        If a file or the scenario cannot be read, or there are too few people, months or ties.
    """
    whole_number("first", first, 1, 120)
    whole_number("nulls", nulls, 100)
    whole_number("seed", seed, 0, 2**32 - 1)
    if at_least <= 0.0:
        raise AdoptionError(f"at least: found {at_least:g}, expected more than 0")
    base = as_scenario(SCENARIO if scenario is None else scenario)
    files = _files(base, ties, people)
    base = base.changed(files)
    given = _given(base)
    staff = Path(files["organisation.people"])
    lived = read_use(Path(use), staff, given, at_least)
    known = None if champions is None else read_champions(Path(champions), staff, given)
    horizons = tuple(lived.used.shape[1] + more for more in MORE)
    base = base.changed(_done(base, scenario is None, lived, known, given)).changed(
        {"simulation.months": first - 1 + max(horizons), "organisation.turnover": 0.0}
    )
    circle = circle_of(
        np.stack([given.first, given.second], axis=1),
        given.department,
        given.boss,
        weight=given.weight,
        champions=known,
    )
    watch = Watch(circle, lived.seen, first, horizons)
    asked = Question(base, lived, watch, known is not None, nulls, seed)
    if score(lived.used, lived.seen, circle).value == 0.0:
        raise AdoptionError(
            f"{use}: found nobody who took AI up while others alike did not and had other ties, expected "
            "some: there is nothing to compare"
        )
    return asked


def _files(base: Scenario, ties: Path | str | None, people: Path | str | None) -> dict[str, Any]:
    """Return the files of people and ties, by the scenario's dotted path, and drawn departments away."""
    pairs = base.organisation.ties if ties is None else str(Path(ties).absolute())
    if pairs is None:
        raise AdoptionError(f"ties: found none, expected a file, or one in {base.name}")
    if people is not None:
        staff = str(Path(people).absolute())
    else:
        staff = base.organisation.people or str(Path(pairs).with_name("people.csv"))
    files: dict[str, Any] = {"organisation.people": staff, "organisation.ties": pairs}
    if people is not None and base.organisation.columns is not None:
        files["organisation.columns"] = None
    if base.organisation.people is None:
        named = read_organisation(Path(staff), Path(pairs)).departments
        files["organisation.departments"] = {name: {} for name in named if name != MANAGEMENT}
    return files


def _done(
    base: Scenario, guessed: bool, use: PersonUse, champions: Array | None, given: Imported
) -> dict[str, Any]:
    """Return what the scenario has to change so that it is what was done here."""
    changes: dict[str, Any] = {}
    highest = float(use.curve.max())
    if guessed and use.curve[0] < BANG * highest:
        changes["programme.launch"] = None
    if champions is not None and "champions" in base.deployments:
        named = [name for name, is_one in zip(given.people, champions, strict=True) if is_one]
        path = "programme.champions"
        if named:
            changes |= {f"{path}.selection": "named", f"{path}.audience.people": named}
        else:
            changes[path] = None
    return changes


def investigate(
    asked: Question, progress: Progress | None = None, pieces: Pieces | None = None
) -> NetworkTest:
    """Return what the test says.

    Parameters
    ----------
    asked
        What is asked.
    progress
        Called with the number of pieces finished and the total.
    pieces
        Pieces that are finished already, and where others are kept.

    Raises
    ------
    InterruptedStudyError
        If it is interrupted: what is finished is kept in ``pieces``.
    """
    pieces, report = pieces or Pieces(), progress or (lambda *_: None)
    arms: dict[str, Mapping[str, Any]] = {"without": SILENT, "with": {}}
    levels: dict[str, Level] = {}
    done = 0
    for arm, changes in arms.items():
        levels[arm] = pieces.once(f"level-{arm}", lambda c=changes: _level(asked, c), _level_back)  # type: ignore[misc]
        done += 1
        report(done, asked.size)
    parts = {"without": asked.nulls, "with": WITH}
    scores: dict[str, Array] = {}
    for number, (arm, runs) in enumerate(parts.items()):
        scores[arm] = _scores(asked, levels[arm], (arm, number, runs), (report, done), pieces)
        done += _pieces(runs)
    return NetworkTest(
        asked.scenario,
        asked.use,
        score(asked.use.used, asked.use.seen, asked.watch.circle),
        asked.watch.horizons,
        scores["without"],
        scores["with"],
        (levels["without"], levels["with"]),
        int(asked.use.seen.any(axis=1).sum()),
        int(_given(asked.scenario).first.size),
        asked.champions,
        asked.seed,
    )


def _given(scenario: Scenario) -> Imported:
    """Return the people and ties that were read."""
    given = imported(scenario.organisation)
    if given is None:
        raise AdoptionError(f"{scenario.name}: found no file of people, expected one")
    return given


def _level(asked: Question, changes: Mapping[str, Any]) -> Level:
    return levelled(asked.scenario, changes, asked.use.curve, asked.watch.first, asked.seed)


def _level_back(kept: Sequence[Any]) -> Level:
    return Level(*kept)


def _scores(
    asked: Question,
    level: Level,
    arm: tuple[str, int, int],
    progress: tuple[Progress, int],
    pieces: Pieces,
) -> Array:
    """Return the scores of an arm, piece by piece: organisations of its own, and of a number."""
    name, number, runs = arm
    report, done = progress
    first = number * 1_000_000

    def work(piece: int) -> Array:
        streams = range(first + piece * PIECE, first + min((piece + 1) * PIECE, runs))
        return scored(asked.scenario, level.changes, asked.watch, streams, asked.seed)

    numbers = range(_pieces(runs))
    parts = dict(
        pieces.over(name, work, numbers, np.array, lambda n, _: report(done + n, asked.size))
    )
    if len(parts) < len(numbers):
        raise InterruptedStudyError("interrupted: what is finished is kept, ask again to go on")
    return np.concatenate([parts[piece] for piece in numbers])


def network_test(
    ties: Path | str | None,
    use: Path | str,
    *,
    progress: Progress | None = None,
    **options: Any,
) -> NetworkTest:
    """Ask whether the network matters here: whether people take AI up after tied colleagues used it.

    Parameters
    ----------
    ties, use
        Files of ties and of monthly use by person.
    progress
        Called with the number of pieces finished and the total.
    **options
        Everything else that :func:`question` takes.

    Raises
    ------
    AdoptionError
        If something cannot be read, or there is too little to look at.
    """
    return investigate(question(ties, use, **options), progress)


def save(tested: NetworkTest, asked: Question, root: Path, words: Language = ENGLISH) -> Path:
    """Write what was found; return its folder."""
    return asked.place.save(root, tested.as_json(words), {"power": tested.table})
