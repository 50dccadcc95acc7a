"""The table of legal transitions: what design.md says, and nothing beside it."""

import itertools

import pytest

from core.errors import IllegalTransition
from core.states import (
    BATCH_TRANSITIONS,
    CHANGE_TRANSITIONS,
    DOCUMENT_TRANSITIONS,
    FILE_TRANSITIONS,
    JOB_TRANSITIONS,
    PAGE_TRANSITIONS,
    BatchState,
    ChangeState,
    DocumentState,
    FileState,
    JobState,
    PageState,
    move,
)


@pytest.mark.parametrize(
    ("states", "table"),
    [
        (BatchState, BATCH_TRANSITIONS),
        (DocumentState, DOCUMENT_TRANSITIONS),
        (JobState, JOB_TRANSITIONS),
        (FileState, FILE_TRANSITIONS),
        (PageState, PAGE_TRANSITIONS),
        (ChangeState, CHANGE_TRANSITIONS),
    ],
)
def test_every_state_has_its_row_and_names_only_states_of_its_kind(states, table):
    assert set(table) == set(states)
    assert set().union(*table.values()) <= set(states)


def test_a_batch_goes_from_opened_to_published_and_no_step_can_be_left_out():
    way = [
        BatchState.OPENED,
        BatchState.RECEIVING,
        BatchState.SEALED,
        BatchState.PROCESSING,
        BatchState.IN_REVIEW,
        BatchState.RECONCILING,
        BatchState.ACCEPTED,
        BatchState.TRIAL,
        BatchState.PUBLISHED,
    ]
    for present, following in itertools.pairwise(way):
        assert move("Batch", present, following) is following
    for start, present in enumerate(way):
        for beyond in way[start + 2 :]:
            with pytest.raises(IllegalTransition):
                move("Batch", present, beyond)


def test_a_returned_batch_comes_back_through_rework():
    assert BATCH_TRANSITIONS[BatchState.RETURNED] == {BatchState.REWORK}
    assert BATCH_TRANSITIONS[BatchState.REWORK] == {BatchState.PROCESSING}


@pytest.mark.parametrize("aside", ["rescan_requested", "rejected", "superseded", "withheld"])
def test_a_document_can_be_set_aside_from_every_state_before_publication(aside):
    before = {"received", "processing", "described", "entered", "confirmed", "accepted"}
    able = {state.value for state, following in DOCUMENT_TRANSITIONS.items() if DocumentState(aside) in following}
    assert before <= able
    assert not able & {"published", "corrected", "withdrawn", "purged", aside}


def test_what_is_withheld_is_cleared_or_purged_and_nothing_else():
    assert DOCUMENT_TRANSITIONS[DocumentState.WITHHELD] == {DocumentState.CLEARED, DocumentState.PURGED}
    assert not DOCUMENT_TRANSITIONS[DocumentState.PURGED]


def test_an_illegal_transition_names_the_thing_and_the_legal_ways():
    with pytest.raises(IllegalTransition) as caught:
        move("Document 7", DocumentState.WITHHELD, DocumentState.PUBLISHED)
    assert str(caught.value) == (
        "Document 7 cannot go from 'withheld' to 'published'. From there it can go to: cleared, purged."
    )
    assert (caught.value.code, caught.value.status) == ("illegal_transition", 409)
