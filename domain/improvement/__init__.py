"""Improvement plans: goals, help and check-ins over a few months, and a human decision at the end."""
