"""`sohoa check`, `sohoa audit` and `sohoa reindex`, run on the machine of the service by its administrator."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from core.settings import load_settings
from flow.audit import audit_stores
from flow.check import check_installation
from flow.findings import Finding
from flow.personal_data import scan_documents
from flow.reindex import reindex as reindex_documents
from flow.service import open_service
from storage.database import keep_silent

FOUND = 10
"""Exit code when the check found something."""


@click.command()
@click.option("--deep", is_flag=True, help="Read every object and compare its SHA-256.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding, a line each.")
def check(deep: bool, as_json: bool) -> None:
    """Is anything missing, orphaned, stuck or out of step? Exit code 10 if so."""
    service = open_service(load_settings(), keep_silent)
    findings = check_installation(service, deep=deep)
    service.close()
    _tell(findings, as_json=as_json)
    if findings:
        raise SystemExit(FOUND)
    click.echo("Nothing missing, orphaned, stuck or out of step.", err=True)


@click.command()
@click.option("--mend", is_flag=True, help="Put what one store has damaged anew from the other; lock what should be.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding, a line each.")
def audit(mend: bool, as_json: bool) -> None:
    """Reads every original in both stores. Exit code 10 if something is damaged, and was not mended."""
    service = open_service(load_settings(), keep_silent)
    findings = audit_stores(service, mend=mend)
    service.close()
    _tell(findings, as_json=as_json)
    if not all(one.mended for one in findings):
        raise SystemExit(FOUND)
    click.echo("Every original is sound.", err=True)


def _tell(findings: list[Finding], *, as_json: bool) -> None:
    for one in findings:
        if as_json:
            click.echo(json.dumps(asdict(one), ensure_ascii=False))
        else:
            click.echo(f"{one.part}: {one.kind}: {one.where}: {one.what}")
    if findings:
        click.echo(f"{len(findings)} findings.", err=True)


@click.command()
@click.option("--rebuild", is_flag=True, help="Make all of it anew; the service works on meanwhile.")
def reindex(rebuild: bool) -> None:
    """Brings the search index into step with the records."""
    service = open_service(load_settings(), keep_silent)
    count = reindex_documents(service, rebuild=rebuild)
    service.close()
    click.echo(f"{count} documents brought into step.", err=True)


@click.command("find-personal-data")
def find_personal_data() -> None:
    """Searches documents for personal values that were described before this software did; their labels may rise."""
    service = open_service(load_settings(), keep_silent)
    count = scan_documents(service)
    service.close()
    click.echo(f"{count} documents searched.", err=True)
