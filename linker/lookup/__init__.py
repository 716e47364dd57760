"""Asking one published generation: a question in, who was found out, and nothing else changed."""
