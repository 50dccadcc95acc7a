"""Downloading an original: under its Vietnamese name, streamed, or from the object store by a URL for a minute."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, update

from core.errors import StoreUnavailable
from storage.objects import Area
from storage.objects_directory import DirectoryStore
from storage.tables import AccessEvent, IncomingFile
from tests.web_office import WebClients, WebOffice, make_web_office

NAME = "Hồ sơ 12/Quyết định số 5-QĐ.pdf"
DISPOSITION = (
    'attachment; filename="Quy_t __nh s_ 5-Q_.pdf"; '
    "filename*=UTF-8''Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh%20s%E1%BB%91%205-Q%C4%90.pdf"
)
DATA = "bản gốc".encode() * 300_000
URL = "https://s3.example/signed?X-Amz-Signature=1"


class _Signing(DirectoryStore):
    """A store that has URLs."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.asked: list[tuple[Area, str, str, int]] = []

    def presign(self, area: Area, sha256: str, disposition: str, seconds: int) -> str | None:
        self.asked.append((area, sha256, disposition, seconds))
        return URL


@dataclass
class Desk:
    web: WebOffice
    clients: WebClients
    store: _Signing
    path: str
    sha256: str

    def get(self, person: str) -> httpx.Response:
        return self.clients.program(person).get(self.path, follow_redirects=False)

    def downloads(self) -> int:
        with self.web.service.records.reading() as session:
            query = select(func.count()).select_from(AccessEvent).where(AccessEvent.action == "download")
            return session.scalar(query) or 0


@pytest.fixture(scope="module", params=[False, True], ids=["streamed", "presigned"])
def presigned(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory, presigned: bool) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("web")
    web = make_web_office(folder)
    store = _Signing(folder / "objects")
    settings = web.service.settings.model_copy(update={"presigned_reads": presigned})
    web.service = replace(web.service, objects=store, settings=settings)
    sha256 = store.put_bytes(Area.ORIGINALS, DATA)
    with web.service.records.writing() as session:
        session.execute(
            update(IncomingFile)
            .where(IncomingFile.id == web.files["plan"])
            .values(name=NAME, sha256=sha256, size=len(DATA))
        )
    with WebClients(web) as clients:
        path = f"/api/v1/documents/{web.documents['plan']}/original/{web.files['plan']}"
        yield Desk(web, clients, store, path, sha256)


@pytest.fixture
def desk(counter: Desk) -> Desk:
    counter.store.asked.clear()
    return counter


def test_an_original_comes_under_its_vietnamese_name(desk: Desk, presigned: bool) -> None:
    before = desk.downloads()
    answer = desk.get("reviewer")
    assert answer.headers["Cache-Control"] == "no-store"
    if presigned:
        assert (answer.status_code, answer.headers["Location"], answer.content) == (303, URL, b"")
        assert desk.store.asked == [(Area.ORIGINALS, desk.sha256, DISPOSITION, 60)]
    else:
        assert (answer.status_code, hashlib.sha256(answer.content).hexdigest()) == (200, desk.sha256)
        assert answer.headers["Content-Disposition"] == DISPOSITION
        assert desk.store.asked == []
    assert desk.downloads() == before + 1


@pytest.mark.parametrize(("person", "status"), [("typist", 403), ("searcher", 404), ("officer", 404)])
def test_whoever_may_not_download_gets_no_url_either(desk: Desk, person: str, status: int) -> None:
    before = desk.downloads()
    assert desk.get(person).status_code == status
    assert desk.store.asked == []
    assert desk.downloads() == before


def test_a_store_without_urls_streams(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.store, "presign", lambda *_: None)
    assert hashlib.sha256(desk.get("reviewer").content).hexdigest() == desk.sha256


def test_a_store_that_is_away_is_said_to_be(desk: Desk, presigned: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("The object store does not answer.", "It is tried again later.")

    monkeypatch.setattr(desk.store, "presign" if presigned else "open", away)
    answer = desk.get("reviewer")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "store_unavailable")
