"""
Why a plan works
================

Divide what a plan reaches among its measures, fairly, and see what people stood on when they began.
"""

import matplotlib.pyplot as plt

import analysis

why = analysis.explain("leadership-champions", runs=30, seed=1)
print(why.answer)
print(why.table[["share", "low", "high", "first", "last"]].round(1))

# %%
# Shares add up to the whole. Alone and beside all others the same measures bring other amounts.
analysis.house_style()
order = why.table.index
figure, ax = plt.subplots(figsize=(8, 4), layout="constrained")
for shift, column in ((-0.25, "first"), (0.0, "share"), (0.25, "last")):
    places = [k + shift for k in range(len(order))]
    ax.barh(places, why.table[column], height=0.24, label=column)
ax.set_yticks(range(len(order)), why.table["title"])
ax.invert_yaxis()
ax.set_xlabel("Points of weekly users in month 18")
ax.legend(title="counted")

# %%
# Nobody is credited: of those who began, how many would not have in that week without each reason.
print((100 * why.begun[["needed", "low", "high"]]).round(0))
