"""`sohoa-station check`: what a delivery would stumble on and what should be scanned again, without a centre."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from ingest.checks import Limits
from station.checking import CheckedScans, check_scans
from station.pages import PageLook, describe_faults
from station.progress import Progress
from station.scans import list_scans

_FOUND_SOMETHING = 10


@click.command("check")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output; quiet otherwise.")
def check_command(directory: Path, as_json: bool) -> None:
    """Look at the scans in DIRECTORY: files that are damaged, pages that should be scanned again."""
    progress = Progress(None if as_json else sys.stderr)
    with PageLook() as look:
        checked = check_scans(
            directory, list_scans(directory), Limits(), lambda name: progress.note(f"checking {name}"), look
        )
    if as_json:
        click.echo(json.dumps(_summary(checked), ensure_ascii=False))
    else:
        for bad in checked.bad:
            click.echo(f"{bad.facts.name}: {bad.fault}")
        for line in describe_faults(checked.faults):
            click.echo(line)
        pages = sum(file.pages or 0 for file in checked.facts)
        click.echo(f"{len(checked.facts)} files, {pages} pages: {_count(checked)}")
    if checked.bad or checked.faults:
        raise SystemExit(_FOUND_SOMETHING)


def _count(checked: CheckedScans) -> str:
    pages = sum(len({fault.page for fault in its}) for its in checked.faults.values())
    return f"{len(checked.bad)} files are bad, {pages} pages should be scanned again"


def _summary(checked: CheckedScans) -> dict[str, object]:
    return {
        "files": len(checked.facts),
        "bad": {bad.facts.name: {"code": bad.fault.code, "message": bad.fault.message} for bad in checked.bad},
        "faults": {
            name: [asdict(fault) | {"vietnamese": fault.vietnamese, "english": fault.english} for fault in its]
            for name, its in checked.faults.items()
        },
    }
