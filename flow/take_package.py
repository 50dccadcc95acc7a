"""Taking in an offline package: verified whole, then the same way as an upload, with the same receipt."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from sqlalchemy import select

from core.errors import PackageRefused, SettingsError
from core.keys import VerifyKey
from core.manifest import Manifest
from core.receipts import SignedReceipt
from core.states import FileState
from flow.announce import announce_manifest
from flow.receive import complete_file, find_station_batch
from flow.seal import seal_batch
from flow.service import Service
from ingest.package import open_package, peek_package
from people.stations import StationIdentity, identify
from storage.landing import Landed
from storage.tables import IncomingFile, Station, now


def take_package(service: Service, path: Path) -> SignedReceipt:
    """Opens the package, receives its files, seals the batch, answers the receipt. The same package again: the same.

    Raises PackageRefused, and whatever announcing, receiving and sealing raise.
    """
    station, verify_key = _find_sender(service, peek_package(path).station)
    service.settings.landing_dir.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="package-", dir=service.settings.landing_dir))
    try:
        manifest = open_package(path, service.package_key, verify_key, folder / "files")
        return _receive_all(service, station, manifest, folder / "files")
    finally:
        shutil.rmtree(folder)


def _find_sender(service: Service, code: str) -> tuple[StationIdentity, VerifyKey]:
    with service.records.reading() as session:
        station = session.scalars(select(Station).where(Station.code == code)).one_or_none()
        if station is None:
            raise PackageRefused(f"The package is of station '{code}', which is not registered.", "Register it first.")
        try:
            key = VerifyKey.from_text(station.verify_key)
        except SettingsError as error:
            raise PackageRefused(f"Station '{code}' has no key for offline packages.", "Record its key.") from error
        return identify(session, station, now().date()), key


def _receive_all(service: Service, station: StationIdentity, manifest: Manifest, folder: Path) -> SignedReceipt:
    with service.records.writing() as session:
        dictionary = service.dictionaries.of_batch(session, manifest.batch)
        files = announce_manifest(session, station, dictionary, service.settings, manifest)
    for file in files:
        if file.state not in (FileState.RECEIVED, FileState.REFUSED):
            _receive(service, station, file, folder / file.name)
    with service.records.writing() as session:
        batch = find_station_batch(session, station, manifest.batch)
        return seal_batch(session, station, batch, service.signing_key)


def _receive(service: Service, station: StationIdentity, file: IncomingFile, path: Path) -> None:
    with service.landing.locked(file.id):
        complete_file(service, station.actor, file, Landed(path))
