"""Parts of a review: its order and evidence, and asking the worker once more."""
