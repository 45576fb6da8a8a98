"""Words for readers: languages and their translations."""
