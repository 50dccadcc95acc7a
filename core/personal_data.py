"""Personal values in documents: their kinds, what each asks of a document's label, and who sees them unmasked."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from core.catalogue.model import Protection
from core.labels import WORKING_ROLES, AccessLabel, Clearance, Role, Sensitivity, Visibility, permits


class PersonalKind(StrEnum):
    """What a personal value is."""

    CITIZEN_NUMBER = "citizen_number"
    """Số định danh, số căn cước: 12 digits."""
    IDENTITY_CARD = "identity_card"
    """Số chứng minh nhân dân: 9 digits."""
    PARTY_CARD = "party_card"
    PASSPORT = "passport"
    BANK_ACCOUNT = "bank_account"
    PHONE = "phone"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    HEALTH = "health"
    """Words about a person's health. They raise the label; no rule masks them."""

    @property
    def vietnamese(self) -> str:
        return _WORDS[self]


_WORDS = {
    PersonalKind.CITIZEN_NUMBER: "số CCCD",
    PersonalKind.IDENTITY_CARD: "số CMND",
    PersonalKind.PARTY_CARD: "số thẻ đảng viên",
    PersonalKind.PASSPORT: "số hộ chiếu",
    PersonalKind.BANK_ACCOUNT: "số tài khoản",
    PersonalKind.PHONE: "số điện thoại",
    PersonalKind.BIRTH_DATE: "ngày sinh",
    PersonalKind.ADDRESS: "nơi ở hoặc quê quán",
    PersonalKind.HEALTH: "tình trạng sức khỏe",
}

RAISES: Mapping[PersonalKind, Sensitivity] = {
    PersonalKind.CITIZEN_NUMBER: Sensitivity.PERSONAL,
    PersonalKind.IDENTITY_CARD: Sensitivity.PERSONAL,
    PersonalKind.PASSPORT: Sensitivity.PERSONAL,
    PersonalKind.BANK_ACCOUNT: Sensitivity.PERSONAL,
    PersonalKind.BIRTH_DATE: Sensitivity.PERSONAL,
    PersonalKind.ADDRESS: Sensitivity.PERSONAL,
    PersonalKind.PARTY_CARD: Sensitivity.PERSONAL_SENSITIVE,
    PersonalKind.HEALTH: Sensitivity.PERSONAL_SENSITIVE,
}
"""The least sensitivity of a document in which such a value stands [default]. A telephone number asks for none: offices
print those of whom to ask; it is masked all the same."""

SURE = 0.5
"""From this confidence on a finding raises the label; what is less sure is masked only."""

FULL_READERS: Mapping[Visibility, frozenset[Role]] = {
    Visibility.UNPUBLISHED: WORKING_ROLES,
    Visibility.PUBLISHED: frozenset(
        {
            Role.REVIEWER,
            Role.ACCEPTOR_BUSINESS,
            Role.ACCEPTOR_DATA,
            Role.ACCEPTOR_SECURITY,
            Role.BUSINESS_OWNER,
        }
    ),
    Visibility.WITHHELD: frozenset({Role.SECURITY_OFFICER}),
    Visibility.GONE: frozenset(),
}
"""Which roles see personal values without asking: before publication who types and checks them, then who may have the
original."""

_ASKING = frozenset({Role.SEARCHER, Role.DATA_ENTRY, Role.SCAN_OPERATOR})


def reveals(clearance: Clearance | None, label: AccessLabel | None) -> bool:
    """Whether this reader sees the personal values of what they may read. No clearance, or no label, sees none."""
    if clearance is None or label is None or not permits(clearance, label):
        return False
    return label.unit_id in clearance.units_of(FULL_READERS[label.visibility])


def may_unmask(clearance: Clearance | None, label: AccessLabel | None, protection: Protection | None) -> bool:
    """Whether a reader who does not see them may, giving a reason.

    They are somebody who searches or types in the unit and is cleared for basic personal data at least. Of a record
    type for named people, and of one that nobody knows, nobody may.
    """
    if clearance is None or label is None or not permits(clearance, label):
        return False
    return (
        protection in (Protection.ORDINARY, Protection.PERSONAL_DATA)
        and clearance.sensitivity >= max(Sensitivity.PERSONAL, label.sensitivity)
        and label.unit_id in clearance.units_of(_ASKING)
    )
