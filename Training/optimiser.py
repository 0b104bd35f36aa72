"""The two optimisers as plain functions on tensors: Muon for matrices, Adam for everything else.

Muon costs more for each step and less for each thing learnt. Equal matrices
are orthogonalised in one batched product, in bfloat16.
"""

import torch
from torch import Tensor

# Newton-Schulz coefficients of Muon (Jordan et al., 2024): they bring all singular values near 1.
COEFFICIENTS = (3.4445, -4.7750, 2.0315)
ROUNDS = 5
MOMENTUM = 0.95


def orthogonal(matrices: Tensor) -> Tensor:
    """(count, outputs, inputs) -> about U Vᵀ of each singular value decomposition U S Vᵀ."""
    x = matrices.bfloat16()
    wide = x.shape[-2] <= x.shape[-1]
    x = x if wide else x.mT
    x = (x / (x.float().norm(dim=(-2, -1), keepdim=True) + 1e-7)).bfloat16().contiguous()
    a, b, c = COEFFICIENTS
    for _ in range(ROUNDS):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return (x if wide else x.mT).float()


@torch.no_grad()
def muon(weight: Tensor, gradient: Tensor, momentum: Tensor, rate: float, decay: float) -> None:
    """Stacked matrices (…, outputs, inputs), in place; a step's size is that of Adam's (0.2 root mean square)."""
    momentum.lerp_(gradient, 1 - MOMENTUM)
    direction = orthogonal(torch.lerp(gradient, momentum, MOMENTUM).flatten(0, -3)).view_as(weight)
    weight.mul_(1 - rate * decay)
    weight.add_(direction, alpha=-rate * 0.2 * max(weight.shape[-2:]) ** 0.5)


@torch.no_grad()
def adam(
    weight: Tensor, gradient: Tensor, first: Tensor, second: Tensor, step: int, rate: float,
    betas: tuple[float, float] = (0.9, 0.98),
) -> None:  # fmt: skip
    """In place; `step` counts from 1."""
    first.lerp_(gradient, 1 - betas[0])
    second.lerp_(gradient.square(), 1 - betas[1])
    size = (second / (1 - betas[1] ** step)).sqrt_().add_(1e-10)
    weight.sub_(first / size, alpha=rate / (1 - betas[0] ** step))
