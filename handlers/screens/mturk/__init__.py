"""What people read of programs that speak Mechanical Turk's language."""
