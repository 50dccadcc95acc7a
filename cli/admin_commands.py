"""`sohoa admin`: what the administrator sets up on the machine of the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.labels import Role
from core.settings import load_settings
from core.words import parse_secrecy, parse_sensitivity
from flow import administer, unit_validity
from flow.dictionaries import Dictionaries
from flow.prepare import prepare_records
from storage.database import Records, keep_silent
from storage.keys import load_package_key
from storage.tables import CatalogueEntry, Station, Unit, User

_DATE = click.DateTime(["%Y-%m-%d"])


@contextmanager
def _writing() -> Iterator[Session]:
    settings = load_settings()
    prepare_records(settings)
    records = Records(settings.records_url, keep_silent)
    with records.writing() as session:
        yield session
    records.close()


@click.group()
def admin() -> None:
    """Units, users, roles, stations and catalogue entries of this installation."""


@admin.command("list")
def list_all() -> None:
    """Everything that is set up."""
    with _writing() as session:
        for unit in session.scalars(select(Unit).order_by(Unit.code)):
            click.echo(f"unit       {unit.code:16} {unit.level:10} {unit.name}")
        for user in session.scalars(select(User).order_by(User.username)):
            click.echo(f"user       {user.username:16} {'active' if user.active else 'off':10} {user.full_name}")
        for station in session.scalars(select(Station).order_by(Station.code)):
            due = station.security_check_due
            click.echo(f"station    {station.code:16} check due {due}, key until {station.key_expires_at:%Y-%m-%d}")
        for entry in session.scalars(select(CatalogueEntry).order_by(CatalogueEntry.code)):
            click.echo(f"catalogue  {entry.code:16} {'approved' if entry.approved_at else 'draft':10} {entry.title}")


@admin.command("add-unit")
@click.argument("code")
@click.argument("name")
@click.option("--level", type=click.Choice(administer.LEVELS), required=True)
@click.option("--parent", help="Code of the unit above.")
def add_unit(code: str, name: str, level: str, parent: str | None) -> None:
    """A unit of the organisation."""
    with _writing() as session:
        administer.add_unit(session, code, name, level, parent)


@admin.command("end-unit")
@click.argument("code")
@click.option("--on", "last_day", type=_DATE, required=True, help="Its last day.")
@click.option("--successor", help="Code of the unit that goes on with its work.")
def end_unit(code: str, last_day: datetime, successor: str | None) -> None:
    """Records that a unit ends; it leads no new catalogue entry after that, and what it made stays its own."""
    with _writing() as session:
        unit_validity.end_unit(session, code, last_day.date(), successor)


@admin.command("add-user")
@click.argument("username")
@click.argument("full_name")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--secrecy", default="thường", show_default=True, help="Highest secrecy they are cleared for.")
@click.option("--sensitivity", default="nội bộ", show_default=True, help="Highest sensitivity they may read.")
@click.option("--commitment-signed", is_flag=True, help="Their confidentiality commitment is on record.")
def add_user(
    username: str, full_name: str, password: str, secrecy: str, sensitivity: str, commitment_signed: bool
) -> None:
    """A person who signs in; grant a role next."""
    with _writing() as session:
        administer.add_user(
            session,
            username,
            full_name,
            password,
            secrecy=parse_secrecy(secrecy),
            sensitivity=parse_sensitivity(sensitivity),
            commitment_signed=commitment_signed,
        )


@admin.command("grant")
@click.argument("username")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("unit")
def grant(username: str, role: str, unit: str) -> None:
    """A role in a unit and everything below it."""
    with _writing() as session:
        administer.grant_role(session, username, Role(role), unit)


@admin.command("add-station")
@click.argument("code")
@click.argument("name")
@click.option("--unit", required=True)
@click.option("--operator", required=True, help="User name of the person answerable for it.")
@click.option("--checked-on", type=_DATE, required=True, help="Date of its security check.")
@click.option("--verify-key", default="", help="Public key, base64, that signs its offline packages.")
def add_station(code: str, name: str, unit: str, operator: str, checked_on: datetime, verify_key: str) -> None:
    """A scan station. Prints its key once, and the key to which it seals offline packages."""
    with _writing() as session:
        made = administer.register_station(session, code, name, unit, operator, checked_on.date(), verify_key)
    click.echo(f"station key: {made.key}")
    click.echo(f"centre key:  {load_package_key(load_settings().keys_dir).seal_key.text}")


@admin.command("add-catalogue")
@click.argument("code")
@click.argument("title")
@click.option("--unit", required=True)
@click.option("--record-type", "record_types", multiple=True, required=True)
@click.option("--business-owner")
@click.option("--technical-owner")
@click.option("--planned-pages", type=int, default=0)
@click.option("--composition", default="", help="Kind of file that its archival files are held against.")
def add_catalogue(
    code: str,
    title: str,
    unit: str,
    record_types: tuple[str, ...],
    business_owner: str | None,
    technical_owner: str | None,
    planned_pages: int,
    composition: str,
) -> None:
    """A draft of a catalogue entry; approve it next."""
    with _writing() as session:
        administer.add_catalogue_entry(
            session,
            Dictionaries().present(session),
            code=code,
            title=title,
            unit_code=unit,
            record_types=list(record_types),
            business_owner=business_owner,
            technical_owner=technical_owner,
            planned_pages=planned_pages,
            composition=composition,
        )


@admin.command("approve-catalogue")
@click.argument("code")
@click.option("--by", "approver", required=True, help="User name of the person who approves.")
def approve_catalogue(code: str, approver: str) -> None:
    """The approval without which no batch opens."""
    with _writing() as session:
        administer.approve_catalogue_entry(session, code, approver)


@admin.command("set-owners")
@click.argument("code")
@click.option("--business-owner")
@click.option("--technical-owner")
def set_owners(code: str, business_owner: str | None, technical_owner: str | None) -> None:
    """The two people who answer for a catalogue entry."""
    with _writing() as session:
        administer.set_owners(session, code, business_owner, technical_owner)


@admin.command("renew-station")
@click.argument("code")
@click.option("--checked-on", type=_DATE, help="Date of its new security check.")
@click.option("--new-key", is_flag=True, help="Give it a new key; the old one stops working.")
def renew_station(code: str, checked_on: datetime | None, new_key: bool) -> None:
    """Records a security check of a station, or gives it a new key."""
    with _writing() as session:
        made = administer.renew_station(session, code, checked_on.date() if checked_on else None, new_key=new_key)
    if made:
        click.echo(f"station key: {made.key}")


@admin.command("deactivate-user")
@click.argument("username")
def deactivate_user(username: str) -> None:
    """The person cannot sign in any more; what they did stays theirs."""
    with _writing() as session:
        administer.deactivate_user(session, username)
