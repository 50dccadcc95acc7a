"""`sohoa demo` from an empty folder: the sample goes all the way, and everybody finds what they may find."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time

import pytest

from cli.remote import Remote
from cli.sample import load_demo
from core.errors import ServiceRefused
from tests.running import RunningService

_DEADLINE = 420


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo, run through and left running."""
    service = RunningService(tmp_path_factory.mktemp("demo"))
    with (service.folder / "up.log").open("wb") as log:
        command = [sys.executable, "-m", "cli", "demo", "--seed", "5"]
        service.process = subprocess.Popen(command, env=service.environment, stdout=log, stderr=log)
    deadline = time.monotonic() + _DEADLINE
    while "Stop it with" not in (said := (service.folder / "up.log").read_text()):
        assert "The sample stopped" not in said, said[-3000:]
        assert service.process.poll() is None, said[-3000:]
        assert time.monotonic() < deadline, said[-3000:]
        time.sleep(1)
    yield service
    assert service.stop() == 0


@pytest.fixture(scope="module")
def be(demo):
    people = load_demo(demo.folder / "demo.json")

    def sign_in(username: str) -> Remote:
        credentials = {"username": username, "password": people.password}
        token = Remote(demo.url, token=None).post("/api/v1/sign-in", credentials)["token"]
        return Remote(demo.url, token=token)

    return sign_in


@pytest.fixture(scope="module")
def truth(demo):
    return json.loads((demo.folder / "sample" / "MAU-01" / "truth.json").read_text("utf-8"))


def test_every_document_ended_where_it_belongs(be):
    published = be("soat").get("/api/v1/batches/MAU-01")
    summary = published["overview"]["summary"]
    assert summary["state"] == "published"
    assert summary["documents"] == {"published": 13, "purged": 1, "rejected": 1, "superseded": 1}
    assert summary["files"] == {"announced": 17, "received": 16, "refused": 1, "not_yet": 0}
    assert published["files_equation_holds"]
    assert published["pages_equation_holds"]
    waiting = be("soat").get("/api/v1/batches/MAU-02")["overview"]["summary"]
    assert waiting["documents"] == {"described": 14, "rescan_requested": 1, "withheld": 1}


def test_the_check_finds_nothing(demo):
    checked = demo.run("check", "--deep")
    assert (checked.returncode, checked.stdout) == (0, "")


def test_search_finds_by_number_with_and_without_tones(be, truth):
    searcher = be("tracuu2")
    document = next(one for one in truth["documents"] if "thong_bao_so.jpg" in one["files"])
    number = f"{document['fields']['number']}/{document['fields']['symbol']}"
    for typed in (number, number.replace("/", " / ").lower()):
        hits = searcher.get("/api/v1/search", {"q": typed})["hits"]
        assert hits[0]["number_symbol"] == number
    toned = searcher.get("/api/v1/search", {"q": "thông báo"})
    bare = searcher.get("/api/v1/search", {"q": "thong bao"})
    assert 0 < toned["total"] <= bare["total"]


def test_nobody_finds_what_is_not_published_or_above_them(be):
    all_published = be("tracuu2").get("/api/v1/search", {"q": ""})["total"]
    assert all_published == 13
    limited = be("tracuu").get("/api/v1/search", {"q": "", "size": 100})
    assert 0 < limited["total"] < all_published
    assert sum(one["count"] for one in limited["facets"]["record_types"]) == limited["total"]
    personal = {"Phiếu đảng viên (mẫu 2-HSĐV)", "Văn bằng, chứng chỉ", "Quyết định kết nạp đảng viên"}
    assert not personal & {hit["record_type"] for hit in limited["hits"]}


def test_what_one_may_not_read_does_not_exist(be, demo):
    with sqlite3.connect(demo.folder / "records.db") as connection:
        (withheld,) = connection.execute("SELECT id FROM documents WHERE state = 'withheld'").fetchone()
        (page,) = connection.execute("SELECT id FROM pages WHERE document_id = ?", (withheld,)).fetchone()
    for path in (f"/api/v1/documents/{withheld}", f"/api/v1/pages/{page}/image", f"/api/v1/pages/{page}/words"):
        for username in ("tracuu2", "soat", "nhaplieu", "quantri", "kiemtoan"):
            with pytest.raises(ServiceRefused) as caught:
                be(username).get(path)
            assert caught.value.error_code == "not_found"


def test_a_purge_leaves_no_bytes(demo, truth):
    with sqlite3.connect(demo.folder / "records.db") as connection:
        (document,) = connection.execute("SELECT id FROM documents WHERE state = 'purged'").fetchone()
        hashes = connection.execute(
            "SELECT sha256 FROM incoming_files WHERE document_id = :id"
            " UNION SELECT image_sha256 FROM pages WHERE document_id = :id",
            {"id": document},
        ).fetchall()
        assert connection.execute(
            "SELECT COUNT(*) FROM page_readings r JOIN pages p ON p.id = r.page_id WHERE p.document_id = ?", (document,)
        ).fetchone() == (0,)
    stored = {path.name for path in (demo.folder / "objects").rglob("*")}
    assert not stored & {sha256 for (sha256,) in hashes if sha256}
    secret = next(one for one in truth["documents"] if "bao_cao_quy.pdf" in one["files"])
    waiting = json.loads((demo.folder / "sample" / "MAU-02" / "truth.json").read_text("utf-8"))
    others = [one for one in (*truth["documents"], *waiting["documents"]) if one is not secret]
    elsewhere = {line for one in others for page in one["pages"] for line in page["text"].splitlines()}
    lines = [line for line in secret["pages"][0]["text"].splitlines() if len(line) > 40 and line not in elsewhere]
    assert len(lines) >= 3
    kept = b"".join(path.read_bytes() for path in demo.folder.glob("*.db*"))
    assert document.encode() in kept
    assert [line for line in [*lines, secret["fields"]["abstract"]] if line.encode() in kept] == []


def test_the_command_line_asks_with_the_callers_own_token(demo, be):
    assert demo.run("search", "kế hoạch").returncode == 5
    people = load_demo(demo.folder / "demo.json")
    signed = demo.run("sign-in", "tracuu2", "--password", people.password)
    assert signed.returncode == 0, signed.stderr
    found = demo.run("search", "thông báo", "--json")
    assert json.loads(found.stdout)["total"] == be("tracuu2").get("/api/v1/search", {"q": "thông báo"})["total"]
    wrong = demo.run("sign-in", "tracuu2", "--password", "sai mật khẩu")
    assert (wrong.returncode, len(wrong.stderr.strip().splitlines())) == (5, 1)


def test_a_second_service_in_the_same_folder_is_refused(demo):
    second = demo.run("up")
    assert second.returncode == 3
    assert "running" in second.stderr
    assert "Traceback" not in second.stderr


def test_beyond_loopback_only_with_tls(demo, tmp_path):
    environment = {**os.environ, "SOHOA_DATA_DIR": str(tmp_path), "SOHOA_HOST": "0.0.0.0"}
    refused = subprocess.run(
        [sys.executable, "-m", "cli", "up"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert refused.returncode == 3
    assert "TLS" in refused.stderr
