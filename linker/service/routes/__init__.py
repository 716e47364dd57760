"""The routes that machines use, one file a thing that is asked for."""
