"""The table of docs/settings.md, from the settings themselves. `python -m tests.settings_page` writes it anew."""

from __future__ import annotations

from pathlib import Path

from core.labels import Secrecy
from core.settings import Settings

PAGE = Path(__file__).resolve().parents[1] / "docs" / "settings.md"
BEGIN = "| setting | default | |\n|---|---|---|\n"


def make_table() -> str:
    """The table's rows, one for each setting, in the order of the code."""
    rows = []
    for name, one in Settings.model_fields.items():
        default = one.default.vietnamese if isinstance(one.default, Secrecy) else str(one.default)
        rows.append(f"| `SOHOA_{name.upper()}` | `{default or '—'}` | {one.description} |\n")
    return "".join(rows)


def read_table(page: str) -> str:
    """The rows that stand in the page."""
    return page.partition(BEGIN)[2].partition("\n\n")[0] + "\n"


def main() -> None:
    page = PAGE.read_text("utf-8")
    PAGE.write_text(page.replace(BEGIN + read_table(page), BEGIN + make_table()), "utf-8")


if __name__ == "__main__":
    main()
