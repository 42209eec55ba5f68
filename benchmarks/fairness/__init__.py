"""Thirty days of a town in virtual time: which promises to workers hold, and does a broken one show?"""
