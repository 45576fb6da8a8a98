"""Where people stand in a picture of a network: departments apart, colleagues near each other."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sim.engine.kinds import Array

ROUNDS: Final = 150
"""Steps in which people find their places, fewer where they are more than ``CROWD``."""

CROWD: Final = 500

APART: Final = 1.5
"""Least distance of people, in the unit in which each fills a circle of radius 1."""

AIR: Final = 0.35
"""Least distance of two dots."""


def on_a_circle(people: int) -> Array:
    """Return places on a circle, clockwise from the top [people, 2]."""
    angle = np.pi / 2 - 2 * np.pi * np.arange(people) / people
    radius = max(0.6 * np.sqrt(people), people * APART / (2 * np.pi))
    circle: Array = radius * np.column_stack([np.cos(angle), np.sin(angle)])
    return circle


def in_departments(ties: Any, department: Array, centres: Array, size: Array) -> Array:
    """Return places in a disc per department: near the own colleagues and those outside.

    Parameters
    ----------
    ties
        Sparse matrix of ones.
    department
        Department of each person.
    centres
        Middle of each department's disc, whose area is in proportion to its people.
    size
        Diameter of each person's dot.
    """
    places = np.empty((department.size, 2))
    towards = ties @ centres[department] - np.diff(ties.indptr)[:, None] * centres[department]
    for circle in np.unique(department):
        rows = np.flatnonzero(department == circle)
        pull = towards[rows]
        pull = 0.6 * pull / np.maximum(1.0, np.linalg.norm(pull, axis=1).max())
        inside = settle(ties[rows][:, rows], size[rows], pull)
        places[rows] = centres[circle] + inside
    return places


def settle(ties: Any, size: Array, pull: Array | None = None) -> Array:
    """Return places of people around the origin: ties pull, everybody pushes everybody away.

    The forces are those of Fruchterman and Reingold (1991); the cloud they end in is then
    evened out to a disc in which everybody has the same room.

    Parameters
    ----------
    ties
        Sparse matrix of ones among these people.
    size
        Diameter of each person's dot.
    pull
        Force from outside on each person.
    """
    people = ties.shape[0]
    if people == 1:
        return np.zeros((1, 2))
    known = ties.toarray() > 0.0
    radius = np.sqrt(people)
    angle = np.arange(people) * np.pi * (3.0 - np.sqrt(5.0))
    ray = np.sqrt(np.arange(people) + 0.5)
    places = np.column_stack([ray * np.cos(angle), ray * np.sin(angle)])
    rounds = max(ROUNDS // 3, min(ROUNDS, ROUNDS * CROWD // people))
    for heat in np.linspace(0.2 * radius, 0.0, rounds, endpoint=False):
        square = _squares(places) + 1e-3
        strength = 3.0 / square
        strength[known] -= np.sqrt(square[known]) / 3.0
        force = _push(strength, places) - 0.1 * places
        if pull is not None:
            force += radius * pull
        length = np.linalg.norm(force, axis=1, keepdims=True)
        places += force / np.maximum(length, 1e-9) * np.minimum(length, heat)
    return part(_even(places), size)


def _even(places: Array) -> Array:
    """Return the same cloud as a disc: half as it is, half with the same room for everybody."""
    people = len(places)
    places = places - places.mean(axis=0)
    length = np.linalg.norm(places, axis=1)
    rank = np.empty(people)
    rank[np.argsort(length, kind="stable")] = np.sqrt((np.arange(people) + 0.5) / people)
    wide = np.quantile(length, 0.95) or 1.0
    new = np.sqrt(people) * (0.25 * np.minimum(length / wide, 1.1) + 0.75 * rank)
    evened: Array = places * (new / np.maximum(length, 1e-9))[:, None]
    return evened


def part(places: Array, size: Array) -> Array:
    """Return the places after dots that touch have moved apart."""
    least = np.maximum(APART, 0.5 * (size[:, None] + size[None, :]) + AIR)
    for _ in range(80):
        distance = np.sqrt(_squares(places))
        np.fill_diagonal(distance, np.inf)
        close = np.clip(least - distance, 0.0, None)
        if close.max(initial=0.0) < 1e-2:
            break
        places = places + 0.3 * _push(close / (distance + 1e-6), places)
    return places


def _squares(places: Array) -> Array:
    """Return the squared distance of any two."""
    length = np.einsum("ik,ik->i", places, places)
    square: Array = np.maximum(length[:, None] + length[None, :] - 2.0 * places @ places.T, 0.0)
    return square


def _push(strength: Array, places: Array) -> Array:
    """Return the sum of the forces on each: their strength times the way from the other."""
    force: Array = strength.sum(axis=1)[:, None] * places - strength @ places
    return force


def pack(radii: Array, flatness: float = 1.35) -> Array:
    """Return middles of discs that do not overlap, close together and wider than high.

    Parameters
    ----------
    radii
        Of the discs; the first goes to the middle if it is the smallest, the others around it.
    flatness
        Width of the whole as a multiple of its height.
    """
    count = len(radii)
    if count == 1:
        return np.zeros((1, 2))
    around = np.arange(count) if radii[0] > radii.min() else np.arange(1, count)
    angle = np.zeros(count)
    reach = np.cumsum(radii[around]) - 0.5 * radii[around]
    angle[around] = 0.75 * np.pi - 2.0 * np.pi * reach / radii[around].sum()
    middles = 3.0 * radii.sum() * np.column_stack([flatness * np.cos(angle), np.sin(angle)])
    if around.size < count:
        middles[0] = 0.0
    for _ in range(600):
        middles *= 0.985
        for _ in range(8):
            apart = middles[:, None, :] - middles[None, :, :]
            apart[..., 0] += 1e-6 * np.subtract.outer(np.arange(count), np.arange(count))
            distance = np.linalg.norm(apart, axis=2) + np.eye(count)
            close = np.clip(radii[:, None] + radii[None, :] - distance, 0.0, None)
            np.fill_diagonal(close, 0.0)
            middles += 0.5 * np.einsum("ij,ijk->ik", close / distance, apart)
    low, high = (middles - radii[:, None]).min(axis=0), (middles + radii[:, None]).max(axis=0)
    packed: Array = middles - 0.5 * (low + high)
    return packed
