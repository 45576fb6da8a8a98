"""
A Simulator in a loop
=====================

Search, optimise, or draw a response curve: one Simulator, many programmes.

A :class:`sim.Simulator` draws people and ties once. A call simulates a programme in the same
organisations, so differences are paired.
"""

import time

import matplotlib.pyplot as plt

import analysis
import sim

simulator = sim.Simulator("baseline", runs=100, seed=1)
start = time.perf_counter()
shares = [0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0]
without = simulator.outcome()
gains = []
for share in shares:
    programme = {"programme.leadership-example": {"share": share}}
    gains.append(100 * (simulator.outcome(programme) - without))
seconds = time.perf_counter() - start
print(f"{len(shares) * 100} runs of two years in {seconds:.1f} s")

# %%
# One dot is one organisation, the line their mean.
analysis.house_style()
figure, ax = plt.subplots(figsize=(7, 4), layout="constrained")
for share, gain in zip(shares, gains, strict=True):
    ax.plot([100 * share] * len(gain), gain, "o", color="#0072B2", alpha=0.12, markeredgewidth=0)
ax.plot([100 * share for share in shares], [gain.mean() for gain in gains], color="#1f1f1f")
ax.set(xlabel="Leaders who commit to the example [%]")
ax.set(ylabel="Added to licences only [points]", title="Weekly users in month 24")
