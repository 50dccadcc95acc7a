from __future__ import annotations

from dataclasses import replace

from core.labels import AccessLabel, Secrecy, Sensitivity, Visibility
from core.recognition import RecognizedLine, RecognizedWord
from indexing.highlight import SNIPPET_LENGTH, find_marks, make_snippet, mark_page
from indexing.query import parse
from indexing.records import Audience, SearchContent, SearchPage, SearchRecord, page_record


def make_line(text: str, y: int, block: int = 0) -> RecognizedLine:
    words = tuple(RecognizedWord(word, 0.9, (10 * x, y, 10 * x + 9, y + 8)) for x, word in enumerate(text.split()))
    return RecognizedLine(words, (0, y, 10 * len(words), y + 8), block)


def make_page(*lines: str) -> SearchPage:
    return page_record("p1", 1, [make_line(line, 10 * y) for y, line in enumerate(lines)], 800, 600)


def marked(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in find_marks(text, parse(query))]


def test_page_text_keeps_every_word_at_its_place() -> None:
    lines = [make_line("Uỷ ban hoà\u200b \u200b giải-", 0), make_line("quyết", 10), make_line("Số: 15", 30, block=1)]
    page = page_record("p1", 2, lines, 800, 600)
    assert page.text == "Ủy ban hòa giải-\nquyết\n\nSố: 15"
    assert [page.text[word.start : word.end] for word in page.words] == page.text.split()
    assert page.words[3].box == (40, 0, 49, 8)
    assert (page.page_id, page.number, page.width, page.height) == ("p1", 2, 800, 600)


def test_exact_tones_are_marked_where_there_are_any_and_folded_else() -> None:
    text = "chuyển giao chuyên viên Chuyển"
    assert marked(text, "chuyển") == ["chuyển", "Chuyển"]
    assert marked(text, "chuyện") == ["chuyển", "chuyên", "Chuyển"]
    assert marked(text, "chuyen") == ["chuyển", "chuyên", "Chuyển"]


def test_phrases_numbers_and_variants_are_marked() -> None:
    text = "Kế hoạch 03 - KH/BCĐ của UBND tỉnh Đắk Lắk, kỹ sư"
    assert marked(text, '"ke hoach"') == ["Kế hoạch"]
    assert marked(text, "03khbcd") == ["03 - KH/BCĐ"]
    assert marked(text, "3-KH/BCĐ") == ["03 - KH/BCĐ"]
    assert marked(text, "ủy ban nhân dân") == ["UBND"]
    assert marked(text, "đắc lắc") == ["Đắk Lắk"]
    assert marked(text, "kĩ") == ["kỹ"]
    assert marked(text, "hoạch -tỉnh") == ["hoạch"]


def test_boxes_of_the_marked_words() -> None:
    page = make_page("Quyết định bổ nhiệm", "cán bộ nhiệm kỳ")
    assert mark_page(page, parse("nhiệm")) == ((30, 0, 39, 8), (20, 10, 29, 18))
    assert mark_page(page, parse('"bổ nhiệm"')) == ((20, 0, 29, 8), (30, 0, 39, 8))


def test_snippet_is_cut_between_words_round_its_marks() -> None:
    page = make_page(*["xa lạ từng dòng một"] * 30, "bổ nhiệm cán bộ", *["xa lạ từng dòng một"] * 30)
    snippet = make_snippet(page, find_marks(page.text, parse("bổ nhiệm")))
    assert [snippet.text[start:end] for start, end in snippet.marks] == ["bổ", "nhiệm"]
    assert snippet.boxes == ((0, 300, 9, 308), (10, 300, 19, 308))
    assert len(snippet.text) <= SNIPPET_LENGTH
    assert set(snippet.text.split()) == {"xa", "lạ", "từng", "dòng", "một", "bổ", "nhiệm", "cán", "bộ"}


def test_markup_in_the_text_stays_text() -> None:
    page = make_page("<b>nhiệm</b> &amp;")
    snippet = make_snippet(page, find_marks(page.text, parse("nhiệm")))
    assert snippet.text == "<b>nhiệm</b> &amp;"
    assert snippet.marks == ((3, 8),)


def test_there_are_two_contents_where_something_is_masked() -> None:
    label = AccessLabel("u", Secrecy.THUONG, Sensitivity.INTERNAL, Visibility.PUBLISHED)
    record = SearchRecord(document_id="d", revision=1, label=label, title="đủ")
    assert [(one.audience, one.content.title) for one in record.readings()] == [(Audience.EVERYONE, "đủ")]
    both = replace(record, masked=SearchContent(title="che")).readings()
    assert [(one.audience, one.content.title) for one in both] == [(Audience.FULL, "đủ"), (Audience.MASKED, "che")]
