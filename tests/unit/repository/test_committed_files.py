"""What holds for the repository's own files: they name no package host, and the settings' page is right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.settings import Settings
from ocr.engines import registry
from tests.settings_page import PAGE, make_table, read_table

ROOT = Path(__file__).resolve().parents[3]
# What git ignores and what tools write: none of it is committed.
_MADE = {".git", "node_modules", "__pycache__", "var", ".hypothesis"}
_MADE |= {".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache"}
_MADE_PATHS = {ROOT / "web" / "static" / "build", ROOT / "build"}
_TEXT = {
    ".cfg",
    ".py",
    ".toml",
    ".lock",
    ".json",
    ".md",
    ".html",
    ".js",
    ".mjs",
    ".ts",
    ".css",
    ".yaml",
    ".yml",
    ".sh",
    ".txt",
}
# Put together from parts, so that this file does not name them itself.
_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("npmmirror", "com"),
        ("yarnpkg", "com"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("cdnjs", "cloudflare", "com"),
        ("fonts", "googleapis", "com"),
        ("fonts", "gstatic", "com"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
        ("huggingface", "co"),
    )
)


def _list_committed(folder: Path) -> list[Path]:
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.name in _MADE or path.name.startswith(".venv") or path in _MADE_PATHS or path.suffix == ".egg-info":
            continue
        found += _list_committed(path) if path.is_dir() else [path]
    return found


def _read_text_files() -> dict[str, str]:
    files = [path for path in _list_committed(ROOT) if path.suffix in _TEXT or not path.suffix]
    return {str(path.relative_to(ROOT)): path.read_text("utf-8", errors="replace") for path in files}


def test_no_file_names_a_package_host() -> None:
    texts = _read_text_files()
    assert {"pyproject.toml", "requirements.lock", "requirements-node.lock", "Makefile", ".ci/run"} <= set(texts)
    assert [(name, host) for name, text in texts.items() for host in _HOSTS if host in text] == []


_LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))
_HEAVY = ("torch", "triton", "nvidia-", "cuda-", "paddle", "onnxruntime-gpu")


def test_heavy_packages_are_in_locks_of_their_own() -> None:
    assert {f"requirements-{name}.lock" for name in ("dev", "gpu", "node", "paddle", "training")} < set(_LOCKS)
    lines = [
        line for name in ("", "-dev") for line in (ROOT / f"requirements{name}.lock").read_text("utf-8").splitlines()
    ]
    assert [line for line in lines if line.startswith(_HEAVY)] == []


def test_what_a_machine_runs_is_what_was_tested() -> None:
    run, tested = (
        (ROOT / name).read_text("utf-8").splitlines() for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert [line for line in run if "==" in line and line not in tested] == []


@pytest.mark.parametrize("name", _LOCKS)
def test_python_locks_name_no_address_and_hash_each_package(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    packages = [block for block in text.replace("\\\n", " ").splitlines() if block and not block.startswith("#")]
    assert [block for block in packages if "==" not in block or "--hash=sha256:" not in block] == []


def test_front_end_lock_names_no_address_and_hashes_each_package() -> None:
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text("utf-8"))["packages"]
    fetched = {name: entry for name, entry in packages.items() if name}
    assert [name for name, entry in fetched.items() if "resolved" in entry or not entry.get("integrity")] == []
    assert {"node_modules/openseadragon", "node_modules/htmx.org"} <= set(fetched)


def test_front_end_versions_are_exact() -> None:
    manifest = json.loads((ROOT / "web" / "package.json").read_text("utf-8"))
    versions = {**manifest["dependencies"], **manifest["devDependencies"]}
    assert [name for name, version in versions.items() if not version.replace(".", "").isdigit()] == []


def test_default_engine_needs_only_what_setup_installs() -> None:
    package = registry._ENGINES[Settings.model_fields["engine"].default].package
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith(f"{package}==")] != []


def test_the_page_of_settings_says_what_the_settings_say() -> None:
    assert read_table(PAGE.read_text("utf-8")) == make_table(), "write it anew: python -m tests.settings_page"
