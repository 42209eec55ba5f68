"""Who is asked: a project's conditions, and invitations."""
