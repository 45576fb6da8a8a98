"""What is asked of the model: runs and comparisons, results, sweeps, where numbers come from."""
