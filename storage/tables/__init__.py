"""All tables of the records. SQLAlchemy's metadata is complete once this is imported."""

from storage.tables.acceptance import Acceptance, Defect, SignOff
from storage.tables.access import AccessEvent
from storage.tables.base import Base, now
from storage.tables.batches import ArchivalFile, Batch, IncomingFile
from storage.tables.catalogue import CatalogueEntry
from storage.tables.documents import (
    Document,
    FieldSuggestion,
    FieldValue,
    Page,
    PageReading,
    ValueChange,
)
from storage.tables.jobs import Job
from storage.tables.landing import LandingPart, LandingUpload
from storage.tables.people import RoleGrant, SignIn, Station, Unit, User
from storage.tables.personal import PersonalFinding, Unmasking
from storage.tables.workers import Worker

__all__ = [
    "Acceptance",
    "AccessEvent",
    "ArchivalFile",
    "Base",
    "Batch",
    "CatalogueEntry",
    "Defect",
    "Document",
    "FieldSuggestion",
    "FieldValue",
    "IncomingFile",
    "Job",
    "LandingPart",
    "LandingUpload",
    "Page",
    "PageReading",
    "PersonalFinding",
    "RoleGrant",
    "SignIn",
    "SignOff",
    "Station",
    "Unit",
    "Unmasking",
    "User",
    "ValueChange",
    "Worker",
    "now",
]
