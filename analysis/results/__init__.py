"""What is said about results: summaries, differences, groups, answers, tables."""
