"""Files into pages, for the reading, for the viewer, and for the archive's derivatives."""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.checks.inspect import PDF
from ingest.checks.limits import Limits
from ingest.image_pages import ImagePages
from ingest.page_images import PageSource, SplitPage
from ingest.pdf_pages import PdfPages

__all__ = ["PageSource", "SplitPage", "open_pages", "page_count", "split_file", "take_page"]

_DEFAULT_LIMITS = Limits()


@contextmanager
def open_pages(path: Path, media_type: str, limits: Limits = _DEFAULT_LIMITS) -> Iterator[PageSource]:
    """The file's pages, each to be taken by its number, so that a bad page does not cost the others.

    Raises DamagedFile, EncryptedFile or LimitExceeded when the file as a whole cannot be opened.
    """
    source = _open(path, media_type, limits)
    try:
        yield source
    finally:
        source.close()


def split_file(path: Path, media_type: str, limits: Limits = _DEFAULT_LIMITS) -> Iterator[SplitPage]:
    """All pages in order. Raises SplitFailed at the first that cannot be taken out, and what `open_pages` raises."""
    with open_pages(path, media_type, limits) as pages:
        for number in range(1, pages.count + 1):
            yield pages.take(number)


def page_count(path: Path, media_type: str, limits: Limits = _DEFAULT_LIMITS) -> int:
    """Raises what `open_pages` raises."""
    with open_pages(path, media_type, limits) as pages:
        return pages.count


@dataclass(slots=True)
class _Opened:
    """The file that this process took a page from last, kept open: the next page is mostly of the same file."""

    key: object = None
    source: PageSource | None = None

    def open(self, path: Path, media_type: str, limits: Limits) -> PageSource:
        status = path.stat()
        key = (path, status.st_ino, status.st_mtime_ns, status.st_size, media_type, limits)
        if self.source is None or key != self.key:
            self.close()
            self.source, self.key = _open(path, media_type, limits), key
        return self.source

    def close(self) -> None:
        if self.source is not None:
            self.source.close()
        self.source = None


_opened = _Opened()
atexit.register(_opened.close)


def take_page(path: Path, media_type: str, limits: Limits, number: int) -> SplitPage:
    """One page of a file, which stays open until a page of another file is taken. From one thread at a time.

    Raises SplitFailed, and what `open_pages` raises.
    """
    return _opened.open(path, media_type, limits).take(number)


def _open(path: Path, media_type: str, limits: Limits) -> PageSource:
    return PdfPages(path, limits) if media_type == PDF else ImagePages(path, media_type, limits)
