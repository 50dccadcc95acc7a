"""What the administrator sets up, and what stops working when it is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import load_builtin
from core.errors import CatalogueRefused, InvalidValue, NotFound, SignInRequired, StationRefused
from core.labels import Role, Secrecy, Sensitivity
from flow import administer
from flow.open_batch import require_ready
from people.persons import find_user, load_person
from people.sign_in import find_visitor, sign_in
from people.stations import find_station
from storage.access_log import find_fault
from storage.tables import CatalogueEntry
from tests.factories import make_records

PASSWORD = "một mật khẩu dài"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    records = make_records(tmp_path)
    with records.writing() as session:
        administer.add_unit(session, "TU", "Tỉnh ủy", "province", None)
        administer.add_unit(session, "XA", "Xã", "commune", "TU")
        for username in ("lan", "chu"):
            administer.add_user(
                session,
                username,
                username.title(),
                PASSWORD,
                secrecy=Secrecy.THUONG,
                sensitivity=Sensitivity.INTERNAL,
                commitment_signed=True,
            )
        yield session
    records.close()


def add_entry(session: Session, **owners: str | None) -> CatalogueEntry:
    return administer.add_catalogue_entry(
        session,
        load_builtin(),
        code="DM1",
        title="Danh mục",
        unit_code="TU",
        record_types=["party_document"],
        business_owner=owners.get("business"),
        technical_owner=owners.get("technical"),
        planned_pages=10,
    )


def test_a_role_reaches_the_units_below_and_no_others(session: Session) -> None:
    administer.grant_role(session, "lan", Role.DATA_ENTRY, "XA")
    administer.grant_role(session, "lan", Role.DATA_ENTRY, "XA")
    administer.grant_role(session, "chu", Role.REVIEWER, "TU")
    top, below = (administer.find_unit(session, code).id for code in ("TU", "XA"))
    lan, chu = (load_person(session, find_user(session, name)) for name in ("lan", "chu"))
    assert [grant.unit_ids for grant in lan.clearance.grants] == [frozenset({below})]
    assert chu.clearance.units_of((Role.REVIEWER,)) == {top, below}


def test_a_deactivated_user_is_signed_out_at_once(session: Session) -> None:
    secret = sign_in(session, "lan", PASSWORD, hours=1).secret  # type: ignore[union-attr]
    assert find_visitor(session, secret).person.username == "lan"
    administer.deactivate_user(session, "lan")
    with pytest.raises(SignInRequired):
        find_visitor(session, secret)
    assert sign_in(session, "lan", PASSWORD, hours=1) is None


def test_a_new_key_ends_the_old_one(session: Session) -> None:
    today = date(2026, 11, 1)
    old = administer.register_station(session, "T1", "Trạm", "TU", "lan", date(2026, 1, 1))
    with pytest.raises(StationRefused, match="out of date"):
        find_station(session, old.key, today)
    new = administer.renew_station(session, "T1", date(2026, 10, 30), new_key=True)
    assert new is not None
    assert find_station(session, new.key, today).code == "T1"
    with pytest.raises(StationRefused, match="Unknown"):
        find_station(session, old.key, today)


def test_an_entry_is_ready_once_approved_and_owned(session: Session) -> None:
    entry = add_entry(session, business="chu")
    with pytest.raises(CatalogueRefused, match="its approval, a named technical owner"):
        require_ready(session, entry)
    administer.set_owners(session, "DM1", None, "lan")
    administer.approve_catalogue_entry(session, "DM1", "chu")
    require_ready(session, entry)
    assert session.scalars(select(CatalogueEntry.approved_by)).one() == entry.business_owner_id
    assert find_fault(session) is None


def test_what_is_there_already_or_not_at_all_is_named(session: Session) -> None:
    add_entry(session)
    with pytest.raises(InvalidValue, match="'DM1' already"):
        add_entry(session)
    with pytest.raises(InvalidValue, match="'TU' already"):
        administer.add_unit(session, "TU", "Khác", "province", None)
    for missing in (
        lambda: administer.find_unit(session, "KHÔNG"),
        lambda: administer.renew_station(session, "KHÔNG", None, new_key=True),
        lambda: administer.set_owners(session, "KHÔNG", "lan", None),
        lambda: administer.deactivate_user(session, "khong"),
    ):
        with pytest.raises(NotFound):
            missing()


def test_a_short_password_is_refused(session: Session) -> None:
    with pytest.raises(InvalidValue, match="at least 10"):
        administer.add_user(
            session,
            "x",
            "X",
            "ngắn",
            secrecy=Secrecy.THUONG,
            sensitivity=Sensitivity.PUBLIC,
            commitment_signed=False,
        )


def test_a_catalogue_entry_names_a_kind_of_file_of_the_dictionary(session: Session) -> None:
    def add(code: str, composition: str) -> CatalogueEntry:
        return administer.add_catalogue_entry(
            session,
            load_builtin(),
            code=code,
            title="Hồ sơ đảng viên",
            unit_code="TU",
            record_types=["member_card_sheet"],
            business_owner=None,
            technical_owner=None,
            planned_pages=10,
            composition=composition,
        )

    assert (add("DM8", "party_member_file").composition, add("DM9", "").composition) == ("party_member_file", "")
    with pytest.raises(NotFound):
        add("DM7", "shoe_box")
