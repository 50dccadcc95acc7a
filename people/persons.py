"""Who is asking: a person with their clearance, expanded from their roles and the tree of units in one place."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Forbidden, NotFound
from core.labels import Clearance, Grant, Role, Secrecy, Sensitivity
from storage.tables import RoleGrant, Unit, User

_COMMITMENT_ROLES = frozenset({Role.SCAN_OPERATOR, Role.DATA_ENTRY, Role.REVIEWER})


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in person."""

    user_id: str
    username: str
    full_name: str
    clearance: Clearance
    confidentiality_signed: bool

    @property
    def actor(self) -> str:
        """The name of this person in the access log."""
        return f"user:{self.user_id}"

    def may(self, role: Role, unit_id: str) -> bool:
        """Whether they can act in this role for this unit; some roles need their commitment on record."""
        if role in _COMMITMENT_ROLES and not self.confidentiality_signed:
            return False
        return self.clearance.holds(role, unit_id)

    def require(self, role: Role, unit_id: str) -> None:
        """Raises Forbidden unless `may`."""
        self.require_any((role,), unit_id)

    def require_any(self, roles: tuple[Role, ...], unit_id: str) -> None:
        """Raises Forbidden unless one of the roles is held in this unit or above it."""
        if any(self.may(role, unit_id) for role in roles):
            return
        wanted = " or ".join(roles)
        if not self.confidentiality_signed and any(self.clearance.holds(role, unit_id) for role in roles):
            raise Forbidden(
                f"{self.full_name} has no recorded confidentiality commitment.",
                "Have the administrator record it before this work is done.",
            )
        raise Forbidden(f"This needs the role {wanted} in the unit of the batch.", "Ask the administrator for it.")


def load_person(session: Session, user: User) -> Person:
    """The person behind a user, with every role expanded to the units it reaches."""
    children: dict[str, list[str]] = defaultdict(list)
    for unit_id, parent_id in session.execute(select(Unit.id, Unit.parent_id)):
        if parent_id is not None:
            children[parent_id].append(unit_id)
    grants = session.scalars(select(RoleGrant).where(RoleGrant.user_id == user.id).order_by(RoleGrant.id))
    clearance = Clearance(
        user.id,
        tuple(Grant(grant.role, _subtree(grant.unit_id, children)) for grant in grants),
        Secrecy(user.secrecy),
        Sensitivity(user.sensitivity),
    )
    return Person(user.id, user.username, user.full_name, clearance, user.confidentiality_signed_at is not None)


def _subtree(root: str, children: dict[str, list[str]]) -> frozenset[str]:
    reached: set[str] = set()
    waiting = [root]
    while waiting:
        unit_id = waiting.pop()
        if unit_id not in reached:
            reached.add(unit_id)
            waiting.extend(children[unit_id])
    return frozenset(reached)


def find_user(session: Session, username: str) -> User:
    """The active user of that name. Raises NotFound."""
    user = session.scalars(select(User).where(User.username == username, User.active)).one_or_none()
    if user is None:
        raise NotFound(f"There is no active user '{username}'.", "Look at the list of users.")
    return user
