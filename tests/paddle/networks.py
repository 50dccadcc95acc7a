"""A network in the shape of PaddleOCR's recognizers, made by hand: it reads ink, not letters."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto, helper, numpy_helper

_STRIDE, _GAP = 4, 12
"""Pixels of the line, 48 high, that one frame stands for, and that are paper where there is a space."""
_SURE = 20.0


def build_ink_reader(classes: int, letter: int) -> bytes:
    """x: batch x 3 x 48 x width, paper 1 and ink -1 -> batch x width/4 x classes, probabilities.

    Class 0 is the blank, `letter` is said of every frame with ink, the last class, the space, in the middle of a gap.
    PaddleOCR fills lines up with 0, which is neither.
    """
    weights = np.zeros((classes, 2, 1, 1), np.float32)
    bias = np.full(classes, -4 * _SURE, np.float32)
    bias[0] = 0
    weights[letter, 0], bias[letter] = _SURE, -0.5 * _SURE
    weights[-1, 1], bias[-1] = -_SURE, -0.5 * _SURE
    pooled = {"strides": [48, _STRIDE]}
    beside = (_GAP - _STRIDE) // 2
    nodes = [
        helper.make_node("Slice", ["x", "zero", "one", "one"], ["first"]),
        helper.make_node("Neg", ["first"], ["ink"]),
        helper.make_node("MaxPool", ["ink"], ["here"], kernel_shape=[48, _STRIDE], **pooled),
        helper.make_node(
            "MaxPool", ["ink"], ["around"], kernel_shape=[48, _GAP], pads=[0, beside, 0, beside], **pooled
        ),
        helper.make_node("Concat", ["here", "around"], ["seen"], axis=1),
        helper.make_node("Conv", ["seen", "weights", "bias"], ["scores"]),
        helper.make_node("Squeeze", ["scores", "two"], ["flat"]),
        helper.make_node("Transpose", ["flat"], ["frames"], perm=[0, 2, 1]),
        helper.make_node("Softmax", ["frames"], ["y"], axis=-1),
    ]
    constants = [
        numpy_helper.from_array(weights, "weights"),
        numpy_helper.from_array(bias, "bias"),
        *(numpy_helper.from_array(np.array([number]), name) for name, number in (("zero", 0), ("one", 1), ("two", 2))),
    ]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 3, 48, "width"])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", "frames", classes])
    graph = helper.make_graph(nodes, "ink", [x], [y], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())
