"""An office to try the web on: people who sign in, a batch with drawn pages, their words, suggestions and values."""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
import uvicorn
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.app import create_app
from core.labels import Role, Sensitivity, Visibility
from core.recognition import RecognizedLine, RecognizedWord
from core.settings import Settings
from core.states import BatchState, DocumentState, FileState
from flow.index import build_search_record
from flow.service import Service
from people.sign_in import hash_password
from storage.objects import Area
from storage.readings import pack_lines
from storage.tables import Document, FieldSuggestion, IncomingFile, Page, PageReading, User
from tests import factories

PASSWORD = "mat-khau-dai-123"
WIDTH, HEIGHT = 1240, 1754
_FONT_SIZE = 26
HOSTILE = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>"

PLAN = (
    "TỈNH ỦY BẮC NINH                    ĐẢNG CỘNG SẢN VIỆT NAM",
    "*                    Bắc Ninh, ngày 12 tháng 03 năm 2021",
    "Số 15-KH/TU",
    "KẾ HOẠCH",
    "số hóa tài liệu lưu trữ lịch sử của Đảng bộ tỉnh giai đoạn 2021 - 2025",
    "Thực hiện Chỉ thị của Ban Bí thư về công tác văn thư, lưu trữ",
    "Ban Thường vụ Tỉnh ủy xây dựng kế hoạch số hóa hồ sơ như sau:",
    "I. MỤC ĐÍCH, YÊU CẦU",
    "1. Bảo quản an toàn tài liệu, phục vụ tra cứu nhanh chóng, chính xác.",
)
REPORT = (
    "UBND HUYỆN YÊN PHONG          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Số: 203/BC-UBND                    Yên Phong, ngày 20 tháng 11 năm 2019",
    "BÁO CÁO",
    "Kết quả thu ngân sách nhà nước năm 2019",
    "Tổng thu ngân sách trên địa bàn huyện đạt 1.240 tỷ đồng.",
)


@dataclass
class WebOffice:
    """The office with everything that tests need to name."""

    service: Service
    office: factories.Office
    documents: dict[str, str] = field(default_factory=dict)
    """Ids by name: plan, handwritten, entered, published, withheld, reading, foreign."""
    pages: dict[str, str] = field(default_factory=dict)
    """First page of each document."""
    files: dict[str, str] = field(default_factory=dict)

    def username(self, name: str) -> str:
        return self.office[name].username


def draw_page(texts: tuple[str, ...]) -> tuple[bytes, list[RecognizedLine]]:
    """A page with these lines as PNG, and the words with the boxes where they were drawn."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (252, 250, 244))
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(_FONT_SIZE)
    for path in ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/dejavu/DejaVuSans.ttf"):
        if Path(path).exists():
            font = ImageFont.truetype(path, _FONT_SIZE)
    lines: list[RecognizedLine] = []
    for row, text in enumerate(texts):
        x, y = 110, 130 + row * 74
        words: list[RecognizedWord] = []
        for word in text.split(" "):
            if word:
                left, top, right, bottom = (int(value) for value in pen.textbbox((x, y), word, font=font))
                pen.text((x, y), word, font=font, fill=(30, 30, 40))
                words.append(RecognizedWord(word, 0.93, (left, top, right + 1, bottom + 1)))
                x = right
            x += 9
        box = (words[0].box[0], min(w.box[1] for w in words), words[-1].box[2], max(w.box[3] for w in words))
        lines.append(RecognizedLine(tuple(words), box))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue(), lines


def _box_of(lines: list[RecognizedLine], first: str, count: int = 1) -> list[int]:
    words = [word for line in lines for word in line.words]
    at = next(index for index, word in enumerate(words) if word.text == first)
    chosen = words[at : at + count]
    return [chosen[0].box[0], chosen[0].box[1], chosen[-1].box[2], max(word.box[3] for word in chosen)]


def fill_document(
    session: Session, service: Service, document: Document, texts: tuple[str, ...]
) -> list[RecognizedLine]:
    """Gives every page of the document a drawn image and its words; the first page has these texts."""
    pages = session.scalars(select(Page).where(Page.document_id == document.id).order_by(Page.number)).all()
    first: list[RecognizedLine] = []
    for page in pages:
        data, lines = draw_page(texts if page.number == 1 else (f"Trang {page.number}", *texts[-2:]))
        first = first or lines
        page.image_sha256 = service.objects.put_bytes(Area.PAGES, data)
        page.image_type, page.width, page.height, page.dpi = "image/png", WIDTH, HEIGHT, 150
        reading = session.get_one(PageReading, page.id)
        reading.lines, reading.text = pack_lines(lines), "\n".join(line.text for line in lines)
    session.flush()
    return first


PEN_CANDIDATES = {"number": ("75", "15", "16"), "date": ("2021-03-12", "2021-03-17")}
"""What a machine wavers between where the number and the date are written by pen."""


def suggest(session: Session, document: Document, values: Mapping[str, tuple[Any, float, list[int] | None]]) -> None:
    """Suggestions on the first page: value, confidence, box; value None: written by pen."""
    page = session.scalars(select(Page).where(Page.document_id == document.id, Page.number == 1)).one()
    for name, (value, confidence, box) in values.items():
        session.add(
            FieldSuggestion(
                document_id=document.id,
                name=name,
                value=value,
                printed=str(value or ""),
                confidence=confidence,
                page_id=page.id,
                box=box,
                rule=f"header.{name}_by_pen" if value is None else "header",
                handwritten=value is None,
                candidates=[{"value": one, "confidence": 0.4} for one in PEN_CANDIDATES[name]] if value is None else [],
            )
        )
    session.flush()


class WebClients:
    """Clients over real HTTP of a service on a free loopback port, one for each person."""

    def __init__(self, web: WebOffice) -> None:
        config = uvicorn.Config(create_app(web.service), host="127.0.0.1", port=0, log_level="error", ws="none")
        self._server, self._web = uvicorn.Server(config), web
        self._socket = config.bind_socket()
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._clients: dict[tuple[str | None, bool], httpx.Client] = {}
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients.values():
            client.close()
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()
        self._web.service.close()

    def program(self, name: str | None) -> httpx.Client:
        """A client with the person's bearer token; None: nobody's."""
        if (name, False) not in self._clients:
            client = self._clients[name, False] = httpx.Client(base_url=self.url, timeout=60)
            if name is not None:
                body = {"username": self._web.username(name), "password": PASSWORD}
                token = client.post("/api/v1/sign-in", json=body).json()["token"]
                client.headers["Authorization"] = f"Bearer {token}"
        return self._clients[name, False]

    def browser(self, name: str) -> httpx.Client:
        """A client with the person's session cookie, as a browser has it."""
        if (name, True) not in self._clients:
            client = self._clients[name, True] = httpx.Client(base_url=self.url)
            client.post("/sign-in", data={"username": self._web.username(name), "password": PASSWORD})
        return self._clients[name, True]


def make_web_office(folder: Path) -> WebOffice:
    """A service over a fresh data folder, with the office in it."""
    service = factories.make_service(Settings(data_dir=folder))
    with service.records.writing() as session:
        office = factories.add_office(session)
        auditor = factories.add_person(session, office.unit, "VP-TU-auditor", Role.AUDITOR)
        nobody = factories.add_person(session, office.unit, "VP-TU-nobody")
        office.people |= {"auditor": auditor, "nobody": nobody}
        other = factories.add_office(session, "XA-KHAC")
        office.people["stranger"] = other["reviewer"]
        session.execute(update(User).values(password_hash=hash_password(PASSWORD)))
        web = WebOffice(service, office)
        _add_batch(session, web)
        _add_foreign(session, web, other)
    index_all(web)
    return web


def index_all(web: WebOffice) -> None:
    """Writes the search record of every document that anybody may find."""
    with web.service.records.reading() as session:
        documents = session.scalars(select(Document).where(Document.visibility != Visibility.WITHHELD)).all()
        records = [build_search_record(session, web.service.dictionaries.present(session), one) for one in documents]
    web.service.search.write(records)


def _remember(session: Session, web: WebOffice, name: str, document: Document) -> Document:
    web.documents[name] = document.id
    web.pages[name] = session.scalars(select(Page.id).where(Page.document_id == document.id, Page.number == 1)).one()
    file = session.scalars(select(IncomingFile).where(IncomingFile.document_id == document.id)).one()
    web.files[name] = file.id
    return document


def _add_batch(session: Session, web: WebOffice) -> None:
    office, service = web.office, web.service
    types = ("party_document", "administrative_document")
    entry = factories.add_entry(session, office.unit, office["owner"], record_types=types)
    station = factories.add_station(session, office.unit, office["scanner"])
    batch = factories.add_batch(session, entry, office["scanner"], station=station)
    batch.manifest = {"files": [None] * 7}
    shelf = factories.add_archival_file(session, batch)
    for ordinal, name in ((1, "plan"), (2, "handwritten")):
        made = factories.add_document(session, batch, shelf, ordinal, pages=2 if name == "plan" else 1)
        made.title = "" if name == "plan" else f"Báo cáo {HOSTILE}"
        lines = fill_document(session, service, _remember(session, web, name, made), PLAN)
        made.suggested_record_type, made.suggested_confidence, made.form = "party_document", 0.91, "party"
        pen = name == "handwritten"
        suggest(session, made, _suggestions(lines, pen=pen))
    entered = factories.add_document(session, batch, shelf, 3, state=DocumentState.ENTERED)
    fill_document(session, service, _remember(session, web, "entered", entered), (*PLAN, HOSTILE))
    factories.add_values(session, entered, VALUES, office["typist"])
    reading = factories.add_document(session, batch, shelf, 4, state=DocumentState.PROCESSING)
    fill_document(session, service, _remember(session, web, "reading", reading), PLAN)
    withheld = factories.add_document(
        session, batch, shelf, 5, state=DocumentState.WITHHELD, visibility=Visibility.WITHHELD
    )
    withheld.reason = "Dấu 'mật' ở trang 1, cao hơn nhãn của văn bản."
    fill_document(session, service, _remember(session, web, "withheld", withheld), PLAN)
    refused = factories.add_document(
        session,
        batch,
        shelf,
        6,
        state=DocumentState.RESCAN_REQUESTED,
        file_state=FileState.REFUSED,
        name="HS01/hong.pdf",
    )
    refused.reason = "HS01/hong.pdf: tệp hỏng"
    failed = factories.add_document(session, batch, shelf, 7, name=f"HS01/{HOSTILE}.pdf")
    fill_document(session, service, _remember(session, web, "failed", failed), PLAN)
    session.get_one(Page, web.pages["failed"]).failure = "The page could not be read."
    _add_published(session, web, entry)


def _add_published(session: Session, web: WebOffice, entry: Any) -> None:
    office = web.office
    batch = factories.add_batch(session, entry, office["scanner"], "LO-CU", state=BatchState.PUBLISHED)
    batch.manifest = {"files": [None] * 2}
    shelf = factories.add_archival_file(session, batch, "HS02")
    values = VALUES | {"abstract": "Kết quả thu ngân sách năm 2019"}
    for ordinal, name in ((1, "published"), (2, "second")):
        made = factories.add_document(
            session,
            batch,
            shelf,
            ordinal,
            state=DocumentState.PUBLISHED,
            visibility=Visibility.PUBLISHED,
            pages=2,
            sensitivity=Sensitivity.INTERNAL,
        )
        made.title = f"Báo cáo thu ngân sách {HOSTILE}"
        fill_document(session, web.service, _remember(session, web, name, made), (*REPORT, HOSTILE))
        factories.add_values(session, made, values, office["typist"], office["reviewer"])


def _add_foreign(session: Session, web: WebOffice, other: factories.Office) -> None:
    """Another unit's published and unpublished documents, which nobody of the office may read."""
    entry = factories.add_entry(session, other.unit, other["owner"], "DM02")
    batch = factories.add_batch(session, entry, other["scanner"], "LO-KHAC")
    shelf = factories.add_archival_file(session, batch, "HS09")
    made = factories.add_document(session, batch, shelf, 1)
    fill_document(session, web.service, _remember(session, web, "foreign", made), REPORT)


def _suggestions(lines: list[RecognizedLine], *, pen: bool) -> dict[str, tuple[Any, float, list[int] | None]]:
    return {
        "number": (None if pen else "15", 0.42 if pen else 0.97, _box_of(lines, "Số", 2)),
        "symbol": ("KH/TU", 0.95, _box_of(lines, "15-KH/TU")),
        "date": (None if pen else "2021-03-12", 0.3 if pen else 0.93, _box_of(lines, "ngày", 6)),
        "issuing_body": ("Tỉnh ủy Bắc Ninh", 0.88, _box_of(lines, "TỈNH", 4)),
        "type_code": ("KH", 0.99, _box_of(lines, "KẾ", 2)),
        "abstract": (PLAN[4], 0.86, _box_of(lines, "số", 15)),
    }


VALUES: dict[str, Any] = {
    "number": "15",
    "symbol": "KH/TU",
    "date": "2021-03-12",
    "issuing_body": "Tỉnh ủy Bắc Ninh",
    "type_code": "KH",
    "abstract": PLAN[4],
}
