"""Amazon Mechanical Turk's words for what this house has: HIT types, HITs, assignments, qualifications. The door:
extensions/mturk/web.

A HIT type is a project, a HIT is one of its tasks, an assignment is an assignment here; so a batch of HITs is one
project to its workers (one card, one probation, one measured pace), and a HIT costs what a task costs.
"""
