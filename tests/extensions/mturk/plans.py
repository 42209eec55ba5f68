"""Statements of the interface that may read more than an index finds, each with its reason."""

MAY = {
    "notifications.SELECT_OLDEST_EVENTS": "what happened within the last second or so",
    "notifications.ADD_EVENT_OF_PROJECT": "a program's draft is deleted: its HITs",
    "hits.DISPOSE_IN": "a program's draft is deleted: its HITs",
    "assignments.SELECT_INTENDED_ACTIONS": "what was found within the last second or so, by an index of nothing else",
}
