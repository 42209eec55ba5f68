"""What a worker is told before they answer: the honest card, and a warning of what a project shows."""
