"""`python -m cli.alive PART`: exit code 0 if that part of the service lives here. For health checks, so it is light."""

from __future__ import annotations

import socket
import sys
from datetime import timedelta

import httpx
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from core.errors import ServiceUnreachable, SettingsError, SohoaError
from core.settings import Settings, load_settings
from storage.database import Records, keep_silent, present
from storage.tables import Worker
from storage.workers import SWEEP, last_seen

PARTS = ("api", "worker", "sweep")
_WORKER_LATE = timedelta(seconds=45)
_SWEEP_LATE = timedelta(seconds=120)


def check_api(settings: Settings) -> None:
    """The web server on this machine answers. Raises ServiceUnreachable."""
    scheme = "https" if settings.tls_certificate else "http"
    try:
        # To this machine itself, where there is nobody to be mistaken for.
        httpx.get(f"{scheme}://127.0.0.1:{settings.port}/health/live", verify=False, timeout=5).raise_for_status()
    except httpx.HTTPError as error:
        raise ServiceUnreachable(f"The API does not answer: {type(error).__name__}.", "Look at its log.") from None


def check_worker(records: Records) -> None:
    """A worker process of this machine has said that it is alive. Raises ServiceUnreachable."""
    mine = Worker.name.startswith(f"{socket.gethostname()}:", autoescape=True)
    with records.reading() as session:
        seen = session.scalar(
            select(Worker.name).where(mine, Worker.seen_at >= present(session) - _WORKER_LATE).limit(1)
        )
    if seen is None:
        raise ServiceUnreachable("No worker of this machine is alive.", "Look at its log.")


def check_sweep(records: Records) -> None:
    """Lost work has been looked for lately: the clock ticks, a worker does as it says. Raises ServiceUnreachable."""
    with records.reading() as session:
        seen = last_seen(session, SWEEP)
        late = seen is None or seen < present(session) - _SWEEP_LATE
    if late:
        raise ServiceUnreachable("The sweep has not run.", "Look at the logs of beat and of the workers.")


def check(part: str) -> None:
    """Raises a named error if the part does not live."""
    settings = load_settings()
    if part == "api":
        check_api(settings)
        return
    records = Records(settings.records_url, keep_silent)
    try:
        check_worker(records) if part == "worker" else check_sweep(records)
    except SQLAlchemyError as error:
        raise ServiceUnreachable(f"The records do not answer: {type(error).__name__}.", "Look at PostgreSQL.") from None
    finally:
        records.close()


def main(arguments: list[str]) -> int:
    """Answers the exit code."""
    try:
        if len(arguments) != 1 or arguments[0] not in PARTS:
            raise SettingsError(f"Name one part: {', '.join(PARTS)}.")
        check(arguments[0])
    except SohoaError as error:
        sys.stderr.write(f"{error.code}: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
