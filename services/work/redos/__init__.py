"""Answers that are asked for once more: by the requester's words, with the worker's consent, paid again."""
