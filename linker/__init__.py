"""Linker: probabilistic entity resolution over case, arrest and intelligence data."""

__version__ = "0.1.0"
