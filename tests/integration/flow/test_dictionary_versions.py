"""Versions of the data dictionary: proposed, approved by somebody else, in force from a day on, and kept by records."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.catalogue import builtin_text
from core.errors import Forbidden, GateClosed, IllegalTransition, InvalidValue, SeparationOfDuties, SettingsError
from core.labels import Role
from core.states import BatchState, ChangeState
from flow.change_dictionary import approve_dictionary, find_proposal, propose_dictionary, reject_dictionary
from flow.dictionaries import Dictionaries, present_version, register_builtin, today
from flow.enter import EnteredValue, enter_values
from flow.open_batch import open_batch
from review.missing import find_missing
from storage.database import Records
from storage.tables import AccessEvent, Base, DictionaryVersion
from tests.factories import (
    Office,
    add_archival_file,
    add_document,
    add_entry,
    add_office,
    add_person,
    add_unit,
    add_values,
)
from tests.integration.flow.conftest import COMPLETE


@pytest.fixture
def dictionaries() -> Dictionaries:
    return Dictionaries()


@pytest.fixture
def office(records: Records) -> Office:
    register_builtin(records)
    with records.writing() as session:
        return add_office(session)


def second(text: str = "", version: str = "2") -> str:
    """The built-in dictionary as version 2, in which a signer is required and petitions are gone."""
    made = builtin_text().replace('version: "1"', f'version: "{version}"')
    before, _, rest = made.partition("  petition:\n")
    _, _, after = rest.partition("--- #")
    made = f"{before}--- #{after}".replace(", petition", "")
    return made.replace("title: Người ký,", "required: true, title: Người ký,") + text


def propose(records: Records, dictionaries: Dictionaries, office: Office, text: str) -> str:
    with records.writing() as session:
        return propose_dictionary(session, dictionaries, office["administrator"], text, "Bắt buộc người ký").id


def approve(
    records: Records, dictionaries: Dictionaries, office: Office, key: str, on: date, who: str = "owner"
) -> None:
    with records.writing() as session:
        approve_dictionary(session, office[who], dictionaries, key, on)


def day(records: Records) -> date:
    with records.reading() as session:
        return today(session)


def test_the_built_in_dictionary_is_the_first_version_once(records: Records) -> None:
    register_builtin(records)
    register_builtin(records)
    with records.reading() as session:
        rows = session.execute(select(DictionaryVersion.version, DictionaryVersion.state)).all()
        assert (rows, present_version(session)) == ([("1", ChangeState.APPROVED)], "1")


def test_a_proposal_tells_its_changes_in_words(records: Records, dictionaries: Dictionaries, office: Office) -> None:
    key = propose(records, dictionaries, office, second())
    with records.reading() as session:
        proposal = find_proposal(session, dictionaries, key)
    told = [one.text for one in proposal.differences]
    assert "Bỏ loại hồ sơ 'petition' (Đơn thư)." in told
    assert "Sửa trường 'signer_name' (Người ký) của 'party_document': bắt buộc: không → có." in told
    assert proposal.uses == ()


def test_a_record_keeps_the_version_it_was_made_with(
    records: Records, dictionaries: Dictionaries, office: Office
) -> None:
    with records.writing() as session:
        entry = add_entry(session, office.unit, office["owner"])
        common = {"catalogue_code": entry.code, "title": "", "secrecy": 0, "ceiling": 0, "station_code": None}
        old = open_batch(session, office["scanner"], code="CU", **common)
        made = add_document(session, old, add_archival_file(session, old))
        add_values(session, made, COMPLETE, office["typist"], office["reviewer"])
    approve(records, dictionaries, office, propose(records, dictionaries, office, second()), day(records))
    worker = Dictionaries()  # another process, which was not told
    with records.writing() as session:
        new = open_batch(session, office["scanner"], code="MOI", **common)
        later = add_document(session, new, add_archival_file(session, new, "HS02"))
        new.state = BatchState.IN_REVIEW
        session.flush()
        assert [one.dictionary_version for one in (old, new)] == ["1", "2"]
        needed = [
            worker.of_document(session, one.id).field("party_document", "signer_name").required for one in (made, later)
        ]
        assert needed == [False, True]
        details = {one.detail for one in find_missing(session, worker.of_batch(session, "CU"), old)}
        assert "signer_name" not in details
        entries = {name: EnteredValue(value) for name, value in COMPLETE.items()}
        with pytest.raises(InvalidValue) as refused:
            enter_values(
                session,
                office["typist"],
                worker.of_document(session, later.id),
                later.id,
                later.revision,
                "party_document",
                entries,
                complete=True,
                ceiling=0,
            )
        assert [name for name, _ in refused.value.faults] == ["signer_name"]
        assert (dictionaries.present(session).version, worker.present(session).version) == ("2", "2")


def test_a_version_holds_from_its_first_day_on(
    records: Records, dictionaries: Dictionaries, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = day(records) + timedelta(days=3)
    approve(records, dictionaries, office, propose(records, dictionaries, office, second()), first)
    seen = []
    for offset in (-1, 0, 5):
        monkeypatch.setattr("flow.dictionaries.today", lambda _session, at=offset: first + timedelta(days=at))
        with records.reading() as session:
            seen.append(dictionaries.present(session).version)
    assert seen == ["1", "2", "2"]
    key = propose(records, dictionaries, office, second(version="3").replace("male: Nam", "male: Nam giới"))
    with pytest.raises(InvalidValue, match=r"Version '2' begins on .* later than this one"):
        approve(records, dictionaries, office, key, first - timedelta(days=1))


def test_nobody_approves_their_own_or_for_the_past(
    records: Records, dictionaries: Dictionaries, office: Office
) -> None:
    key = propose(records, dictionaries, office, second())
    with pytest.raises(SeparationOfDuties):
        approve(records, dictionaries, office, key, day(records), "administrator")
    with pytest.raises(InvalidValue, match="past"):
        approve(records, dictionaries, office, key, day(records) - timedelta(days=1))
    with pytest.raises(Forbidden):
        approve(records, dictionaries, office, key, day(records), "reviewer")
    approve(records, dictionaries, office, key, day(records))
    with pytest.raises(IllegalTransition):
        approve(records, dictionaries, office, key, day(records))
    with records.reading() as session:
        actions = session.execute(select(AccessEvent.actor, AccessEvent.action).order_by(AccessEvent.sequence)).all()
    people = {name: office[name].actor for name in ("administrator", "owner")}
    assert [(who, what) for who, what in actions if "dictionary" in what] == [
        ("system:program", "register_dictionary"),
        (people["administrator"], "propose_dictionary"),
        (people["owner"], "approve_dictionary"),
    ]


def test_what_is_in_use_is_not_taken_away(records: Records, dictionaries: Dictionaries, office: Office) -> None:
    text = second().replace("      KH: Kế hoạch\n", "").replace('      KH: "10"\n', "").replace("KH, ", "")
    key = propose(records, dictionaries, office, text)
    with records.writing() as session:
        entry = add_entry(session, office.unit, office["owner"], record_types=("party_document", "petition"))
        common = {"catalogue_code": entry.code, "title": "", "secrecy": 0, "ceiling": 0, "station_code": None}
        batch = open_batch(session, office["scanner"], code="CU", **common)
        made = add_document(session, batch, add_archival_file(session, batch))
        add_values(session, made, COMPLETE, office["typist"])
    with pytest.raises(GateClosed) as refused:
        approve(records, dictionaries, office, key, day(records))
    assert refused.value.missing == (
        "Removed record type 'petition' (Petition). Used by catalogue entry DM01.",
        "Removed code 'KH' (Kế hoạch) of 'party_document_types'. Used by batch CU.",
    )


def test_a_rejected_proposal_keeps_its_reason_and_frees_its_version(
    records: Records, dictionaries: Dictionaries, office: Office
) -> None:
    key = propose(records, dictionaries, office, second())
    with pytest.raises(InvalidValue, match="There is a version '2' already"):
        propose(records, dictionaries, office, second())
    with records.writing() as session:
        reject_dictionary(session, office["owner"], key, "Chưa thống nhất")
    again = propose(records, dictionaries, office, second())
    with records.reading() as session:
        rows = {row.id: (row.state, row.decision_note) for row in session.scalars(select(DictionaryVersion))}
    assert (rows[key], rows[again]) == ((ChangeState.REJECTED, "Chưa thống nhất"), (ChangeState.PROPOSED, ""))


def test_only_the_topmost_administrator_proposes_and_faults_are_named_by_line(
    records: Records, dictionaries: Dictionaries, office: Office
) -> None:
    with records.writing() as session:
        below = add_person(session, add_unit(session, "XA", office.unit), "xa", Role.ADMINISTRATOR)
        with pytest.raises(Forbidden):
            propose_dictionary(session, dictionaries, below, second(), "Vì sao")
        with pytest.raises(InvalidValue) as refused:
            propose_dictionary(session, dictionaries, office["administrator"], 'version: "2"\nfields: 3\n', "Vì sao")
        assert refused.value.faults == (("2", "fields: this should be a mapping."),)
        with pytest.raises(InvalidValue, match="changes nothing"):
            same = builtin_text().replace('version: "1"', 'version: "3"')
            propose_dictionary(session, dictionaries, office["administrator"], same, "Vì sao")


def test_the_service_does_not_start_with_a_text_that_was_changed(records: Records) -> None:
    register_builtin(records)
    with records.writing() as session:
        session.scalars(select(DictionaryVersion)).one().text += "\n"
    with pytest.raises(SettingsError, match="version '1' has changed"):
        register_builtin(records)
    assert "dictionary_versions" in Base.metadata.tables
