"""The worker's application with one stage that takes its time: for tests of how workers stop.

The step waits until a file named by SOHOA_TEST_GO is there, and says in SOHOA_TEST_BEGUN that it has begun.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from core.stages import Stage
from flow.service import Service
from flow.steps import STEPS, Record, Step
from workers.app import app

__all__ = ["app"]


def _wait(_service: Service, subject_id: str) -> Record:
    Path(os.environ["SOHOA_TEST_BEGUN"]).write_text(subject_id)
    while not Path(os.environ["SOHOA_TEST_GO"]).exists():
        time.sleep(0.05)
    return lambda session: None


STEPS[Stage.DESCRIBE] = Step(_wait, lambda *_: None)
