"""What people are told about check questions, restrictions, and the quality of answers."""
