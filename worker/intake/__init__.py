"""Deliveries over HTTP from sources that send by themselves. Runs as a process of its own, if it runs."""
