"""A long random walk over the whole product, in virtual time: what does nobody think of?"""

from benchmarks.walk.command import main

__all__ = ["main"]
