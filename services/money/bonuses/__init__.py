"""Payments of requesters beside the answers of their projects."""
