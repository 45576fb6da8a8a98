"""
The cost ledger
===============

What does a plan cost, for what, and when? A plan is priced without simulating it.
"""

import matplotlib.pyplot as plt

import analysis
import sim

plan = analysis.plan_of(sim.load("full-programme"))
print(f"{plan.total:,.0f} euro in two years")
plan.items.sort_values("total", ascending=False).round(0)

# %%
# ``fixed`` is paid in any case, ``participants`` for each of them, ``staff_time`` is working hours at what an hour
# costs. :func:`analysis.plan_of` says what else a plan holds, such as what a budget leaves out.
analysis.house_style()
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
kinds = ["fixed", "participants", "staff_time"]
items = plan.items.sort_values("total")
(items[kinds] / 1000).plot.barh(stacked=True, ax=left, width=0.7)
left.set(xlabel="Euro [1000]", ylabel="", title="By item")
quarters = plan.quarters / 1000
quarters.plot.bar(stacked=True, ax=right, width=0.7, legend=False, colormap="tab10", rot=0)
right.set(xlabel="Quarter", ylabel="Euro [1000]", title="By quarter")
figure.legend(*right.get_legend_handles_labels(), loc="outside right upper", fontsize="small")
