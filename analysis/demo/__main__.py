"""Write the page: ``python -m analysis.demo OUT.html``."""

import sys
from pathlib import Path

from analysis.demo import page

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m analysis.demo OUT.html")
    Path(sys.argv[1]).write_text(page(), "utf-8")
