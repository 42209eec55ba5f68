"""Checks of a voice message's samples: too short, or too quiet to be heard."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np

from domain.work.file_checks import EVERY, FileChecks
from domain.work.retakes import Flaw

LONGEST = 610  # seconds that are listened to: more than any limit


def look(file: BinaryIO, checks: FileChecks = EVERY) -> tuple[Flaw, ...]:
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
    if heard < checks.limit(Flaw.SHORT) * rate:
        return tuple(checks.wanted(Flaw.SHORT))
    is_quiet = 20 * np.log10(max(loudest, 1e-9)) < checks.limit(Flaw.QUIET)  # the loudest half second
    return tuple(checks.wanted(Flaw.QUIET)) if is_quiet else ()
