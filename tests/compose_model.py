"""The part of the compose specification that docker-compose.yml uses, strictly: an unknown key is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

Bytes = Annotated[str, Field(pattern=r"^(\d+[mg]|\$\{SOHOA_[A-Z_]+:-\d+[mg]\})$")]
Duration = Annotated[str, Field(pattern=r"^\d+(s|m)$")]
Condition = Literal["service_started", "service_healthy", "service_completed_successfully"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Build(_Strict):
    context: str
    dockerfile: str = "Dockerfile"
    args: dict[str, str] = {}


class Healthcheck(_Strict):
    test: list[str] = Field(min_length=2)
    interval: Duration
    timeout: Duration
    retries: int = Field(ge=1)
    start_period: Duration


class Limits(_Strict):
    cpus: str
    memory: Bytes
    pids: int = Field(ge=1)


class Device(_Strict):
    driver: Literal["nvidia"]
    count: int
    capabilities: list[str]


class Reservations(_Strict):
    devices: list[Device]


class Resources(_Strict):
    limits: Limits
    reservations: Reservations | None = None


class Deploy(_Strict):
    replicas: int = 1
    resources: Resources


class Dependency(_Strict):
    condition: Condition


class Mounted(_Strict):
    source: str
    target: str


class Logging(_Strict):
    driver: str
    options: dict[str, str]


class Ulimit(_Strict):
    soft: int
    hard: int


class Service(_Strict):
    image: str
    build: Build | None = None
    profiles: list[str] = []
    restart: Literal["no", "unless-stopped"]
    init: bool
    user: str
    read_only: bool = False
    cap_drop: list[str]
    cap_add: list[str] = []
    security_opt: list[str]
    logging: Logging
    networks: list[str]
    ports: list[str] = []
    tmpfs: list[str] = []
    volumes: list[str] = []
    secrets: list[str | Mounted] = []
    environment: dict[str, str] = {}
    entrypoint: list[str] | None = None
    command: list[str] | None = None
    depends_on: dict[str, Dependency] = {}
    healthcheck: Healthcheck | None = None
    stop_grace_period: Duration | None = None
    shm_size: Bytes | None = None
    ulimits: dict[str, Ulimit] = {}
    deploy: Deploy

    def secret_names(self) -> set[str]:
        """The secrets that are mounted, by the names at the top level."""
        return {one if isinstance(one, str) else one.source for one in self.secrets}

    def secret_paths(self) -> set[str]:
        """Where they stand in the container."""
        return {f"/run/secrets/{one if isinstance(one, str) else one.target}" for one in self.secrets}


class Secret(_Strict):
    file: str


class Network(_Strict):
    internal: bool = False


class Volume(_Strict):
    """A named volume, with nothing to say about it."""


class Compose(_Strict):
    name: str
    services: dict[str, Service]
    networks: dict[str, Network]
    volumes: dict[str, Volume]
    secrets: dict[str, Secret]


def load_compose(path: Path) -> Compose:
    """The file, its anchors resolved. Raises ValidationError for whatever is not of the right form."""
    content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return Compose.model_validate({key: value for key, value in content.items() if not key.startswith("x-")})
