"""Identifiers of rows: 32 hexadecimal digits that sort by time of creation (UUID version 7, RFC 9562)."""

from __future__ import annotations

import secrets
import time


def new_id() -> str:
    """A new identifier; unique across machines, ascending within a millisecond's precision."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    value = (milliseconds << 80) | (0x7 << 76) | ((random >> 62) << 64) | (0b10 << 62) | (random & ((1 << 62) - 1))
    return f"{value:032x}"
