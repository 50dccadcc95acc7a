"""What the pages and the JSON API show of batches and documents: frozen, complete, in few queries."""

from review.queries.batches import BatchSummary, list_batches
from review.queries.document_parts import DocumentView, FieldView
from review.queries.documents import document_view
from review.queries.files import ArchivalFileView, list_files
from review.queries.overview import BatchOverview, batch_overview
from review.queries.person_file import ClaimView, PersonFileView, Reusable, Source, read_person_file
from review.queries.work import Task, next_document

__all__ = [
    "ArchivalFileView",
    "BatchOverview",
    "BatchSummary",
    "ClaimView",
    "DocumentView",
    "FieldView",
    "PersonFileView",
    "Reusable",
    "Source",
    "Task",
    "batch_overview",
    "document_view",
    "list_batches",
    "list_files",
    "next_document",
    "read_person_file",
]
