"""Claims as data: the register, and what the model makes of it."""
