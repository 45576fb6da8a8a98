"""
Your own organisation
=====================

Simulate the people of a file instead of a drawn staff, with the ties they named.

The two files are those of an invented machine builder. What yours may hold is described in
`docs/your-own-organisation.md <../your-own-organisation.html>`__.
"""

from pathlib import Path

import analysis
import sim

files = Path("../examples").resolve()  # from docs/gallery; put the folder of your files here
ours = sim.load("baseline").changed(
    {
        "organisation": {"people": str(files / "people.csv"), "ties": str(files / "ties.csv")},
        "name": "licences",
        "title": "Our organisation, licences only",
    }
)
led = ours.changed(
    {"programme.leadership-example": {}, "name": "led", "title": "Leaders set the example"}
)
result = sim.compare([ours, led], runs=100, by=["department"])
print(analysis.verdict(result))

# %%
# Groups of fewer than five people are never shown.
figure = analysis.group_figure(result, "department")

# %%
# Of real people only departments are drawn, and never single persons.
network = analysis.network_picture(ours)
