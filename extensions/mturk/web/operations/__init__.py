"""The operations, grouped as Amazon's documentation groups them."""
