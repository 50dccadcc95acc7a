"""What a person's roles let them do here: the entries of the menu, and where they begin."""

from __future__ import annotations

from dataclasses import dataclass

from core.labels import READERS, WORKING_ROLES, Role, Visibility
from flow.find import BATCH_ROLES, CATALOGUE_ROLES
from people.persons import Person

LOG_ROLES = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
OPENER_ROLES = frozenset({Role.SCAN_OPERATOR, Role.BUSINESS_OWNER, Role.TECHNICAL_OWNER})


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu."""

    path: str
    title: str


_ENTRIES = (
    (BATCH_ROLES, Entry("/batches", "Lô số hóa")),
    (READERS[Visibility.PUBLISHED], Entry("/search", "Tra cứu")),
    (CATALOGUE_ROLES, Entry("/catalogue", "Danh mục số hóa")),
    (CATALOGUE_ROLES, Entry("/dictionary", "Từ điển dữ liệu")),
    (READERS[Visibility.WITHHELD], Entry("/withheld", "Tạm giữ")),
    (WORKING_ROLES, Entry("/quality", "Chất lượng")),
    (LOG_ROLES, Entry("/log", "Nhật ký truy cập")),
)


def roles_of(person: Person) -> frozenset[Role]:
    """Every role held anywhere."""
    return frozenset(grant.role for grant in person.clearance.grants)


def list_entries(person: Person) -> list[Entry]:
    """The menu of this person."""
    held = roles_of(person)
    return [entry for roles, entry in _ENTRIES if held & roles]


def find_home(person: Person) -> str | None:
    """Where this person's work begins; None for somebody without a role."""
    held = roles_of(person)
    if held <= {Role.SECURITY_OFFICER} and held:
        return "/withheld"
    entries = list_entries(person)
    return entries[0].path if entries else None
