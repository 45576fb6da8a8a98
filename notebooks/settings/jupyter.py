"""How the lessons want JupyterLab: ``jupyter lab --config notebooks/settings/jupyter.py``, in the folder of the project."""

import os
from pathlib import Path

c = get_config()  # noqa: F821  # given by Jupyter

c.LabApp.default_url = "/lab/tree/notebooks"
c.LabApp.news_url = None  # nothing is fetched from elsewhere
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.app_settings_dir = str(Path("notebooks", "settings").resolve())  # asks about no news

# A notebook finds the project even where it is not installed: uv run --only-group lessons
os.environ["PYTHONPATH"] = os.pathsep.join(
    (str(Path.cwd()), *filter(None, [os.environ.get("PYTHONPATH")]))
)
