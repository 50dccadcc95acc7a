"""Scan stations: registered machines with a key that expires and a security check that must be in date."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import StationRefused
from people.persons import Person, load_person
from people.sign_in import hash_secret
from storage.tables import Station, User, now

_KEY_DAYS = 365


@dataclass(frozen=True, slots=True)
class StationIdentity:
    """A station that may upload, and the person answerable for it."""

    station_id: str
    code: str
    unit_id: str
    operator: Person

    @property
    def actor(self) -> str:
        """The name of this station in the access log."""
        return f"station:{self.station_id}"


@dataclass(frozen=True, slots=True)
class StationKey:
    """A new key. It leaves the service only here."""

    prefix: str
    text: str


def issue_key(station: Station, days: int = _KEY_DAYS) -> StationKey:
    """Gives the station a new key; the old one stops working."""
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    station.key_prefix = prefix
    station.key_hash = hash_secret(secret)
    station.key_expires_at = now() + timedelta(days=days)
    return StationKey(prefix, f"{prefix}.{secret}")


def find_station(session: Session, key: str, today: date) -> StationIdentity:
    """Whose key this is. Raises StationRefused, saying why, for a key, a station or a check that is not in order."""
    prefix, _, secret = key.partition(".")
    station = session.scalars(select(Station).where(Station.key_prefix == prefix)).one_or_none()
    if station is None or not hmac.compare_digest(station.key_hash, hash_secret(secret)):
        raise StationRefused("Unknown station key.", "Have the administrator register this station.")
    if station.key_expires_at <= now():
        raise StationRefused(f"The key of station {station.code} has expired.", "Have a new one issued.")
    return identify(session, station, today)


def identify(session: Session, station: Station, today: date) -> StationIdentity:
    """The station, if it may upload today. Raises StationRefused."""
    if not station.active:
        raise StationRefused(f"Station {station.code} is switched off.", "Ask the administrator.")
    if station.security_check_due is None or station.security_check_due < today:
        raise StationRefused(
            f"The security check of station {station.code} is out of date.",
            "Have the machine checked and the date recorded.",
        )
    operator = session.get_one(User, station.operator_id)
    if not operator.active or operator.confidentiality_signed_at is None:
        raise StationRefused(
            f"The operator of station {station.code} is not active or has not signed the confidentiality commitment.",
            "Ask the administrator.",
        )
    return StationIdentity(station.id, station.code, station.unit_id, load_person(session, operator))
