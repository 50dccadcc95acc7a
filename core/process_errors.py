"""How the process that works on a file or page may end before its work does."""

from __future__ import annotations

from core.errors import ReadingFailed


class ProcessDied(ReadingFailed):
    """The process that worked on a file or page died of it: a decoder crashed, or the system ended it."""

    code = "process_died"


class TimeLimit(ReadingFailed):
    """Work on a file or page took longer than the settings allow and was ended."""

    code = "time_limit"


class MemoryLimit(ReadingFailed):
    """Work on a file or page needed more memory than the settings allow."""

    code = "memory_limit"
