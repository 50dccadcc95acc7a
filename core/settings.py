"""Settings of an installation, from environment variables `SOHOA_…` and a file `sohoa.env` in the working folder.

The difference between the embedded and the server way of running is in these values alone.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import SettingsError
from core.labels import Secrecy
from core.secret_files import with_password
from core.words import parse_secrecy


def _secrecy(value: object) -> object:
    return parse_secrecy(value) if isinstance(value, str) else value


class Settings(BaseSettings):
    """Every setting, with its default for one machine."""

    model_config = SettingsConfigDict(env_prefix="SOHOA_", env_file="sohoa.env", extra="ignore", frozen=True)

    data_dir: Path = Field(Path("var"), description="Folder of everything the embedded service keeps.")
    database_url: str = Field("", description="SQLAlchemy URL of the records; empty: SQLite in the data folder.")
    database_password_file: str = Field("", description="File with the password that goes into `database_url`.")
    broker_url: str = Field("", description="Redis URL of the broker; empty: the bundled Valkey on `broker_port`.")
    broker_password_file: str = Field("", description="File with the password that goes into `broker_url`.")
    search_path: str = Field("", description="File of the embedded search index; empty: in the data folder.")
    search_url: str = Field("", description="URL of OpenSearch; empty: the embedded search index.")
    search_user: str = Field("", description="User at OpenSearch; empty: none is asked for.")
    search_password_file: str = Field("", description="File with that user's password.")
    search_ca: str = Field("", description="PEM file of the authority that OpenSearch's certificate is from.")
    search_index: str = Field("sohoa", pattern=r"^[a-z][a-z0-9-]*$", description="Begins the names of its indexes.")
    search_shards: int = Field(1, ge=1, le=64, description="Shards of each of its indexes.")
    search_replicas: int = Field(0, ge=0, le=4, description="Replicas of each shard.")
    objects_url: str = Field("", description="URL of an S3 server for the objects; empty: a folder.")
    objects_access_key_file: str = Field("", description="File with its access key.")
    objects_secret_key_file: str = Field("", description="File with its secret key.")
    objects_region: str = Field("us-east-1", description="Its region.")
    objects_ca: str = Field("", description="PEM file of the authority that its certificate is from.")
    objects_bucket: str = Field("sohoa", pattern=r"^[a-z][a-z0-9-]*$", description="Begins the names of its buckets.")
    objects_key_file: str = Field("", description="Key with which contents are encrypted before they are stored.")
    presigned_reads: bool = Field(False, description="Browsers download originals from the S3 server, by URLs of 60 s.")
    lock_days: int = Field(3650, ge=1, description="Days for which an accepted original cannot be deleted.")
    copy_dir: str = Field("", description="Folder of a second copy of all originals; empty: none, or on S3.")
    copy_url: str = Field("", description="URL of another S3 server for the second copy of all originals.")
    copy_access_key_file: str = Field("", description="File with its access key.")
    copy_secret_key_file: str = Field("", description="File with its secret key.")
    copy_region: str = Field("us-east-1", description="Its region.")
    copy_ca: str = Field("", description="PEM file of the authority that its certificate is from.")
    copy_bucket: str = Field("sohoa-copy", pattern=r"^[a-z][a-z0-9-]*$", description="Begins its buckets' names.")
    landing_hours: int = Field(72, ge=1, description="Hours after which an upload that nobody goes on with is dropped.")
    host: str = Field("127.0.0.1", description="Address the API listens on; loopback only, unless TLS is set up.")
    port: int = Field(8400, description="Port the API listens on.")
    broker_port: int = Field(8401, description="Port of the bundled Valkey.")
    tls_certificate: str = Field("", description="PEM file of the certificate; required beyond loopback.")
    tls_key: str = Field("", description="PEM file of the certificate's private key.")
    workers: int = Field(0, ge=0, le=256, description="Worker processes for reading; 0: one for each core.")

    ceiling: Annotated[Secrecy, BeforeValidator(_secrecy)] = Field(
        Secrecy.THUONG, description="Highest secrecy this installation may hold: thường, mật or tối mật."
    )
    max_file_bytes: int = Field(500_000_000, gt=0, le=2_000_000_000, description="Largest file taken in.")
    max_file_pages: int = Field(2_000, gt=0, description="Most pages in one file.")
    max_page_pixels: int = Field(150_000_000, gt=0, description="Most pixels in one page image.")
    page_seconds: float = Field(60.0, gt=0, description="Most seconds for reading one page, its decoding included.")
    page_megabytes: int = Field(3_000, ge=500, description="Most memory of a process that reads pages; POSIX only.")
    max_batch_files: int = Field(20_000, gt=0, description="Most files in one batch.")
    chunk_bytes: int = Field(4_194_304, gt=0, description="Most bytes in one chunk of an upload.")

    engine: str = Field("sohoa", description="OCR engine: sohoa, paddleocr or tesseract.")
    device: str = Field("cpu", pattern=r"^(cpu|gpu:\d+)$", description="Where the engine computes: cpu or gpu:N.")
    allow_cpu_fallback: bool = Field(False, description="Read on the CPU where `device` is a GPU that cannot be used.")
    tessdata: str = Field("", description="Tesseract: folder of vie.traineddata; empty: where systems keep it.")
    paddle_detection: str = Field("", description="PaddleOCR: model folder that finds lines.")
    paddle_detection_sha256: str = Field("", description="Its SHA-256.")
    paddle_recognition: str = Field("", description="PaddleOCR: model folder that reads lines; empty: ours.")
    paddle_recognition_sha256: str = Field("", description="Its SHA-256; needed where it is not ours.")
    paddle_pages: int = Field(1, ge=1, le=64, description="PaddleOCR: most pages read in one go; above 1 for a GPU.")
    sweep_seconds: float = Field(5.0, gt=0, description="How often lost nudges and expired leases are looked for.")
    session_hours: int = Field(12, gt=0, description="How long a sign-in lasts.")
    unmask_minutes: int = Field(15, ge=1, description="How long unmasked personal values are shown.")
    sign_in_attempts: int = Field(10, gt=0, description="Failed sign-ins of one name in 15 minutes before it waits.")
    one_person_two_signoffs: bool = Field(False, description="One person may give two of the three sign-offs.")
    sample_minimum: int = Field(5, ge=1, description="Fewest documents reconciled against the image before acceptance.")
    sample_percent: float = Field(5.0, ge=0, le=100, description="Share of a batch's documents reconciled, in percent.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_format: str = Field("text", pattern=r"^(text|json)$", description="text, or json: one object a line.")
    metrics_token_file: str = Field(
        "", description="File with the bearer token for `/metrics`; empty: only programs on this machine get them."
    )
    otlp_url: str = Field("", description="URL of an OpenTelemetry collector that takes traces; empty: none are made.")

    @property
    def records_url(self) -> str:
        """SQLAlchemy URL of the records, with its password. Raises SettingsError if that cannot be read."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir.resolve() / 'records.db'}"
        return with_password(self.database_url, "SOHOA_DATABASE_PASSWORD_FILE", self.database_password_file)

    @property
    def broker(self) -> str:
        """Redis URL of the broker, with its password. Raises SettingsError if that cannot be read."""
        if not self.broker_url:
            return f"redis://127.0.0.1:{self.broker_port}/0"
        return with_password(self.broker_url, "SOHOA_BROKER_PASSWORD_FILE", self.broker_password_file)

    @property
    def embedded_broker(self) -> bool:
        """Whether the service starts its own broker."""
        return not self.broker_url

    @property
    def objects_dir(self) -> Path:
        return self.data_dir.resolve() / "objects"

    @property
    def landing_dir(self) -> Path:
        return self.data_dir.resolve() / "landing"

    @property
    def keys_dir(self) -> Path:
        return self.data_dir.resolve() / "keys"

    @property
    def search_file(self) -> Path:
        return Path(self.search_path) if self.search_path else self.data_dir.resolve() / "search.db"


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """The settings of this process. Raises SettingsError naming each wrong one."""
    try:
        settings = Settings()
    except ValidationError as error:
        faults = "; ".join(f"SOHOA_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors())
        raise SettingsError(f"Wrong settings: {faults}.", "Mend them in the environment or in sohoa.env.") from error
    if settings.ceiling is Secrecy.TUYET_MAT:
        raise SettingsError("SOHOA_CEILING cannot be 'tuyệt mật': such material is never digitized.", "Lower it.")
    return settings
