"""Objects and the landing in real directories."""

import hashlib
import stat

import pytest

from core.errors import HashMismatch, NotFound
from storage.landing import Landing
from storage.objects import Area, DirectoryStore

DATA = "Số hóa".encode() * 1000
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path):
    return DirectoryStore(tmp_path / "objects")


def test_what_is_put_is_read_back_and_listed(store):
    assert store.put_bytes(Area.PAGES, DATA) == SHA
    assert store.read(Area.PAGES, SHA) == DATA
    assert list(store.list_hashes(Area.PAGES)) == [SHA]
    assert list(store.list_hashes(Area.ORIGINALS)) == []


def test_an_original_with_another_hash_is_not_stored(store, tmp_path):
    source = tmp_path / "scan.pdf"
    source.write_bytes(DATA + b"!")
    with pytest.raises(HashMismatch):
        store.put_file(Area.ORIGINALS, source, SHA)
    assert list(store.list_hashes(Area.ORIGINALS)) == []
    assert [path for path in (tmp_path / "objects").rglob("*") if path.is_file()] == []


def test_an_object_is_never_written_again(store):
    store.put_bytes(Area.PAGES, DATA)
    path = store.path(Area.PAGES, SHA)
    before = path.stat()
    store.put_bytes(Area.PAGES, DATA)
    assert path.stat().st_ino == before.st_ino
    assert not before.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)


def test_a_changed_object_is_noticed(store):
    store.put_bytes(Area.PAGES, DATA)
    path = store.path(Area.PAGES, SHA)
    path.chmod(0o600)
    path.write_bytes(DATA[:-1] + b"?")
    with pytest.raises(HashMismatch):
        store.read(Area.PAGES, SHA)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "ab", SHA.upper(), SHA + "/.."])
def test_what_is_no_hash_names_no_object(store, name):
    with pytest.raises(NotFound):
        store.open(Area.ORIGINALS, name)


def test_deleting_twice_is_deleting(store):
    store.put_bytes(Area.PAGES, DATA)
    store.delete(Area.PAGES, SHA)
    store.delete(Area.PAGES, SHA)
    with pytest.raises(NotFound):
        store.read(Area.PAGES, SHA)


def test_bytes_beyond_the_recorded_offset_are_overwritten(tmp_path):
    landing = Landing(tmp_path / "landing")
    with landing.locked("f"):
        landing.write("f", 0, b"abcdef")
        landing.write("f", 3, b"XY")
    assert landing.path("f").read_bytes() == b"abcXY"
    assert landing.list_ids() == ["f"]
    landing.clear("f")
    assert list((tmp_path / "landing").iterdir()) == []
