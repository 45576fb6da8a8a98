"""Every number the rules use: default, unit, range, source and what it means.

Each parameter is one annotated line; the type checker, the range check, the JSON schema, the
table of ``adopt parameters`` and the sensitivity design read that line and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple, get_type_hints

import numpy as np

from sim.engine.kinds import Array, Of

if TYPE_CHECKING:
    import pandas as pd

FITTED = "calibration: together with others"
CHOICE = "choice: to be swept"


@dataclass(frozen=True)
class Number:
    """What a parameter is besides its default.

    Attributes
    ----------
    unit
        Unit of measurement.
    low, high
        Allowed range, both ends included.
    meaning
        One line for a reader who does not know the code.
    source
        Where the default comes from: entries of the register of evidence, then words.
    neutral
        Value at which the mechanism is switched off (None if it has none).
    prior
        Where the value may lie before the evidence has spoken: calibration starts from a uniform
        distribution over it. None if calibration leaves the value as it is.
    """

    unit: str
    low: float
    high: float
    meaning: str
    source: str = CHOICE
    neutral: float | None = None
    prior: tuple[float, float] | None = None


# fmt: off
class Parameters(NamedTuple):
    """All parameters of the rules; a run reads one set of them."""

    # Desire: the weights of what makes somebody want to use AI, in log-odds.
    base_desire: Annotated[float, Number("log-odds", -10, 10, "Desire when nothing speaks for or against", "calibration: acts on the level of use with bare licences, C09, C07 and L14", prior=(-7, -2))] = -4.248
    usefulness_weight: Annotated[float, Number("log-odds", 0, 6, "Pull of full expected usefulness", FITTED, 0, prior=(0.5, 3))] = 2.4415
    ease_weight: Annotated[float, Number("log-odds", 0, 6, "Pull of full skill", FITTED, 0, prior=(0.5, 4))] = 3.1463
    peer_weight: Annotated[float, Number("log-odds", 0, 6, "Pull of colleagues who all use AI", "calibration: acts on what champions bring and on exposure at adoption, C43, L31 and L44", 0, prior=(0.2, 4.5))] = 2.0101
    fear_weight: Annotated[float, Number("log-odds", 0, 6, "Push-back of full felt threat", FITTED, 0, prior=(0.5, 4))] = 2.5364
    habit_weight: Annotated[float, Number("log-odds", 0, 6, "Pull of a full habit", FITTED, 0, prior=(0.2, 2))] = 1.1612
    leader_weight: Annotated[float, Number("log-odds", 0, 6, "Pull of leaders who use AI every day", "calibration: acts on what leaders bring, C09 or L12", 0, prior=(0.2, 3.5))] = 1.9952
    incentive_weight: Annotated[float, Number("log-odds", 0, 6, "Pull of a saturated incentive", "choice: AI in roles, appraisal and careers as a whole brings some eight points, built up over a year; no evidence, to be swept", 0)] = 0.4
    user_novelty: Annotated[float, Number("log-odds", 0, 6, "Extra desire right after one's first start", "calibration: acts on regular use after half a year, L69", 0, prior=(0, 4))] = 2.2637
    launch_novelty: Annotated[float, Number("log-odds", 0, 8, "Extra desire of non-users in the month of a full launch", "calibration: acts on regular use after half a year, L69", 0, prior=(0, 7))] = 4.2686
    user_novelty_time: Annotated[float, Number("month", 0.1, 24, "Time in which a user's novelty falls to 37 %", "L35: novelty fades within 4-10 weeks")] = 2.1
    launch_novelty_time: Annotated[float, Number("month", 0.1, 24, "Time in which a launch falls to 37 %", "choice: fixed in calibration, to be swept")] = 1.4

    # Differences between people and between organisations.
    context_spread: Annotated[float, Number("log-odds", 0, 3, "Standard deviation of desire between organisations", "calibration: acts on the spread between organisations, L03", 0, prior=(0.2, 1.2))] = 0.6
    innovativeness_spread: Annotated[float, Number("log-odds", 0, 3, "Standard deviation of desire between people", FITTED, 0, prior=(0.4, 1.6))] = 1.1716
    threat_shape_a: Annotated[float, Number("1", 0.2, 20, "First shape of the Beta distribution of initial threats")] = 3.0
    threat_shape_b: Annotated[float, Number("1", 0.2, 20, "Second shape of the Beta distribution of initial threats")] = 3.0
    justified_shape_a: Annotated[float, Number("1", 0.1, 20, "First shape of the Beta share of a worry that is justified", "calibration: acts on who refuses for good with full support, C72", prior=(0.4, 2.5))] = 1.322
    justified_shape_b: Annotated[float, Number("1", 0.1, 20, "Second shape of the Beta share of a worry that is justified")] = 2.5
    own_channel: Annotated[float, Number("1", 0, 1, "How much the own threats of one's archetype are felt", neutral=0)] = 0.8
    other_channel: Annotated[float, Number("1", 0, 1, "How much each other threat is felt", neutral=0)] = 0.15
    low_threshold_share: Annotated[float, Number("share", 0, 1, "Share of people moved by the first user they see", "calibration: acts on exposure at adoption, L44", prior=(0.05, 0.5))] = 0.086
    low_threshold: Annotated[float, Number("share", 0.0001, 1, "Threshold of those people, and the lowest of all")] = 0.05
    threshold_shape_a: Annotated[float, Number("1", 0.2, 20, "First shape of the Beta distribution of other thresholds")] = 1.2
    threshold_shape_b: Annotated[float, Number("1", 0.2, 20, "Second shape of the Beta distribution of other thresholds")] = 0.8
    hill_exponent: Annotated[int, Number("1", 1, 8, "Steepness of the contagion kernel at the threshold")] = 3
    full_circle: Annotated[float, Number("people", 1, 1000, "Colleagues a threshold of 1 stands for where users are counted (rules.contagion)", "choice, L43: the middle of the 7 to 20 colleagues people in firms notice")] = 10.0
    match_low: Annotated[float, Number("1", 0, 2, "Lowest match of the tool to a job")] = 0.7
    match_range: Annotated[float, Number("1", 0, 2, "Highest minus lowest match of the tool to a job")] = 0.6
    match_shape: Annotated[float, Number("1", 0.2, 20, "Both shapes of the Beta distribution of the match")] = 3.0
    anxious_skill_shape_a: Annotated[float, Number("1", 0.2, 20, "First shape of initial skill, competence-anxious")] = 2.0
    anxious_skill_shape_b: Annotated[float, Number("1", 0.2, 20, "Second shape of initial skill, competence-anxious")] = 5.0
    skill_shape_a: Annotated[float, Number("1", 0.2, 20, "First shape of initial skill, other archetypes")] = 3.0
    skill_shape_b: Annotated[float, Number("1", 0.2, 20, "Second shape of initial skill, other archetypes")] = 4.0

    # Deciding.
    start_rate: Annotated[float, Number("1/month", 0, 12, "Rate of starting at full desire", "calibration: acts on never-users with bare licences, L14", 0, prior=(0.3, 5))] = 1.3442
    stop_rate: Annotated[float, Number("1/month", 0, 12, "Rate of stopping without desire and habit", "calibration: acts on regular use after half a year, L69", 0, prior=(0.1, 0.8))] = 0.4016

    # Considering: nobody starts who has not thought of something to use it for.
    considers_before: Annotated[float, Number("1", 0, 1, "How far people consider AI for their own work before anything happens", "calibration: acts on use where nobody pushes, L57", neutral=1, prior=(0, 0.1))] = 0.0182
    consider_alone: Annotated[float, Number("1/month", 0, 10, "Rate of coming to consider it by oneself", "calibration: acts on use where nobody pushes, L57", prior=(0, 0.015))] = 0.0008
    consider_launch: Annotated[float, Number("1/month", 0, 10, "Rate of coming to consider it in the month of a full launch", "calibration: acts on regular use after half a year, L69", prior=(0.3, 2.5))] = 0.9779
    consider_peers: Annotated[float, Number("1/month", 0, 10, "Rate of coming to consider it among many colleagues who use it", "calibration: acts on use where nobody pushes, L57", prior=(0.5, 5))] = 2.7365
    consider_circle: Annotated[float, Number("people", 0.01, 1000, "Using colleagues at whom that rate is half", "calibration: acts on use where nobody pushes, L57; one colleague may be enough", prior=(0.5, 3))] = 1.6618
    consider_example: Annotated[float, Number("1/month", 0, 10, "Rate of coming to consider it where leaders use it every day", "calibration: acts on what leaders bring, C09 or L12", prior=(0, 1.5))] = 0.5364
    consider_message: Annotated[float, Number("1", 0, 50, "Rate of coming to consider it by pull of messages", "choice: a full message a month brings as many to consider it as pull it has; to be swept")] = 0.83
    consider_training: Annotated[float, Number("1/course", 0, 50, "Rate of coming to consider it by a full course", "choice: a full course brings two thirds of its participants to consider it; to be swept")] = 0.8649
    considers_after: Annotated[float, Number("1", 0, 1, "How far somebody still considers it who has just given it up", "calibration: acts on who never uses it every week, L14", neutral=1, prior=(0.2, 1))] = 0.5179

    # Perceiving, and use that grows.
    norm_rate: Annotated[float, Number("1/month", 0.01, 1, "Rate at which the use people think others make follows what they do", "calibration: acts on courses over time, L57 and L69", neutral=1, prior=(0.05, 0.6))] = 0.1199
    use_growth: Annotated[float, Number("1/month", 0.01, 1, "Rate at which use grows to what is desired", "calibration: acts on the share of weekly users who use it every day, L61", neutral=1, prior=(0.2, 0.95))] = 0.6055

    # Opportunity: the share of working time in tasks AI helps with.
    opportunity_exponent: Annotated[float, Number("1", 0, 2, "Power of the task share in starting, in the most use there can be, and in the worth of the tool", "calibration: acts on office staff against the shop floor, L62", neutral=0, prior=(0.2, 0.6))] = 0.4267
    usual_task_share: Annotated[float, Number("share", 0.01, 1, "Task share at which opportunity is 1", "choice: the mean share of working time in the shipped organisation")] = 0.25
    leader_tasks: Annotated[float, Number("1", 0.1, 10, "Task share of leaders, relative to their department's", "calibration: acts on leaders against those who lead nobody, L63", neutral=1, prior=(1, 5))] = 3.5479

    # Expecting: what people think the tool is worth.
    tool_quality: Annotated[float, Number("1", 0, 1, "Usefulness of the tool for an average job at full skill", FITTED, prior=(0.4, 0.8))] = 0.4445
    hype: Annotated[float, Number("1", 0, 1, "How far public expectation exceeds the tool's quality", "calibration: acts on regular use after half a year, L69", 0, prior=(0, 0.5))] = 0.3972
    initial_trust: Annotated[float, Number("1", 0, 1, "Part of the tool's quality that people expect beforehand")] = 0.75
    expectation_spread: Annotated[float, Number("1", 0, 1, "Standard deviation of initial expectation", neutral=0)] = 0.12
    unskilled_usefulness: Annotated[float, Number("1", 0, 1, "Share of its usefulness the tool has without skill")] = 0.35
    experience_rate: Annotated[float, Number("1/month", 0, 0.95, "Rate at which daily use corrects expectation", FITTED, 0, prior=(0.2, 0.8))] = 0.6299
    hearsay_rate: Annotated[float, Number("1/month", 0, 0.95, "Rate at which non-users believe the users they notice", FITTED, 0, prior=(0.1, 0.6))] = 0.149
    message_rate: Annotated[float, Number("1/month", 0, 0.95, "Pull of a full, fully credible message a month", FITTED, 0, prior=(0.03, 0.3))] = 0.1142
    two_sided_credibility: Annotated[float, Number("1", 0, 1, "Belief in a message that names risks too")] = 0.6
    one_sided_credibility: Annotated[float, Number("1", 0, 1, "Belief in a message that only promises")] = 0.3
    two_sided_hype: Annotated[float, Number("1", 0, 1, "Part of the public hype that stays with who hears a two-sided message", "choice: to be swept; good news moves beliefs more than bad news (Sharot and others 2011, on beliefs about oneself)", 0)] = 0.5
    interactive_factor: Annotated[float, Number("1", 1, 5, "Persuasion of an interactive format relative to a one-way one", "C42: 2.5 times, source unnamed")] = 2.5
    abstract_factor: Annotated[float, Number("1", 0, 1, "Persuasion of an abstract message relative to a concrete one")] = 0.6

    sender_management: Annotated[float, Number("1", 0, 2, "Belief in what management says, relative to nobody in particular", neutral=1)] = 0.9
    sender_it: Annotated[float, Number("1", 0, 2, "Belief in what the IT department says", neutral=1)] = 0.8
    sender_works_council: Annotated[float, Number("1", 0, 2, "Belief in what the works council says", neutral=1)] = 1.1
    sender_peers: Annotated[float, Number("1", 0, 2, "Belief in what colleagues say", neutral=1)] = 1.2
    sender_expert: Annotated[float, Number("1", 0, 2, "Belief in what an expert from outside says", neutral=1)] = 1.0

    # Learning and making it a habit.
    practice_gain: Annotated[float, Number("1/month", 0, 0.9, "Skill gained by daily use, as part of what is missing", FITTED, 0, prior=(0.03, 0.25))] = 0.0476
    training_gain: Annotated[float, Number("1", 0, 0.9, "Skill gained by a full course, as part of what is missing", FITTED, 0, prior=(0.05, 0.4))] = 0.2408
    forgetting: Annotated[float, Number("1/month", 0, 0.9, "Gained skill lost without use", "calibration, L33: half of what was gained is lost in 11 months for mixed measures, .061 a month", 0, prior=(0.05, 0.1))] = 0.0912
    habit_gain: Annotated[float, Number("1/month", 0, 0.9, "Habit gained by daily use, as part of what is missing", "calibration, L32: daily use as found there would give .6 a month, in the upper part of the prior", 0, prior=(0.15, 0.75))] = 0.4899
    habit_loss: Annotated[float, Number("1/month", 0, 0.9, "Habit lost without use", FITTED, 0, prior=(0.05, 0.25))] = 0.2338

    # Threat.
    calming_rate: Annotated[float, Number("1/month", 0, 0.95, "Rate at which threat moves to what the situation warrants", FITTED, 0, prior=(0.1, 0.6))] = 0.244
    relief_scale: Annotated[float, Number("1", 0, 1.2, "Factor on the relief of every measure", "calibration: acts on what continued and full support bring, C67 and C72", 0, prior=(0.3, 1.1))] = 0.9134
    skill_calms_competence: Annotated[float, Number("1", 0, 0.99, "Competence threat removed by full skill", neutral=0)] = 0.5
    skill_calms_others: Annotated[float, Number("1", 0, 0.99, "Status and control threat removed by full skill", neutral=0)] = 0.1
    experience_calms: Annotated[float, Number("1", 0, 0.99, "Competence and control threat removed by a full habit", "choice: fixed in calibration, to be swept", 0)] = 0.3

    # What lasts of a measure.
    one_off_carry_over: Annotated[float, Number("1/month", 0, 0.99, "Part of a one-off measure left a month later", "L36: about .5 a period")] = 0.50
    structural_carry_over: Annotated[float, Number("1/month", 0, 0.99, "Part of a structural measure left a month after it ended", "choice: fixed in calibration, to be swept; beyond the carry-over of one-off messages, L36")] = 0.92

    relief_carry_over: Annotated[float, Number("1/month", 0, 0.99, "Part of the relief of a one-off measure left a month later", "choice: reassurance lasts longer than a message is remembered; to be swept")] = 0.85
    build_up_scale: Annotated[float, Number("1", 0, 5, "Factor on the months until structural measures have their full effect", "choice: 1 takes the months of the catalogue, which are assumptions; to be swept", neutral=0)] = 1.0
    wear_scale: Annotated[float, Number("1", 0, 5, "Factor on what wears off of structural measures", "choice: 1 takes the wear of the catalogue, which is an assumption; to be swept", neutral=0)] = 1.0
    variety: Annotated[float, Number("1", 0, 1, "Power of the number of senders and formats in the pull of messages", "choice: three senders or formats pull 1.4 times as much as one; to be swept", neutral=0)] = 0.3
    culture_rate: Annotated[float, Number("1/month", 0, 0.95, "Rate at which culture moves to what measures make of it", "choice, practice: culture takes 18 to 24 months; .08 a month closes 85 % of a gap in two years", neutral=0)] = 0.08
    consent_months: Annotated[int, Number("month", 0, 24, "Months a works council takes to agree, from when it is heard", "choice: a works council takes weeks to a few months to agree", neutral=0)] = 2

    # Leaders and champions.
    boss_share: Annotated[float, Number("share", 0, 1, "Weight of the own boss in the leaders' example; the rest is the top")] = 0.7
    committed_use: Annotated[float, Number("share", 0, 1, "Lowest intensity of a leader committed to use AI")] = 0.5
    committed_skill: Annotated[float, Number("1", 0, 1, "Lowest skill of a leader committed to use AI")] = 0.5
    champion_voice: Annotated[float, Number("1", 1, 20, "How much more a champion is noticed than others", "calibration: acts on what champions bring, C43 or L31", 1, prior=(1.2, 6))] = 3.0
    champion_fatigue: Annotated[float, Number("1/month", 0, 0.5, "Monthly loss of a champion's extra voice and coaching", neutral=0)] = 0.03
    champion_use: Annotated[float, Number("share", 0, 1, "Lowest intensity of a champion in service")] = 0.3
    champion_skill: Annotated[float, Number("1", 0, 1, "Lowest skill of a champion in service")] = 0.7
    coaching_capacity: Annotated[float, Number("people/month", 0, 50, "People a champion can coach in a month", neutral=0)] = 3.0

    coaching_hours: Annotated[float, Number("hour/month", 0.1, 160, "Paid hours a month at which a champion has that capacity")] = 6.0
    buddy_weight: Annotated[float, Number("1", 0, 20, "How much a buddy is noticed, relative to another colleague", "choice: the weight at which the claim on buddies, C48, is tested", 0)] = 3.0
    buddy_need: Annotated[float, Number("1", 0, 1, "Skill below which somebody gets a buddy", neutral=0)] = 0.35
    buddy_skill: Annotated[float, Number("1", 0, 1, "Least skill of a buddy")] = 0.5

    # Culture, maturity and technology money: levers of the organisation, none at .5 or without money.
    error_tolerance_learning: Annotated[float, Number("1", 0, 3, "Log of the factor on learning by doing, from no to full error tolerance", neutral=0)] = 0.8
    error_tolerance_stopping: Annotated[float, Number("1", 0, 3, "Log of the factor on stopping less, from no to full error tolerance", neutral=0)] = 0.8
    participation_relief: Annotated[float, Number("1", 0, 3, "Log of the factor on relief by participatory measures, from no to full participation", neutral=0)] = 0.8
    participation_control: Annotated[float, Number("1", 0, 3, "Log of the power that lowers initial control threat, from no to full participation", neutral=0)] = 0.8
    experimentation_starting: Annotated[float, Number("1", 0, 3, "Log of the factor on starting, from no to full appetite for experiments", neutral=0)] = 0.8
    experimentation_discovery: Annotated[float, Number("1", 0, 3, "Log of the factor on finding use cases, from no to full appetite for experiments", neutral=0)] = 1.5
    transparency_threat: Annotated[float, Number("1", 0, 3, "Log of the power that lowers all initial threats, from no to full transparency", neutral=0)] = 0.5
    transparency_credibility: Annotated[float, Number("1", 0, 3, "Log of the factor on credibility, from no to full transparency", neutral=0)] = 0.8
    maturity_skill: Annotated[float, Number("1", 0, 3, "Log of the power that raises initial skill, from no to full digital maturity", neutral=0)] = 0.8
    maturity_fit: Annotated[float, Number("1", 0, 3, "Log of the factor on the match of tool and job (less friction), from no to full digital maturity", neutral=0)] = 0.2
    maturity_delay: Annotated[float, Number("month", 0, 24, "Months that access comes later, from full to no digital maturity", "choice, C10: building the technology takes 3 to 6 months; how much of it hangs on maturity is a choice", 0)] = 4.0
    late_council_credibility: Annotated[float, Number("1", 0, 1, "Factor on credibility where the works council is only heard after go-live", neutral=1)] = 0.8
    council_delay: Annotated[int, Number("month", 0, 60, "Months after go-live in which a late works council is heard")] = 3
    investment_scale: Annotated[float, Number("euro/person", 1, 1e6, "Technology money a head that has 63 % of its effect")] = 500.0
    project_money: Annotated[float, Number("1", 0, 1, "Part of the money for integration and data that works as technology money does", "choice: a euro for integration or data does what one of further investment does", neutral=0)] = 1.0
    investment_months: Annotated[float, Number("month", 0, 24, "Months earlier access, at unlimited technology money", neutral=0)] = 2.0
    investment_fit: Annotated[float, Number("1", 0, 3, "Log of the factor on the match of tool and job, at unlimited technology money", neutral=0)] = 0.10
    investment_quality: Annotated[float, Number("1", 0, 1, "Share of the tool's shortcomings mended, at unlimited technology money", neutral=0)] = 0.15

    # Measuring.
    satisfied: Annotated[float, Number("1", 0, 2, "Realised over expected usefulness from which a user is satisfied")] = 0.9
    certified_skill: Annotated[float, Number("1", 0, 1, "Skill from which a full course is a certificate")] = 0.6
    support_rate: Annotated[float, Number("request/month", 0, 100, "Requests for support of a daily user without skill")] = 2.0
    discovery_rate: Annotated[float, Number("case/month", 0, 10, "New use cases found by a skilled daily user")] = 0.02
    suggestion_rate: Annotated[float, Number("suggestion/month", 0, 100, "Suggestions made by a daily user")] = 0.2
    department_in_use: Annotated[float, Number("share", 0, 1, "Adoption from which a department uses AI")] = 0.2
    step2_adoption: Annotated[float, Number("share", 0, 1, "Maturity step 2: adoption")] = 0.2
    step2_department: Annotated[float, Number("share", 0, 1, "Maturity step 2: adoption of the best department")] = 0.5
    step3_adoption: Annotated[float, Number("share", 0, 1, "Maturity step 3: adoption")] = 0.5
    step3_department: Annotated[float, Number("share", 0, 1, "Maturity step 3: adoption in two thirds of departments")] = 0.4
    step3_leaders: Annotated[float, Number("share", 0, 1, "Maturity step 3: leaders who use AI weekly")] = 0.5
    step4_adoption: Annotated[float, Number("share", 0, 1, "Maturity step 4: adoption")] = 0.7
    step4_habit: Annotated[float, Number("1", 0, 1, "Maturity step 4: mean habit")] = 0.5
    step4_cases: Annotated[float, Number("case", 0, 1000, "Maturity step 4: use cases in use")] = 3.0
    step5_adoption: Annotated[float, Number("share", 0, 1, "Maturity step 5: adoption")] = 0.9
    step5_habit: Annotated[float, Number("1", 0, 1, "Maturity step 5: mean habit")] = 0.8
    step5_department: Annotated[float, Number("share", 0, 1, "Maturity step 5: adoption in every department")] = 0.8
    step5_months: Annotated[int, Number("month", 1, 120, "Maturity step 5: for how long")] = 6
    weekly_use: Annotated[float, Number("share", 0, 1, "Intensity from which somebody counts as a weekly user", "definition: one working day in five")] = 0.20
    daily_use: Annotated[float, Number("share", 0, 1, "Intensity from which somebody counts as a daily user", "definition: four working days in five")] = 0.80

# fmt: on


RECORD: Final = np.dtype(
    [(name, "i8" if kind is int else "f8") for name, kind in get_type_hints(Parameters).items()]
)
"""The same numbers as one row, which compiled code reads where it stands."""

Numbers = Annotated[Array, Of(RECORD)]


def as_record(p: Parameters) -> np.ndarray[Any, Any]:
    """Return the numbers as a table of one row, for compiled code."""
    return np.array([tuple(p)], RECORD)


@lru_cache(maxsize=1)
def numbers() -> dict[str, Number]:
    """Return what is declared of every parameter, by name."""
    hints = get_type_hints(Parameters, include_extras=True)
    return {name: hints[name].__metadata__[0] for name in Parameters._fields}


def described() -> list[dict[str, Any]]:
    """Return all that is declared of every parameter: name, default, unit, range, source, ..."""
    defaults = Parameters._field_defaults
    return [
        {
            "parameter": name,
            "default": defaults[name],
            "unit": number.unit,
            "low": number.low,
            "high": number.high,
            "neutral": number.neutral,
            "prior": number.prior,
            "meaning": number.meaning,
            "source": number.source,
        }
        for name, number in numbers().items()
    ]


def parameters_table() -> pd.DataFrame:
    """Return a table of all parameters: one row each, with default, unit, range and source."""
    import pandas as pd

    return pd.DataFrame(described()).set_index("parameter")
