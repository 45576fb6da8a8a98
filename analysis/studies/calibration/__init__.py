"""Which parameters agree with the evidence: the posterior behind ``adopt calibrate``."""
