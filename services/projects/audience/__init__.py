"""The audience of a project: conditions, and invitations."""
