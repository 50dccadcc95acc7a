"""Units, users, their roles, sign-ins, and stations."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.identity import new_id
from core.labels import Role, Secrecy, Sensitivity
from storage.tables.base import ID, Base, Instant, now, state_column


class Unit(Base):
    """An organisation or a part of one, for as long as it existed."""

    __tablename__ = "units"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(20))
    """central, province, commune or cell."""
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"))


class User(Base):
    """A person who signs in. `secrecy` and `sensitivity` are the ceilings of their clearance."""

    __tablename__ = "users"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    full_name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    secrecy: Mapped[int] = mapped_column(default=int(Secrecy.THUONG))
    sensitivity: Mapped[int] = mapped_column(default=int(Sensitivity.PUBLIC))
    confidentiality_signed_at: Mapped[datetime | None] = mapped_column(Instant)
    """When their confidentiality commitment was recorded; scanning, entry and review need it."""
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)


class RoleGrant(Base):
    """A role held in a unit; it reaches every unit below."""

    __tablename__ = "role_grants"
    __table_args__ = (UniqueConstraint("user_id", "unit_id", "role"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    role: Mapped[Role] = mapped_column(state_column(Role))


class SignIn(Base):
    """A browser session or an API token; only the hash of its secret is kept."""

    __tablename__ = "sign_ins"
    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class Station(Base):
    """A registered scanning machine, its upload key (hashed) and its signing key (public half)."""

    __tablename__ = "stations"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    operator_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    """The person answerable for what this station sends."""
    key_prefix: Mapped[str] = mapped_column(String(16), unique=True)
    key_hash: Mapped[str] = mapped_column(String(64))
    key_expires_at: Mapped[datetime] = mapped_column(Instant)
    security_checked_on: Mapped[date | None]
    security_check_due: Mapped[date | None]
    verify_key: Mapped[str] = mapped_column(String(100), default="")
    """Ed25519 public key, base64, with which its offline packages are signed."""
    active: Mapped[bool] = mapped_column(default=True)
