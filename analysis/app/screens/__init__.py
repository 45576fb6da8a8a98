"""The pages, each a function that shows it."""
