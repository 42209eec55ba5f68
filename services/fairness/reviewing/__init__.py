"""What stands beside a review: its order and evidence, and asking the worker once more."""
