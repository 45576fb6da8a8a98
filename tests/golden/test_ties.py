"""What the network page says of ties was found with the numbers the model has now."""

from __future__ import annotations

from analysis.studies.ties.verdicts import kept

REMEDY = "the model has other numbers now: look anew with python -m analysis.studies.ties"


def test_what_is_kept_of_ties_is_of_the_numbers_there_are() -> None:
    assert kept() is not None, REMEDY
