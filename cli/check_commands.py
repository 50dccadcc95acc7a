"""`sohoa check` and `sohoa reindex`, run on the machine of the service by its administrator."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from core.settings import load_settings
from flow.check import check_installation
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
    for one in findings:
        if as_json:
            click.echo(json.dumps(asdict(one), ensure_ascii=False))
        else:
            click.echo(f"{one.part}: {one.kind}: {one.where}: {one.what}")
    if findings:
        click.echo(f"{len(findings)} findings.", err=True)
        raise SystemExit(FOUND)
    click.echo("Nothing missing, orphaned, stuck or out of step.", err=True)


@click.command()
@click.option("--rebuild", is_flag=True, help="Forget the index and make all of it anew.")
def reindex(rebuild: bool) -> None:
    """Brings the search index into step with the records."""
    service = open_service(load_settings(), keep_silent)
    count = reindex_documents(service, rebuild=rebuild)
    service.close()
    click.echo(f"{count} documents brought into step.", err=True)
