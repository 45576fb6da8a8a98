"""Make the notebooks of the pages in notebooks/source: ``python -m analysis.lessons``."""

import sys

from analysis.lessons.source import written
from sim.errors import AdoptionError
from sim.scenario.folders import library

if __name__ == "__main__":
    folder = library().parent / "notebooks"
    try:
        texts = written(folder)
    except AdoptionError as error:
        sys.exit(str(error))
    for file, text in texts.items():
        file.write_text(text, "utf-8")
        print(file.name)
