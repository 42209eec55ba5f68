"""`python -m benchmarks attacks`: economic attacks on the running product, and what each gains.

Each module here whose name is not `attack` or `command` defines `measure_attacks(seed) -> Sequence[Attack]`."""
