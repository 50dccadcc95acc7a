"""What every store of objects does with locks, purges and URLs."""

from __future__ import annotations

import stat
import time
from datetime import UTC, datetime, timedelta

import pytest
import urllib3
from minio.error import S3Error

from api.image_routes import attachment_header
from core.errors import ObjectLocked
from storage.objects import Area, ObjectStore
from tests.contract.samples import DATA, KEY, SHA, SOON
from tests.contract.stores import Shelf


def test_a_locked_original_cannot_be_deleted(store: ObjectStore, shelf: Shelf) -> None:
    store.put_bytes(Area.ORIGINALS, DATA)
    assert store.locked_until(SHA) is None
    until = (datetime.now(UTC) + SOON).replace(microsecond=0)
    store.lock(SHA, until)
    assert store.locked_until(SHA) == until
    before = shelf.everything()
    for one in (store, shelf.reopen()):
        with pytest.raises(ObjectLocked):
            one.delete(Area.ORIGINALS, SHA)
    store.keep(Area.ORIGINALS, SHA, (b"other",))
    assert shelf.everything() == before
    assert store.read(Area.ORIGINALS, SHA) == DATA


def test_a_lock_is_made_longer_and_never_shorter(store: ObjectStore) -> None:
    store.put_bytes(Area.ORIGINALS, DATA)
    until = (datetime.now(UTC) + SOON).replace(microsecond=0)
    store.lock(SHA, until)
    store.lock(SHA, until - timedelta(days=1))
    store.lock(SHA, until)
    assert store.locked_until(SHA) == until
    store.lock(SHA, until + timedelta(days=1))
    assert store.locked_until(SHA) == until + timedelta(days=1)


def test_a_lock_whose_time_is_over_holds_no_more(store: ObjectStore) -> None:
    store.put_bytes(Area.ORIGINALS, DATA)
    store.lock(SHA, datetime.now(UTC) + timedelta(seconds=2))
    with pytest.raises(ObjectLocked):
        store.delete(Area.ORIGINALS, SHA)
    time.sleep(2.5)
    assert store.locked_until(SHA) is None
    store.delete(Area.ORIGINALS, SHA)
    assert not store.has(Area.ORIGINALS, SHA)


def test_the_server_itself_refuses_to_delete_or_overwrite_what_is_locked(shelf: Shelf) -> None:
    shelf.store.put_bytes(Area.ORIGINALS, DATA)
    shelf.store.lock(SHA, datetime.now(UTC) + SOON)
    if shelf.buckets is None:
        assert shelf.folder is not None
        files = sorted(shelf.folder.rglob(f"{SHA}*"))
        assert [(path.name, stat.S_IMODE(path.stat().st_mode)) for path in files] == [
            (SHA, 0o400),
            (f"{SHA}.lock", 0o400),
        ]
        return
    buckets, bucket = shelf.buckets, f"{shelf.buckets.prefix}-originals"
    (held,) = buckets.versions("originals")[KEY]
    before = buckets.read_all("originals")
    with pytest.raises(S3Error) as caught:
        buckets.client.remove_object(bucket, KEY, version_id=held.id)
    assert caught.value.code in ("InvalidRequest", "AccessDenied")
    # Writing to the same name, or deleting without naming a version, leaves the locked version as it was.
    buckets.overwrite("originals", KEY, b"forged")
    buckets.client.remove_object(bucket, KEY)
    response = buckets.client.get_object(bucket, KEY, version_id=held.id)
    assert response.read() == before
    response.close()
    response.release_conn()
    with pytest.raises(ObjectLocked):
        shelf.store.delete(Area.ORIGINALS, SHA)


def test_what_is_damaged_is_put_anew_and_stays_locked(store: ObjectStore, shelf: Shelf) -> None:
    store.put_bytes(Area.ORIGINALS, DATA)
    until = (datetime.now(UTC) + SOON).replace(microsecond=0)
    store.lock(SHA, until)
    shelf.damage(Area.ORIGINALS, SHA, lambda data: data[:-1])
    store.replace(Area.ORIGINALS, SHA, (DATA[:7], DATA[7:]))
    assert store.read(Area.ORIGINALS, SHA) == DATA
    assert store.locked_until(SHA) == until
    with pytest.raises(ObjectLocked):
        store.delete(Area.ORIGINALS, SHA)


def test_a_purge_leaves_no_version(store: ObjectStore, shelf: Shelf) -> None:
    store.put_bytes(Area.ORIGINALS, DATA)
    other = store.put_bytes(Area.ORIGINALS, b"another one")
    store.replace(Area.ORIGINALS, SHA, (DATA,))
    if shelf.buckets:
        name = f"{shelf.buckets.prefix}-originals"
        shelf.buckets.client.remove_object(name, KEY)  # a marker on top
        shelf.buckets.overwrite("originals", KEY, DATA)
        begun = shelf.buckets.client._create_multipart_upload(name, KEY, {})
        shelf.buckets.client._upload_part(name, KEY, DATA, None, begun, 1)
        assert len(shelf.buckets.versions("originals")[KEY]) == 4
    store.delete(Area.ORIGINALS, SHA)
    assert list(store.list_hashes(Area.ORIGINALS)) == [other]
    assert shelf.leftovers() == []
    if shelf.buckets:
        assert list(shelf.buckets.versions("originals")) == [f"{other[:2]}/{other[2:4]}/{other}"]
        listed = shelf.buckets.client.list_objects(name, recursive=True, include_version=True)
        assert [one.object_name for one in listed] == [f"{other[:2]}/{other[2:4]}/{other}"]
    assert DATA not in shelf.everything()


def test_what_was_cut_off_is_tidied_in_time(store: ObjectStore, shelf: Shelf) -> None:
    if shelf.buckets:
        name = f"{shelf.buckets.prefix}-originals"
        begun = shelf.buckets.client._create_multipart_upload(name, KEY, {})
        shelf.buckets.client._upload_part(name, KEY, DATA, None, begun, 1)
    else:
        assert shelf.folder is not None
        part = shelf.folder / "originals" / ".parts" / "x"
        part.parent.mkdir(parents=True)
        part.write_bytes(DATA)
    assert store.tidy(datetime.now(UTC) - timedelta(hours=1)) == 0
    assert len(shelf.leftovers()) == 1
    assert store.tidy(datetime.now(UTC) + timedelta(hours=1)) == 1
    assert shelf.leftovers() == []


def test_a_presigned_url_reads_one_object_for_a_short_time(store: ObjectStore, shelf: Shelf) -> None:
    store.put_bytes(Area.ORIGINALS, DATA)
    disposition = attachment_header("Hồ sơ 12/Quyết định số 5-QĐ/TU.pdf")
    url = store.presign(Area.ORIGINALS, SHA, disposition, 2)
    if shelf.buckets is None or shelf.encrypted:
        assert url is None
        return
    assert url is not None
    with urllib3.PoolManager() as pool:
        answer = pool.request("GET", url)
        assert (answer.status, answer.data) == (200, DATA)
        assert answer.headers["Content-Disposition"] == disposition
        assert "filename*=UTF-8''TU.pdf" in disposition
        assert pool.request("GET", url.replace(SHA[:2], "ff", 1)).status == 403
        assert pool.request("DELETE", url).status == 403
        time.sleep(3)
        assert pool.request("GET", url).status == 403
