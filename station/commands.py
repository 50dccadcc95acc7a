"""The commands of a scan station: `sohoa station push|watch|pack`, alone as `sohoa-station`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import wraps
from pathlib import Path

import click

from core.errors import FileRefused, ServiceUnreachable, SettingsError, SohoaError
from core.keys import SealKey, SigningKey, VerifyKey
from core.words import parse_secrecy, parse_sensitivity
from ingest.checks import Limits
from station.check_command import check_command
from station.checking import build_manifest
from station.client import Connection, Patience, StationClient
from station.manifest_pattern import DEFAULT_PATTERN, DeclaredLabels
from station.package import write_package
from station.progress import Progress
from station.push import PushOptions, PushResult, look_at_scans, make_plan, push, stop_at_bad, stop_at_faults
from station.scans import CSV_NAME, list_scans
from station.watch import Watcher, WatchOptions

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
Command = Callable[..., None]


@dataclass(frozen=True, slots=True)
class _Planning:
    """Options of how files make documents and how the command speaks."""

    pattern: str
    labels: DeclaredLabels
    announce_bad: bool
    strict: bool
    look_at_pages: bool
    as_json: bool

    @property
    def progress(self) -> Progress:
        return Progress(None if self.as_json else sys.stderr)


@dataclass(frozen=True, slots=True)
class _Centre:
    """Options of where the centre is, and as whom the station comes."""

    connection: Connection
    station: str
    verify_key: VerifyKey | None
    chunk_bytes: int

    @contextmanager
    def client(self) -> Iterator[StationClient]:
        client = StationClient(self.connection, Patience())
        try:
            yield client
        finally:
            client.close()

    def options(self, batch: str, planning: _Planning) -> PushOptions:
        return PushOptions(
            batch=batch,
            station=self.station,
            announce_bad=planning.announce_bad,
            strict=planning.strict,
            look_at_pages=planning.look_at_pages,
            chunk_bytes=self.chunk_bytes,
            pattern=planning.pattern,
            labels=planning.labels,
            verify_key=self.verify_key,
        )


def _takes_planning(command: Command) -> Command:
    """Adds the options of `_Planning` and hands them over as one."""

    @click.option("--pattern", default=DEFAULT_PATTERN, show_default=True, help="Without manifest.csv: names by this.")
    @click.option("--record-type", help="Without manifest.csv: of every document.")
    @click.option("--secrecy", default="thường", show_default=True, help="Without manifest.csv: of every document.")
    @click.option("--sensitivity", help="Without manifest.csv: of every document.")
    @click.option("--announce-bad", is_flag=True, help="List files that fail their check as refused, and go on.")
    @click.option("--strict", is_flag=True, help="Send nothing while a page should be scanned again.")
    @click.option("--look/--no-look", "look_at_pages", default=True, show_default=True, help="Look at every page.")
    @click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output; quiet otherwise.")
    @wraps(command)
    def call(
        pattern: str,
        record_type: str | None,
        secrecy: str,
        sensitivity: str | None,
        announce_bad: bool,
        strict: bool,
        look_at_pages: bool,
        as_json: bool,
        **others: object,
    ) -> None:
        level = parse_sensitivity(sensitivity) if sensitivity else None
        labels = DeclaredLabels(record_type, parse_secrecy(secrecy), level)
        looks = strict or look_at_pages
        command(planning=_Planning(pattern, labels, announce_bad, strict, looks, as_json), **others)

    return call


def _takes_centre(command: Command) -> Command:
    """Adds the options of `_Centre` and hands them over as one."""

    @click.option("--server", envvar="SOHOA_STATION_SERVER", required=True, help="Address of the centre.")
    @click.option("--key", envvar="SOHOA_STATION_KEY", required=True, help="The station's key, prefix.secret.")
    @click.option("--station", envvar="SOHOA_STATION_CODE", help="The station's code; else as the centre knows it.")
    @click.option("--ca", envvar="SOHOA_STATION_CA", type=_FILE, help="PEM file of the office's own authority.")
    @click.option("--verify-key", envvar="SOHOA_CENTRE_VERIFY_KEY", help="The centre's receipt key, base64.")
    @click.option("--chunk-bytes", envvar="SOHOA_CHUNK_BYTES", default=4 << 20, type=click.IntRange(1))
    @wraps(command)
    def call(
        server: str,
        key: str,
        station: str | None,
        ca: Path | None,
        verify_key: str | None,
        chunk_bytes: int,
        **others: object,
    ) -> None:
        trusted = VerifyKey.from_text(verify_key) if verify_key else None
        command(centre=_Centre(Connection(server, key, ca), station or "", trusted, chunk_bytes), **others)

    return call


@click.group()
def station() -> None:
    """Deliver scans to the centre."""


station.add_command(check_command)


@station.command("push")
@click.argument("directory", type=_FOLDER)
@click.option("--batch", required=True, help="Code of the batch, as the centre opened it.")
@_takes_centre
@_takes_planning
def push_command(directory: Path, batch: str, centre: _Centre, planning: _Planning) -> None:
    """Deliver the scans in DIRECTORY; run again, it goes on where it stopped."""
    with centre.client() as client:
        result = push(directory, client, centre.options(batch, planning), planning.progress)
    _report(result, planning.as_json)
    _stop_if_refused(result)


@station.command("watch")
@click.argument("directory", type=_FOLDER)
@click.option("--batch", help="DIRECTORY is this batch; without it each folder below is one, named by its code.")
@click.option("--quiet", default=10.0, show_default=True, help="Seconds without a change that mean: done.")
@click.option("--marker", default=CSV_NAME, show_default=True, help="File that says that the scanning is finished.")
@_takes_centre
@_takes_planning
def watch_command(
    directory: Path, batch: str | None, quiet: float, marker: str, centre: _Centre, planning: _Planning
) -> None:
    """Wait until the scans in DIRECTORY are complete and stable, then deliver them."""
    watcher = Watcher(WatchOptions(quiet=quiet, marker=marker))
    with centre.client() as client:
        if batch:
            watcher.wait_for(directory)
            result = push(directory, client, centre.options(batch, planning), planning.progress)
            _report(result, planning.as_json)
            _stop_if_refused(result)
            return
        for folder in watcher.ready_folders(directory):
            try:
                result = push(folder, client, centre.options(folder.name, planning), planning.progress)
            except SohoaError as error:  # the other batches go on; this one comes again when something changes
                click.echo(f"batch {folder.name}: {error}", err=True)
                if isinstance(error, ServiceUnreachable):
                    watcher.offer_again(folder)
            else:
                _report(result, planning.as_json)


@station.command("pack")
@click.argument("directory", type=_FOLDER)
@click.option("--batch", required=True, help="Code of the batch.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The package, *.sohoa.")
@click.option("--station", "code", envvar="SOHOA_STATION_CODE", required=True, help="The station's code.")
@click.option("--centre-key", envvar="SOHOA_CENTRE_KEY", required=True, help="The centre's package key, base64.")
@click.option(
    "--signing-key", envvar="SOHOA_STATION_SIGNING_KEY", type=_FILE, required=True, help="PEM, the station's."
)
@_takes_planning
def pack_command(
    directory: Path, batch: str, out: Path, code: str, centre_key: str, signing_key: Path, planning: _Planning
) -> None:
    """Write the scans in DIRECTORY as one signed, encrypted package."""
    keys = SealKey.from_text(centre_key), SigningKey.from_text(signing_key.read_text())
    scans = list_scans(directory)
    plan = make_plan(directory, scans, planning.pattern, planning.labels)
    checked = look_at_scans(directory, scans, Limits(), planning.progress, look_at_pages=planning.look_at_pages)
    stop_at_bad(checked, planning.announce_bad)
    stop_at_faults(checked, planning.strict)
    manifest = build_manifest(batch, code, plan, checked.facts)
    write_package(out, manifest, scans, *keys)
    summary = {"batch": batch, "package": str(out), "files": len(manifest.files), "digest": manifest.digest}
    text = f"{len(manifest.files)} files in {out}"
    click.echo(json.dumps(summary, ensure_ascii=False) if planning.as_json else text)


@station.command("keygen")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def keygen_command(path: Path) -> None:
    """Make the station's signing key at PATH and print its public half, which the centre needs."""
    key = SigningKey.generate()
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        raise SettingsError(f"'{path}' exists already.", "A key is never overwritten; choose another name.") from error
    path.write_text(key.text)
    click.echo(key.verify_key.text)


def _report(result: PushResult, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(result) | {"receipt": str(result.receipt)}, ensure_ascii=False))
        return
    click.echo(f"batch {result.batch}: {result.received} files received, {len(result.refused)} refused")
    if result.faults:
        click.echo(f"files with pages that should be scanned again: {len(result.faults)}", err=True)
    for name, reason in result.refused.items():
        click.echo(f"refused: {name}: {reason}", err=True)
    click.echo(f"receipt: {result.receipt}")


def _stop_if_refused(result: PushResult) -> None:
    if result.unexpected:
        raise FileRefused(
            f"The centre refused {len(result.unexpected)} files: {', '.join(result.unexpected)}.",
            "The receipt says why; scan them again for a new batch.",
        )


def main() -> None:
    """Entry of `sohoa-station`. Errors are one line on standard error; --debug in front shows where they arose."""
    debug = "--debug" in sys.argv[1:2]
    arguments = sys.argv[2:] if debug else sys.argv[1:]
    try:
        station.main(args=arguments, prog_name="sohoa-station", standalone_mode=False)
    except click.ClickException as error:
        if debug:
            raise
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except (SohoaError, OSError) as error:
        if debug:
            raise
        click.echo(f"error: {' '.join(str(error).split())}", err=True)
        sys.exit(error.exit_code if isinstance(error, SohoaError) else 1)
