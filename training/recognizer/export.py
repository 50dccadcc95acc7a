"""The trained network as ONNX, in two shapes: for our own engine, and as a recognition model folder of PaddleOCR.

The graph is written node by node from the weights, with each batch normalisation folded into its convolution. Weights
are stored in half precision and widened when the model is loaded: half the size, the same letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import yaml
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from ocr.recognizer.alphabet import CHARACTERS, CLASSES
from ocr.recognizer.session import HEIGHT
from training.recognizer.network import HIDDEN

_OPSET = 17
_GREY = (0.114, 0.587, 0.299)
"""Of blue, green and red, as PaddleOCR hands them over."""
_EPSILON = 1e-5
_PADDLE_HEIGHT = 48
_CONVOLUTIONS = (
    # Name in the network, stride, and whether it ends a residual that began so many convolutions before.
    ("convolutions.0", (2, 2), 0),
    ("convolutions.1.body.0", (1, 1), 1),
    ("convolutions.2", (2, 2), 0),
    ("convolutions.3.body.0", (1, 1), 0),
    ("convolutions.3.body.1", (1, 1), 2),
    ("convolutions.4", (2, 1), 0),
    ("convolutions.5.body.0", (1, 1), 0),
    ("convolutions.5.body.1", (1, 1), 2),
    ("convolutions.6", (2, 1), 0),
)

Array = npt.NDArray[np.float32]


class _Graph:
    """Nodes and weights in the making."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        self.weights = {name: value.detach().cpu().numpy() for name, value in weights.items()}
        self.nodes: list[onnx.NodeProto] = []
        self.stored: list[onnx.TensorProto] = []

    def add(self, kind: str, *inputs: str, outputs: int = 1, **attributes: object) -> str:
        """One node; returns the name of its first output."""
        name = f"{kind.lower()}_{len(self.nodes)}"
        names = [name] + [f"{name}_{at}" for at in range(1, outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=name, **attributes))
        return name

    def keep(self, values: npt.NDArray[np.generic]) -> str:
        """A weight stored in half precision; returns the name of its full-precision value."""
        name = f"weight_{len(self.stored)}"
        self.stored.append(numpy_helper.from_array(values.astype(np.float16), name))
        return self.add("Cast", name, to=TensorProto.FLOAT)

    def constant(self, values: npt.NDArray[np.generic]) -> str:
        name = f"constant_{len(self.stored)}"
        self.stored.append(numpy_helper.from_array(values, name))
        return name

    def number(self, value: float) -> str:
        return self.constant(np.array(value, np.float32))

    def convolve(self, x: str, name: str, stride: tuple[int, int], pads: tuple[int, int, int, int]) -> str:
        """A convolution with its batch normalisation folded in, and what is below 0 cut off."""
        weights = self.weights
        scale = weights[f"{name}.1.weight"] / np.sqrt(weights[f"{name}.1.running_var"] + _EPSILON)
        kernel = weights[f"{name}.0.weight"] * scale[:, None, None, None]
        bias = weights[f"{name}.1.bias"] - weights[f"{name}.1.running_mean"] * scale
        made = self.add("Conv", x, self.keep(kernel), self.keep(bias), strides=stride, pads=pads, kernel_shape=(3, 3))
        return self.add("Relu", made)

    def fit(self, line: str) -> str:
        """What PaddleOCR hands over, made grey and as high as our lines are."""
        grey = self.add("Conv", line, self.constant(np.array(_GREY, np.float32).reshape(1, 3, 1, 1)))
        share = np.float32(HEIGHT / _PADDLE_HEIGHT)
        scales = self.constant(np.array([1, 1, share, share], np.float32))
        return self.add("Resize", grey, "", scales, mode="linear", coordinate_transformation_mode="half_pixel")

    def normalise(self, line: str) -> str:
        """As `network.normalise` does."""
        axes = self.constant(np.array([1, 2, 3], np.int64))
        inside = self.add("Cast", self.add("Greater", self.add("Abs", line), self.number(1e-4)), to=TensorProto.FLOAT)
        count = self.add("Max", self.add("ReduceSum", inside, axes), self.number(1))
        mean = self.add("Div", self.add("ReduceSum", self.add("Mul", line, inside), axes), count)
        centred = self.add("Mul", self.add("Sub", line, mean), inside)
        squares = self.add("ReduceSum", self.add("Mul", centred, centred), axes)
        deviation = self.add("Add", self.add("Sqrt", self.add("Div", squares, count)), self.number(0.02))
        outside = self.add("Mul", self.add("Sub", self.number(1), inside), self.number(0.5))
        return self.add("Add", self.add("Div", centred, deviation), outside)

    def recur(self, x: str, layer: int) -> str:
        """A bidirectional LSTM: steps x batch x features to steps x batch x 2 hidden."""
        kernels, recurrences, biases = [], [], []
        for end in ("", "_reverse"):
            kernels.append(_reorder(self.weights[f"lstm.weight_ih_l{layer}{end}"]))
            recurrences.append(_reorder(self.weights[f"lstm.weight_hh_l{layer}{end}"]))
            own = (_reorder(self.weights[f"lstm.bias_{kind}_l{layer}{end}"]) for kind in ("ih", "hh"))
            biases.append(np.concatenate(list(own)))
        parts = [self.keep(np.stack(values)) for values in (kernels, recurrences, biases)]
        made = self.add("LSTM", x, *parts, hidden_size=HIDDEN, direction="bidirectional")
        beside = self.add("Transpose", made, perm=(0, 2, 1, 3))
        return self.add("Reshape", beside, self.constant(np.array([0, 0, 2 * HIDDEN], np.int64)))


def _reorder(gates: Array) -> Array:
    """PyTorch's gates are input, forget, cell, output; ONNX has input, output, forget, cell."""
    first, forget, cell, last = np.split(gates, 4)
    return np.concatenate([first, last, forget, cell])


def build(weights: Mapping[str, Tensor], channels: int, with_pens: bool) -> onnx.ModelProto:
    """The model: `channels` 1 for grey lines, 3 for what PaddleOCR hands over; with the output for pen or without."""
    graph = _Graph(weights)
    x = graph.normalise("line" if channels == 1 else graph.fit("line"))
    trail = [x]
    for name, stride, back in _CONVOLUTIONS:
        x = graph.convolve(x, name, stride, (1, 1, 1, 1))
        if back:
            x = graph.add("Add", trail[-back], x)
        trail.append(x)
    x = graph.convolve(x, "collapse", (1, 1), (0, 1, 0, 1))
    x = graph.add("Squeeze", x, graph.constant(np.array([2], np.int64)))
    x = graph.add("Transpose", x, perm=(2, 0, 1))
    for layer in range(2):
        x = graph.recur(x, layer)
    x = graph.add("Transpose", x, perm=(1, 0, 2))
    outputs = [_dense(graph, x, "head", "Softmax")]
    if with_pens:
        pen = graph.add("Squeeze", _dense(graph, x, "pen", "Sigmoid"), graph.constant(np.array([2], np.int64)))
        outputs.append(pen)
    return _finish(graph, channels, outputs)


def _dense(graph: _Graph, x: str, name: str, kind: str) -> str:
    kernel, bias = graph.keep(graph.weights[f"{name}.weight"].T), graph.keep(graph.weights[f"{name}.bias"])
    logits = graph.add("Add", graph.add("MatMul", x, kernel), bias)
    return graph.add(kind, logits, axis=2) if kind == "Softmax" else graph.add(kind, logits)


def _finish(graph: _Graph, channels: int, outputs: list[str]) -> onnx.ModelProto:
    named = ["probabilities", "pens"][: len(outputs)]
    for output, name in zip(outputs, named, strict=True):
        graph.nodes.append(helper.make_node("Identity", [output], [name]))
    shapes = {"probabilities": ["lines", "steps", CLASSES], "pens": ["lines", "steps"]}
    height = HEIGHT if channels == 1 else _PADDLE_HEIGHT
    made = helper.make_graph(
        graph.nodes,
        "sohoa_lines",
        [helper.make_tensor_value_info("line", TensorProto.FLOAT, ["lines", channels, height, "width"])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shapes[name]) for name in named],
        graph.stored,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)], producer_name="sohoa")
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


def write_models(weights: Mapping[str, Tensor], folder: Path) -> None:
    """`recognizer.onnx` and the folder `paddle_recognition` in the given folder."""
    onnx.save(build(weights, channels=1, with_pens=True), str(folder / "recognizer.onnx"))
    paddle = folder / "paddle_recognition"
    paddle.mkdir(parents=True, exist_ok=True)
    onnx.save(build(weights, channels=3, with_pens=False), str(paddle / "inference.onnx"))
    (paddle / "inference.yml").write_text(_describe_for_paddle(), encoding="utf-8")


def _describe_for_paddle() -> str:
    """What PaddleOCR 3 reads of a recognition model; the space is its own last character."""
    described = {
        "Global": {"model_name": "PP-OCRv5_mobile_rec"},
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"RecResizeImg": {"image_shape": [3, _PADDLE_HEIGHT, 320]}},
                {"KeepKeys": {"keep_keys": ["image"]}},
            ]
        },
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": list(CHARACTERS[:-1])},
    }
    return yaml.safe_dump(described, allow_unicode=True, sort_keys=False)
