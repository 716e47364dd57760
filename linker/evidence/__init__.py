"""What a pair's evidence says, in words a court could read; what would have changed it."""
