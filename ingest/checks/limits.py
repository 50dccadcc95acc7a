"""How large a file may be before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import LimitExceeded


@dataclass(frozen=True, slots=True)
class Limits:
    """Most bytes in a file, pages in a file, pixels in a page image."""

    max_bytes: int = 500_000_000
    max_pages: int = 2_000
    max_pixels: int = 150_000_000

    def check_bytes(self, size: int, name: str) -> None:
        """Raises LimitExceeded."""
        if size > self.max_bytes:
            raise LimitExceeded(f"{name}: {size:,} bytes, at most {self.max_bytes:,} are allowed.", "Split the file.")

    def check_pages(self, pages: int, name: str) -> None:
        """Raises LimitExceeded."""
        if pages > self.max_pages:
            raise LimitExceeded(f"{name}: more than {self.max_pages:,} pages.", "Split the file.")

    def check_pixels(self, width: int, height: int, name: str) -> None:
        """Raises LimitExceeded."""
        if width * height > self.max_pixels:
            raise LimitExceeded(
                f"{name}: an image of {width:,} x {height:,} pixels, at most {self.max_pixels:,} are allowed.",
                "Scan at a lower resolution.",
            )
