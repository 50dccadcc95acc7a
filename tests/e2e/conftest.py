"""A Chromium for the tests of a module, and an office for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.building import Building, add_batch
from tests.web_office import WebClients, make_web_office

_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield made
        made.close()


@pytest.fixture
def building(tmp_path: Path, browser: Browser) -> Iterator[Building]:
    web = make_web_office(tmp_path)
    add_batch(web)
    with WebClients(web) as clients:
        yield Building(web, browser, clients.url)
