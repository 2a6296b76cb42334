"""Measurements of speed and memory, each beside a rival in the same run: `make bench`."""
