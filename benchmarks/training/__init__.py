"""The benchmark of training: seconds and memory of each step, and what a larger sample changes."""
