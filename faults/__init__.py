"""Real bots under faults: killed, struck, broken on purpose. Tests and benchmarks run the same campaigns with it."""
