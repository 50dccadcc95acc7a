"""What only the embedded search backend has: a file that several processes share, and that can be lost or damaged.

What it finds, `tests/contract` says for every backend.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path
from threading import Barrier, Thread

import pytest

from core.errors import SearchUnavailable
from indexing.backend import SearchQuery
from indexing.fts5 import Fts5Backend
from tests.search_records import READER, find, make_record

WRITER = """
import sys
from pathlib import Path
from core.labels import AccessLabel, Secrecy, Sensitivity, Visibility
from indexing.fts5 import Fts5Backend
from indexing.records import SearchRecord
label = AccessLabel("u1", Secrecy.THUONG, Sensitivity.PUBLIC, Visibility.PUBLISHED)
backend = Fts5Backend(Path(sys.argv[1]))
for number in range(20):
    own = SearchRecord(document_id=f"{sys.argv[2]}-{number}", revision=1, label=label, title="của riêng")
    shared = SearchRecord(document_id="shared", revision=int(sys.argv[2]) * 100 + number, label=label, title="chung")
    backend.write([own, shared])
"""


def test_several_processes_write_and_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    root = Path(__file__).parents[2]
    writers = [
        subprocess.Popen([sys.executable, "-c", textwrap.dedent(WRITER), str(path), str(number)], cwd=root)
        for number in range(1, 5)
    ]
    totals: list[int] = []
    reader = Thread(target=lambda: totals.extend(len(find(Fts5Backend(path), "")) for _ in range(30)))
    reader.start()
    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]
    reader.join(60)
    assert len(totals) == 30
    revisions = dict(Fts5Backend(path).revisions())
    assert len(revisions) == 81
    assert revisions["shared"] == 419


def test_many_open_a_new_index_at_the_same_moment(tmp_path: Path) -> None:
    answers: list[int] = []

    def open_all(barrier: Barrier) -> None:
        for number in range(25):
            barrier.wait()
            answers.append(len(list(Fts5Backend(tmp_path / f"{number}.db").revisions())))

    barrier = Barrier(6)
    threads = [Thread(target=open_all, args=(barrier,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [0] * 150


def test_a_deleted_file_is_an_empty_index_and_a_damaged_one_an_error_with_a_name(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    backend = Fts5Backend(path)
    backend.write([make_record("a", "đất")])
    for file in tmp_path.iterdir():
        file.unlink()
    assert find(backend, "đất") == []
    backend.write([make_record("a", "đất")])
    assert find(backend, "đất") == ["a"]
    for file in tmp_path.iterdir():
        file.unlink()
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(SearchUnavailable):
        backend.search(READER, SearchQuery("đất"))
