"""Raw request bodies, read up to a limit and never beyond."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from core.errors import LimitExceeded

MOST_BYTES = 64 * 1024 * 1024
"""A manifest of the largest batch fits; chunks of files have their own, smaller limit."""


async def read_body(request: Request) -> bytes:
    """The body as it came. Raises LimitExceeded as soon as it grows too long, whatever its headers say."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise LimitExceeded(f"A request body has at most {MOST_BYTES} bytes.", "Send less at a time.")
    return bytes(body)


BodyDep = Annotated[bytes, Depends(read_body)]
