"""
Compare strategies
==================

Three strategies for the same people with the same luck: what does each add to licences only?
"""

import analysis
import sim

result = sim.compare(["baseline", "champions", "leadership"], runs=200, seed=1)

# %%
# The verdict says in a sentence how sure a difference is.
print(analysis.verdict(result))

# %%
# Above: means, and the bands that hold 80 % of organisations. Below: what each strategy adds in the same
# organisation. To keep the figure, write ``analysis.save_figure(figure, "strategies")``.
figure = analysis.adoption_curves(result)

# %%
# The same as numbers. For all columns see :func:`analysis.difference`.
columns = ["difference", "low", "high", "better", "extra_cost", "cost_per_extra_user"]
analysis.difference(result)[columns].round(2)
