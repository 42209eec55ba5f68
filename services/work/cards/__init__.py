"""Cards before a worker's first answer: the honest card, and a warning of what a project shows."""
