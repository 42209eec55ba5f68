"""What is wrong with a voice message, as far as its samples tell: too short, or too quiet to be heard."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np

from domain.work.retakes import Flaw

SHORT = 0.7  # seconds
QUIET = -50.0  # decibels below full scale, of the loudest half second
LONGEST = 600  # seconds that are listened to


def look(file: BinaryIO) -> tuple[Flaw, ...]:
    """Nothing where it cannot be decoded. Read in blocks, however long it is."""
    import soundfile  # here: libsndfile, which other files never need

    try:
        with soundfile.SoundFile(file) as sound:
            rate, loudest, heard = sound.samplerate, 0.0, 0
            for block in sound.blocks(blocksize=rate // 2, dtype="float32", always_2d=True):
                loudest = max(loudest, float(np.sqrt(np.mean(np.square(block)))) if len(block) else 0.0)
                heard += len(block)
                if heard >= LONGEST * rate:
                    break
    except (soundfile.LibsndfileError, RuntimeError, ValueError, ZeroDivisionError):
        return ()
    if heard < SHORT * rate:
        return (Flaw.SHORT,)
    return (Flaw.QUIET,) if 20 * np.log10(max(loudest, 1e-9)) < QUIET else ()
