"""The names that people and programs rely on, written out: variables, commands, keys, columns, formats, addresses.

They are promises: whatever else was renamed with it, a name that changes in the code fails here.
"""
