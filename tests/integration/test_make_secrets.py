"""deploy/make-secrets.sh: passwords and certificates of an installation, made once, renewed apart."""

from __future__ import annotations

import re
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtensionOID

from storage.encryption import KeyFile
from tests.compose_model import load_compose

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("sohoa.example.vn", "10.1.2.3")


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "deploy" / "make-secrets.sh", *arguments],
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "SOHOA_SECRETS": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deploy") / "secrets"
    made = make(folder, *NAMES)
    assert made.returncode == 0, made.stderr
    return folder


def certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def names_of(one: x509.Certificate) -> set[str]:
    names = one.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    assert isinstance(names, x509.SubjectAlternativeName)
    return set(names.get_values_for_type(x509.DNSName)) | {str(ip) for ip in names.get_values_for_type(x509.IPAddress)}


def test_everything_that_the_stack_names_is_made(secrets: Path) -> None:
    named = set(load_compose(ROOT / "docker-compose.yml").secrets)
    made = {path.name for path in secrets.iterdir()}
    assert made == named | {"ca.key", "search_admin.crt", "search_admin.key"}
    assert {path.name for path in secrets.iterdir() if not path.stat().st_size} == set()


def test_nobody_else_on_the_machine_gets_in(secrets: Path) -> None:
    assert secrets.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in secrets.iterdir()}
    assert {name for name, mode in modes.items() if mode == 0o400} == {"ca.key", "search_admin.key"}
    assert set(modes.values()) == {0o400, 0o444}


def test_passwords_are_long_random_and_without_a_newline(secrets: Path) -> None:
    names = [path for path in secrets.iterdir() if path.suffix == "" and path.name != "objects_key"]
    texts = [path.read_text("ascii") for path in names]
    assert len(set(texts)) == len(texts)
    assert [
        path.name for path, text in zip(names, texts, strict=True) if not re.fullmatch(r"[0-9a-f]{20,}", text)
    ] == []


def test_the_objects_key_is_one_that_the_store_takes(secrets: Path) -> None:
    wrapped = KeyFile(secrets / "objects_key").wrap(b"k" * 32, b"name")
    assert KeyFile(secrets / "objects_key").unwrap(wrapped, b"name") == b"k" * 32


def test_each_server_has_a_certificate_in_its_name_from_the_authority(secrets: Path) -> None:
    authority = certificate(secrets / "ca.crt")
    found = {}
    for path in sorted(secrets.glob("*.crt")):
        one = certificate(path)
        one.verify_directly_issued_by(authority)
        if path.name != "ca.crt":
            key = load_pem_private_key(path.with_suffix(".key").read_bytes(), None)
            assert isinstance(key, ec.EllipticCurvePrivateKey)
            assert key.public_key() == one.public_key()
            found[path.stem] = names_of(one) - {"localhost", "127.0.0.1"}
            assert one.not_valid_after_utc - datetime.now(UTC) < timedelta(days=825)
    servers = {name: {name} for name in ("api", "minio", "opensearch", "postgres", "valkey")}
    assert found == servers | {"search_admin": {"search-admin"}}


def test_the_proxys_certificate_and_key_are_one_file(secrets: Path) -> None:
    assert names_of(certificate(secrets / "proxy.pem")) == {*NAMES, "localhost", "127.0.0.1"}
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(secrets / "proxy.pem")


def test_again_it_changes_nothing_and_renewal_changes_certificates_alone(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    assert make(folder, *NAMES).returncode == 0
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert make(folder, *NAMES).returncode == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first
    assert make(folder, "--renew", *NAMES).returncode == 0
    second = {path.name: path.read_bytes() for path in folder.iterdir()}
    changed = {name for name in first if first[name] != second[name]}
    assert changed == {path.name for path in folder.iterdir() if path.suffix in (".crt", ".key", ".pem")} - {
        "ca.crt",
        "ca.key",
    }


def test_a_certificate_from_elsewhere_is_not_renewed_away(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    assert make(mine, *NAMES).returncode == 0
    assert make(other, *NAMES).returncode == 0
    (mine / "proxy.pem").unlink()
    (mine / "proxy.pem").write_bytes((other / "proxy.pem").read_bytes())
    assert make(mine, "--renew", *NAMES).returncode == 0
    assert (mine / "proxy.pem").read_bytes() == (other / "proxy.pem").read_bytes()


def test_without_a_name_it_says_what_it_wants(tmp_path: Path) -> None:
    made = make(tmp_path / "secrets")
    assert made.returncode == 1
    assert "name the host names" in made.stderr
    assert not (tmp_path / "secrets").exists()
