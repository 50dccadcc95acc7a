"""`sohoa backup`, `sohoa restore` and the drill, run on the machine of the service by its administrator."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from cli.check_commands import FOUND
from core.settings import Settings, load_settings
from flow.backup import make_backup
from flow.restore import RestoreReport, restore_backup
from flow.service import open_service
from storage.database import keep_silent

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=_FOLDER)
def backup(folder: Path) -> None:
    """Writes records, objects and keys into FOLDER, beside those of earlier backups; the service may go on.

    A second backup into the same folder copies only what is new.
    """
    service = open_service(load_settings(), keep_silent)
    try:
        report = make_backup(service, folder)
    finally:
        service.close()
    click.echo(f"{report.rows} rows, {report.objects} objects, {report.copied} of them copied now: {folder}", err=True)


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--drill", is_flag=True, help="Restore into a folder of its own and throw it away: proves the backup.")
def restore(folder: Path, drill: bool) -> None:
    """Fills an empty installation from the backup in FOLDER and checks it. Exit code 10 if the check finds something.

    Every hash of the backup is compared before anything is written.
    """
    settings = load_settings()
    if not drill:
        _tell(restore_backup(settings, folder))
        return
    with tempfile.TemporaryDirectory(prefix="sohoa-drill-") as place:
        embedded = Settings(
            data_dir=Path(place), database_url="", search_url="", search_path="", objects_url="", copy_dir="",
            copy_url="", objects_key_file=settings.objects_key_file, ceiling=settings.ceiling,
        )  # fmt: skip
        _tell(restore_backup(embedded, folder))


def _tell(report: RestoreReport) -> None:
    click.echo(
        f"{report.rows} rows and {report.objects} objects put back, {report.indexed} documents indexed.", err=True
    )
    for one in report.findings:
        click.echo(f"{one.part}: {one.kind}: {one.where}: {one.what}")
    if report.findings:
        click.echo(f"The check found {len(report.findings)} things.", err=True)
        raise SystemExit(FOUND)
    click.echo("Checked: every hash is right, nothing is missing, orphaned or out of step.", err=True)
