"""What takes long of ``unit/test_population.py``."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from test_population import organisations

from sim.people import population
from sim.scenario.organisation import Organisation
from sim.scenario.schema import Scenario
from sim.state import EMPLOYEE, EXECUTIVE, MANAGER, NOBODY, TEAM_LEAD


@settings(max_examples=150, deadline=None, derandomize=True)
@given(organisation=organisations())
def test_the_chart_adds_up_for_any_organisation(organisation: Organisation) -> None:
    chart = population.chart(Scenario(organisation=organisation))
    people = organisation.employees
    assert chart.role.size == chart.department.size == chart.team.size == chart.boss.size == people
    executives = int(np.sum(chart.role == EXECUTIVE))
    assert 1 <= executives <= 3

    # Departments: all there, in one piece, as large as their share of those below the top.
    sizes = np.bincount(chart.department, minlength=len(organisation.departments) + 1)
    assert sizes[0] == executives
    for size, department in zip(sizes[1:], organisation.departments.values(), strict=True):
        assert abs(size - department.share * (people - executives)) < 1.0 + 1e-6
    assert chart.department_start.tolist() == [0, *np.cumsum(sizes).tolist()]
    assert (np.diff(chart.department) >= 0).all()
    assert chart.savable.size == chart.use_cases.size == sizes.size

    # Everybody but the top has a boss of a higher role; leads and staff in the same department.
    top = chart.role == EXECUTIVE
    assert (chart.boss[top] == NOBODY).all()
    boss = chart.boss[~top]
    assert (boss != NOBODY).all()
    assert (chart.role[boss] >= chart.role[~top]).all()
    assert (chart.role[boss] > EMPLOYEE).all()
    below = (chart.role != MANAGER) & ~top
    same = chart.department[chart.boss[below]] == chart.department[below]
    assert (same | top[chart.boss[below]]).all()

    # Teams: one lead each, in one department, of nearly the same size there.
    assert (np.sum(chart.team == NOBODY)) == np.sum(chart.role == MANAGER)
    for team in range(1, int(chart.team.max()) + 1):
        members = np.flatnonzero(chart.team == team)
        assert np.sum(chart.role[members] == TEAM_LEAD) == 1
        lead = members[chart.role[members] == TEAM_LEAD][0]
        assert (chart.boss[members[members != lead]] == lead).all()
        assert len(set(chart.department[members].tolist())) == 1
        assert members[-1] - members[0] == members.size - 1
