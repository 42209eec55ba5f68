"""How far a file is read: files come from strangers."""

MOST = 10_000  # segments, chunks, boxes, or places of notes; what stands behind them stays as it is
