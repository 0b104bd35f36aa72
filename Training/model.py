"""The tutor as it is trained: a BitNet b1.58 transformer, ternary from the first step.

The layer order is that of llama.cpp's `bitnet` architecture, because the
exported file must run there unchanged. Shapes: B rows, T positions, D model
width, H heads, S head size.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F


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


def ternary(weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Trits (-1, 0, 1 as floats) and the scale that is stored with them.

    The scale goes through float16 because the file keeps it so; training
    then sees the very number that inference will use.
    """
    scale = weight.abs().mean().clamp(min=1e-5).half().float()
    return (weight / scale).round().clamp(-1, 1), scale


def int8_activations(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Whole numbers in -127...127 (as floats) and 1/scale, one for each token."""
    inverse = x.abs().amax(dim=-1, keepdim=True).clamp(min=1e-5) / 127
    return (x / inverse).round(), inverse


class TernaryLinear(nn.Module):
    """A matrix whose forward pass is whole-number; gradients pass straight through.

    The products run in bfloat16, which holds every whole number up to 256,
    so only the rounding of the sums differs from exact arithmetic.
    """

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) * inputs**-0.5)

    def forward(self, numbers: torch.Tensor, inverse: torch.Tensor) -> torch.Tensor:
        trits, scale = ternary(self.weight.detach())
        latent = self.weight / scale
        trits = (latent + (trits - latent).detach()).bfloat16()
        return F.linear(numbers, trits).float() * (inverse * scale)


def straight_through_int8(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    numbers, inverse = int8_activations(x.detach())
    latent = x / inverse
    return (latent + (numbers - latent).detach()).bfloat16(), inverse


def rotate(x: torch.Tensor, cosine: torch.Tensor, sine: torch.Tensor) -> torch.Tensor:
    """NEOX rotary embedding: dimension i turns with dimension i + S/2."""
    first, second = x.chunk(2, dim=-1)
    return torch.cat((first * cosine - second * sine, second * cosine + first * sine), dim=-1)


def rotary_angles(shape: ModelShape, positions: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    half = shape.head_size // 2
    frequency = shape.rope_base ** (-torch.arange(half, dtype=torch.float32) / half)
    angles = positions.float()[..., None] * frequency
    return angles.cos(), angles.sin()


class Block(nn.Module):
    def __init__(self, shape: ModelShape):
        super().__init__()
        self.shape = shape
        width, wide = shape.width, shape.feed_forward
        for name in ("attn_norm", "attn_sub_norm", "ffn_norm"):
            setattr(self, name, nn.RMSNorm(width, eps=shape.epsilon))
        self.ffn_sub_norm = nn.RMSNorm(wide, eps=shape.epsilon)
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            setattr(self, name, TernaryLinear(width, width))
        self.ffn_gate = TernaryLinear(width, wide)
        self.ffn_up = TernaryLinear(width, wide)
        self.ffn_down = TernaryLinear(wide, width)

    def forward(self, x, cosine, sine, mask):
        x = x + self.attention(self.attn_norm(x), cosine, sine, mask)
        return x + self.feed_forward(self.ffn_norm(x))

    def attention(self, x, cosine, sine, mask):
        rows, length, width = x.shape
        numbers, inverse = straight_through_int8(x)
        split = (rows, length, self.shape.heads, self.shape.head_size)
        query = rotate(self.attn_q(numbers, inverse).view(split).transpose(1, 2), cosine, sine)
        key = rotate(self.attn_k(numbers, inverse).view(split).transpose(1, 2), cosine, sine)
        value = self.attn_v(numbers, inverse).view(split).transpose(1, 2)
        mixed = F.scaled_dot_product_attention(
            query.bfloat16(), key.bfloat16(), value.bfloat16(), attn_mask=mask
        )
        mixed = mixed.transpose(1, 2).reshape(rows, length, width).float()
        return self.attn_output(*straight_through_int8(self.attn_sub_norm(mixed)))

    def feed_forward(self, x):
        numbers, inverse = straight_through_int8(x)
        inner = F.silu(self.ffn_gate(numbers, inverse)) * self.ffn_up(numbers, inverse)
        return self.ffn_down(*straight_through_int8(self.ffn_sub_norm(inner)))


class Tutor(nn.Module):
    def __init__(self, shape: ModelShape):
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocabulary, shape.width)
        nn.init.normal_(self.token_embd.weight, std=0.02)
        self.blk = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.output_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)

    def loss(self, tokens, targets, documents):
        """Mean cross entropy over targets >= 0; all arguments are (B, T).

        A position sees earlier positions of its own document only.
        """
        length = tokens.shape[1]
        cosine, sine = rotary_angles(self.shape, torch.arange(length))
        same = documents[:, None, :, None] == documents[:, None, None, :]
        causal = torch.ones(length, length, dtype=torch.bool).tril()
        mask = torch.zeros(same.shape, dtype=torch.bfloat16)
        mask = mask.masked_fill(~(same & causal), -1e9)
        x = self.token_embd(tokens)
        for block in self.blk:
            x = block(x, cosine, sine, mask)
        logits = F.linear(self.output_norm(x).bfloat16(), self.token_embd.weight.bfloat16())
        return F.cross_entropy(logits.float().flatten(0, 1), targets.flatten(), ignore_index=-1)
