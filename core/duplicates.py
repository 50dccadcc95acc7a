"""Duplicates: kinds in which two documents can be one, and what a person decides about them."""

from __future__ import annotations

from enum import StrEnum

from core.states import DocumentState


class DuplicateKind(StrEnum):
    """Why two documents may be one."""

    SAME_BYTES = "same_bytes"
    """An original, or page images, with the same SHA-256. Similarity: the share of page images, 1 for an original."""
    SAME_KEY = "same_key"
    """The same issuer, number and year or term (core.document_keys)."""
    NEAR_TEXT = "near_text"
    """Nearly the same text on their read pages. Similarity: estimated Jaccard similarity of their shingles."""

    @property
    def vietnamese(self) -> str:
        return _KINDS[self]


_KINDS = {
    DuplicateKind.SAME_BYTES: "cùng tệp hoặc cùng ảnh trang",
    DuplicateKind.SAME_KEY: "cùng cơ quan, số, ký hiệu, năm hoặc nhiệm kỳ",
    DuplicateKind.NEAR_TEXT: "chữ gần như nhau",
}

BLOCKING = frozenset({DuplicateKind.SAME_BYTES, DuplicateKind.SAME_KEY})
"""Undecided, these stand before acceptance; nearly the same text is shown only."""


class DuplicateDecision(StrEnum):
    """What a person found about a pair."""

    NOT_DUPLICATE = "not_duplicate"
    KEPT = "kept"
    """They are duplicates, and both stay."""
    DROPPED = "dropped"
    """One of them was dropped."""

    @property
    def vietnamese(self) -> str:
        return _DECISIONS[self]


_DECISIONS = {
    DuplicateDecision.NOT_DUPLICATE: "không phải bản trùng",
    DuplicateDecision.KEPT: "trùng, giữ cả hai",
    DuplicateDecision.DROPPED: "đã bỏ một bản",
}

GIVEN_UP = frozenset(
    {
        DocumentState.RESCAN_REQUESTED,
        DocumentState.REJECTED,
        DocumentState.SUPERSEDED,
        DocumentState.WITHDRAWN,
        DocumentState.PURGED,
    }
)
"""States of documents that are nobody's duplicate: they go no further, or another takes their place."""
