"""`sohoa migrate` and `sohoa serve`: the steps and processes of an installation that something else supervises."""

from __future__ import annotations

import click

from cli.processes import api_command, beat_command, become, require_safe_address, worker_command
from core.errors import SettingsError
from core.logs import configure_logging
from core.settings import load_settings
from core.stages import Queue
from flow.prepare import prepare_records
from storage.keys import load_package_key, load_signing_key


@click.command()
def migrate() -> None:
    """Brings the database to the present schema and makes the installation's keys, then ends. It comes first."""
    settings = load_settings()
    configure_logging(settings)
    prepare_records(settings)
    load_signing_key(settings.keys_dir)
    load_package_key(settings.keys_dir)
    click.echo("The database and the keys are as this version expects.", err=True)


@click.group()
def serve() -> None:
    """One process of the service, in the foreground, after 'sohoa migrate'; SIGTERM lets it finish what it holds."""


@serve.command("api")
def serve_api() -> None:
    """The web server."""
    settings = load_settings()
    require_safe_address(settings)
    become(settings, api_command(settings))


@serve.command("worker")
@click.option("--queues", default="light,read.cpu", show_default=True, help="What it takes: light, read.cpu, read.gpu.")
def serve_worker(queues: str) -> None:
    """A worker. Start as many as there are machines; each joins by itself."""
    settings = load_settings()
    become(settings, worker_command(settings, parse_queues(queues)))


@serve.command("beat")
def serve_beat() -> None:
    """The clock that has lost work looked for."""
    settings = load_settings()
    become(settings, beat_command(settings))


def parse_queues(names: str) -> list[Queue]:
    """The queues in a list with commas. Raises SettingsError naming an unknown one."""
    try:
        return [Queue(name.strip()) for name in names.split(",")]
    except ValueError as error:
        known = ", ".join(queue.value for queue in Queue)
        raise SettingsError(f"--queues {names}: {error}.", f"There are: {known}.") from None
