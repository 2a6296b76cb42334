"""The parts of the benchmark; each module has a `measure()` that yields comparisons."""
