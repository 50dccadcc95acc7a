"""`sohoa catalogue`: the data dictionary checked, shown, compared, and changed by proposal and approval."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from cli.remote import Remote
from core.catalogue import Dictionary, builtin_text, check_dictionary, join_texts
from core.catalogue.diff import compare
from core.settings import load_settings
from flow.dictionaries import Dictionaries, find_version
from flow.prepare import prepare_records
from storage.database import Records, keep_silent

_SERVER = click.option("--server", envvar="SOHOA_SERVER", default="http://127.0.0.1:8400", show_default=True)
_FILES = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
_CHANGES = "/api/v1/dictionary/changes"


@click.group()
def catalogue() -> None:
    """The data dictionary: record types, fields, code lists and compositions, in versions."""


@catalogue.command("check")
@_FILES
def check(files: tuple[Path, ...]) -> None:
    """Reads the YAML files as one dictionary and names every fault with its file and line. Exit code 1 if any."""
    dictionary = _read(files)
    fields = sum(len(one.fields) for one in dictionary.record_types)
    click.echo(
        f"Version {dictionary.version}: {len(dictionary.record_types)} record types with {fields} fields, "
        f"{len(dictionary.code_lists)} code lists, {len(dictionary.compositions)} compositions; no fault.",
        err=True,
    )


def _read(files: tuple[Path, ...]) -> Dictionary:
    """The dictionary of these files; with any fault the command tells all of them and ends with code 1."""
    dictionary, faults = check_dictionary({str(file): file.read_text("utf-8", "replace") for file in files})
    if dictionary is None:
        for fault in faults:
            click.echo(str(fault), err=True)
        click.echo(f"{len(faults)} faults.", err=True)
        raise SystemExit(1)
    return dictionary


@catalogue.command("show")
@click.option("--version", help="Which; default: the one that holds today.")
@click.option("--yaml", "as_yaml", is_flag=True, help="Its text, to make the next version from.")
@click.option("--builtin", is_flag=True, help="The one that comes with this program instead.")
def show(version: str | None, as_yaml: bool, builtin: bool) -> None:
    """Lists a version's record types, or prints its text."""
    with _reading() as session:
        text = builtin_text() if builtin else find_version(session, version).text
    if as_yaml:
        click.echo(text, nl=False)
        return
    dictionary, _ = check_dictionary({"": text})
    assert dictionary is not None, "an approved text has no faults"
    click.echo(f"version {dictionary.version}")
    for kind in dictionary.record_types:
        required = sum(rule.required for rule in kind.fields)
        click.echo(f"{kind.code:24} {len(kind.fields):3} fields, {required:2} required  {kind.title}")


@catalogue.command("diff")
@click.argument("before")
@click.argument("after")
def diff(before: str, after: str) -> None:
    """What changes from one version to another; each is a version or a YAML file."""
    with _reading() as session:
        earlier, later = (_version_or_file(session, one) for one in (before, after))
    for one in compare(earlier, later):
        click.echo(one.text_en)


def _version_or_file(session: Session, name: str) -> Dictionary:
    path = Path(name)
    return _read((path,)) if path.is_file() else Dictionaries().of(session, name)


@contextmanager
def _reading() -> Iterator[Session]:
    settings = load_settings()
    prepare_records(settings)
    records = Records(settings.records_url, keep_silent)
    with records.reading() as session:
        yield session
    records.close()


@catalogue.command("propose")
@_SERVER
@click.option("--reason", required=True, help="Why the dictionary is to change.")
@_FILES
def propose(server: str, reason: str, files: tuple[Path, ...]) -> None:
    """Proposes the YAML files as the next version, after 'sohoa sign-in'. Prints the request's id and its changes."""
    _read(files)
    text = join_texts({file.name: file.read_text("utf-8") for file in files})
    answer = Remote(server).post(_CHANGES, {"text": text, "reason": reason})
    click.echo(answer["id"])
    for one in answer["differences"]:
        click.echo(one["text_en"], err=True)


@catalogue.command("approve")
@_SERVER
@click.option("--on", "first_day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Its first day.")
@click.argument("request_id")
def approve(server: str, first_day: datetime, request_id: str) -> None:
    """Approves a proposed version, which somebody else proposed."""
    answer = Remote(server).post(f"{_CHANGES}/{request_id}/approve", {"effective_on": first_day.date().isoformat()})
    click.echo(f"version {answer['version']} holds from {answer['effective_on']} on", err=True)


@catalogue.command("reject")
@_SERVER
@click.option("--reason", required=True)
@click.argument("request_id")
def reject(server: str, reason: str, request_id: str) -> None:
    """Rejects a proposed version."""
    Remote(server).post(f"{_CHANGES}/{request_id}/reject", {"reason": reason})
