"""The access log: whatever is done to it afterwards shows."""

import pytest
from sqlalchemy import delete, update

from storage.access_log import LogFault, append_event, find_fault
from storage.tables import AccessEvent


@pytest.fixture
def records(tmp_path, new_records):
    made = new_records(tmp_path)
    with made.writing() as session:
        for number in range(5):
            append_event(session, "user:1", "view", f"document:{number}", allowed=number != 3, detail={"trang": number})
    yield made
    made.close()


def fault_after(records, statement):
    with records.writing() as session:
        session.execute(statement)
    with records.reading() as session:
        return find_fault(session)


def test_an_untouched_log_holds(records):
    with records.reading() as session:
        assert find_fault(session) is None


@pytest.mark.parametrize(
    ("column", "value"), [("actor", "user:2"), ("allowed", True), ("detail", {"trang": 9}), ("target", "")]
)
def test_a_changed_event_shows(records, column, value):
    changed = update(AccessEvent).where(AccessEvent.sequence == 4).values({column: value})
    assert fault_after(records, changed) == LogFault(4, "an event was changed")


def test_a_removed_event_shows(records):
    removed = delete(AccessEvent).where(AccessEvent.sequence == 2)
    assert fault_after(records, removed) == LogFault(2, "an event is missing")
