"""All tables of the records. SQLAlchemy's metadata is complete once this is imported."""

from storage.tables.acceptance import Acceptance, Defect, SignOff
from storage.tables.access import AccessEvent
from storage.tables.base import Base, now
from storage.tables.batches import ArchivalFile, Batch, IncomingFile
from storage.tables.catalogue import (
    CatalogueEntry,
    CatalogueTarget,
    ChangeRequest,
    DictionaryVersion,
    EntryChange,
    OpenQuestion,
    ProcessCard,
)
from storage.tables.documents import (
    Document,
    FieldSuggestion,
    FieldValue,
    Page,
    PageReading,
    ValueChange,
)
from storage.tables.duplicates import DocumentLikeness, DuplicatePair, LikenessBand
from storage.tables.files import Absence, SettledClaim, Settlement
from storage.tables.jobs import Job
from storage.tables.landing import LandingPart, LandingUpload
from storage.tables.learning import ConfirmedType
from storage.tables.people import RoleGrant, SignIn, Station, Unit, User
from storage.tables.personal import PersonalFinding, Unmasking
from storage.tables.registers import BatchRegister, RegisterEntry
from storage.tables.workers import Worker

__all__ = [
    "Absence",
    "Acceptance",
    "AccessEvent",
    "ArchivalFile",
    "Base",
    "Batch",
    "BatchRegister",
    "CatalogueEntry",
    "CatalogueTarget",
    "ChangeRequest",
    "ConfirmedType",
    "Defect",
    "DictionaryVersion",
    "Document",
    "DocumentLikeness",
    "DuplicatePair",
    "EntryChange",
    "FieldSuggestion",
    "FieldValue",
    "IncomingFile",
    "Job",
    "LandingPart",
    "LandingUpload",
    "LikenessBand",
    "OpenQuestion",
    "Page",
    "PageReading",
    "PersonalFinding",
    "ProcessCard",
    "RegisterEntry",
    "RoleGrant",
    "SettledClaim",
    "Settlement",
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
