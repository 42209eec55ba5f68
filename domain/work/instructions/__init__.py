"""A project's instructions as its workers read them."""
