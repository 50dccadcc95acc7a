"""The embedded search backend on a real file: who finds what, in what order, and what outlives what."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import SearchUnavailable
from core.labels import AccessLabel, Clearance, Grant, Role, Secrecy, Sensitivity, Visibility, permits
from core.recognition import RecognizedLine, RecognizedWord
from indexing.backend import FacetCount, SearchBackend, SearchQuery, SearchResults, Sort
from indexing.fts5 import Fts5Backend
from indexing.records import SearchContent, SearchPage, SearchRecord, page_record

UNITS = ("u1", "u2", "u3")
OPEN = AccessLabel("u1", Secrecy.THUONG, Sensitivity.PUBLIC, Visibility.PUBLISHED)
READER = Clearance(
    "reader", (Grant(Role.SEARCHER, frozenset({"u1"})),), Secrecy.THUONG, sensitivity=Sensitivity.INTERNAL
)


def make_page(number: int, text: str) -> SearchPage:
    lines = [
        RecognizedLine(
            tuple(RecognizedWord(word, 0.9, (10 * x, 10 * y, 10 * x + 9, 10 * y + 8)) for x, word in enumerate(words)),
            (0, 10 * y, 10 * len(words), 10 * y + 8),
        )
        for y, words in enumerate(line.split() for line in text.split("\n"))
    ]
    return page_record(f"page{number}", number, lines, 800, 600)


def make_record(document_id: str, *pages: str, title: str = "", number: str = "", **more: object) -> SearchRecord:
    record = SearchRecord(
        document_id=document_id,
        revision=1,
        label=OPEN,
        title=title,
        number_symbol=number,
        pages=tuple(make_page(at + 1, text) for at, text in enumerate(pages)),
    )
    return replace(record, **more)  # type: ignore[arg-type]


@pytest.fixture
def backend(tmp_path: Path) -> SearchBackend:
    return Fts5Backend(tmp_path / "deep" / "search.db")


def ids(backend: SearchBackend, text: str, reader: Clearance | None = READER) -> list[str]:
    return [hit.document_id for hit in backend.search(reader, SearchQuery(text)).hits]


def test_exact_tones_come_first_and_folded_ones_after(backend: SearchBackend) -> None:
    backend.write(
        [
            make_record("a", "chuyên viên chuyên trách chuyên ngành", title="Chuyên viên"),
            make_record("b", "việc chuyển giao"),
            make_record("c", "không có gì"),
        ]
    )
    assert ids(backend, "chuyển") == ["b", "a"]
    assert ids(backend, "chuyên") == ["a", "b"]
    assert ids(backend, "chuyen") == ["a", "b"]
    assert ids(backend, "CHUYỆN") == ["a", "b"]


def test_d_with_stroke_and_both_tone_placements(backend: SearchBackend) -> None:
    backend.write([make_record("a", "Đảng uỷ xã Hoà Bình")])
    assert (
        ids(backend, "dang uy hoa binh")
        == ids(backend, "đảng ủy hòa bình")
        == ids(backend, "Đảng uỷ Hoà Bình")
        == ["a"]
    )


@pytest.mark.parametrize("text", ["03 - KH/BCĐ", "03-KH/BCĐ", "03khbcd", "3-KH/BCD", "03 KH BCĐ", "kế hoạch 03-KH/BCĐ"])
def test_a_number_finds_its_document_first_and_those_that_mention_it(backend: SearchBackend, text: str) -> None:
    backend.write(
        [
            make_record("a", "Căn cứ Kế hoạch số 03 - KH/BCĐ và Kế hoạch số 03-KH/BCĐ", title="Kế hoạch"),
            make_record("b", "Kế hoạch ngắn", number="03-KH/BCĐ"),
            make_record("c", "Kế hoạch khác", number="04-KH/BCĐ"),
            make_record("d", "Kế hoạch khác", number="103-KH/BCĐ"),
        ]
    )
    assert ids(backend, text) == ["b", "a"]


def test_words_over_several_pages_make_one_hit_with_its_best_pages(backend: SearchBackend) -> None:
    backend.write([make_record("a", "bổ nhiệm\nông Nguyễn", "không có gì", "cán bộ bổ sung", title="Quyết định")])
    results = backend.search(READER, SearchQuery("nhiệm sung quyết"))
    assert [hit.document_id for hit in results.hits] == ["a"]
    (hit,) = results.hits
    assert [(one.page_id, one.page_number, one.text) for one in hit.snippets] == [
        ("page1", 1, "bổ nhiệm ông Nguyễn"),
        ("page3", 3, "cán bộ bổ sung"),
    ]
    assert hit.snippets[0].marks == ((3, 8),)
    assert hit.snippets[0].boxes == ((10, 0, 19, 8),)
    assert hit.title_marks == ((0, 5),)
    assert ids(backend, '"nguyễn không"') == ["a"]
    assert ids(backend, '"định bổ"') == []


def test_order_by_head_phrase_and_frequency_then_date_then_id(backend: SearchBackend) -> None:
    backend.write(
        [
            make_record("e", "đất giao và thu hồi"),
            make_record("d", "giao đất", issued_on=date(2020, 1, 1)),
            make_record("c", "giao đất", issued_on=date(2021, 1, 1)),
            make_record("b", "giao đất " * 3),
            make_record("a", "đất giao và thu hồi"),
            make_record("f", "thu hồi", title="Giao đất"),
        ]
    )
    assert ids(backend, "giao đất") == ["f", "b", "c", "d", "a", "e"]
    newest = backend.search(READER, SearchQuery("giao", sort=Sort.NEWEST))
    assert [hit.document_id for hit in newest.hits] == ["c", "d", "a", "b", "e", "f"]
    oldest = backend.search(READER, SearchQuery("giao", sort=Sort.OLDEST))
    assert [hit.document_id for hit in oldest.hits] == ["d", "c", "a", "b", "e", "f"]


def test_abbreviations_variants_and_exclusions(backend: SearchBackend) -> None:
    backend.write(
        [
            make_record("a", "UBND tỉnh"),
            make_record("b", "Ủy ban nhân dân huyện"),
            make_record("c", "kĩ sư"),
            make_record("d", "kỹ sư qui định"),
        ]
    )
    assert ids(backend, "ubnd") == ["a", "b"]
    assert ids(backend, "ủy ban nhân dân") == ["b", "a"]
    assert ids(backend, "ubnd -huyện") == ["a"]
    assert ids(backend, "-tỉnh -huyen") == ["c", "d"]
    assert ids(backend, "kỹ sư") == ["d", "c"]
    assert ids(backend, "quy định") == ["d"]
    assert ids(backend, "!!!") == []
    assert ids(backend, "") == ["a", "b", "c", "d"]


def test_filters_facets_and_pages(backend: SearchBackend) -> None:
    described = {"record_type": "administrative", "type_code": "QĐ"}
    backend.write(
        [
            make_record("a", "đất", issuer="Bộ Nội vụ", issued_on=date(2024, 5, 1), **described),
            make_record("b", "đất", issuer="BỘ NỘI VỤ", issued_on=date(2023, 5, 1), **described),
            make_record("c", "đất", issuer="Sở Y tế", issued_on=date(2024, 6, 1), type_code="KH"),
            make_record("d", "đất", label=replace(OPEN, unit_id="u2"), issuer="Bộ Công an", type_code="MẬT"),
        ]
    )
    results = backend.search(READER, SearchQuery("đất"))
    assert results.total == 3
    assert results.facets.record_types == (FacetCount("administrative", 2),)
    assert results.facets.type_codes == (FacetCount("QĐ", 2), FacetCount("KH", 1))
    assert results.facets.issuers == (FacetCount("BỘ NỘI VỤ", 2), FacetCount("Sở Y tế", 1))
    assert results.facets.years == (FacetCount("2024", 2), FacetCount("2023", 1))

    def found(**filters: object) -> list[str]:
        hits = backend.search(READER, SearchQuery("đất", **filters)).hits  # type: ignore[arg-type]
        return [hit.document_id for hit in hits]

    assert found(issuer="bộ nội vụ") == ["a", "b"]
    assert found(year=2024) == ["c", "a"]
    assert found(type_code="QĐ", year=2024) == ["a"]
    assert found(record_type="none") == []
    assert [found(page=page, size=2) for page in (1, 2, 3)] == [["c", "a"], ["b"], []]


def test_older_revisions_and_late_writes_change_nothing(backend: SearchBackend) -> None:
    assert backend.write([make_record("a", "mới", revision=3), make_record("b", "khác", revision=1)]) == 2
    assert backend.write([make_record("a", "cũ", revision=2)]) == 0
    assert (ids(backend, "mới"), ids(backend, "cũ")) == (["a"], [])
    assert backend.write([make_record("a", "sửa", revision=3)]) == 1
    assert (ids(backend, "mới"), ids(backend, "sửa")) == ([], ["a"])
    assert not backend.remove("a", 2)
    assert backend.remove("a", 3)
    assert backend.write([make_record("a", "sửa", revision=3)]) == 0
    assert backend.remove("never", 7)
    assert backend.write([make_record("never", "muộn", revision=6)]) == 0
    assert backend.revisions() == {"b": 1}
    assert ids(backend, "") == ["b"]
    assert backend.write([make_record("a", "về lại", revision=4)]) == 1
    assert backend.revisions() == {"a": 4, "b": 1}
    backend.clear()
    assert backend.revisions() == {}
    assert backend.write([make_record("a", "dựng lại", revision=1)]) == 1


def test_masked_content_is_all_that_lower_readers_find(backend: SearchBackend) -> None:
    record = make_record(
        "a",
        "ông Nguyễn Văn Kín sinh 1950",
        title="Hồ sơ ông Kín",
        issuer="Chi bộ Kín",
        issued_on=date(1970, 1, 1),
        masked=SearchContent(title="Hồ sơ", pages=(make_page(1, "ông sinh"),)),
        full_sensitivity=Sensitivity.PERSONAL,
    )
    backend.write([record, make_record("b", "ông khác")])
    above = replace(READER, sensitivity=Sensitivity.PERSONAL)
    assert (ids(backend, "kín"), ids(backend, "kín", above)) == ([], ["a"])
    assert (ids(backend, "ông"), ids(backend, "ông", above)) == (["a", "b"], ["a", "b"])
    below = backend.search(READER, SearchQuery("hồ sơ sinh"))
    (hit,) = below.hits
    assert (hit.title, hit.issuer, hit.issued_on, hit.snippets[0].text) == ("Hồ sơ", "", None, "ông sinh")
    assert (below.facets.issuers, below.facets.years) == ((), ())
    assert [hit.title for hit in backend.search(above, SearchQuery("hồ sơ")).hits] == ["Hồ sơ ông Kín"]
    backend.remove("a", 2)
    assert (ids(backend, "ông"), ids(backend, "ông", above)) == (["b"], ["b"])


LABELS = [
    AccessLabel(unit, secrecy, sensitivity, visibility)
    for unit, secrecy, sensitivity, visibility in product(UNITS, Secrecy, Sensitivity, Visibility)
]
CLEARANCES = st.builds(
    Clearance,
    user_id=st.just("someone"),
    grants=st.lists(
        st.builds(Grant, role=st.sampled_from(Role), unit_ids=st.frozensets(st.sampled_from(UNITS), max_size=2)),
        max_size=3,
    ).map(tuple),
    secrecy=st.sampled_from(Secrecy),
    sensitivity=st.sampled_from(Sensitivity),
)


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Fts5Backend:
    """One document for every label there is."""
    backend = Fts5Backend(tmp_path_factory.mktemp("labelled") / "search.db")
    backend.write([make_record(label.acl_id, "đất đai", label=label) for label in LABELS])
    return backend


@settings(max_examples=60, deadline=None)
@given(clearance=CLEARANCES, text=st.sampled_from(["", "đất", "dat dai", "-vắng"]))
def test_visible_set_is_exactly_what_the_rule_permits(labelled: Fts5Backend, clearance: Clearance, text: str) -> None:
    permitted = {label.acl_id for label in LABELS if permits(clearance, label)}
    pages = [labelled.search(clearance, SearchQuery(text, page=page, size=100)) for page in (1, 2, 3)]
    assert {hit.document_id for page in pages for hit in page.hits} == permitted
    assert {page.total for page in pages} == {len(permitted)}


def test_no_clearance_or_no_grant_finds_nothing(labelled: Fts5Backend) -> None:
    nobody = Clearance("nobody", (), max(Secrecy), max(Sensitivity))
    assert (ids(labelled, "", None), ids(labelled, "", nobody)) == ([], [])


WORDS = ("đất", "đạt", "dat", "kế", "hoạch", "UBND", "15/QĐ-BNV", "của")
RECORDS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join),
        st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
        st.sampled_from(LABELS),
        st.sampled_from(["", "Bộ A", "BỘ A", "Sở B"]),
        st.none() | st.dates(date(2020, 1, 1), date(2022, 1, 1)),
    ),
    min_size=4,
    max_size=12,
)


def without_time(results: SearchResults) -> SearchResults:
    return replace(results, took_ms=0)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=RECORDS, clearance=CLEARANCES)
def test_the_answer_is_the_same_without_what_one_may_not_read(
    tmp_path: Path, drawn: list[tuple[str, str, AccessLabel, str, date | None]], clearance: Clearance
) -> None:
    records = [
        make_record(f"d{at:02}", text, title=title, label=label, issuer=issuer, issued_on=issued_on)
        for at, (text, title, label, issuer, issued_on) in enumerate(drawn)
    ]
    everything, permitted = Fts5Backend(tmp_path / "all.db"), Fts5Backend(tmp_path / "permitted.db")
    for backend in (everything, permitted):
        backend.clear()
    everything.write(records)
    permitted.write([record for record in records if permits(clearance, record.label)])
    for text in ("đất", "dat ke", "kế hoạch của", "15/QĐ-BNV", '"ke hoach" -dat', "ubnd", ""):
        query = SearchQuery(text, size=3)
        assert without_time(everything.search(clearance, query)) == without_time(permitted.search(clearance, query))


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
    reader = Thread(target=lambda: totals.extend(len(ids(Fts5Backend(path), "")) for _ in range(30)))
    reader.start()
    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]
    reader.join(60)
    assert len(totals) == 30
    revisions = Fts5Backend(path).revisions()
    assert len(revisions) == 81
    assert revisions["shared"] == 419


def test_many_open_a_new_index_at_the_same_moment(tmp_path: Path) -> None:
    answers: list[int] = []

    def open_all(barrier: Barrier) -> None:
        for number in range(25):
            barrier.wait()
            answers.append(len(Fts5Backend(tmp_path / f"{number}.db").revisions()))

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
    assert ids(backend, "đất") == []
    backend.write([make_record("a", "đất")])
    assert ids(backend, "đất") == ["a"]
    for file in tmp_path.iterdir():
        file.unlink()
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(SearchUnavailable):
        backend.search(READER, SearchQuery("đất"))
