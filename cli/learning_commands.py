"""`sohoa learning`: what people confirmed, to learn from, and how right the suggestions were."""

from __future__ import annotations

import json
from pathlib import Path

import click
from sqlalchemy import true

from core.settings import load_settings
from flow.learn_types import export_confirmed_types
from flow.service import open_service
from review.learning import read_type_learning
from storage.database import keep_silent


@click.group()
def learning() -> None:
    """What people confirmed, to learn from. Run on the machine of the service."""


@learning.command("record-types")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
def export_record_types(out: Path) -> None:
    """Confirmed record types with what the rules saw, a JSON object a line; no names, no text of documents."""
    service = open_service(load_settings(), keep_silent)
    count = 0
    with service.records.reading() as session, out.open("w", encoding="utf-8") as file:
        for row in export_confirmed_types(session):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    service.close()
    click.echo(f"{count} confirmed record types written to {out}.", err=True)


@learning.command("figures")
def show_figures() -> None:
    """How often each suggestion was confirmed as what, and how right each probability was."""
    service = open_service(load_settings(), keep_silent)
    with service.records.reading() as session:
        found = read_type_learning(session, true())
    service.close()
    click.echo(f"{'suggested':26} {'confirmed':26} {'count':>7}")
    for one in found.confusions:
        click.echo(f"{one.suggested:26} {one.confirmed:26} {one.count:>7}")
    click.echo(f"\n{'probability':12} {'count':>7} {'said':>7} {'right':>7}")
    for bin_ in found.bins:
        click.echo(f"{bin_.low:.1f}-{bin_.high:.1f}      {bin_.count:>7} {bin_.mean:>7.3f} {bin_.share:>7.3f}")
