"""What must be true of everything that is remembered: named statements, each of which finds nothing."""
