"""Look anew whether ties matter with the model's own numbers, and keep it for the network page.

Run ``python -m analysis.studies.ties`` after numbers of the model have changed.
"""

from analysis.studies.ties.study import ties
from analysis.studies.ties.verdicts import keep, kept_verdict

if __name__ == "__main__":
    keep(ties())
    print(kept_verdict())
