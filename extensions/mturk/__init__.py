"""The Mechanical Turk interface: programs written for Amazon's API run here unchanged (docs/reference/mturk.md)."""
