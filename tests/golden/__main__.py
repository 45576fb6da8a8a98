"""Write the golden results anew."""

from tests.golden import FILE, SEEDS, names, row_of, text_of

FILE.write_text(text_of([row_of(name, seed) for name in names() for seed in SEEDS]), "utf-8")
