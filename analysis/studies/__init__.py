"""Studies of the model itself: evidence, claims, patterns, calibration, validation, sensitivity, robustness."""
