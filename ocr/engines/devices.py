"""Where onnxruntime computes. It falls back to the CPU without a word, so each session is asked what it uses."""

from __future__ import annotations

from collections.abc import Iterable

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as _state

_CUDA = "CUDAExecutionProvider"

RUNTIME_ERRORS = (
    RuntimeError,
    ValueError,
    _state.EPFail,
    _state.EngineError,
    _state.Fail,
    _state.InvalidArgument,
    _state.InvalidGraph,
    _state.InvalidProtobuf,
    _state.NoModel,
    _state.NoSuchFile,
    _state.NotImplemented,
    _state.RuntimeException,
)
"""What onnxruntime raises: they have no base class of their own."""


def choose_device(asked: str) -> str:
    """The device asked for, "cpu" or "gpu:N"; "cpu" where this onnxruntime was built without CUDA."""
    return asked if _CUDA in onnxruntime.get_available_providers() else "cpu"


def find_device(sessions: Iterable[onnxruntime.InferenceSession], asked: str) -> str:
    """Where these sessions really compute: on the GPU asked for only if all of them do."""
    return asked if all(_CUDA in session.get_providers() for session in sessions) else "cpu"
