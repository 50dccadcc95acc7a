"""`sohoa catalogue`: every fault with its line, versions shown and compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import sohoa
from core.catalogue import builtin_text
from core.settings import load_settings


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOHOA_DATA_DIR", str(tmp_path / "data"))
    load_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(sohoa, ["catalogue", *map(str, words)])
    load_settings.cache_clear()


def test_check_names_every_fault_with_file_and_line(run, tmp_path: Path) -> None:
    file = tmp_path / "moi.yaml"
    file.write_text('version: "2"\nfields: 3\nrecord_types:\n  a: {title: x, form: church}\n', "utf-8")
    answer = run("check", file)
    assert answer.exit_code == 1
    assert [line.partition(": ")[0] for line in answer.stderr.splitlines()] == [
        *(f"{file}:{line}" for line in (2, 4, 4, 4, 4)),
        "5 faults.",
    ]


def test_check_is_content_with_the_built_in_files(run) -> None:
    files = sorted(Path("core/catalogue").glob("*.yaml"))
    answer = run("check", *files)
    assert (answer.exit_code, answer.stderr.startswith("Version 1: 18 record types with ")) == (0, True)


def test_show_and_diff_know_versions_and_files(run, tmp_path: Path) -> None:
    shown = run("show", "--yaml", "--version", "1")
    assert (shown.exit_code, shown.stdout) == (0, builtin_text())
    assert len(run("show").stdout.splitlines()) == 19
    file = tmp_path / "moi.yaml"
    file.write_text(builtin_text().replace("      male: Nam\n", "      male: Đàn ông\n"), "utf-8")
    assert run("diff", "1", file).stdout == "Changed code 'male' (Đàn ông) of 'sexes': title: Nam → Đàn ông.\n"
    assert run("show", "--version", "9").exit_code != 0
