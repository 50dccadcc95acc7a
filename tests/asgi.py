"""Asking an application in this process, as a client at some address would."""

from __future__ import annotations

from typing import Any

import anyio
import httpx
from fastapi import FastAPI

HERE = ("127.0.0.1", 50_000)


def ask(app: FastAPI, path: str, *, client: tuple[str, int] = HERE, **options: Any) -> httpx.Response:
    """The answer to a GET. An error of the application is answered as it would be over the network."""

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, client=client, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as one:
            return await one.get(path, **options)

    return anyio.run(get)
