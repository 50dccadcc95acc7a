"""The `sohoa` command: its groups, and how its errors are told."""

from __future__ import annotations

import sys

import click

from cli import (
    admin_commands,
    backup_commands,
    catalogue_commands,
    check_commands,
    duplicate_commands,
    engine_commands,
    learning_commands,
    ocr_commands,
    remote_commands,
    serve_commands,
    service_commands,
)
from core.errors import ServiceRefused, SohoaError
from station.commands import station


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.pass_context
def sohoa(context: click.Context, debug: bool) -> None:
    """Digitization of office files: scan, read, describe, review, publish, search.

    Exit codes: 0 done; 1 failed; 2 wrong usage; 3 wrong settings; 4 not found; 5 not allowed; 6 refused: the input or
    the state of things does not permit it; 7 above the installation's ceiling; 8 a page could not be read; 9 the
    service cannot be reached; 10 the check found something.
    """
    context.obj = debug


sohoa.add_command(service_commands.up)
sohoa.add_command(service_commands.demo)
sohoa.add_command(service_commands.ingest)
sohoa.add_command(serve_commands.migrate)
sohoa.add_command(serve_commands.serve)
sohoa.add_command(station)
sohoa.add_command(remote_commands.sign_in)
sohoa.add_command(remote_commands.batch)
sohoa.add_command(remote_commands.search)
sohoa.add_command(check_commands.check)
sohoa.add_command(check_commands.audit)
sohoa.add_command(check_commands.reindex)
sohoa.add_command(duplicate_commands.find_duplicates)
sohoa.add_command(learning_commands.learning)
sohoa.add_command(check_commands.find_personal_data)
sohoa.add_command(backup_commands.backup)
sohoa.add_command(backup_commands.restore)
sohoa.add_command(ocr_commands.ocr)
sohoa.add_command(ocr_commands.describe)
sohoa.add_command(engine_commands.engines)
sohoa.add_command(admin_commands.admin)
sohoa.add_command(catalogue_commands.catalogue)


def main() -> None:
    """Runs the command. A named error is one line on standard error and an exit code; a traceback only with --debug."""
    debug = "--debug" in sys.argv
    try:
        sys.exit(sohoa.main(standalone_mode=False))
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except SohoaError as error:
        if debug:
            raise
        code = error.error_code if isinstance(error, ServiceRefused) else error.code
        click.echo(f"{code}: {error}".replace("\n", " "), err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:  # the boundary: a user gets one line, a developer --debug
        if debug:
            raise
        click.echo(
            f"unexpected: {type(error).__name__}: {error}. Run it again with --debug.".replace("\n", " "), err=True
        )
        sys.exit(1)
