"""Messages about check questions, restrictions, and the quality of answers."""
