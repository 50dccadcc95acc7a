"""Access labels, clearances, roles, and the one rule that decides who may read what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Secrecy(IntEnum):
    """Độ mật, by Law 117/2025/QH15. Ordered: a higher one needs a higher clearance."""

    THUONG = 0
    MAT = 1
    TOI_MAT = 2
    TUYET_MAT = 3

    @property
    def vietnamese(self) -> str:
        return _SECRECY_WORDS[self]


_SECRECY_WORDS = {
    Secrecy.THUONG: "thường",
    Secrecy.MAT: "mật",
    Secrecy.TOI_MAT: "tối mật",
    Secrecy.TUYET_MAT: "tuyệt mật",
}


class Sensitivity(IntEnum):
    """Độ nhạy. Ordered."""

    PUBLIC = 0
    INTERNAL = 1
    RESTRICTED = 2
    PERSONAL = 3
    PERSONAL_SENSITIVE = 4

    @property
    def vietnamese(self) -> str:
        return _SENSITIVITY_WORDS[self]


_SENSITIVITY_WORDS = {
    Sensitivity.PUBLIC: "công khai",
    Sensitivity.INTERNAL: "nội bộ",
    Sensitivity.RESTRICTED: "hạn chế",
    Sensitivity.PERSONAL: "dữ liệu cá nhân cơ bản",
    Sensitivity.PERSONAL_SENSITIVE: "dữ liệu cá nhân nhạy cảm",
}


class Visibility(StrEnum):
    """How far a document has come, as far as access is concerned."""

    UNPUBLISHED = "unpublished"
    """For those who work on the batch."""
    PUBLISHED = "published"
    WITHHELD = "withheld"
    """For the security officer alone."""
    GONE = "gone"
    """Withdrawn, purged or superseded: nobody reads it through the service."""


class Role(StrEnum):
    SCAN_OPERATOR = "scan_operator"
    DATA_ENTRY = "data_entry"
    REVIEWER = "reviewer"
    ACCEPTOR_BUSINESS = "acceptor_business"
    ACCEPTOR_DATA = "acceptor_data"
    ACCEPTOR_SECURITY = "acceptor_security"
    SEARCHER = "searcher"
    BUSINESS_OWNER = "business_owner"
    TECHNICAL_OWNER = "technical_owner"
    SECURITY_OFFICER = "security_officer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


WORKING_ROLES = frozenset(
    {
        Role.SCAN_OPERATOR,
        Role.DATA_ENTRY,
        Role.REVIEWER,
        Role.ACCEPTOR_BUSINESS,
        Role.ACCEPTOR_DATA,
        Role.ACCEPTOR_SECURITY,
        Role.BUSINESS_OWNER,
    }
)
"""Who works on batches, and so reads what is not published yet."""


@dataclass(frozen=True, slots=True)
class AccessLabel:
    """What a document asks of its reader."""

    unit_id: str
    secrecy: Secrecy
    sensitivity: Sensitivity
    visibility: Visibility

    @property
    def acl_id(self) -> str:
        """One word for the whole label, for the search index: a grant's change touches no index."""
        return f"{self.unit_id}:{int(self.secrecy)}:{int(self.sensitivity)}:{self.visibility}"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in a unit, with every unit below it already expanded."""

    role: Role
    unit_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Clearance:
    """What a person may read: their roles with the units each reaches, and their two ceilings.

    One with no grants matches nothing.
    """

    user_id: str
    grants: tuple[Grant, ...]
    secrecy: Secrecy
    sensitivity: Sensitivity

    def units_of(self, roles: Iterable[Role]) -> frozenset[str]:
        """All units that any of these roles reaches."""
        wanted = frozenset(roles)
        return frozenset().union(*(grant.unit_ids for grant in self.grants if grant.role in wanted))

    def holds(self, role: Role, unit_id: str) -> bool:
        """Whether the person holds this role in this unit or above it."""
        return unit_id in self.units_of((role,))


READERS = {
    Visibility.PUBLISHED: WORKING_ROLES | {Role.SEARCHER},
    Visibility.UNPUBLISHED: WORKING_ROLES,
    Visibility.WITHHELD: frozenset({Role.SECURITY_OFFICER}),
    Visibility.GONE: frozenset[Role](),
}
"""Which roles read what, the data behind `permits` and its SQL and search renderings."""


def permits(clearance: Clearance | None, label: AccessLabel | None) -> bool:
    """The one access rule. No clearance, or no label, matches nothing.

    Withheld material is judged by role and unit alone: what it was declared as is exactly what is in doubt.
    """
    if clearance is None or label is None:
        return False
    if label.unit_id not in clearance.units_of(READERS[label.visibility]):
        return False
    if label.visibility is Visibility.WITHHELD:
        return True
    return label.secrecy <= clearance.secrecy and label.sensitivity <= clearance.sensitivity
