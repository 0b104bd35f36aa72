"""Two pieces of the forward pass with their gradients written out.

The compiler's own gradients of slices, stacks and masks become scalar loops on
a CPU and took longer than the matrix products; most of these are vectors.
Shapes: B rows, T positions, H heads, S head size.
"""

import torch
from torch import Tensor

BANDS = 4


def rotary_angles(shape, positions: Tensor) -> tuple[Tensor, Tensor]:
    half = shape.head_size // 2
    steps = torch.arange(half, dtype=torch.float32, device=positions.device)
    angles = positions.float()[..., None] * shape.rope_base ** (-steps / half)
    return angles.cos(), angles.sin()


def turn(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """NEOX rotary embedding: dimension i turns with dimension i + S/2."""
    half = x.shape[-1] // 2
    first, second = x[..., :half], x[..., half:]
    return torch.cat((first * cosine - second * sine, second * cosine + first * sine), dim=-1)


class Heads(torch.autograd.Function):
    """Query, key, value (B, T, HS) -> the same in bfloat16, each (B, H, T, S); the first two rotated."""

    @staticmethod
    def forward(ctx, query, key, value, cosine, sine, heads):
        ctx.save_for_backward(cosine, sine)
        ctx.kind = query.dtype
        parts = (part.unflatten(-1, (heads, -1)).transpose(1, 2) for part in (query, key, value))
        query, key, value = (part.float() for part in parts)
        query, key = turn(query, cosine, sine), turn(key, cosine, sine)
        return query.bfloat16(), key.bfloat16(), value.bfloat16()

    @staticmethod
    def backward(ctx, query, key, value):
        cosine, sine = ctx.saved_tensors
        query, key = turn(query.float(), cosine, -sine), turn(key.float(), cosine, -sine)
        parts = (part.transpose(1, 2).flatten(2).to(ctx.kind) for part in (query, key, value))
        return *parts, None, None, None


class Attention(torch.autograd.Function):
    """Softmax attention in bands of queries, each over the keys it may see; mask (B, 1, T, T) is added."""

    @staticmethod
    def forward(ctx, query, key, value, mask):
        length, scale = query.shape[2], query.shape[3] ** -0.5
        band = length // BANDS
        mixed, chances = [], []
        for start in range(0, length, band):
            end = start + band
            scores = (query[:, :, start:end] @ key[:, :, :end].mT).float()
            scores = scores * scale + mask[:, :, start:end, :end]
            chances.append(scores.softmax(-1).bfloat16())
            mixed.append(chances[-1] @ value[:, :, :end])
        ctx.save_for_backward(query, key, value, *chances)
        return torch.cat(mixed, dim=2)

    @staticmethod
    def backward(ctx, gradient):
        query, key, value, *chances = ctx.saved_tensors
        length, scale = query.shape[2], query.shape[3] ** -0.5
        band = length // BANDS
        queries, keys, values = [], [[] for _ in chances], [[] for _ in chances]
        for number, chance in enumerate(chances):
            start, end = number * band, (number + 1) * band
            outer = gradient[:, :, start:end]
            inner = (outer @ value[:, :, :end].mT).float()
            chance32 = chance.float()
            scores = chance32 * (inner - (inner * chance32).sum(-1, keepdim=True)) * scale
            scores = scores.bfloat16()
            queries.append(scores @ key[:, :, :end])
            for found, part in (
                (keys, scores.mT @ query[:, :, start:end]),
                (values, chance.mT @ outer),
            ):
                for block in range(number + 1):
                    found[block].append(part[:, :, block * band : (block + 1) * band])
        sums = ([sum(p.float() for p in parts).bfloat16() for parts in found] for found in (keys, values))
        return torch.cat(queries, dim=2), *(torch.cat(blocks, dim=2) for blocks in sums), None
