"""On every search backend: a reader finds what the access rule permits, and is told nothing of anything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.scale_search import without_filter
from core.labels import AccessLabel, Clearance, Grant, Role, Secrecy, Sensitivity, Visibility, permits
from core.personal_data import reveals
from indexing.backend import SearchBackend, SearchQuery, SearchResults, Sort
from indexing.fts5 import Fts5Backend
from indexing.records import SearchContent, SearchRecord
from tests.search_backends import BACKENDS, fresh_index
from tests.search_records import find, make_page, make_record
from tests.servers import unique_name

UNITS = ("u1", "u2", "u3")
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


@pytest.fixture(scope="module", params=BACKENDS)
def backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchBackend]:
    with fresh_index(request.param, tmp_path_factory.mktemp("search")) as opened, closing(opened()) as made:
        yield made


@pytest.fixture(scope="module")
def labelled(backend: SearchBackend) -> SearchBackend:
    """One document for every label there is."""
    backend.write([make_record(label.acl_id, "đất đai", label=label) for label in LABELS])
    backend.refresh()
    return backend


def test_the_benchmark_s_search_without_the_filter_finds_everything(labelled: SearchBackend) -> None:
    nobody = Clearance("someone", (), Secrecy.THUONG, Sensitivity.PUBLIC)
    query = SearchQuery("đất", size=100)
    with without_filter():
        assert labelled.search(nobody, query).total == len(LABELS)
    assert labelled.search(nobody, query).total == 0


@settings(max_examples=50, deadline=None)
@given(clearance=CLEARANCES, text=st.sampled_from(["đất", "dat dai", "đất -vắng"]))
def test_visible_set_is_exactly_what_the_rule_permits(labelled: SearchBackend, clearance: Clearance, text: str) -> None:
    permitted = {label.acl_id for label in LABELS if permits(clearance, label)}
    pages = [labelled.search(clearance, SearchQuery(text, page=page, size=100)) for page in (1, 2, 3)]
    assert {hit.document_id for page in pages for hit in page.hits} == permitted
    assert {page.total for page in pages} == {len(permitted)}


@pytest.fixture(scope="module")
def secrets(backend: SearchBackend) -> SearchBackend:
    """For every label a document with a citizen number, beside those of `labelled`."""
    masked = SearchContent(title="che", issuer="cơ quan", pages=(make_page(1, "căn cước *********345"),))
    full = make_record("", "căn cước 001085012345", title="đủ", issuer="001085012345", masked=masked)
    backend.write([replace(full, document_id=f"s {label.acl_id}", label=label) for label in LABELS])
    backend.refresh()
    return backend


@settings(max_examples=40, deadline=None)
@given(clearance=CLEARANCES)
def test_a_citizen_number_is_found_by_those_it_is_revealed_to_alone(
    secrets: SearchBackend, clearance: Clearance
) -> None:
    told = [secrets.search(clearance, SearchQuery("001085012345", page=page, size=100)) for page in (1, 2, 3)]
    revealed = {f"s {label.acl_id}" for label in LABELS if reveals(clearance, label)}
    assert {hit.document_id for page in told for hit in page.hits} == revealed
    assert {page.total for page in told} == {len(revealed)}
    assert all(count.value != "cơ quan" for page in told for count in page.facets.issuers)
    hits = [
        hit
        for page in (1, 2, 3)
        for hit in secrets.search(clearance, SearchQuery("căn cước", page=page, size=100)).hits
    ]
    assert {hit.document_id for hit in hits} == {f"s {label.acl_id}" for label in LABELS if permits(clearance, label)}
    assert {hit.document_id for hit in hits if hit.title == "đủ" and "001085012345" in hit.snippets[0].text} == revealed
    assert all(hit.title == "che" for hit in hits if hit.document_id not in revealed)


def test_no_clearance_or_no_grant_finds_nothing(labelled: SearchBackend) -> None:
    nobody = Clearance("nobody", (), max(Secrecy), max(Sensitivity))
    assert (find(labelled, "", None), find(labelled, "", nobody)) == ([], [])


WORDS = ("đất", "đạt", "dat", "kế", "hoạch", "UBND", "15/QĐ-BNV", "của")
DRAWN = st.lists(
    st.tuples(
        st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join), max_size=3),
        st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
        st.sampled_from(LABELS),
        st.sampled_from(["", "Bộ A", "BỘ A", "Sở B"]),
        st.none() | st.dates(date(2020, 1, 1), date(2022, 1, 1)),
        st.booleans(),
    ),
    min_size=4,
    max_size=12,
)
Drawn = tuple[list[str], str, AccessLabel, str, date | None, bool]
TEXTS = ("đất", "dat ke", "kế hoạch của", "15/QĐ-BNV", '"ke hoach" -dat', "ubnd", "uy ban nhan dan dat", "-đất", "")
ASKED = [*((text, Sort.RELEVANCE) for text in TEXTS), ("đất", Sort.NEWEST), ("-ubnd", Sort.OLDEST)]


def draw_records(drawn: Sequence[Drawn], space: str) -> list[SearchRecord]:
    """These documents in units of a space of their own: one index holds many, and no reader sees beyond theirs."""
    return [
        make_record(
            f"{space}{at:02}",
            *pages,
            title=title,
            number="15/QĐ-BNV" if at == 0 else "",
            label=replace(label, unit_id=space + label.unit_id),
            issuer=issuer,
            issued_on=issued_on,
            masked=SearchContent(title="kế", pages=(make_page(1, "đất kế hoạch"),)) if masked else None,
        )
        for at, (pages, title, label, issuer, issued_on, masked) in enumerate(drawn)
    ]


def in_space(clearance: Clearance, space: str) -> Clearance:
    """The same clearance for the units of this space."""
    grants = tuple(Grant(one.role, frozenset(space + unit for unit in one.unit_ids)) for one in clearance.grants)
    return replace(clearance, grants=grants)


def answers(backend: SearchBackend, clearance: Clearance, space: str) -> list[SearchResults]:
    """What the reader is told, but for the time it took and the name of the space."""
    told = []
    for text, sort in ASKED:
        results = backend.search(in_space(clearance, space), SearchQuery(text, sort=sort, size=3))
        hits = tuple(replace(hit, document_id=hit.document_id.removeprefix(space)) for hit in results.hits)
        told.append(replace(results, hits=hits, took_ms=0))
    return told


@settings(max_examples=10, deadline=None)
@given(drawn=DRAWN, clearance=CLEARANCES)
def test_the_answer_is_the_same_without_what_one_may_not_read(
    backend: SearchBackend, drawn: list[Drawn], clearance: Clearance
) -> None:
    all_space, permitted_space = unique_name(), unique_name()
    permitted = [
        record
        for record in draw_records(drawn, permitted_space)
        if permits(in_space(clearance, permitted_space), record.label)
    ]
    backend.write([*draw_records(drawn, all_space), *permitted])
    backend.refresh()
    assert answers(backend, clearance, all_space) == answers(backend, clearance, permitted_space)


@pytest.fixture(scope="module")
def all_backends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[SearchBackend]]:
    """One of each kind that this run has; the embedded one twice, so that there is always something to compare."""
    with ExitStack() as stack:
        made: list[SearchBackend] = [Fts5Backend(tmp_path_factory.mktemp("second") / "search.db")]
        for kind in BACKENDS:
            opened = stack.enter_context(fresh_index(kind, tmp_path_factory.mktemp(kind)))
            made.append(stack.enter_context(closing(opened())))
        yield made


EVERYTHING = Clearance(
    "everything",
    (Grant(Role.BUSINESS_OWNER, frozenset(UNITS)), Grant(Role.SECURITY_OFFICER, frozenset(UNITS[:1]))),
    max(Secrecy),
    max(Sensitivity),
)


@settings(max_examples=10, deadline=None)
@given(
    drawn=DRAWN,
    clearance=st.just(EVERYTHING) | st.builds(replace, st.just(EVERYTHING), sensitivity=st.sampled_from(Sensitivity)),
)
def test_all_backends_give_the_same_answer(
    all_backends: list[SearchBackend], drawn: list[Drawn], clearance: Clearance
) -> None:
    space = unique_name()
    told = []
    for backend in all_backends:
        backend.write(draw_records(drawn, space))
        backend.refresh()
        told.append(answers(backend, clearance, space))
    assert told == [told[0]] * len(told)
