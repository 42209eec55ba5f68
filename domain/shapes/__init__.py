"""Shapes drawn on a picture, or marked in a text or a sound: their document, the likeness of two drawings, and the
consensus of several.

`shape` has the shapes and how alike two of them are, `polygons` their geometry, `document` the JSON of an answer,
`foreign` the same as other tools write it, `matching` the score of one drawing against another, `clustering` and
`consensus` what a crowd drew, `source` what is drawn on, `kind` the base of the answer kinds.
"""
