"""What sources claim, held against the model as paired experiments.

:mod:`analysis.claims.experiments` reads the checks of the register, :mod:`analysis.claims.simulating`
answers them under many parameter vectors, :mod:`analysis.claims.verdicts` says what holds.
"""
