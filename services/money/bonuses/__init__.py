"""What requesters pay beside the answers of their projects."""
