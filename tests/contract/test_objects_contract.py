"""What every store of objects does: directory, MinIO and versitygw, in the clear and encrypted."""

from __future__ import annotations

import stat
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import HashMismatch, NotFound
from storage.objects import Area, ObjectStore
from storage.objects_encrypted import EncryptedStore
from tests.contract.samples import DATA, KEY, MEGABYTE, SHA, SOON, big, name_of
from tests.contract.stores import Shelf


def test_what_is_put_is_read_back_and_listed(store: ObjectStore, shelf: Shelf) -> None:
    assert not store.has(Area.PAGES, SHA)
    assert store.put_bytes(Area.PAGES, DATA) == SHA
    assert store.has(Area.PAGES, SHA)
    assert shelf.reopen().read(Area.PAGES, SHA) == DATA
    assert list(store.list_hashes(Area.PAGES)) == [SHA]
    assert list(store.list_hashes(Area.ORIGINALS)) == []
    with store.local(Area.PAGES, SHA) as path:
        assert path.read_bytes() == DATA


def test_hashes_are_listed_in_order_as_they_are_found(store: ObjectStore) -> None:
    made = sorted(store.put_bytes(Area.ORIGINALS, str(number).encode()) for number in range(12))
    listing = store.list_hashes(Area.ORIGINALS)
    assert next(listing) == made[0]
    assert [made[0], *listing] == made


def test_an_empty_object_is_one(store: ObjectStore) -> None:
    name = store.put_bytes(Area.PAGES, b"")
    assert store.read(Area.PAGES, name) == b""


def test_wrong_bytes_never_become_an_object(store: ObjectStore, shelf: Shelf, tmp_path: Path) -> None:
    for size in (len(DATA), 20 * MEGABYTE):  # one request, and several parts
        source = tmp_path / "scan.pdf"
        source.write_bytes(b"x" * size)
        with pytest.raises(HashMismatch):
            store.put_file(Area.ORIGINALS, source, SHA)
        assert not store.has(Area.ORIGINALS, SHA)
    assert list(store.list_hashes(Area.ORIGINALS)) == []
    assert shelf.leftovers() == []
    assert shelf.everything() == b""


def test_wrong_bytes_for_an_object_that_is_there_are_noticed(store: ObjectStore, tmp_path: Path) -> None:
    store.put_bytes(Area.ORIGINALS, DATA)
    source = tmp_path / "scan.pdf"
    source.write_bytes(b"x")
    with pytest.raises(HashMismatch):
        store.put_file(Area.ORIGINALS, source, SHA)
    assert store.read(Area.ORIGINALS, SHA) == DATA


@pytest.mark.parametrize("megabytes", [1, 20])
def test_a_put_that_is_cut_off_leaves_nothing_visible(store: ObjectStore, shelf: Shelf, megabytes: int) -> None:
    def cut() -> Iterator[bytes]:
        yield from big(megabytes)
        raise ConnectionResetError("the sender is gone")

    with pytest.raises(ConnectionResetError):
        store.keep(Area.ORIGINALS, SHA, cut())
    assert not store.has(Area.ORIGINALS, SHA)
    assert list(store.list_hashes(Area.ORIGINALS)) == []
    assert shelf.leftovers() == []


def test_an_object_is_never_written_again(store: ObjectStore, shelf: Shelf) -> None:
    store.put_bytes(Area.ORIGINALS, DATA)
    before = shelf.everything()
    store.put_bytes(Area.ORIGINALS, DATA)
    store.keep(Area.ORIGINALS, SHA, (b"other bytes",))
    store.keep(Area.ORIGINALS, SHA, big(20))
    assert shelf.everything() == before
    assert store.read(Area.ORIGINALS, SHA) == DATA
    if shelf.buckets:
        assert {key: len(versions) for key, versions in shelf.buckets.versions("originals").items()} == {KEY: 1}
    else:
        assert shelf.folder is not None
        mode = (shelf.folder / "originals" / KEY).stat().st_mode
        assert not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)


@pytest.mark.parametrize("place", [0, 100, len(DATA) // 2, -1], ids=["first", "early", "middle", "last"])
def test_a_changed_object_is_noticed(store: ObjectStore, shelf: Shelf, place: int) -> None:
    def change(data: bytes) -> bytes:
        changed = bytearray(data)
        changed[place] ^= 1
        return bytes(changed)

    store.put_bytes(Area.ORIGINALS, DATA)
    shelf.damage(Area.ORIGINALS, SHA, change)
    with pytest.raises(HashMismatch):
        store.read(Area.ORIGINALS, SHA)
    with pytest.raises(HashMismatch):
        store.verify(Area.ORIGINALS, SHA)


@pytest.mark.parametrize("left", [len(DATA) - 1, 65_536, 300, 100, 0])
def test_an_object_that_was_cut_short_is_noticed(store: ObjectStore, shelf: Shelf, left: int) -> None:
    store.put_bytes(Area.ORIGINALS, DATA)
    shelf.damage(Area.ORIGINALS, SHA, lambda data: data[:left])
    with pytest.raises(HashMismatch):
        store.verify(Area.ORIGINALS, SHA)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "ab", SHA.upper(), SHA + "/..", f"{SHA}\n"])
def test_what_is_no_hash_names_no_object(store: ObjectStore, name: str) -> None:
    with pytest.raises(NotFound):
        store.open(Area.ORIGINALS, name)
    with pytest.raises(NotFound):
        store.delete(Area.ORIGINALS, name)
    with pytest.raises(NotFound):
        store.has(Area.ORIGINALS, name)
    with pytest.raises(NotFound):
        store.keep(Area.ORIGINALS, name, (b"",))


def test_what_is_not_there_is_not_found(store: ObjectStore) -> None:
    with pytest.raises(NotFound):
        store.open(Area.ORIGINALS, SHA)
    with pytest.raises(NotFound):
        store.read(Area.ORIGINALS, SHA)
    with pytest.raises(NotFound):
        store.lock(SHA, datetime.now(UTC) + SOON)
    with pytest.raises(NotFound):
        store.locked_until(SHA)
    with pytest.raises(NotFound), store.local(Area.ORIGINALS, SHA):
        pass


def test_deleting_twice_is_deleting(store: ObjectStore) -> None:
    for area in Area:
        store.put_bytes(area, DATA)
        store.delete(area, SHA)
        store.delete(area, SHA)
        with pytest.raises(NotFound):
            store.read(area, SHA)


@pytest.mark.parametrize(
    ("offset", "length"),
    [
        (0, None),
        (0, 0),
        (0, 1),
        (5, 10),
        (65_530, 20),
        (65_536, 65_536),
        (65_535, 65_538),
        (131_072, None),
        (100_001, None),
        (len(DATA) - 7, 7),
        (len(DATA) - 7, 100),
        (len(DATA) - 1, None),
        (len(DATA), 5),
        (len(DATA) + 70_000, 5),
        (len(DATA) + 70_000, None),
    ],
)
def test_any_range_can_be_read(store: ObjectStore, offset: int, length: int | None) -> None:
    store.put_bytes(Area.ORIGINALS, DATA)
    end = None if length is None else offset + length
    with store.open(Area.ORIGINALS, SHA, offset, length) as stream:
        assert stream.read() == DATA[offset:end]


def test_a_range_of_whole_segments(store: ObjectStore) -> None:
    data = DATA[:131_072]
    name = store.put_bytes(Area.PAGES, data)
    for offset, length in ((0, 131_072), (65_536, 65_536), (65_536, None), (131_072, 1), (131_072, None)):
        with store.open(Area.PAGES, name, offset, length) as stream:
            assert stream.read() == data[offset : None if length is None else offset + length]


def test_a_large_file_goes_through_in_pieces(store: ObjectStore, tmp_path: Path) -> None:
    name, source = name_of(big(96)), tmp_path / "large.tif"
    with source.open("wb") as sink:
        sink.writelines(big(96))
    tracemalloc.start()
    try:
        store.put_file(Area.ORIGINALS, source, name)
        store.verify(Area.ORIGINALS, name)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 48 * MEGABYTE
    with store.open(Area.ORIGINALS, name, 50 * MEGABYTE - 3, 6) as stream:
        expected = [*big(51)]
        assert stream.read() == expected[49][-3:] + expected[50][:3]


def test_nothing_lies_in_the_clear_where_it_is_encrypted(store: ObjectStore, shelf: Shelf) -> None:
    store.put_bytes(Area.ORIGINALS, DATA)
    store.put_bytes(Area.PAGES, DATA)
    assert ("Số hóa".encode() in shelf.everything()) is not shelf.encrypted


def test_no_object_passes_for_another(store: ObjectStore, shelf: Shelf) -> None:
    other = store.put_bytes(Area.ORIGINALS, DATA + b"!")
    store.put_bytes(Area.ORIGINALS, DATA)
    stored: list[bytes] = []

    def note(data: bytes) -> bytes:
        stored.append(data)
        return data

    shelf.damage(Area.ORIGINALS, other, note)
    shelf.damage(Area.ORIGINALS, SHA, lambda _data: stored[0])
    with pytest.raises(HashMismatch):
        store.verify(Area.ORIGINALS, SHA)


def test_what_was_stored_in_the_clear_stays_readable_once_there_is_a_key(store: ObjectStore, shelf: Shelf) -> None:
    if isinstance(store, EncryptedStore):
        below = store._below
        below.put_bytes(Area.ORIGINALS, DATA)
        assert store.read(Area.ORIGINALS, SHA) == DATA
        with store.open(Area.ORIGINALS, SHA, 7, 5) as stream:
            assert stream.read() == DATA[7:12]
    else:
        assert not shelf.encrypted
