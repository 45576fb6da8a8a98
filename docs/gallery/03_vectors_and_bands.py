"""
Parameter vectors and bands
===========================

How far does the answer depend on numbers nobody knows exactly?

The posterior holds parameter vectors that reproduce the evidence. Each is simulated in its own
organisations, so the band holds luck, organisations and parameters.
"""

import matplotlib.pyplot as plt
import numpy as np

import analysis
import sim

vectors = sim.posterior("literature").to_dict("records")
many = sim.Simulator("baseline", runs=8, seed=1, vectors=vectors)
one = sim.Simulator("baseline", runs=8 * len(vectors), seed=1)

analysis.house_style()
figure, panels = plt.subplots(1, 2, figsize=(10, 4), sharey=True, layout="constrained")
cases = [(one, "Default numbers"), (many, f"{len(vectors)} vectors of the literature")]
for ax, (simulator, title) in zip(panels, cases, strict=True):
    for programme, colour in (("baseline", "#595959"), ("leadership", "#0072B2")):
        curves = 100 * simulator.curves(programme)  # rows: organisations
        low, high = np.quantile(curves, [0.1, 0.9], axis=0)
        months = np.arange(curves.shape[1])
        ax.fill_between(months, low, high, color=colour, alpha=0.2, linewidth=0)
        ax.plot(months, curves.mean(axis=0), color=colour, label=programme)
    ax.set(title=title, xlabel="Month", ylim=(0, 100))
panels[0].set_ylabel("Weekly users [%]")
panels[0].legend(loc="upper left")

# %%
# What leaders add in the last month, in points: the same organisations with and without.
for simulator, title in cases:
    gain = 100 * (simulator.outcome("leadership") - simulator.outcome("baseline"))
    low, high = np.quantile(gain, [0.1, 0.9])
    print(f"{title}: {gain.mean():.0f} points, 80 % of organisations {low:.0f} to {high:.0f}")
