"""Delivers a folder of scans to the centre. Running it again goes on where it stopped and sends nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.canonical import canonical_json
from core.errors import FileRefused, ManifestMismatch, ServiceRefused, ServiceUnreachable
from core.keys import VerifyKey
from core.receipts import Receipt, SignedReceipt, verify_receipt
from core.states import FileState
from ingest.checks import Limits
from station.checking import BadFile, CheckedScans, build_manifest, check_scans, replace_file
from station.client import ChunkAnswer, RemoteFile, StationClient
from station.manifest_csv import read_manifest_csv
from station.manifest_pattern import DEFAULT_PATTERN, DeclaredLabels, plan_by_pattern
from station.pages import PageFault, PageLook, describe_faults
from station.progress import Progress
from station.scans import CSV_NAME, RECEIPT_PREFIX, ScanPlan, list_scans

_SETTLED = (FileState.RECEIVED, FileState.REFUSED)


@dataclass(frozen=True, slots=True)
class PushOptions:
    """What the operator says. pattern and labels count only where there is no manifest.csv."""

    batch: str
    station: str = ""
    """The station's code; empty: as the centre knows it by its key."""
    announce_bad: bool = False
    strict: bool = False
    """Nothing is sent while a page should be scanned again."""
    look_at_pages: bool = True
    chunk_bytes: int = 4 << 20
    pattern: str = DEFAULT_PATTERN
    labels: DeclaredLabels = field(default_factory=DeclaredLabels)
    verify_key: VerifyKey | None = None
    """The centre's key as the office knows it; without it the key that the centre names is taken."""


@dataclass(frozen=True, slots=True)
class PushResult:
    """What a run did. refused: name → reason, of all files; unexpected: those that the station's checks had passed."""

    batch: str
    received: int
    refused: Mapping[str, str]
    unexpected: tuple[str, ...]
    bytes_sent: int
    receipt: Path
    faults: Mapping[str, tuple[PageFault, ...]] = field(default_factory=dict)
    """Pages that should be scanned again, by file; they were delivered all the same."""


def push(directory: Path, client: StationClient, options: PushOptions, progress: Progress) -> PushResult:
    """Checks, announces, sends, seals; keeps the verified receipt as `receipt-<batch>.json` beside the scans.

    Raises ManifestMismatch, FileRefused, ServiceRefused, ServiceUnreachable, ReceiptInvalid.
    """
    info = client.describe_batch(options.batch)
    limits = Limits(info.limits.max_bytes, info.limits.max_pages, info.limits.max_pixels)
    scans = list_scans(directory)
    plan = make_plan(directory, scans, options.pattern, options.labels)
    checked = look_at_scans(directory, scans, limits, progress, look_at_pages=options.look_at_pages)
    stop_at_bad(checked, options.announce_bad)
    stop_at_faults(checked, options.strict)
    manifest = build_manifest(options.batch, options.station or info.station, plan, checked.facts)
    remote = client.announce(manifest)
    bad = {one.facts.name: one for one in checked.bad}
    sent = _Delivery(client, manifest.batch, scans, options.chunk_bytes).deliver(remote, bad, progress)
    signed = client.seal(options.batch)
    key = options.verify_key or VerifyKey.from_text(info.verify_key)
    receipt = verify_receipt(signed, key, manifest)
    return replace(_result(receipt, keep_receipt(directory, signed), bad, sent), faults=checked.faults)


def make_plan(directory: Path, scans: Mapping[str, Path], pattern: str, labels: DeclaredLabels) -> ScanPlan:
    """By manifest.csv where there is one, else by the pattern. Raises ManifestMismatch."""
    if not scans:
        raise ManifestMismatch(f"There are no scans in '{directory}'.", "Choose the folder with the files.")
    if (directory / CSV_NAME).exists():
        return read_manifest_csv(directory, scans)
    return plan_by_pattern(scans, pattern, labels)


def stop_at_bad(checked: CheckedScans, announce_bad: bool) -> None:
    """Raises FileRefused that lists the bad files, unless they are to be announced."""
    if checked.bad and not announce_bad:
        faults = " | ".join(one.fault.message for one in checked.bad)
        raise FileRefused(
            f"{len(checked.bad)} of {len(checked.facts)} files fail their check: {faults}",
            "Mend them, or add --announce-bad to have them recorded as refused.",
        )


def look_at_scans(
    directory: Path, scans: Mapping[str, Path], limits: Limits, progress: Progress, *, look_at_pages: bool
) -> CheckedScans:
    """Checks files, and pages if wanted; says what should be scanned again."""

    def report(name: str) -> None:
        progress.note(f"checking {name}")

    if not look_at_pages:
        return check_scans(directory, scans, limits, report)
    with PageLook() as look:
        checked = check_scans(directory, scans, limits, report, look)
    for line in describe_faults(checked.faults):
        progress.note(line)
    return checked


def stop_at_faults(checked: CheckedScans, strict: bool) -> None:
    """Raises FileRefused that names the pages to be scanned again, if nothing is to be sent before."""
    if strict and checked.faults:
        pages = "; ".join(
            f"{name}: " + ", ".join(str(page) for page in sorted({fault.page for fault in its}))
            for name, its in checked.faults.items()
        )
        raise FileRefused(f"Pages should be scanned again: {pages}.", "Scan them, or leave --strict out.")


def keep_receipt(directory: Path, signed: SignedReceipt) -> Path:
    """Writes it beside the scans."""
    safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in signed.receipt.batch)
    path = directory / f"{RECEIPT_PREFIX}{safe}.json"
    replace_file(path, canonical_json(signed) + b"\n")
    return path


def _result(receipt: Receipt, path: Path, bad: Mapping[str, BadFile], sent: int) -> PushResult:
    refused = {file.name: file.reason or "" for file in receipt.files if file.outcome == "refused"}
    return PushResult(
        batch=receipt.batch,
        received=len(receipt.files) - len(refused),
        refused=refused,
        unexpected=tuple(name for name in refused if name not in bad),
        bytes_sent=sent,
        receipt=path,
    )


@dataclass(frozen=True, slots=True)
class _Delivery:
    """Sends files to one batch."""

    client: StationClient
    batch: str
    scans: Mapping[str, Path]
    chunk_bytes: int

    def deliver(self, remote: tuple[RemoteFile, ...], bad: Mapping[str, BadFile], progress: Progress) -> int:
        """Sends what is not there yet; returns the number of bytes that the centre took in this run."""
        waiting = [file for file in remote if file.state not in _SETTLED]
        total = sum(file.size - file.offset for file in waiting if file.name not in bad)
        sent = 0
        with progress.sending(f"batch {self.batch}", total) as advance:
            for file in waiting:
                if file.name in bad:
                    self.client.refuse(file.id, bad[file.name].fault.code, bad[file.name].fault.message)
                else:
                    sent += self._send(file, advance)
        return sent

    def _send(self, file: RemoteFile, advance: Callable[[int], None]) -> int:
        """One file from the centre's offset to its end; its refusal by the centre is no error here."""
        offset, sent, failures = file.offset, 0, 0
        with self.scans[file.name].open("rb") as source:
            while True:
                source.seek(offset)
                data = source.read(min(self.chunk_bytes, file.size - offset))
                if not data and offset < file.size:
                    raise ManifestMismatch(f"'{file.name}' became shorter while it was sent.", "Scan it again.")
                try:
                    answer = self.client.send_chunk(file.id, offset, data)
                except (ServiceUnreachable, ServiceRefused) as error:
                    answer = self._recover(file, error, failures + 1)
                taken = max(0, answer.offset - offset)
                failures = 0 if taken else failures + 1
                if failures > self.client.patience.attempts:
                    raise ServiceRefused(f"The centre takes no more of '{file.name}'.", "stuck", "Ask the centre.")
                sent += taken
                advance(taken)
                if answer.state in _SETTLED:
                    return sent
                offset = answer.offset

    def _recover(self, file: RemoteFile, error: ServiceUnreachable | ServiceRefused, failures: int) -> ChunkAnswer:
        """Where the file stands at the centre after a chunk failed. Raises the error again when patience ends."""
        mismatch = isinstance(error, ServiceRefused) and error.error_code == "offset_mismatch"
        if failures >= self.client.patience.attempts or not (mismatch or isinstance(error, ServiceUnreachable)):
            raise error
        if not mismatch:
            self.client.patience.wait(failures)
        for known in self.client.list_files(self.batch):
            if known.id == file.id:
                return ChunkAnswer(offset=known.offset, state=known.state, reason=known.reason)
        raise error
