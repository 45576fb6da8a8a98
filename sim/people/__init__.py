"""Who works here: people as they are drawn, and how some are chosen."""
