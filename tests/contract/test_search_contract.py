"""What every search backend must do: who finds what, in what order, with which counts and marks."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from core.labels import Grant, Role
from indexing.backend import MOST_FACETS, FacetCount, SearchBackend, SearchQuery, Sort
from indexing.query import MOST_WORDS
from indexing.records import SearchContent, SearchRecord
from tests.search_backends import BACKENDS, fresh_index
from tests.search_records import OPEN, READER, find, make_page, make_record

Fill = Callable[[Sequence[SearchRecord]], None]


@pytest.fixture(scope="module", params=BACKENDS)
def backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchBackend]:
    with fresh_index(request.param, tmp_path_factory.mktemp("search")) as opened, closing(opened()) as made:
        yield made


@pytest.fixture
def fill(backend: SearchBackend) -> Fill:
    """Has the index hold these records and nothing else."""

    def make(records: Sequence[SearchRecord]) -> None:
        with backend.rebuild() as fresh:
            assert fresh.write(records) == len(records)

    return make


def test_exact_tones_come_first_and_folded_ones_after(backend: SearchBackend, fill: Fill) -> None:
    fill(
        [
            make_record("a", "chuyên viên chuyên trách chuyên ngành", title="Chuyên viên"),
            make_record("b", "việc chuyển giao"),
            make_record("c", "không có gì"),
        ]
    )
    assert find(backend, "chuyển") == ["b", "a"]
    assert find(backend, "chuyên") == ["a", "b"]
    assert find(backend, "chuyen") == ["a", "b"]
    assert find(backend, "CHUYỆN") == ["a", "b"]


def test_d_with_stroke_and_both_tone_placements(backend: SearchBackend, fill: Fill) -> None:
    fill([make_record("a", "Đảng uỷ xã Hoà Bình")])
    assert (
        find(backend, "dang uy hoa binh")
        == find(backend, "đảng ủy hòa bình")
        == find(backend, "Đảng uỷ Hoà Bình")
        == ["a"]
    )


NUMBERS = ("03 - KH/BCĐ", "03-KH/BCĐ", "03khbcd", "3-KH/BCD", "03 KH BCĐ", "kế hoạch 03-KH/BCĐ")


def test_a_number_finds_its_document_first_and_those_that_mention_it(backend: SearchBackend, fill: Fill) -> None:
    fill(
        [
            make_record("a", "Căn cứ Kế hoạch số 03 - KH/BCĐ và Kế hoạch số 03-KH/BCĐ", title="Kế hoạch"),
            make_record("b", "Kế hoạch ngắn", number="03-KH/BCĐ"),
            make_record("c", "Kế hoạch khác", number="04-KH/BCĐ"),
            make_record("d", "Kế hoạch khác", number="103-KH/BCĐ"),
        ]
    )
    assert {text: find(backend, text) for text in NUMBERS} == {text: ["b", "a"] for text in NUMBERS}


def test_decomposed_letters_are_the_same_letters(backend: SearchBackend, fill: Fill) -> None:
    decomposed = unicodedata.normalize("NFD", "Quyết định về đất")
    fill([make_record("a", decomposed), make_record("b", "Quyết định về đất"), make_record("c", "quyét đinh ve đát")])
    both = ["a", "b", "c"]
    assert find(backend, "quyết định") == find(backend, unicodedata.normalize("NFD", "quyết định")) == both
    assert find(backend, unicodedata.normalize("NFD", '"quyết định"')) == both


def test_phrases_stand_together_within_a_field_and_over_the_end_of_a_page(backend: SearchBackend, fill: Fill) -> None:
    fill(
        [
            make_record("a", "ban chỉ đạo tỉnh", "họp thường kỳ", title="Thông báo"),
            make_record("b", "chỉ đạo của ban"),
            make_record("c", "ban chí đao"),
        ]
    )
    assert find(backend, '"ban chỉ đạo"') == ["a", "c"]
    assert find(backend, "“chỉ đạo của”") == ["b"]
    assert find(backend, '"tỉnh họp"') == ["a"]
    assert find(backend, '"thông báo ban"') == []
    assert find(backend, '-"ban chi dao"') == ["b"]
    assert find(backend, '-"ban chỉ đạo"') == ["b", "c"]


def test_marks_are_offsets_into_the_snippet_and_boxes_those_of_the_marked_words(
    backend: SearchBackend, fill: Fill
) -> None:
    before = " ".join(f"từ{number}" for number in range(60))
    fill([make_record("a", f"{before}\nkế hoạch số 15/QĐ-BNV <b>đất</b>", number="9/QĐ-BNV", title="Kế hoạch đất đai")])
    (hit,) = backend.search(READER, SearchQuery('15/QĐ-BNV "kế hoạch" đất')).hits
    (snippet,) = hit.snippets
    assert [snippet.text[start:end] for start, end in snippet.marks] == ["kế hoạch", "15/QĐ-BNV", "đất"]
    assert "<b>đất</b>" in snippet.text
    assert snippet.boxes == ((0, 10, 9, 18), (10, 10, 19, 18), (30, 10, 39, 18), (40, 10, 49, 18))
    assert [hit.title[start:end] for start, end in hit.title_marks] == ["Kế hoạch", "đất"]


def test_the_best_three_pages_of_many_are_shown(backend: SearchBackend, fill: Fill) -> None:
    pages = ["giao đât"] * 40 + ["đất đai"] + ["giao đất"] + ["giao đất đai và đất ở"] + ["không"]
    fill([make_record("a", *pages)])
    (hit,) = backend.search(READER, SearchQuery("giao đất")).hits
    assert [snippet.page_number for snippet in hit.snippets] == [43, 42, 1]
    (hit,) = backend.search(READER, SearchQuery("dai")).hits
    assert [snippet.page_number for snippet in hit.snippets] == [41, 43]


def test_words_over_several_pages_make_one_hit_with_its_best_pages(backend: SearchBackend, fill: Fill) -> None:
    fill([make_record("a", "bổ nhiệm\nông Nguyễn", "không có gì", "cán bộ bổ sung", title="Quyết định")])
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
    assert find(backend, '"nguyễn không"') == ["a"]
    assert find(backend, '"định bổ"') == []


def test_order_by_head_phrase_and_frequency_then_date_then_id(backend: SearchBackend, fill: Fill) -> None:
    fill(
        [
            make_record("e", "đất giao và thu hồi"),
            make_record("d", "giao đất", issued_on=date(2020, 1, 1)),
            make_record("c", "giao đất", issued_on=date(2021, 1, 1)),
            make_record("b", "giao đất " * 3),
            make_record("a", "đất giao và thu hồi"),
            make_record("f", "thu hồi", title="Giao đất"),
        ]
    )
    assert find(backend, "giao đất") == ["f", "b", "c", "d", "a", "e"]
    newest = backend.search(READER, SearchQuery("giao", sort=Sort.NEWEST))
    assert [hit.document_id for hit in newest.hits] == ["c", "d", "a", "b", "e", "f"]
    oldest = backend.search(READER, SearchQuery("giao", sort=Sort.OLDEST))
    assert [hit.document_id for hit in oldest.hits] == ["d", "c", "a", "b", "e", "f"]


def test_abbreviations_variants_and_exclusions(backend: SearchBackend, fill: Fill) -> None:
    fill(
        [
            make_record("a", "UBND tỉnh"),
            make_record("b", "Ủy ban nhân dân huyện"),
            make_record("c", "kĩ sư"),
            make_record("d", "kỹ sư qui định"),
        ]
    )
    assert find(backend, "ubnd") == ["a", "b"]
    assert find(backend, "ủy ban nhân dân") == ["b", "a"]
    assert find(backend, "ubnd -huyện") == ["a"]
    assert find(backend, "-tỉnh -huyen") == ["c", "d"]
    assert find(backend, "kỹ sư") == ["d", "c"]
    assert find(backend, "quy định") == ["d"]
    assert find(backend, "!!!") == []
    assert find(backend, "") == ["a", "b", "c", "d"]


def test_filters_facets_and_pages(backend: SearchBackend, fill: Fill) -> None:
    described = {"record_type": "administrative", "type_code": "QĐ"}
    fill(
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


def test_masked_content_is_all_that_other_readers_find(backend: SearchBackend, fill: Fill) -> None:
    record = make_record(
        "a",
        "ông Nguyễn Văn Kín sinh 1950",
        title="Hồ sơ ông Kín",
        issuer="Chi bộ Kín",
        issued_on=date(1970, 1, 1),
        masked=SearchContent(title="Hồ sơ", pages=(make_page(1, "ông sinh"),)),
    )
    fill([record, make_record("b", "ông khác")])
    above = replace(READER, grants=(Grant(Role.REVIEWER, frozenset({"u1"})),))
    assert (find(backend, "kín"), find(backend, "kín", above)) == ([], ["a"])
    assert (find(backend, "ông"), find(backend, "ông", above)) == (["a", "b"], ["a", "b"])
    below = backend.search(READER, SearchQuery("hồ sơ sinh"))
    (hit,) = below.hits
    assert (hit.title, hit.issuer, hit.issued_on, hit.snippets[0].text) == ("Hồ sơ", "", None, "ông sinh")
    assert (below.facets.issuers, below.facets.years) == ((), ())
    assert [hit.title for hit in backend.search(above, SearchQuery("hồ sơ")).hits] == ["Hồ sơ ông Kín"]
    backend.remove("a", 2)
    assert (find(backend, "ông"), find(backend, "ông", above)) == (["b"], ["b"])


def test_the_longest_search_that_may_be_typed_is_answered(backend: SearchBackend, fill: Fill) -> None:
    text = " ".join(f"từ{number}" for number in range(MOST_WORDS))
    fill([make_record("a", text)])
    assert find(backend, text) == ["a"]


def test_hits_are_listed_to_the_furthest_page_and_the_total_is_exact(backend: SearchBackend, fill: Fill) -> None:
    fill([make_record(f"d{number:04}", "đất") for number in range(1_050)])
    pages = [backend.search(READER, SearchQuery("đất", page=page, size=100)) for page in (1, 11, 100)]
    assert [len(page.hits) for page in pages] == [100, 50, 0]
    assert {page.total for page in pages} == {1_050}
    assert pages[1].hits[-1].document_id == "d1049"
    assert list(backend.revisions()) == [(f"d{number:04}", 1) for number in range(1_050)]


def test_at_most_fifty_values_of_a_facet_the_most_frequent_first(backend: SearchBackend, fill: Fill) -> None:
    issuers = ["Sở A", "SỞ A", "Sở B", *(f"Xã {number:02}" for number in range(60)), ""]
    fill([make_record(f"d{at:02}", "đất", issuer=issuer) for at, issuer in enumerate(issuers)])
    counts = backend.search(READER, SearchQuery("đất")).facets.issuers
    assert counts[:3] == (FacetCount("SỞ A", 2), FacetCount("Sở B", 1), FacetCount("Xã 00", 1))
    assert len(counts) == MOST_FACETS
    assert backend.search(READER, SearchQuery("đất", issuer="Xã 59")).total == 1
