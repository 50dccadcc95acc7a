"""Uploads: megabytes a second through the station and the API, against the plain S3 client with the same files."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from random import Random

import numpy as np
from minio import Minio
from PIL import Image

from benchmarks.scale_service import run_service
from tests.running import RunningService
from tests.servers import Servers, unique_name

_FILES = 40
_SIDE = 2_000


def make_scans(folder: Path) -> int:
    """Grey JPEG pages of about 3 MB, whose bytes nothing can squeeze; answers the bytes of all."""
    place = folder / "VP-TU" / "01" / "H1" / "HS01"
    place.mkdir(parents=True)
    noise = np.random.default_rng(Random(7).getrandbits(32))
    for number in range(1, _FILES + 1):
        pixels = noise.integers(0, 255, (_SIDE, _SIDE), dtype=np.uint8)
        Image.fromarray(pixels).save(place / f"{number}.jpg", quality=88, dpi=(200, 200))
    return sum(path.stat().st_size for path in place.iterdir())


def push_seconds(service: RunningService, scans: Path, key: str, batch: str) -> float:
    """Seconds in which a station delivers the batch. Raises RuntimeError."""
    started = time.perf_counter()
    pushed = service.run("station", "push", str(scans), "--batch", batch, key=key)
    if pushed.returncode:
        raise RuntimeError(pushed.stderr)
    return time.perf_counter() - started


def plain_seconds(servers: Servers, scans: Path) -> float:
    """Seconds in which the plain client puts the same files into a bucket."""
    access, secret = Path(servers.access_key_file).read_text("ascii"), Path(servers.secret_key_file).read_text("ascii")
    client = Minio(servers.minio.removeprefix("http://"), access_key=access, secret_key=secret, secure=False)
    bucket = unique_name()
    client.make_bucket(bucket)
    started = time.perf_counter()
    for path in sorted(scans.rglob("*.jpg")):
        client.fput_object(bucket, path.name, str(path))
    return time.perf_counter() - started


def measure_uploads(servers: Servers | None) -> None:
    """Prints both and their ratio. The service's own workers stand still meanwhile: it has none."""
    with tempfile.TemporaryDirectory() as name:
        scans = Path(name)
        size = make_scans(scans)
        with run_service(servers, workers=1) as (service, people):
            os.kill(service.pid_of("worker"), 19)
            service.open_batch(people, "L1")
            ours = push_seconds(service, scans, people.station_key, "L1")
            os.kill(service.pid_of("worker"), 18)
        kind = "MinIO" if servers else "a folder"
        print(
            f"upload: {size / 1e6:.0f} MB through station and API into {kind}: {size / 1e6 / ours:.1f} MB/s", flush=True
        )
        if servers:
            plain = plain_seconds(servers, scans)
            print(
                f"upload: the plain client: {size / 1e6 / plain:.1f} MB/s; ours takes {ours / plain:.1f} times as long"
            )
