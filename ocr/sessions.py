"""Opening networks on onnxruntime."""

from __future__ import annotations

from pathlib import Path

import onnxruntime


def open_session(weights: Path, device: str) -> onnxruntime.InferenceSession:
    """The network, on one thread. device: "cpu" or "gpu:N".

    Raises what onnxruntime raises (`ocr.engines.devices.RUNTIME_ERRORS`).
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # pages and lines differ in size; an arena would keep the largest
    return onnxruntime.InferenceSession(str(weights), options, providers=_name_providers(device))


def _name_providers(device: str) -> list[str | tuple[str, dict[str, str]]]:
    """onnxruntime's names for a device: the GPU of that number before the CPU, or the CPU alone."""
    if device == "cpu":
        return ["CPUExecutionProvider"]
    return [("CUDAExecutionProvider", {"device_id": device.removeprefix("gpu:")}), "CPUExecutionProvider"]
