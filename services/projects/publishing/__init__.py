"""Results that leave the house: data sets on a hub, with the requester's own token."""
