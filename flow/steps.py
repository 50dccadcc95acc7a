"""What a worker does for each stage: slow work outside any transaction, then what to record in the job's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.stages import Stage
from flow import copy_original, describe, index, lock_originals, read, split
from flow.service import Service

Record = Callable[[Session], None]
"""Writes a step's result. Runs in the transaction that finishes the job."""


@dataclass(frozen=True, slots=True)
class Step:
    """`perform` does the work for a subject and answers its record; `give_up` says what a parked job means."""

    perform: Callable[[Service, str], Record]
    give_up: Callable[[Session, str, str], None]


STEPS: dict[Stage, Step] = {
    Stage.SPLIT: Step(split.split_incoming_file, split.give_up_split),
    Stage.READ: Step(read.read_page, read.give_up_page),
    Stage.DESCRIBE: Step(describe.describe_document, describe.give_up_description),
    Stage.INDEX: Step(index.index_document, index.give_up_indexing),
    Stage.COPY: Step(copy_original.copy_original, copy_original.give_up_copying),
    Stage.LOCK: Step(lock_originals.lock_originals, lock_originals.give_up_locking),
}
