"""The people, the station and the catalogue entry of the demo. Passwords and keys are made for each installation."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from core.labels import Role, Secrecy, Sensitivity
from core.settings import Settings
from flow import administer
from flow.dictionaries import Dictionaries
from storage.database import Records, keep_silent
from storage.tables import User

UNIT = "TU-LS"
CATALOGUE = "DM-2026-01"
STATION = "TRAM-01"
DEMO_FILE = "demo.json"

_PEOPLE: tuple[tuple[str, str, tuple[Role, ...], Sensitivity], ...] = (
    ("quet", "Nguyễn Thị Lan", (Role.SCAN_OPERATOR,), Sensitivity.PERSONAL_SENSITIVE),
    ("nhaplieu", "Trần Văn Minh", (Role.DATA_ENTRY,), Sensitivity.PERSONAL_SENSITIVE),
    ("soat", "Lê Thị Hòa", (Role.REVIEWER,), Sensitivity.PERSONAL_SENSITIVE),
    ("nghiemthu1", "Phạm Văn Sơn", (Role.ACCEPTOR_BUSINESS,), Sensitivity.PERSONAL_SENSITIVE),
    ("nghiemthu2", "Đỗ Thị Hà", (Role.ACCEPTOR_DATA,), Sensitivity.PERSONAL_SENSITIVE),
    ("nghiemthu3", "Vũ Văn Tuấn", (Role.ACCEPTOR_SECURITY,), Sensitivity.PERSONAL_SENSITIVE),
    ("tracuu", "Hoàng Thị An", (Role.SEARCHER,), Sensitivity.INTERNAL),
    ("tracuu2", "Ngô Văn Phúc", (Role.SEARCHER,), Sensitivity.PERSONAL_SENSITIVE),
    ("chunghiepvu", "Bùi Văn Bình", (Role.BUSINESS_OWNER,), Sensitivity.PERSONAL_SENSITIVE),
    ("chukythuat", "Đặng Văn Đức", (Role.TECHNICAL_OWNER,), Sensitivity.INTERNAL),
    ("anninh", "Mai Văn Khánh", (Role.SECURITY_OFFICER,), Sensitivity.PERSONAL_SENSITIVE),
    ("kiemtoan", "Phan Thị Thu", (Role.AUDITOR,), Sensitivity.PUBLIC),
    ("quantri", "Dương Văn Nam", (Role.ADMINISTRATOR,), Sensitivity.PUBLIC),
)


@dataclass(frozen=True, slots=True)
class DemoPeople:
    """How to sign in to the demo; kept beside the data, readable to its owner alone."""

    path: Path
    password: str
    station_key: str

    def save(self) -> None:
        self.path.touch(mode=0o600)
        content = {**asdict(self), "path": str(self.path), "users": [name for name, *_ in _PEOPLE]}
        self.path.write_text(json.dumps(content, indent=1), "utf-8")


def load_demo(path: Path) -> DemoPeople:
    """What `prepare_demo` kept."""
    kept = json.loads(path.read_text("utf-8"))
    return DemoPeople(path, kept["password"], kept["station_key"])


def prepare_demo(settings: Settings) -> DemoPeople:
    """Makes the demo's people, station and catalogue entry if they are not there yet, and answers how to sign in."""
    path = settings.data_dir.resolve() / DEMO_FILE
    records = Records(settings.records_url, keep_silent)
    with records.reading() as session:
        exists = session.scalar(select(User.id).where(User.username == _PEOPLE[0][0])) is not None
    if not exists:
        password = secrets.token_urlsafe(9)
        DemoPeople(path, password, _make_all(records, password)).save()
    records.close()
    return load_demo(path)


def _make_all(records: Records, password: str) -> str:
    with records.writing() as session:
        dictionary = Dictionaries().present(session)
        administer.add_unit(session, UNIT, "Tỉnh ủy Lâm Sơn (đơn vị mẫu)", "province", None)
        administer.add_unit(session, "XA-AB", "Xã An Bình (đơn vị mẫu)", "commune", UNIT)
        for username, full_name, roles, sensitivity in _PEOPLE:
            administer.add_user(
                session,
                username,
                full_name,
                password,
                secrecy=Secrecy.THUONG,
                sensitivity=sensitivity,
                commitment_signed=True,
            )
            for role in roles:
                administer.grant_role(session, username, role, UNIT)
        administer.add_catalogue_entry(
            session,
            dictionary,
            code=CATALOGUE,
            title="Tài liệu mẫu của Tỉnh ủy Lâm Sơn, 2010-2026",
            unit_code=UNIT,
            record_types=[one.code for one in dictionary.record_types],
            business_owner="chunghiepvu",
            technical_owner="chukythuat",
            planned_pages=200,
        )
        administer.approve_catalogue_entry(session, CATALOGUE, "chunghiepvu")
        station = administer.register_station(session, STATION, "Trạm quét số 1", UNIT, "quet", date.today())
    return station.key
