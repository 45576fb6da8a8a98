"""From paired simulation to a decision: why, how much, how sure.

Each page is a question a board asks. All of them stand on :class:`sim.Simulator`: the same
organisations, with the same luck, under every plan that is tried.
"""
