"""
How much budget is enough?
==========================

The full programme, scaled to budgets between what licences cost and what all of it costs.
"""

import matplotlib.pyplot as plt
import numpy as np

import analysis
import sim

simulator = sim.Simulator("full-programme", runs=100, seed=1)
totals = np.array([150, 200, 250, 300, 400, 500, 600, 800]) * 1000
users, spent = [], []
for total in totals:
    budget = {"budget": {"total": int(total), "when_over": "scale", "keep": ["launch"]}}
    users.append(100 * simulator.outcome(budget))
    spent.append(simulator.cost(budget).mean() / 1000)
low, high = np.quantile(users, [0.1, 0.9], axis=1)
means = np.mean(users, axis=1)

# %%
# The curve is against what was spent, not against what was allowed: a scaled plan fits the budget
# in every organisation, so on average it spends less.
analysis.house_style()
figure, ax = plt.subplots(figsize=(7, 4), layout="constrained")
ax.fill_between(spent, low, high, alpha=0.2, linewidth=0, label="80 % of organisations")
ax.plot(spent, means, "o-", label="Mean")
ax.set(xlabel="Spent in two years [1000 euro]", ylabel="Weekly users in month 24 [%]")
ax.set(ylim=(0, 100), title="140 people, full programme scaled to a budget")
ax.legend(loc="lower right")
