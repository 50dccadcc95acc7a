"""`sohoa up`, `sohoa demo` and `sohoa ingest`: what runs on the machine of the service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click

from cli.processes import require_safe_address
from cli.sample import DemoPeople, prepare_demo
from cli.supervisor import Supervisor, hold_data_folder, plan_children, require_free_port
from core.logs import configure_logging
from core.settings import Settings, load_settings
from flow.prepare import prepare_records
from flow.service import open_service
from flow.take_package import take_package
from storage.database import Records, keep_silent, present
from storage.jobs import release_all


def service_url(settings: Settings) -> str:
    """Where people reach the service."""
    scheme = "https" if settings.tls_certificate else "http"
    return f"{scheme}://{settings.host}:{settings.port}"


def _serve(settings: Settings, on_ready: Callable[[], None]) -> None:
    """Runs the service until it is told to stop. The data folder is held and the database upgraded already."""
    configure_logging(settings)
    require_safe_address(settings)
    if settings.embedded_broker:
        _take_up_what_was_left(settings)
    require_free_port(settings.host, settings.port, "SOHOA_PORT")
    if settings.embedded_broker:
        require_free_port("127.0.0.1", settings.broker_port, "SOHOA_BROKER_PORT")
    Supervisor(settings, plan_children(settings)).run(on_ready)


def _take_up_what_was_left(settings: Settings) -> None:
    """The embedded service is alone on its data: whoever held a lease died with the last start."""
    records = Records(settings.records_url, keep_silent)
    with records.writing() as session:
        release_all(session, present(session))
    records.close()


@click.command()
def up() -> None:
    """Starts the service: broker, API, workers, beat. Ctrl+C or SIGTERM stops it."""
    settings = load_settings()
    with hold_data_folder(settings):
        prepare_records(settings)
        _serve(settings, lambda: click.echo(f"sohoa is ready at {service_url(settings)}", err=True))


@click.command()
@click.option("--seed", default=2026, show_default=True, help="Seed of the sample documents.")
@click.option("--exit-when-done", is_flag=True, help="Stop the service once the sample is through.")
def demo(seed: int, exit_when_done: bool) -> None:
    """Starts the service and pushes a sample batch through it; leaves it running with its URL and sign-in."""
    settings = load_settings()
    with hold_data_folder(settings):
        prepare_records(settings)
        people = prepare_demo(settings)
        _serve(settings, lambda: _start_sample(settings, people, seed, exit_when_done))


def _start_sample(settings: Settings, people: DemoPeople, seed: int, exit_when_done: bool) -> None:
    """In a process of its own: the supervisor itself runs no threads."""
    command = [sys.executable, "-m", "cli.sample_run", service_url(settings), str(people.path), str(seed)]
    command += [str(os.getpid())] if exit_when_done else []
    subprocess.Popen(command, stdin=subprocess.DEVNULL)


@click.command()
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--receipt", type=click.Path(path_type=Path), help="Where the signed receipt goes; default: beside it.")
def ingest(package: Path, receipt: Path | None) -> None:
    """Takes in an offline package that a station packed, and writes its signed receipt."""
    settings = load_settings()
    prepare_records(settings)
    service = open_service(settings, keep_silent)
    signed = take_package(service, package)
    service.close()
    target = receipt or package.with_suffix(".receipt.json")
    target.write_text(signed.model_dump_json(indent=1), "utf-8")
    refused = [file for file in signed.receipt.files if file.outcome == "refused"]
    for file in refused:
        click.echo(f"refused: {file.name}: {file.reason}", err=True)
    count = len(signed.receipt.files) - len(refused)
    click.echo(json.dumps({"batch": signed.receipt.batch, "received": count, "refused": len(refused)}))
    click.echo(f"Receipt: {target}", err=True)
