"""
Groups
======

Who gains, and who stays behind? The same comparison by archetype of resistance.
"""

import analysis
import sim

result = sim.compare(
    ["baseline", "leadership", "full-programme"], runs=200, by=["archetype", "role"]
)
figure = analysis.group_figure(result, "archetype")

# %%
# What each strategy adds for each group, with a 95 % interval.
table = analysis.group_differences(result)
table.round(1)
