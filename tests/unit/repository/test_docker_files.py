"""The Docker stack, as far as it can be held to its word without an engine."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from core.settings import Settings
from tests.compose_model import Compose, Service, load_compose
from tests.dockerfiles import Stage, parse_dockerfile

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
OURS = {"sohoa": "Dockerfile", "sohoa-gpu": "Dockerfile.gpu", "sohoa-minio": "deploy/minio.Dockerfile"}
"""Images that are built here."""
ENDS = {"migrate"}
"""Services that end when they are through, so that there is nothing to check the health of."""
WRITES_ITS_ROOT = {"opensearch"}
"""Why is said beside it."""
APP = {"migrate", "api", "worker", "worker-gpu", "beat"}
_PINNED = re.compile(r"^[a-z0-9/-]+:(?=[^:]*\d)[\w.-]+$")
_EXACT = re.compile(r":v?\d+\.\d+(\.\d+)?(-[\w.]+)*$")

compose: Compose = load_compose(ROOT / "docker-compose.yml")
services = pytest.mark.parametrize(("name", "service"), compose.services.items(), ids=list(compose.services))
dockerfiles = pytest.mark.parametrize("path", sorted(OURS.values()))


def _repository(image: str) -> str:
    return image.partition(":")[0]


def test_the_stack_has_these_services_and_no_other() -> None:
    assert set(compose.services) == APP | {"proxy", "postgres", "valkey", "minio", "opensearch"}
    assert compose.services["api"].deploy.replicas == 2
    assert compose.services["worker-gpu"].profiles == ["gpu"]
    reserved = compose.services["worker-gpu"].deploy.resources.reservations
    assert reserved is not None
    assert [(one.driver, one.capabilities) for one in reserved.devices] == [("nvidia", ["gpu"])]


@services
def test_every_image_is_pinned_to_a_version(name: str, service: Service) -> None:
    image = re.sub(r"\$\{SOHOA_VERSION:-([^}]+)\}", r"\1", service.image)
    assert "latest" not in image
    if _repository(image) in OURS:
        assert _PINNED.match(image)
    else:
        assert _EXACT.search(image), image


def test_our_images_bear_the_projects_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    ours = {service.image for name, service in compose.services.items() if name in APP}
    assert ours == {f"sohoa:${{SOHOA_VERSION:-{version}}}", f"sohoa-gpu:${{SOHOA_VERSION:-{version}}}"}


@services
def test_every_service_is_confined(name: str, service: Service) -> None:
    assert service.cap_drop == ["ALL"]
    assert service.cap_add == []
    assert service.security_opt == ["no-new-privileges:true"]
    assert service.init
    user, _, group = service.user.partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert service.read_only == (name not in WRITES_ITS_ROOT)
    assert service.logging.options.keys() == {"max-size", "max-file"}


@services
def test_every_service_says_whether_it_is_well_and_how_much_it_may_take(name: str, service: Service) -> None:
    assert (service.healthcheck is None) == (name in ENDS)
    limits = service.deploy.resources.limits
    assert limits.pids > 0
    assert limits.memory
    assert limits.cpus


def test_only_the_proxy_has_a_port_and_a_way_out() -> None:
    assert {name for name, service in compose.services.items() if service.ports} == {"proxy"}
    assert compose.services["proxy"].ports == ["${SOHOA_PUBLIC_PORT:-443}:8443"]
    assert {name for name, service in compose.services.items() if "outside" in service.networks} == {"proxy"}
    assert compose.networks["inside"].internal


@pytest.mark.parametrize("name", sorted(APP - {"migrate"}))
def test_the_service_waits_for_the_schema(name: str) -> None:
    needs = {other: one.condition for other, one in compose.services[name].depends_on.items()}
    assert needs == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "valkey": "service_healthy",
        "minio": "service_healthy",
        "opensearch": "service_started",
    }


def test_all_replicas_have_the_keys_that_one_made() -> None:
    mounts = {name: compose.services[name].volumes for name in APP}
    assert mounts.pop("migrate") == ["keys:/var/lib/sohoa/keys"]
    assert set(map(tuple, mounts.values())) == {("keys:/var/lib/sohoa/keys:ro",)}


@services
def test_what_a_service_names_is_there(name: str, service: Service) -> None:
    assert service.secret_names() <= set(compose.secrets)
    for volume in service.volumes:
        source = volume.partition(":")[0]
        assert (ROOT / source).exists() if source.startswith("./") else source in compose.volumes
    if service.build:
        assert (ROOT / service.build.context / service.build.dockerfile).exists()
    named = re.findall(r"/run/secrets/([\w./-]+)", " ".join([*service.environment.values(), *_texts(service)]))
    if name in APP:
        # The certificate and the token are the web server's; the others read the same settings.
        named = [one for one in named if name == "api" or one not in {"api.crt", "api.key", "metrics_token"}]
    assert {f"/run/secrets/{one}" for one in named} <= service.secret_paths()


def _texts(service: Service) -> list[str]:
    """The scripts and configurations that are mounted, and the health check."""
    folders = [ROOT / volume.partition(":")[0] for volume in service.volumes if volume.startswith("./")]
    files = [path for one in folders for path in ([one] if one.is_file() else sorted(one.iterdir()))]
    check = service.healthcheck.test if service.healthcheck else []
    return [*check, *(path.read_text("utf-8") for path in files)]


def test_every_secret_is_used_and_made_by_the_script() -> None:
    used = set().union(*(service.secret_names() for service in compose.services.values()))
    assert used == set(compose.secrets)
    assert {name: one.file for name, one in compose.secrets.items()} == {
        name: f"./deploy/secrets/{name}" for name in compose.secrets
    }


@services
def test_no_secret_stands_in_the_environment(name: str, service: Service) -> None:
    secret = re.compile(r"PASSWORD|SECRET|TOKEN|ACCESS_KEY|_KEY$|ROOT_USER")
    for variable, value in service.environment.items():
        if secret.search(variable.removesuffix("_FILE")) and variable != "SOHOA_TLS_KEY":
            assert variable.endswith("_FILE")
        assert not re.search(r"://[^/@]*:[^/@]*@", value), variable


def test_every_setting_named_is_one_and_every_other_is_listed_as_left_alone() -> None:
    named = {
        variable.removeprefix("SOHOA_").lower()
        for name in APP
        for variable in compose.services[name].environment
        if variable.startswith("SOHOA_")
    }
    assert named <= set(Settings.model_fields)
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    section = page.partition("## Left at their defaults in the Docker stack\n")[2].partition("\n## ")[0]
    left = {name.removeprefix("SOHOA_").lower() for name in re.findall(r"`(SOHOA_[A-Z0-9_]+)`", section)}
    assert named & left == set()
    assert named | left == set(Settings.model_fields)


def test_variables_of_the_stack_are_told() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")
    assert {name for name in re.findall(r"\$\{(SOHOA_[A-Z_]+)", text) if f"`{name}`" not in page} == set()


def _stages(path: str) -> list[Stage]:
    return parse_dockerfile(ROOT / path)


@dockerfiles
def test_every_base_image_is_exact(path: str) -> None:
    stages = _stages(path)
    names = {stage.name for stage in stages if stage.name}
    bases = [stage.base for stage in stages if stage.base not in names]
    assert [base for base in bases if not _EXACT.search(base) and base != "${SOHOA_IMAGE}"] == []


@dockerfiles
def test_nothing_is_fetched_by_address_and_nothing_runs_as_root(path: str) -> None:
    stages = _stages(path)
    assert [stage.all("ADD") for stage in stages if stage.all("ADD")] == []
    text = (ROOT / path).read_text("utf-8")
    assert "://" not in text
    assert int(stages[-1].all("USER")[-1].partition(":")[0]) > 0
    users = {service.user for service in compose.services.values() if OURS.get(_repository(service.image)) == path}
    assert users == {stages[-1].all("USER")[-1]}


@dockerfiles
def test_python_packages_come_from_hashed_lock_files_alone(path: str) -> None:
    runs = [run for stage in _stages(path) for run in stage.all("RUN")]
    installs = [part for run in runs for part in run.split("&&") if "pip install" in part]
    ours = [one for one in installs if "--editable ." in one]
    assert [one for one in ours if "--no-deps" not in one or "--no-build-isolation" not in one] == []
    assert [one for one in installs if one not in ours and not re.search(r"--require-hashes .*-r \S+\.lock", one)] == []
    assert [run for run in runs if "npm" in run and re.search(r"npm (i|install)\b", run)] == []


def test_the_image_holds_every_package_that_runs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = {one.removesuffix("*") for one in project["tool"]["setuptools"]["packages"]["find"]["include"]}
    copied = {word for words in _stages("Dockerfile")[-1].all("COPY") for word in words.split()[:-1]}
    assert packages - copied == {"training"}
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    from_stages = {"--from=packages", "/opt/venv", "--from=pages", "/build/web/static"}
    assert let_in == (copied - from_stages - {"web/templates", "web/english.yaml"}) | {
        "web",
        "requirements.lock",
        "requirements-gpu.lock",
        "requirements-telemetry.lock",
    }


class _Tagged(yaml.SafeLoader):
    """Takes the two tags by which a compose file takes something away from the one below it."""


_Tagged.add_constructor("!reset", lambda loader, node: None)
_Tagged.add_constructor("!override", lambda loader, node: loader.construct_sequence(node))


@pytest.mark.parametrize("path", ["open-to-workers.yml", "worker-machine.yml"])
def test_files_for_more_machines_change_only_services_that_there_are(path: str) -> None:
    content = yaml.load((DEPLOY / path).read_text("utf-8"), _Tagged)
    assert set(content) == {"services"}
    changed = content["services"]
    assert set(changed) < set(compose.services)
    assert {name for one in changed.values() for name in one.get("networks", [])} <= set(compose.networks)
    ports = [port for one in changed.values() for port in one.get("ports", [])]
    # Never on all addresses of the machine.
    assert [port for port in ports if not port.startswith("${SOHOA_INSIDE_ADDRESS:?")] == []


def test_minio_is_the_version_that_the_tests_run_on() -> None:
    version = re.search(r"^MINIO_VERSION=(\S+)", (ROOT / "scripts" / "servers.sh").read_text("utf-8"), re.MULTILINE)
    assert version is not None
    assert f"ARG MINIO_VERSION={version[1]}" in (DEPLOY / "minio.Dockerfile").read_text("utf-8")
    assert compose.services["minio"].image == f"sohoa-minio:{version[1].rpartition('-')[2]}"


def test_the_search_user_has_rights_on_its_own_indexes_alone() -> None:
    roles = yaml.safe_load((DEPLOY / "opensearch" / "roles.yml").read_text("utf-8"))
    assert set(roles) == {"_meta", "sohoa"}
    assert [one["index_patterns"] for one in roles["sohoa"]["index_permissions"]] == [["sohoa*"]]
    mapping = yaml.safe_load((DEPLOY / "opensearch" / "roles_mapping.yml").read_text("utf-8"))
    assert {name: one.get("users") for name, one in mapping.items() if name != "_meta"} == {"sohoa": ["sohoa"]}


def test_the_proxy_speaks_tls_to_people_and_to_the_replicas() -> None:
    text = (DEPLOY / "haproxy.cfg").read_text("utf-8")
    binds = re.findall(r"^\s+bind (\S+)(.*)$", text, re.MULTILINE)
    assert [address for address, rest in binds if " ssl " not in rest] == ["127.0.0.1:8405"]
    assert "ssl verify required ca-file /run/secrets/ca.crt" in text
    assert "deny_status 404 if { path /metrics }" in text
