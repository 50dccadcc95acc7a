"""A worker that could not acknowledge a message ends, once; nothing else makes it end."""

from __future__ import annotations

import logging
import os
import signal

import pytest

from workers.deafness import EndWhenDeaf


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    signals: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: signals.append((pid, number)))
    return signals


def say(handler: logging.Handler, level: int, message: str) -> None:
    record = logging.LogRecord("celery.worker.request", level, "", 0, message, ("id", "why"), None)
    if level >= handler.level:
        handler.handle(record)


def test_it_ends_once(told: list[tuple[int, int]]) -> None:
    handler = EndWhenDeaf()
    say(handler, logging.ERROR, "Couldn't ack %r, reason:%r")
    say(handler, logging.CRITICAL, "Task handler raised %r %r")
    assert told == []
    for _ in range(2):
        say(handler, logging.CRITICAL, "Couldn't ack %r, reason:%r")
    assert told == [(os.getpid(), signal.SIGTERM)]


def test_a_child_does_not_end_its_parent(told: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    handler = EndWhenDeaf()
    monkeypatch.setattr(os, "getpid", lambda: 1)
    say(handler, logging.CRITICAL, "Couldn't ack %r, reason:%r")
    assert told == []
