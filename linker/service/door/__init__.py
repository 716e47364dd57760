"""What stands before every route: who asks, how much and how fast; sizes, times, logs, numbers."""
