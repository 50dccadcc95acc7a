"""Two documents side by side, for whoever decides whether they are one."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.document_pages import viewer_pages
from api.document_reading import read_document
from api.templates import render_page
from api.visitors import ServiceDep, VisitorDep

router = APIRouter(include_in_schema=False)


@router.get("/documents/{document_id}/compare/{other_id}")
def show_both(document_id: str, other_id: str, request: Request, service: ServiceDep, visitor: VisitorDep) -> Response:
    """Both documents' pages; each view is logged. Raises NotFound unless the visitor may read both."""
    with service.records.writing() as session:
        views = [
            read_document(session, visitor.person, service.dictionaries.of_document(session, one), one)[1].view
            for one in (document_id, other_id)
        ]
    return render_page(request, "compare.html", {"sides": [(view, viewer_pages(view)) for view in views]})
