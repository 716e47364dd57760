"""Compiled functions over raw arrays that a scoring kernel calls: texts, dates, lists of codes."""
