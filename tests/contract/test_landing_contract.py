"""What every landing does, in a folder, on MinIO and on versitygw, in the clear and encrypted; receipt through it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import OffsetMismatch, StoreUnavailable
from core.states import FileState
from flow.receive import complete_file
from storage.landing import Landed
from storage.objects import Area
from storage.tables import now
from tests.contract.landings import (
    CHUNK,
    LARGE,
    MEGABYTE,
    SMALL,
    Yard,
    assert_received,
    assert_received_but_for_strays,
    scan,
    send_all,
)


@pytest.mark.parametrize(
    "sizes",
    [[CHUNK], [6 * MEGABYTE], [MEGABYTE, 17, 5 * MEGABYTE], [len(LARGE)]],
    ids=["4 MiB", "6 MiB", "mixed", "whole"],
)
def test_a_file_arrives_through_two_replicas(yard: Yard, sizes: list[int]) -> None:
    file = yard.announce({"Hồ sơ/Quyết định.png": LARGE})["Hồ sơ/Quyết định.png"]
    send_all(yard, file.id, LARGE, sizes)
    assert_received(yard, file.id, LARGE)


def test_small_files_arrive(yard: Yard) -> None:
    contents = {f"{number}.png": scan(0.01 * number) for number in range(1, 5)}
    for name, file in yard.announce(contents).items():
        send_all(yard, file.id, contents[name], [10_000])
        assert_received(yard, file.id, contents[name])


def test_nothing_lies_on_the_machine_that_takes_a_piece(yard: Yard) -> None:
    file = yard.announce({"a.png": LARGE})["a.png"]
    yard.send(yard.replica(), file.id, 0, LARGE[:CHUNK])
    landing = sorted(path.name for path in yard.folder.glob("landing/*"))
    assert landing == ([] if yard.buckets else [f"{file.id}.lock", f"{file.id}.part"])


def test_what_has_landed_is_encrypted_where_originals_are(yard: Yard) -> None:
    file = yard.announce({"a.png": SMALL})["a.png"]
    yard.send(yard.replica(), file.id, 0, SMALL[:100_000])
    plain = SMALL[1000:1100] in yard.landed_bytes()
    assert plain is not yard.kind.endswith("encrypted")
    yard.send(yard.replica(), file.id, 100_000, SMALL[100_000:])
    assert_received(yard, file.id, SMALL)


def test_a_piece_at_another_offset_is_refused_and_changes_nothing(yard: Yard) -> None:
    file = yard.announce({"a.png": LARGE})["a.png"]
    one, other = yard.replica(), yard.replica()
    yard.send(one, file.id, 0, LARGE[:CHUNK])
    for service in (one, other):
        for wrong in (0, CHUNK - 1, CHUNK + 1):
            with pytest.raises(OffsetMismatch) as caught:
                yard.send(service, file.id, wrong, b"x" * 100)
            assert caught.value.expected == CHUNK
    yard.send(other, file.id, CHUNK, LARGE[CHUNK:])
    assert_received(yard, file.id, LARGE)


@pytest.mark.parametrize("begun", [0, CHUNK, 2 * CHUNK])
def test_a_piece_that_was_put_but_never_noted_counts_for_nothing(yard: Yard, begun: int) -> None:
    """As when the process is killed between the two."""
    file = yard.announce({"a.png": LARGE})["a.png"]
    for offset in range(0, begun, CHUNK):
        yard.send(yard.replica(), file.id, offset, LARGE[offset : offset + CHUNK])
    dying = yard.replica()
    with (
        pytest.raises(KeyboardInterrupt),
        dying.landing.locked(file.id),
        dying.landing.placed(file.id, begun, b"?" * 6 * MEGABYTE),
    ):
        raise KeyboardInterrupt
    assert yard.row(file.id).received_bytes == begun
    for offset in range(begun, len(LARGE), CHUNK):
        yard.send(yard.replica(), file.id, offset, LARGE[offset : offset + CHUNK])
    row = yard.row(file.id)
    assert (row.state, row.received_bytes) == (FileState.RECEIVED, len(LARGE))
    yard.replica().objects.verify(Area.ORIGINALS, file.sha256)
    yard.replica().landing.tidy(now() + timedelta(hours=1))
    assert yard.leftovers() == []


def race(*calls: Callable[[], object]) -> list[object]:
    """What each call answered or raised, all at the same moment."""
    gate, results = threading.Barrier(len(calls)), list[object]()

    def run(call: Callable[[], object]) -> None:
        gate.wait()
        try:
            results.append(call())
        except (OffsetMismatch, StoreUnavailable) as error:
            results.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.parametrize("size", [CHUNK, 6 * MEGABYTE])
def test_of_two_replicas_with_the_same_piece_one_counts(yard: Yard, size: int) -> None:
    file = yard.announce({"a.png": LARGE})["a.png"]
    one, other = yard.replica(), yard.replica()
    for offset in range(0, len(LARGE), size):
        piece = LARGE[offset : offset + size]
        results = race(
            lambda start=offset, data=piece: yard.send(one, file.id, start, data),  # type: ignore[misc]
            # The slower one may have cut the file otherwise, or have been given other bytes.
            lambda start=offset, data=piece: yard.send(other, file.id, start, data),  # type: ignore[misc]
        )
        refused = [result for result in results if isinstance(result, OffsetMismatch)]
        if offset + len(piece) < len(LARGE):
            assert [error.expected for error in refused] == [offset + len(piece)]
    assert_received_but_for_strays(yard, file.id)


def test_two_replicas_that_judge_at_once_receive_once(yard: Yard) -> None:
    file = yard.announce({"a.png": LARGE})["a.png"]
    one, other = yard.replica(), yard.replica()
    for offset in range(0, len(LARGE) - CHUNK, CHUNK):
        yard.send(one, file.id, offset, LARGE[offset : offset + CHUNK])
    rest = len(LARGE) - len(LARGE) % CHUNK
    with (
        one.landing.locked(file.id),
        one.landing.placed(file.id, rest, LARGE[rest:]) as record,
        one.records.writing() as session,
    ):
        record(session)
        session.get_one(type(file), file.id).received_bytes = len(LARGE)
    results = race(
        lambda: yard.send(one, file.id, len(LARGE), b"").state,
        lambda: yard.send(other, file.id, len(LARGE), b"").state,
    )
    # One may be told to ask again while the other is at it.
    told = [result for result in results if isinstance(result, StoreUnavailable)]
    assert [result for result in results if result not in told] == [FileState.RECEIVED] * (2 - len(told))
    assert len(told) < 2
    assert yard.send(other, file.id, len(LARGE), b"").state is FileState.RECEIVED
    assert_received_but_for_strays(yard, file.id)


def test_wrong_bytes_are_refused_and_leave_nothing(yard: Yard) -> None:
    contents = {"large.png": LARGE, "small.png": SMALL}
    for name, file in yard.announce(contents).items():
        wrong = bytes(len(contents[name]))
        send_all(yard, file.id, wrong, [CHUNK])
        assert (yard.row(file.id).state, yard.row(file.id).refusal_code) == (FileState.REFUSED, "hash_mismatch")
    assert yard.leftovers() == []
    assert list(yard.replica().objects.list_hashes(Area.ORIGINALS)) == []


def test_a_file_without_a_byte_is_refused(yard: Yard) -> None:
    file = yard.announce({"a.png": b""})["a.png"]
    assert yard.send(yard.replica(), file.id, 0, b"").refusal_code == "empty_file"
    assert yard.leftovers() == []


def test_a_file_that_came_in_a_package_is_received(yard: Yard, tmp_path: Path) -> None:
    file = yard.announce({"a.png": LARGE})["a.png"]
    service, path = yard.replica(), tmp_path / "a.png"
    path.write_bytes(LARGE)
    yard.send(service, file.id, 0, LARGE[:CHUNK])  # some of it had been sent before
    with service.landing.locked(file.id):
        complete_file(service, yard.station.actor, yard.row(file.id), Landed(path))
    assert_received_but_for_strays(yard, file.id)
