"""Signing in: passwords by Argon2, opaque secrets of which only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.errors import InvalidValue, SignInRequired
from people.persons import Person, load_person
from storage.access_log import append_event
from storage.tables import AccessEvent, SignIn, User, now

_HASHER = PasswordHash((Argon2Hasher(),))
_NOBODY = _HASHER.hash(secrets.token_hex())
_WAIT = timedelta(minutes=15)
_SHORTEST_PASSWORD = 10


@dataclass(frozen=True, slots=True)
class NewSignIn:
    """A fresh sign-in: the secret leaves the service only here."""

    secret: str
    csrf_token: str
    person: Person


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person with the CSRF token of the sign-in they came with."""

    person: Person
    csrf_token: str


def hash_password(password: str) -> str:
    """The Argon2 hash to keep. Raises InvalidValue for one that is too short."""
    if len(password) < _SHORTEST_PASSWORD:
        raise InvalidValue(f"A password has at least {_SHORTEST_PASSWORD} characters.", "Choose a longer one.")
    return _HASHER.hash(password)


def hash_secret(secret: str) -> str:
    """SHA-256 of a random secret; such secrets need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def check_attempts(session: Session, username: str, allowed: int) -> None:
    """Raises SignInRequired while a name has too many failed sign-ins behind it."""
    since = now() - _WAIT
    failed = session.scalar(
        select(func.count())
        .select_from(AccessEvent)
        .where(
            AccessEvent.action == "sign_in",
            AccessEvent.target == f"name:{username}",
            AccessEvent.allowed.is_(False),
            AccessEvent.at > since,
        )
    )
    if (failed or 0) >= allowed:
        raise SignInRequired("Too many failed sign-ins with this name.", "Wait 15 minutes.")


def sign_in(session: Session, username: str, password: str, hours: int) -> NewSignIn | None:
    """Signs in and logs it. None, logged too, for a wrong name or password: the two look the same from outside."""
    user = session.scalars(select(User).where(User.username == username, User.active)).one_or_none()
    right = _HASHER.verify(password, user.password_hash if user else _NOBODY)
    if user is None or not right:
        append_event(session, "nobody", "sign_in", f"name:{username[:60]}", allowed=False)
        return None
    secret, csrf_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    session.execute(delete(SignIn).where(SignIn.expires_at < now()))
    session.add(
        SignIn(
            secret_hash=hash_secret(secret),
            user_id=user.id,
            csrf_token=csrf_token,
            expires_at=now() + timedelta(hours=hours),
        )
    )
    append_event(session, f"user:{user.id}", "sign_in", f"name:{username}", allowed=True)
    return NewSignIn(secret, csrf_token, load_person(session, user))


def find_visitor(session: Session, secret: str) -> Visitor:
    """Whose secret this is. Raises SignInRequired for an unknown or expired one, or a user no longer active."""
    row = session.execute(
        select(SignIn, User)
        .join(User, User.id == SignIn.user_id)
        .where(SignIn.secret_hash == hash_secret(secret), SignIn.expires_at > now(), User.active)
    ).first()
    if row is None:
        raise SignInRequired("Not signed in, or the sign-in has expired.", "Sign in again.")
    found: SignIn = row[0]
    return Visitor(load_person(session, row[1]), found.csrf_token)


def sign_out(session: Session, secret: str) -> None:
    """Ends the sign-in; does nothing if there is none."""
    session.execute(delete(SignIn).where(SignIn.secret_hash == hash_secret(secret)))
