"""Step 1 of the page, part by part: three doors, departments, money, cards, statements, a picture."""
