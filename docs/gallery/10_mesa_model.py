"""
The Mesa model
==============

Step the same model as Mesa agents, give agents a behaviour of your own, and collect what you want.
"""

import matplotlib.pyplot as plt

import analysis
import sim


class Sceptic(sim.Employee):
    """Believe half of what colleagues tell."""

    def notice(self):
        """Return what one sees of colleagues."""
        exposure, users, told = super().notice()
        return exposure, users, 0.5 * told


models = {
    "Employees": sim.AdoptionModel("champions", rng=1),
    "Sceptics": sim.AdoptionModel("champions", rng=1, employee=Sceptic),
}
for model in models.values():
    model.run_model()  # to its last month; model.step() is one month

# %%
# One organisation, and no mean of many: the people and the luck are the same in both.
analysis.house_style()
figure, panels = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
for label, model in models.items():
    months = model.datacollector.get_model_vars_dataframe()
    for ax, kpi in zip(panels, ("adoption", "expectation"), strict=True):
        ax.plot(months[kpi], label=label)
        ax.set(xlabel="Month", title=kpi.capitalize(), ylabel="Share or value [0 to 1]")
panels[0].legend()
