"""When a project pauses because its tasks cannot be shown."""

PAUSE = "undelivered"  # why it rests
FEW = 3  # tasks that can't be shown from which it does


def is_too_many(found: int, seen: int) -> bool:
    """Whether to rest: at a few, and, once its requester wanted to go on all the same, each time they have doubled."""
    return found - seen >= max(FEW, seen)
