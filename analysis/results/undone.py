"""What a strategy says and nobody does, in words: part of its name, and the first thing told of it."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.words.languages import ENGLISH, Language
from sim.programme.deployments import deployments_of, measure_of
from sim.programme.ledger import ACCESS, Undone
from sim.scenario.schema import Scenario


def title_of(name: str, scenario: Scenario, words: Language = ENGLISH) -> str:
    """Return what a deployment or an adaptive rule is called within a sentence."""
    if name == ACCESS:
        return words._("access to AI")
    deployments = deployments_of(scenario) | {
        key: rule.then for key, rule in scenario.adaptive.items()
    }
    if name not in deployments:
        return name
    title = words.of(measure_of(name, deployments[name]).title)
    same = [
        key for key, rule in deployments.items() if words.of(measure_of(key, rule).title) == title
    ]
    title = lowered(title)
    return f"{title} ({name})" if len(same) > 1 else title


def lowered(text: str) -> str:
    """Return a text as it goes on within a sentence; abbreviations stay as they are."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def named(title: str, undones: Sequence[Undone], words: Language = ENGLISH) -> str:
    """Return the name of a strategy with how much it lacks: a label; :func:`lacking` lists what."""
    out = sum(undone.part == 0.0 for undone in undones)
    scaled = [undone.part for undone in undones if undone.reason == "scaled" and undone.part > 0.0]
    partly = sum(undone.reason == "trainers" and undone.part > 0.0 for undone in undones)
    parts = [title]
    if out:
        parts.append(words._("less {number}", number=out))
    if scaled:
        parts.append(words._("at {share}", share=words.percent(min(scaled))))
    if partly:
        parts.append(words._("{number} in part", number=partly))
    return ", ".join(parts)


def lacking(scenario: Scenario, undone: Sequence[Undone], words: Language = ENGLISH) -> str:
    """Return all that a strategy lacks and why, as a text beside its name; empty if nothing."""
    return " ".join(reasons(scenario, undone, words))


def reasons(scenario: Scenario, undone: Sequence[Undone], words: Language = ENGLISH) -> list[str]:
    """Return why what is not done is not done, a sentence for each reason."""
    sentences, budget = [], _budget(scenario, words)
    by_reason: dict[tuple[str, bool], list[Undone]] = {}
    for missing in undone:
        by_reason.setdefault(
            (missing.reason, missing.part > 0.0 or missing.name == ACCESS), []
        ).append(missing)
    for (reason, some), ours in by_reason.items():
        names = [title_of(our.name, scenario, words) for our in ours]
        values = {
            "measures": words.listed(names),
            "budget": budget,
            "month": scenario.simulation.months,
            "share": words.percent(min(our.part for our in ours)),
        }
        if reason == "end" and some:
            sentences.append(
                words._("AI is not available before the last month, {month}.", **values)
            )
        elif reason == "end":
            sentences.append(
                words._(
                    "Not done, as it would start after the last month, {month}: {measures}.",
                    **values,
                )
            )
        elif reason == "nobody":
            sentences.append(words._("Not done, as it is meant for nobody: {measures}.", **values))
        elif reason == "trainers" and some:
            sentences.append(
                words._(
                    "Done for {share} only, as trainers have no time for more: {measures}.",
                    **values,
                )
            )
        elif reason == "trainers":
            sentences.append(
                words._("Not done, as trainers have no time for it: {measures}.", **values)
            )
        elif reason == "scaled" and some:
            sentences.append(
                words._(
                    "Scaled to {share}, as the budget of {budget} pays for no more: {measures}.",
                    **values,
                )
            )
        else:
            sentences.append(
                words._(
                    "Not bought, as the budget of {budget} does not pay for it: {measures}.",
                    **values,
                )
            )
    return sentences


def _budget(scenario: Scenario, words: Language) -> str:
    """Return the budget with the shares of it that limit measures too."""
    limit = scenario.budget
    text = words.euro(limit.total or 0.0)
    if limit.change_share is not None:
        share = words.percent(limit.change_share)
        text = words._("{budget} ({share} of it for measures)", budget=text, share=share)
    if limit.reserve > 0.0:
        share = words.percent(limit.reserve)
        text = words._("{budget} with {share} kept until after go-live", budget=text, share=share)
    return text


def why_not(undone: Undone, words: Language) -> str:
    """Return in a few words why something is not done, or not in full."""
    if undone.part > 0.0:
        return words._("{share} of it", share=words.percent(undone.part))
    return {
        "budget": words._("not bought: does not fit the budget"),
        "scaled": words._("not bought: does not fit the budget"),
        "trainers": words._("not done: no time of trainers"),
        "end": words._("not done: would start after the end"),
        "nobody": words._("not done: meant for nobody"),
    }[undone.reason]
