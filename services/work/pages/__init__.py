"""Answers that are given on a page of the Mini App."""
