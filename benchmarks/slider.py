"""What a slider of the page costs: processor time of a move, beyond a rerun in which nothing moved.

Two strategies of 140 people in 100 organisations each, on the page of choices. Only the strategy that
was moved is simulated again; the other one is kept. Run it with ``python benchmarks/slider.py``.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time

MOVES = 7

PAGE = """
import streamlit as st
from analysis.app import session, studies
from analysis.app.screens import choices
if "setup" not in st.session_state:
    session.begin()
    session.put(session.current().without(2))
    st.session_state["open measure"] = ["leadership", "leadership-example"]
choices.show()
studies.quick(session.current()).wait(600.0)
"""


def main() -> None:
    """Print the median processor time [s] of a rerun, of a move, and of all that is simulated anew."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ADOPT_HOME"] = folder
        from streamlit.testing.v1 import AppTest

        from analysis.app import setup, studies
        from analysis.words.languages import language
        from sim.study.kept import Kept

        page = AppTest.from_string(PAGE, default_timeout=600).run()
        empty, moved = [], []
        for move in range(MOVES):
            start = time.process_time()
            page.run()
            empty.append(time.process_time() - start)
            slider = next(each for each in page.slider if each.label.startswith("How much"))
            start = time.process_time()
            slider.set_value(90.0 - 5.0 * move).run()
            moved.append(time.process_time() - start)
        whole = []
        two = setup.new(language("en")).without(2)
        for _ in range(3):
            start = time.process_time()
            studies._found(two, studies.QUICK, Kept(1 << 28), lambda *_: None)
            whole.append(time.process_time() - start)
    rerun, all_of_it = statistics.median(empty), statistics.median(moved)
    both = statistics.median(whole)
    print(f"a rerun in which nothing moved   {rerun:.2f} s")
    print(f"a move                           {all_of_it:.2f} s, {all_of_it - rerun:.2f} s more")
    print(f"both strategies from nothing     {both:.2f} s, {(all_of_it - rerun) / both:.2f} of it")


if __name__ == "__main__":
    main()
