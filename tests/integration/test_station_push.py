"""Delivery over real HTTP: every way in which it is interrupted ends with the same bytes, sent once."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from core.errors import (
    FileRefused,
    ManifestMismatch,
    ReceiptInvalid,
    ServiceRefused,
    ServiceUnreachable,
    SettingsError,
)
from core.keys import OpenKey, SigningKey, VerifyKey
from ingest.package import open_package
from station.client import Connection, Patience, StationClient
from station.commands import station
from station.manifest_csv import COLUMNS
from station.progress import Progress
from station.push import PushOptions, PushResult, push
from tests.fakes.station_centre import KEY, Centre

OPTIONS = PushOptions(batch="L01", station="TR1", chunk_bytes=10_000)
NAMES = ("P01/ML1/1/HS01/1-1.png", "P01/ML1/1/HS01/1-2.png", "P01/ML1/1/HS02/1.png")


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    for seed, name in enumerate(NAMES):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        noise = np.random.default_rng(seed).integers(0, 255, (120, 90, 3), dtype=np.uint8)
        Image.fromarray(noise).save(path)
    return folder


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    (tmp_path / "centre").mkdir()
    centre = Centre(tmp_path / "centre")
    centre.start()
    yield centre
    centre.stop()


def deliver(
    scans: Path, centre: Centre, options: PushOptions = OPTIONS, key: str = KEY, attempts: int = 9
) -> PushResult:
    client = StationClient(Connection(centre.url, key), Patience(attempts, first=0.02, most=0.2))
    try:
        return push(scans, client, options, Progress(None))
    finally:
        client.close()


def total(scans: Path) -> int:
    return sum((scans / name).stat().st_size for name in NAMES)


def test_everything_arrives_once_and_the_receipt_names_it(scans: Path, centre: Centre) -> None:
    first = deliver(scans, centre)
    again = deliver(scans, centre)
    assert (first.received, first.bytes_sent, centre.taken) == (3, total(scans), total(scans))
    assert (again.received, again.bytes_sent) == (3, 0)
    stored = [centre.part(str(number)).read_bytes() for number in range(3)]
    assert stored == [(scans / name).read_bytes() for name in NAMES]
    receipt = json.loads((scans / "receipt-L01.json").read_text())
    assert [file["name"] for file in receipt["receipt"]["files"]] == list(NAMES)
    assert sorted(path.name for path in scans.rglob("*.png")) == ["1-1.png", "1-2.png", "1.png"]


@pytest.mark.parametrize(
    "faults",
    [["cut"], ["silent"], ["busy"], ["cut", "silent", "busy", "cut", "cut", "busy"], ["", "", "", "silent", "silent"]],
)
def test_faults_of_the_line_cost_nothing(scans: Path, centre: Centre, faults: list[str]) -> None:
    centre.faults = list(faults)
    result = deliver(scans, centre)
    assert (result.received, centre.taken, centre.faults) == (3, total(scans), [])


def test_a_restart_of_the_centre_is_survived(scans: Path, centre: Centre) -> None:
    def restart() -> None:
        centre.stop()
        time.sleep(0.3)
        centre.start()

    def once() -> None:
        centre.on_chunk = lambda: None
        threading.Thread(target=restart).start()

    centre.faults = ["", "", "silent"]
    centre.on_chunk = lambda: once() if len(centre.faults) == 0 else None
    assert deliver(scans, centre).received == 3
    assert centre.taken == total(scans)


def test_a_centre_that_stays_away_is_a_named_error_and_the_next_run_goes_on(scans: Path, centre: Centre) -> None:
    centre.faults = ["", "", *["busy"] * 3]
    with pytest.raises(ServiceUnreachable, match="busy or restarting"):
        deliver(scans, centre, attempts=3)
    assert centre.taken == 20_000
    assert deliver(scans, centre).bytes_sent == total(scans) - 20_000


def test_a_wrong_key_and_an_unknown_batch_are_named(scans: Path, centre: Centre) -> None:
    for key, batch, code in ((f"{KEY}x", "L01", "station_refused"), (KEY, "L99", "not_found")):
        with pytest.raises(ServiceRefused) as caught:
            deliver(scans, centre, PushOptions(batch, "TR1"), key)
        assert caught.value.error_code == code
    assert centre.taken == 0


def test_a_second_manifest_is_refused(scans: Path, centre: Centre) -> None:
    deliver(scans, centre)
    (scans / NAMES[2]).rename(scans / "P01/ML1/1/HS02/2.png")
    with pytest.raises(ServiceRefused) as caught:
        deliver(scans, centre)
    assert caught.value.error_code == "manifest_mismatch"


def test_bad_files_stop_the_delivery_unless_they_are_announced(scans: Path, centre: Centre) -> None:
    path = scans / NAMES[1]
    path.write_bytes(path.read_bytes()[:5_000])
    with pytest.raises(FileRefused, match=r"1 of 3 files fail their check: .*1-2\.png"):
        deliver(scans, centre)
    assert centre.paths == ["GET /api/v1/station/batches/L01"]
    result = deliver(scans, centre, PushOptions("L01", "TR1", announce_bad=True))
    assert (result.received, list(result.refused), result.unexpected) == (2, [NAMES[1]], ())
    assert "cut off or damaged" in result.refused[NAMES[1]]
    assert not centre.part("1").exists()


def test_a_file_changed_on_the_way_is_refused_by_the_centre_and_reported(scans: Path, centre: Centre) -> None:
    path = scans / NAMES[2]
    data = path.read_bytes()

    def change() -> None:
        path.write_bytes(data[:-1] + b"?")

    centre.on_chunk = change
    result = deliver(scans, centre)
    assert result.unexpected == (NAMES[2],)


def test_receipts_that_another_key_signed_are_not_kept(scans: Path, centre: Centre) -> None:
    known = SigningKey.generate().verify_key
    with pytest.raises(ReceiptInvalid, match="does not verify"):
        deliver(scans, centre, PushOptions("L01", "TR1", verify_key=known))
    assert list(scans.glob("receipt-*")) == []


def test_links_are_named_and_not_followed(scans: Path, centre: Centre) -> None:
    (scans / "P01/ML1/1/HS02/2.png").symlink_to("/etc/hostname")
    with pytest.raises(ManifestMismatch, match=r"2\.png' is no plain file"):
        deliver(scans, centre)


def test_the_key_never_travels_in_the_open() -> None:
    with pytest.raises(SettingsError, match="not encrypted"):
        StationClient(Connection("http://centre.example:8400", KEY), Patience())
    assert "secret" not in repr(Connection("https://centre.example", KEY))


def test_a_table_beside_the_scans_decides(scans: Path, centre: Centre) -> None:
    head = ",".join(COLUMNS) + "\n"
    rows = [f"{name},P9,M9,,H9,Hồ sơ,{number},,,,,{{}},\n" for number, name in enumerate(NAMES, 1)]
    (scans / "manifest.csv").write_text(head + "".join(rows).format("", 2, ""), encoding="utf-8")
    with pytest.raises(ManifestMismatch, match=r"manifest\.csv line 3: .* should have 2 pages, its files have 1"):
        deliver(scans, centre)
    (scans / "manifest.csv").write_text(head + "".join(rows).format("", 1, ""), encoding="utf-8-sig")
    deliver(scans, centre)
    assert centre.manifest
    assert [folder.code for folder in centre.manifest.folders] == ["H9"]
    assert [document.ordinal for document in centre.manifest.documents] == [1, 2, 3]


def test_the_commands_push_watch_and_pack(scans: Path, centre: Centre, tmp_path: Path) -> None:
    runner = CliRunner()
    place = ["--server", centre.url, "--key", KEY]
    (scans / ".ready").touch()
    watched = ["watch", str(scans), "--batch", "L01", "--quiet", "0.2", "--marker", ".ready", *place, "--json"]
    seen = runner.invoke(station, watched, catch_exceptions=False)
    pushed = runner.invoke(station, ["push", str(scans), "--batch", "L01", *place], catch_exceptions=False)
    assert (json.loads(seen.stdout)["received"], json.loads(seen.stdout)["bytes_sent"]) == (3, total(scans))
    assert "batch L01: 3 files received, 0 refused" in pushed.stdout
    key, opening = tmp_path / "station.pem", OpenKey.generate()
    public = runner.invoke(station, ["keygen", str(key)], catch_exceptions=False).stdout.strip()
    out = tmp_path / "L01.sohoa"
    arguments = ["pack", str(scans), "--batch", "L01", "--out", str(out), "--station", "TR1", "--signing-key", str(key)]
    runner.invoke(station, [*arguments, "--centre-key", opening.seal_key.text], catch_exceptions=False)
    manifest = open_package(out, opening, VerifyKey.from_text(public), tmp_path / "opened")
    assert centre.manifest == manifest
    assert key.stat().st_mode & 0o077 == 0


def test_progress_is_told_in_plain_lines_away_from_a_terminal() -> None:
    out = io.StringIO()
    with Progress(out).sending("batch L01", 100) as advance:
        for _ in range(10):
            advance(10)
    assert len(out.getvalue().splitlines()) == 10
    assert out.getvalue().splitlines()[-1] == "batch L01: 100 % of 100 bytes"
