"""The tutor's network as it is trained: one forward pass for full precision and for ternary weights.

The layer order is that of llama.cpp's `bitnet` architecture, because the
exported file must run there unchanged. Equal matrices of all layers are
stacked in one tensor, so that the optimiser handles them in one batched
product. The norms have no weights of their own: the matrices behind them
absorb any (the file says ones). Shapes: B rows, T positions, D width, F feed-forward, L layers, H
heads, S head size.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from fused import Attention, Heads

MATRICES = ("qkv", "output", "gate_up", "down")
# The matrices in a stack, by their names in the file.
PARTS = {
    "qkv": ("attn_q", "attn_k", "attn_v"),
    "output": ("attn_output",),
    "gate_up": ("ffn_gate", "ffn_up"),
    "down": ("ffn_down",),
}


@dataclass(frozen=True)
class ModelShape:
    vocabulary: int
    width: int
    feed_forward: int
    layers: int
    heads: int
    context: int
    rope_base: float = 10000.0
    epsilon: float = 1e-5

    @property
    def head_size(self) -> int:
        return self.width // self.heads


@dataclass
class Matrix:
    """What a stack of matrices is in the forward pass: `codes` in bfloat16, times `scale`, plus `bias`.

    Trits are exact in bfloat16 and their scale stays in float32, as in the
    file. `codes` (…, N, outputs, inputs), `scale` and `bias` (…, N, outputs).
    """

    codes: Tensor
    scale: Tensor | None = None
    bias: Tensor | None = None


def initial_parameters(shape: ModelShape, seed: int) -> dict[str, Tensor]:
    random = torch.Generator().manual_seed(seed)
    width, wide, layers = shape.width, shape.feed_forward, shape.layers
    sizes = {
        "qkv": (3, width, width), "output": (1, width, width),
        "gate_up": (2, wide, width), "down": (1, width, wide),
    }  # fmt: skip
    found = {}
    for name, size in sizes.items():
        # Two sums into the residual stream in every layer: their parts start smaller.
        share = (2 * layers) ** -0.5 if name in ("output", "down") else 1.0
        found[name] = torch.randn(layers, *size, generator=random) * size[-1] ** -0.5 * share
    found["token_embd"] = torch.randn(shape.vocabulary, width, generator=random) * 0.02
    return found


def int8_activations(x: Tensor) -> tuple[Tensor, Tensor]:
    """Whole numbers in -127...127 (as floats) and 1/scale, one for each token."""
    inverse = x.abs().amax(dim=-1, keepdim=True).clamp(min=1e-5) / 127
    return (x / inverse).round(), inverse


class Network:
    """The forward pass over matrices that a recipe has made (recipes.py).

    Each of the two pieces is compiled once and serves all layers. `angles` are cosines and sines
    (T, S/2); `mask` (B, 1, T, T) is added by attention; `rounding` is None, or how far activations
    are rounded to int8 (0 to 1).
    """

    def __init__(self, shape: ModelShape, compiled: bool = True):
        self.shape = shape
        if compiled:
            self.block = torch.compile(self.block, dynamic=False)
            self.head = torch.compile(self.head, dynamic=False)

    def loss(self, layers: list[dict], embedding, tokens, targets, mask, angles, rounding=None):
        """Sum of cross entropies over targets >= 0; tokens and targets are (B, T)."""
        x = F.embedding(tokens, embedding)
        for matrices in layers:
            x = self.block(x, matrices, mask, angles, rounding)
        return self.head(x, embedding, targets)

    def block(self, x, matrices: dict, mask, angles, rounding):
        x = x + self.attention(x, matrices, mask, angles, rounding)
        gate, up = self.linear(matrices["gate_up"], self.norm(x), rounding)
        inner = self.norm(F.silu(gate.float()) * up.float())
        return x + self.linear(matrices["down"], inner, rounding)[0]

    def head(self, x, embedding, targets):
        scores = F.linear(self.norm(x).bfloat16(), embedding.bfloat16()).float()
        return F.cross_entropy(
            scores.flatten(0, 1), targets.flatten(), ignore_index=-1, reduction="sum"
        )

    def norm(self, x: Tensor) -> Tensor:
        return x * (x.square().mean(-1, keepdim=True) + self.shape.epsilon).rsqrt()

    def linear(self, matrix: Matrix, x: Tensor, rounding: Tensor | None) -> list[Tensor]:
        """(…, inputs) -> (…, outputs) for each of the N matrices of the stack."""
        inverse = None
        if rounding is not None:
            numbers, inverse = int8_activations(x.detach())
            x = x / inverse
            x = x + ((numbers - x) * rounding).detach()
        x = x.bfloat16()
        found = []
        for number, codes in enumerate(matrix.codes.unbind(0)):
            y = F.linear(x, codes)
            if inverse is not None:
                y = y * inverse
            if matrix.scale is not None:
                y = y * matrix.scale[number]
            found.append(y if matrix.bias is None else y + matrix.bias[number])
        return found

    def attention(self, x, matrices, mask, angles, rounding):
        mixed = self.linear(matrices["qkv"], self.norm(x), rounding)
        found = Attention.apply(*Heads.apply(*mixed, *angles, self.shape.heads), mask)
        found = self.norm(found.transpose(1, 2).flatten(2).float())
        return self.linear(matrices["output"], found, rounding)[0]
