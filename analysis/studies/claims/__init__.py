"""What sources claim, held against the model as paired experiments.

:mod:`analysis.studies.claims.experiments` reads the checks of the register, :mod:`analysis.studies.claims.simulating`
answers them under many parameter vectors, :mod:`analysis.studies.claims.verdicts` says what holds; :mod:`analysis.studies.claims.study` does all three.
"""
