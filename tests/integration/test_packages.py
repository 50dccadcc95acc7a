"""Offline packages: what the station packs the centre opens, and nothing else."""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

import pytest

from core.canonical import canonical_json
from core.errors import ManifestMismatch, PackageRefused
from core.keys import OpenKey, SigningKey
from core.manifest import Manifest, ManifestDocument, ManifestFile, ManifestFolder
from core.packages import LENGTH, MAGIC, SealingWriter, new_header, signed_message, write_header
from ingest.package import open_package, peek_package
from station.package import write_package

CENTRE = OpenKey.generate()
STATION = SigningKey.generate()
CONTENTS = {"hồ sơ/1.png": b"x" * 2_500_000, "2.png": b"", "3.png": b"three"}


def make_manifest(contents: dict[str, bytes]) -> Manifest:
    files = tuple(
        ManifestFile(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest(), media_type="image/png")
        for name, data in contents.items()
    )
    document = ManifestDocument(ordinal=1, file_names=tuple(contents))
    folder = ManifestFolder(fonds="P", series_list="M", code="H", documents=(document,))
    return Manifest(batch="L01", station="TR1", files=files, folders=(folder,))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    scans = {}
    for name, data in CONTENTS.items():
        scans[name] = tmp_path / "scans" / name
        scans[name].parent.mkdir(parents=True, exist_ok=True)
        scans[name].write_bytes(data)
    path = tmp_path / "L01.sohoa"
    write_package(path, make_manifest(CONTENTS), scans, CENTRE.seal_key, STATION)
    return path


def refused(path: Path, centre: OpenKey = CENTRE, station: SigningKey = STATION) -> str:
    """The refusal's message, after making sure that nothing was left behind."""
    destination = path.parent / "opened"
    with pytest.raises(PackageRefused) as caught:
        open_package(path, centre, station.verify_key, destination)
    assert [entry.name for entry in path.parent.iterdir() if "open" in entry.name] == []
    return caught.value.message


def test_a_package_opens_to_the_same_files(package: Path, tmp_path: Path) -> None:
    header = peek_package(package)
    manifest = open_package(package, CENTRE, STATION.verify_key, tmp_path / "opened")
    assert (header.batch, header.station) == ("L01", "TR1")
    assert manifest == make_manifest(CONTENTS)
    found = {name: (tmp_path / "opened" / name).read_bytes() for name in CONTENTS}
    assert found == CONTENTS
    assert b"three" not in package.read_bytes()


def test_every_cut_is_found(package: Path) -> None:
    data = package.read_bytes()
    for length in [0, 5, 100, len(data) // 3, len(data) - 70, len(data) - 1]:
        package.write_bytes(data[:length])
        refused(package)
    package.write_bytes(data + b"x")
    refused(package)


def test_every_changed_byte_is_found(package: Path) -> None:
    data = package.read_bytes()
    for place in [0, 9, 40, 150, len(data) // 4, len(data) // 2, len(data) - 30]:
        package.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        refused(package)


def split_chunks(data: bytes) -> tuple[bytes, list[bytes]]:
    start = len(MAGIC) + LENGTH.size + LENGTH.unpack_from(data, len(MAGIC))[0]
    chunks, place = [], start
    while place < len(data):
        end = place + LENGTH.size + LENGTH.unpack_from(data, place)[0]
        chunks.append(data[place:end])
        place = end
    return data[:start], chunks


def test_chunks_moved_doubled_or_left_out_are_found(package: Path) -> None:
    head, chunks = split_chunks(package.read_bytes())
    assert len(chunks) == 3
    first, second, last = chunks
    for order in ([second, first, last], [first, first, second, last], [first, last], [first, second], []):
        package.write_bytes(head + b"".join(order))
        refused(package)


def test_other_keys_do_not_open_it(package: Path) -> None:
    assert "sealed for the key" in refused(package, centre=OpenKey.generate())
    assert "not signed by station 'TR1'" in refused(package, station=SigningKey.generate())


def forge(path: Path, manifest_json: bytes, content: bytes) -> None:
    """A package as a hostile station would write it: rightly sealed and signed, with wrong content."""
    with path.open("wb") as out:
        header, cipher = new_header("L01", "TR1", CENTRE.seal_key)
        write_header(out, header)
        sealed = SealingWriter(out, cipher)
        plain = LENGTH.pack(len(manifest_json)) + manifest_json + content
        sealed.write(plain + STATION.sign(signed_message(header, hashlib.sha256(plain).digest())))
        sealed.close()


@pytest.mark.parametrize("name", [b"../../outside", b"/tmp/outside", b"a/../../outside", b"c:outside"])
def test_names_that_climb_out_are_refused(tmp_path: Path, name: bytes) -> None:
    text = canonical_json(make_manifest({"NAME": b"three"})).replace(b"NAME", name)
    forge(tmp_path / "bad.sohoa", text, b"three")
    assert "manifest is wrong" in refused(tmp_path / "bad.sohoa")
    assert [path.name for path in tmp_path.rglob("*outside*")] == []


def test_content_that_is_not_what_the_manifest_says_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.sohoa"
    honest = make_manifest({"a.png": b"three"})
    forge(path, canonical_json(honest), b"other")
    assert "declared SHA-256" in refused(path)
    forge(path, canonical_json(honest), b"three and more")
    assert "not signed" in refused(path)
    forge(path, canonical_json(honest).replace(b'"size":5', b'"size":5000000000'), b"three")
    assert "more than its own size" in refused(path)
    forge(path, canonical_json(make_manifest({"a": b"x", "a/b": b"y"})), b"xy")
    assert "both a file and a folder" in refused(path)
    forge(path, canonical_json(honest).replace(b"L01", b"L02"), b"three")
    assert "different batches" in refused(path)
    path.write_bytes(MAGIC + struct.pack(">I", 2**31) + b"{}")
    assert "header" in refused(path)


def test_a_scan_that_changed_since_its_check_is_not_packed(tmp_path: Path) -> None:
    scan = tmp_path / "a.png"
    scan.write_bytes(b"later")
    with pytest.raises(ManifestMismatch, match=r"'a\.png' has changed"):
        write_package(
            tmp_path / "x.sohoa", make_manifest({"a.png": b"three"}), {"a.png": scan}, CENTRE.seal_key, STATION
        )
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
