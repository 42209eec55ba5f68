"""The relay against Telegram's limit: so many workers are pushed a task while others go on answering theirs."""

from benchmarks.relay.command import main

__all__ = ["main"]
