"""The demo's people at work: a sample batch goes all the way to publication, a second one waits to be entered.

    python -m cli.sample_run URL DEMO_FILE SEED [PID]

Everything goes through the service's own doors: the station pushes, people sign in and use the JSON API. What they type
is the generator's ground truth. With PID, that process is told to stop at the end.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click

from cli.remote import Remote
from cli.sample import CATALOGUE, STATION, DemoPeople, load_demo
from core.errors import SohoaError
from synthesis.sample import make_sample_batch

_WAIT_SECONDS = 900
_DONE, _WAITING = "MAU-01", "MAU-02"
_NOT_ON_THE_PAGE = "Không ghi trên văn bản"


class Demo:
    """The demo's people, each with a token of their own."""

    def __init__(self, url: str, people: DemoPeople) -> None:
        self.url = url
        self.people = people
        self._remotes: dict[str, Remote] = {}

    def be(self, username: str) -> Remote:
        """The API as this person sees it."""
        if username not in self._remotes:
            credentials = {"username": username, "password": self.people.password}
            answer = Remote(self.url, token=None).post("/api/v1/sign-in", credentials)
            self._remotes[username] = Remote(self.url, token=answer["token"])
        return self._remotes[username]

    def has_batch(self, code: str) -> bool:
        return any(one["code"] == code for one in self.be("quet").get("/api/v1/batches"))

    def deliver(self, code: str, title: str, folder: Path, seed: int) -> Path:
        """Makes a sample, opens a batch and pushes the sample to it; answers the file with its ground truth."""
        click.echo(f"{code}: making a sample batch and pushing it …", err=True)
        sample = make_sample_batch(folder, seed)
        if not self.has_batch(code):
            wanted = {"code": code, "catalogue": CATALOGUE, "title": title, "station": STATION}
            self.be("quet").post("/api/v1/batches", wanted)
        command = [sys.executable, "-m", "station", "push", str(sample.scans), "--batch", code]
        command += ["--server", self.url, "--announce-bad"]
        environment = {**os.environ, "SOHOA_STATION_KEY": self.people.station_key}
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        return sample.truth

    def await_review(self, code: str) -> dict[str, Any]:
        """Waits until every document of the batch is described, telling how far it is; answers its overview."""
        deadline = time.monotonic() + _WAIT_SECONDS
        told = ""
        while time.monotonic() < deadline:
            answer = self.be("soat").get(f"/api/v1/batches/{code}")
            if answer["overview"]["summary"]["state"] not in ("receiving", "sealed", "processing"):
                overview: dict[str, Any] = answer["overview"]
                return overview
            done = " ".join(f"{one['stage']} {one['done']}/{one['total']}" for one in answer["stages"])
            if done != told:
                click.echo(f"{code}: {done}", err=True)
            told = done
            time.sleep(2)
        raise SohoaError(f"Batch {code} was not described within {_WAIT_SECONDS} s.", "Look at the logs folder.")


def enter_and_confirm(demo: Demo, overview: dict[str, Any], truth: dict[str, Any]) -> None:
    """One person types what is on the pages, another confirms it."""
    known = {(one["file_code"], one["ordinal"]): one for one in truth["documents"]}
    for row in overview["documents"]:
        if row["state"] != "described":
            continue
        file_code, ordinal = row["place"].split("/")[-2:]
        document = known.get((file_code, int(ordinal)))
        if document is None:
            _drop_duplicate(demo, row, overview, truth)
            continue
        _enter(demo.be("nhaplieu"), row["document_id"], document)
        revision = _show(demo.be("soat"), row["document_id"])["revision"]
        demo.be("soat").post(f"/api/v1/documents/{row['document_id']}/confirm", {"revision": revision})


def _show(remote: Remote, document_id: str, record_type: str | None = None) -> dict[str, Any]:
    params = {"record_type": record_type} if record_type else None
    document: dict[str, Any] = remote.get(f"/api/v1/documents/{document_id}", params)["document"]
    return document


def _enter(remote: Remote, document_id: str, truth: dict[str, Any]) -> None:
    document = _show(remote, document_id, truth["record_type"])
    values: dict[str, dict[str, Any]] = {}
    for field in document["fields"]:
        name, rule = field["rule"]["name"], field["rule"]
        value = truth["fields"].get(name)
        if value:
            values[name] = {"value": value}
        elif rule["required"]:
            values[name] = {"missing_reason": _NOT_ON_THE_PAGE}
    content = {"revision": document["revision"], "record_type": truth["record_type"], "values": values}
    remote.put(f"/api/v1/documents/{document_id}/values", {**content, "complete": True})


def _drop_duplicate(demo: Demo, row: dict[str, Any], overview: dict[str, Any], truth: dict[str, Any]) -> None:
    """The one that was scanned twice gives way to the other."""
    original = next(one for one in truth["documents"] if truth["duplicate"][0] in one["files"])
    place = f"{original['file_code']}/{original['ordinal']:04d}"
    kept = next(one for one in overview["documents"] if one["place"].endswith(place))
    revision = _show(demo.be("soat"), row["document_id"])["revision"]
    content = {"revision": revision, "kept_document_id": kept["document_id"]}
    demo.be("soat").post(f"/api/v1/documents/{row['document_id']}/duplicate", content)


def reject_unreadable(demo: Demo, overview: dict[str, Any]) -> None:
    """The document whose only file was refused is not digitized."""
    for row in overview["documents"]:
        if row["state"] == "rescan_requested":
            revision = _show(demo.be("soat"), row["document_id"])["revision"]
            content = {
                "revision": revision,
                "reason_code": "no_sound_file",
                "reason": "Tệp quét bị hỏng, không có bản giấy.",
            }
            demo.be("soat").post(f"/api/v1/documents/{row['document_id']}/reject", content)


def purge_withheld(demo: Demo) -> None:
    """The security officer has looked: what carries a secrecy stamp may not be here at all."""
    for one in demo.be("anninh").get("/api/v1/withheld"):
        content = {"revision": one["revision"], "reason": "Tài liệu mật, không được lưu trên hệ thống này."}
        demo.be("anninh").post(f"/api/v1/documents/{one['id']}/purge", content)


def accept_and_publish(demo: Demo, code: str) -> None:
    """Sample, three sign-offs, grade, trial, publication."""
    batch = f"/api/v1/batches/{code}"
    demo.be("nghiemthu1").post(f"{batch}/reconcile", {})
    for username, aspect in (("nghiemthu1", "business"), ("nghiemthu2", "data"), ("nghiemthu3", "security")):
        demo.be(username).post(f"{batch}/sign-offs", {"aspect": aspect, "note": "Đạt yêu cầu."})
    demo.be("nghiemthu1").post(f"{batch}/accept", {"grade": "A"})
    demo.be("nghiemthu1").post(f"{batch}/trial", {})
    demo.be("nghiemthu1").post(f"{batch}/publish", {})


def run(demo: Demo, folder: Path, seed: int) -> None:
    """Both batches. One that is there from an earlier start is left as it is."""
    if not demo.has_batch(_DONE):
        truth = demo.deliver(_DONE, "Lô mẫu đã công bố", folder / _DONE, seed)
        overview = demo.await_review(_DONE)
        known = json.loads(truth.read_text("utf-8"))
        enter_and_confirm(demo, overview, known)
        reject_unreadable(demo, overview)
        purge_withheld(demo)
        accept_and_publish(demo, _DONE)
        click.echo(f"{_DONE}: entered, confirmed, accepted and published.", err=True)
    if not demo.has_batch(_WAITING):
        demo.deliver(_WAITING, "Lô mẫu đang chờ nhập liệu", folder / _WAITING, seed + 1)
        demo.await_review(_WAITING)
        click.echo(f"{_WAITING}: read and described; waits for people.", err=True)


def _tell(demo: Demo) -> None:
    lines = (
        "",
        f"  sohoa is ready at   {demo.url}",
        f"  password of all     {demo.people.password}   (kept in {demo.people.path})",
        "  search              tracuu",
        "  enter values        nhaplieu        confirm them    soat",
        "  scan operator       quet            acceptance      nghiemthu1, nghiemthu2, nghiemthu3",
        "  withheld documents  anninh          access log      kiemtoan",
        "",
        "  Stop it with Ctrl+C.",
        "",
    )
    click.echo("\n".join(lines))


def main() -> None:
    """The command line."""
    url, file, seed, *stop = sys.argv[1:]
    demo = Demo(url, load_demo(Path(file)))
    status = 0
    try:
        run(demo, Path(file).parent / "sample", int(seed))
        _tell(demo)
    except (SohoaError, subprocess.CalledProcessError) as error:
        click.echo(f"The sample stopped: {error}", err=True)
        status = 1
    finally:
        for pid in stop:
            os.kill(int(pid), signal.SIGTERM if status == 0 else signal.SIGINT)
    sys.exit(status)


if __name__ == "__main__":
    main()
