"""
Network and champions
=====================

Who notices whom, who is a champion, and what the choice of champions does.
"""

import matplotlib.pyplot as plt

import analysis
import sim

champions = sim.load("champions")
network = analysis.network_picture(champions, seed=1, colour="department")

# %%
# As many champions, chosen in three ways, in the same organisations.
simulator = sim.Simulator("champions", runs=200, seed=1)
ways = {
    "most_connected": "Most ties",
    "random": "By chance",
    "volunteers": "Volunteers",
}
analysis.house_style()
figure, ax = plt.subplots(figsize=(7, 4), layout="constrained")
licences = 100 * simulator.curves("baseline").mean(axis=0)
ax.plot(licences, color="#595959", label="No champions")
for way, label in ways.items():
    curves = 100 * simulator.curves({"programme.champions.selection": way})
    ax.plot(curves.mean(axis=0), label=label)
ax.set(xlabel="Month", ylabel="Weekly users [%]", ylim=(0, None), title="Mean of 200 organisations")
ax.legend(loc="lower right")
