"""Garbage: looked for once, afterwards, and not again and again while much is read or written."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def sweeping_afterwards() -> Iterator[None]:
    """Millions of cells hold no cycles; looking through them for some again and again costs a fifth of the time."""
    swept = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if swept:
            gc.enable()
