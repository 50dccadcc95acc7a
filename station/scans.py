"""The folder of scans: which files are in it, and the plan by which they make documents."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import ManifestMismatch
from core.manifest import ManifestFolder, check_name, count_pages

CSV_NAME = "manifest.csv"
RECEIPT_PREFIX = "receipt-"
STATE_FOLDER = ".sohoa-station"
_NOT_SCANS = frozenset({CSV_NAME, "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """How the files make documents. origins: file name → where that was said, for errors."""

    folders: tuple[ManifestFolder, ...]
    origins: Mapping[str, str]

    def check_pages(self, pages: Mapping[str, int | None]) -> None:
        """Compares declared page counts with those found; unknown ones count as agreeing.

        Raises ManifestMismatch that names the place.
        """
        for folder in self.folders:
            for document in folder.documents:
                found = count_pages([pages[name] for name in document.file_names])
                if document.pages is not None and found is not None and found != document.pages:
                    raise ManifestMismatch(
                        f"{self.origins[document.file_names[0]]}: document {document.ordinal} of file '{folder.code}' "
                        f"should have {document.pages} pages, its files have {found}.",
                        "Mend the count or scan again.",
                    )


def list_scans(directory: Path) -> dict[str, Path]:
    """Name in the manifest → path, sorted, of every file below the folder that is not the station's own or hidden.

    Raises ManifestMismatch for a name that cannot be delivered, and for links and devices, which are not followed.
    """
    scans: dict[str, Path] = {}
    for folder, folders, files in os.walk(directory):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for file in files + links:
            path = Path(folder, file)
            own = Path(folder) == directory and file.startswith(RECEIPT_PREFIX) and file.endswith(".json")
            if file.startswith(".") or file.lower() in _NOT_SCANS or own:
                continue
            if not stat.S_ISREG(path.lstat().st_mode):
                raise ManifestMismatch(f"'{path}' is no plain file.", "Copy the scan itself into the folder.")
            name = check_name(unicodedata.normalize("NFC", path.relative_to(directory).as_posix()))
            if name in scans:
                raise ManifestMismatch(f"'{name}' stands twice in the folder, in two spellings.", "Rename one.")
            scans[name] = path
    return dict(sorted(scans.items()))
