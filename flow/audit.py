"""Auditing originals: both copies of each are read, and what is damaged in one store is mended from the other."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.errors import NotFound
from flow.check_objects import find_fault, known_originals, unlocked_files
from flow.findings import Finding
from flow.lock_originals import note_locked
from flow.service import Service
from storage.objects import Area, ObjectStore
from storage.tables import now


def audit_stores(service: Service, *, mend: bool) -> list[Finding]:
    """Every original that is missing, changed, or accepted and not locked, in whichever store; mended if wanted.

    What is "lost" is sound in no store: restore it from the backup.
    """
    findings: list[Finding] = []
    for one in known_originals(service):
        findings += _audit_original(service, one.sha256, mend=mend)
    return findings + _audit_locks(service, mend=mend)


def _audit_original(service: Service, sha256: str, *, mend: bool) -> list[Finding]:
    where = f"originals/{sha256}"
    fault = find_fault(service.objects, Area.ORIGINALS, sha256)
    if service.copy is None:
        return [Finding("objects", "lost", where, f"{fault}, and there is no second copy")] if fault else []
    copy_fault = find_fault(service.copy, Area.ORIGINALS, sha256)
    if fault and copy_fault:
        return [Finding("objects", "lost", where, f"{fault}, and {copy_fault} in the copy")]
    if fault:
        return [_mend("objects", service.copy, service.objects, sha256, fault, mend=mend)]
    if copy_fault:
        return [_mend("copy", service.objects, service.copy, sha256, copy_fault, mend=mend)]
    return []


def _mend(part: str, sound: ObjectStore, broken: ObjectStore, sha256: str, fault: str, *, mend: bool) -> Finding:
    where = f"originals/{sha256}"
    if not mend:
        return Finding(part, fault, where, "the other store has it sound: run 'sohoa audit --mend'")
    pieces = sound.pieces(Area.ORIGINALS, sha256)
    broken.replace(Area.ORIGINALS, sha256, pieces)
    return Finding(part, fault, where, "put anew from the other store", mended=True)


def _audit_locks(service: Service, *, mend: bool) -> list[Finding]:
    with service.records.reading() as session:
        files = [(file.id, file.sha256) for file in unlocked_files(session, service, deep=True)]
    until = now() + timedelta(days=service.settings.lock_days)
    findings = []
    for file_id, sha256 in files:
        where = f"originals/{sha256}"
        if mend and _lock(service, sha256, until):
            with service.records.writing() as session:
                note_locked(session, [file_id], until)
            findings.append(Finding("objects", "unlocked", where, "locked now", mended=True))
        else:
            findings.append(Finding("objects", "unlocked", where, "it was accepted and is not locked"))
    return findings


def _lock(service: Service, sha256: str, until: datetime) -> bool:
    try:
        service.objects.lock(sha256, until)
    except NotFound:
        return False
    return True
