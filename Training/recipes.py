"""Recipes: how latent weights become the matrices of the forward pass.

Each takes latent weights (…, N, outputs, inputs) and `amount`, 0 for full
precision and 1 for ternary, and returns a Matrix that gradients pass straight
through. `learned` holds the recipe's own parameters.
"""

import torch
from torch import Tensor

from model import Matrix

SMALLEST = 1e-5


def as_stored(scale: Tensor) -> Tensor:
    """Through float16, because the file keeps it so: training sees the number that inference will use."""
    return scale.clamp(min=SMALLEST).half().float()


def straight_through(latent: Tensor, amount: float) -> tuple[Tensor, Tensor]:
    """The latent weights moved towards the nearest trits, and the trits."""
    trits = latent.detach().round().clamp(-1, 1)
    return (latent + (trits - latent).detach() * amount).bfloat16(), trits


class Full:
    """No rounding at all: the trunk and the full-precision twin."""

    ternary = False
    scale_is_learned = False

    def initial(self, latent: Tensor) -> dict[str, Tensor]:
        return {}

    def matrix(self, latent: Tensor, learned: dict, amount: float, share: float) -> Matrix:
        return Matrix(latent.bfloat16())


class Absmean(Full):
    """BitNet b1.58 (arXiv 2402.17764): one scale a matrix, the mean absolute weight."""

    ternary = True

    def scale(self, latent: Tensor, learned: dict) -> Tensor:
        mean = as_stored(latent.detach().abs().mean(dim=(-2, -1)))
        return mean[..., None].expand(latent.shape[:-1])

    def matrix(self, latent, learned, amount, share):
        scale = self.scale(latent, learned)
        codes, _ = straight_through(latent / scale[..., None], amount)
        return Matrix(codes, scale.contiguous())


class LearnedScale(Absmean):
    """A learnt scale for each row, after LSQ, ParetoQ (arXiv 2502.02631) and TernaryLLM.

    Trits are the nearest to weight / scale, so ParetoQ's stretched ternary levels are these with
    another name for the scale. What is learnt is the scale's logarithm against the row's mean
    absolute weight at the start; weights past the outer threshold get no gradient, as in LSQ.
    """

    scale_is_learned = True

    def initial(self, latent):
        return {"log_scale": latent.abs().mean(-1).clamp(min=SMALLEST).log()}

    def scale(self, latent, learned):
        exact = learned["log_scale"].exp()
        return exact + (as_stored(exact) - exact).detach()

    def matrix(self, latent, learned, amount, share):
        scale = self.scale(latent, learned)
        ratio = latent / scale[..., None]
        # Without rounding nothing is cut off; with it, what lies beyond is.
        cut = ratio + (ratio.clamp(-1.5, 1.5) - ratio) * amount
        codes, _ = straight_through(cut, amount)
        return Matrix(codes, scale)


class Tequila(Absmean):
    """Dead-zone biases after Tequila (arXiv 2509.23809): weights that round to zero add to a row's bias.

    The paper keeps the biases for inference; a `bitnet` file has no place for them, so here they fade
    out with `share` (the part of the schedule still to come) and the final model has none: what is
    compared is the method as an aid to training. The bias is a fixed small factor times the sum, as
    in the authors' second variant; the size of the factor here is ours.
    """

    strength = 1e-2

    def matrix(self, latent, learned, amount, share):
        scale = self.scale(latent, learned)
        codes, trits = straight_through(latent / scale[..., None], amount)
        bias = (latent * (trits == 0)).sum(-1) * (self.strength * amount * share)
        return Matrix(codes, scale.contiguous(), bias)


RECIPES = {"full": Full(), "absmean": Absmean(), "learned": LearnedScale(), "tequila": Tequila()}


@torch.no_grad()
def trits_and_scale(recipe: Absmean, latent: Tensor, learned: dict) -> tuple[Tensor, Tensor]:
    """What the file holds: trits (outputs, inputs) of each matrix and a scale for each row."""
    scale = recipe.scale(latent, learned)
    return (latent / scale[..., None]).round().clamp(-1, 1), scale
