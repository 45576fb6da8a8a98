"""
A sweep over a grid
===================

Champions in organisations of different size: does the same share of champions do as much in each?

A sweep keeps every run on disk. Run again, it simulates only what is not there yet.
"""

import tempfile

import matplotlib.pyplot as plt

import analysis
import sim

factors = {
    "organisation.employees": [50, 140, 400],
    "programme.champions.share": [0.02, 0.05, 0.1, 0.15],
}
folder = tempfile.mkdtemp()  # take "results" to keep it
sweep = sim.sweep("champions", factors, runs=60, name="champions", root=folder)
table = sweep.summary("adoption", by=list(factors), where="month = 24")
print(table.round(3).head())

# %%
# Means with an interval of two standard errors.
analysis.house_style()
figure, ax = plt.subplots(figsize=(7, 4), layout="constrained")
for people, rows in table.groupby("organisation.employees"):
    error = 200 * rows["sd"] / rows["runs"] ** 0.5
    shares = 100 * rows["programme.champions.share"]
    ax.errorbar(shares, 100 * rows["mean"], error, marker="o", capsize=3, label=f"{people} people")
ax.set(xlabel="Champions [% of the staff]", ylabel="Weekly users in month 24 [%]")
ax.legend()
