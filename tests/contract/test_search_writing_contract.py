"""On every search backend: which write stands, what a rebuild keeps, and what is left of what was removed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import pytest

from indexing.backend import SearchBackend, SearchQuery, Standing
from indexing.records import SearchRecord
from tests.search_backends import BACKENDS, Opener, fresh_index
from tests.search_records import READER, find, make_record


@pytest.fixture(params=BACKENDS)
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opener]:
    with fresh_index(request.param, tmp_path_factory.mktemp("search")) as opener:
        yield opener


@pytest.fixture
def backend(opened: Opener) -> Iterator[SearchBackend]:
    with closing(opened()) as made:
        yield made


def found(backend: SearchBackend, text: str) -> list[str]:
    backend.refresh()
    return find(backend, text)


def test_an_index_that_nobody_wrote_to_is_empty(backend: SearchBackend) -> None:
    assert find(backend, "đất") == []
    assert list(backend.revisions()) == []
    assert backend.standing("a") is None


def test_older_revisions_and_late_writes_change_nothing(backend: SearchBackend) -> None:
    assert backend.write([make_record("a", "mới", revision=3), make_record("b", "khác", revision=1)]) == 2
    assert backend.write([make_record("a", "cũ", revision=2)]) == 0
    assert (found(backend, "mới"), found(backend, "cũ")) == (["a"], [])
    assert backend.write([make_record("a", "sửa", revision=3), make_record("b", "khác", revision=0)]) == 1
    assert (found(backend, "mới"), found(backend, "sửa")) == ([], ["a"])
    assert not backend.remove("a", 2)
    assert backend.remove("a", 3)
    assert find(backend, "sửa") == []  # found no more at once
    assert backend.write([make_record("a", "sửa", revision=3)]) == 0
    assert backend.remove("a", 3)
    assert backend.remove("never", 7)
    assert backend.write([make_record("never", "muộn", revision=6)]) == 0
    assert list(backend.revisions()) == [("b", 1)]
    assert found(backend, "") == ["b"]
    assert (backend.standing("a"), backend.standing("b")) == (Standing(3, gone=True), Standing(1, gone=False))
    assert backend.write([make_record("a", "về lại", revision=4)]) == 1
    assert list(backend.revisions()) == [("a", 4), ("b", 1)]
    assert backend.standing("a") == Standing(4, gone=False)


def test_a_rebuilt_index_holds_what_was_written_during_the_rebuild_and_nothing_else(
    backend: SearchBackend, opened: Opener
) -> None:
    backend.write([make_record(name, "cũ", revision=5) for name in ("a", "b", "c", "d")])
    backend.remove("tomb", 9)
    with closing(opened()) as other, backend.rebuild() as fresh:
        assert fresh.write([make_record("a", "dựng lại", revision=2)]) == 1
        other.write([make_record("b", "người khác", revision=6)])
        other.remove("c", 6)
        assert fresh.write([make_record("b", "muộn", revision=5), make_record("c", "muộn", revision=5)]) == 0
        assert fresh.remove("x", 1)
        assert not find(backend, "muộn")
    assert list(backend.revisions()) == [("a", 2), ("b", 6)]
    assert (find(backend, "cũ"), find(backend, "dựng lại"), find(backend, "người")) == ([], ["a"], ["b"])
    assert backend.standing("c") == Standing(6, gone=True)
    assert backend.standing("x") == Standing(1, gone=True)
    assert (backend.standing("d"), backend.standing("tomb")) == (None, None)


def test_a_rebuild_that_fails_leaves_what_stood(backend: SearchBackend) -> None:
    backend.write([make_record("a", "cũ"), make_record("b", "cũ")])
    with pytest.raises(ZeroDivisionError), backend.rebuild() as fresh:
        fresh.write([make_record("a", "mới")])
        raise ZeroDivisionError
    backend.write([make_record("c", "sau")])
    assert list(backend.revisions()) == [("a", 1), ("b", 1), ("c", 1)]
    assert found(backend, "cũ")[-1] == "b"


@dataclass
class Truth:
    """What stands for the records: the newest revision of every document, and which are removed."""

    revisions: dict[str, int]
    gone: set[str] = field(default_factory=set)
    guard: threading.Lock = field(default_factory=threading.Lock)
    writes: int = 0

    def change(self, name: str, *, gone: bool) -> None:
        with self.guard:
            self.revisions[name] += 1
            self.writes += 1
            (self.gone.add if gone else self.gone.discard)(name)

    def read(self, name: str) -> SearchRecord | int:
        """Its record; its revision if it is removed."""
        with self.guard:
            revision = self.revisions[name]
            return revision if name in self.gone else make_record(name, f"đất r{revision}", revision=revision)

    def standing(self) -> list[tuple[str, int]]:
        with self.guard:
            return sorted((name, revision) for name, revision in self.revisions.items() if name not in self.gone)


class Load:
    """Writers that change documents and index them as a job does, and searchers who must find all the others."""

    def __init__(self, opened: Opener, truth: Truth, steady: int) -> None:
        self._opened, self._truth, self._steady = opened, truth, steady
        self._stop = threading.Event()
        self.faults: list[str] = []
        self.searches = 0

    def __enter__(self) -> Load:
        work = [(self._write, number) for number in range(3)] + [(self._search, number) for number in range(2)]
        self._threads = [threading.Thread(target=self._guarded, args=one) for one in work]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self._threads)

    def _guarded(self, act, number: int) -> None:  # type: ignore[no-untyped-def]
        with closing(self._opened()) as backend:
            step = 0
            while not self._stop.is_set():
                try:
                    act(backend, number, step)
                except Exception as error:  # noqa: BLE001 whatever it is, the test reports it
                    self.faults.append(repr(error))
                step += 1

    def _write(self, backend: SearchBackend, number: int, step: int) -> None:
        name = f"m{(step * 7 + number) % 12:02}"
        self._truth.change(name, gone=step % 5 == 4)
        state = self._truth.read(name)
        time.sleep(0.002 * (step % 4))  # between reading the records and writing lies anything
        if isinstance(state, SearchRecord):
            backend.write([state])
        else:
            backend.remove(name, state)

    def _search(self, backend: SearchBackend, number: int, step: int) -> None:
        total = backend.search(READER, SearchQuery("vững")).total
        self.searches += 1
        if total != self._steady:
            self.faults.append(f"{total} of {self._steady} found")


def test_rebuilds_under_load_lose_no_write_and_no_search(backend: SearchBackend, opened: Opener) -> None:
    steady = [make_record(f"s{number:02}", "vững") for number in range(30)]
    truth = Truth({f"m{number:02}": 1 for number in range(12)})
    backend.write(steady)
    backend.refresh()
    rebuilt_writes = []
    with Load(opened, truth, len(steady)) as load:
        for _ in range(3):
            with backend.rebuild() as fresh:
                before = truth.writes
                fresh.write(steady)
                for name in sorted(truth.revisions):
                    state = truth.read(name)
                    time.sleep(0.02)
                    if isinstance(state, SearchRecord):
                        fresh.write([state])
                    else:
                        fresh.remove(name, state)
                rebuilt_writes.append(truth.writes - before)
    assert load.faults == []
    assert min(rebuilt_writes) > 0
    assert load.searches > 10
    expected = sorted([*truth.standing(), *((record.document_id, 1) for record in steady)])
    # Who wrote last to each document during a rebuild or between two: the index says the same as the records.
    assert list(backend.revisions()) == expected
    for name, revision in truth.revisions.items():
        assert backend.standing(name) == Standing(revision, gone=name in truth.gone)
