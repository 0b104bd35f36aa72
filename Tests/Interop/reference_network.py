"""The networks in float64 NumPy, written from the papers.

Transformer: Vaswani et al. 2017 (attention), Zhang & Sennrich 2019 (RMSNorm), Su et al. 2021
(rotary embeddings; the file's metadata say which pairs turn), Shazeer 2020 (gated units),
Ainslie et al. 2023 (grouped queries), Peng et al. 2023 (YaRN), Ma et al. 2024 (BitNet b1.58:
activations to int8 by the absolute maximum of a token).
"""

from dataclasses import KW_ONLY, dataclass, field

import numpy as np


@dataclass
class Sizes:
    """A network's sizes and what sets its architecture apart; the defaults are the smallest that use every part."""

    architecture: str = "bitnet"
    _: KW_ONLY
    width: int = 256
    feed_forward: int = 512
    layers: int = 2
    heads: int = 4
    key_heads: int = 2
    head_size: int = 64
    tied: bool = False
    biases: bool = False
    input_norms: bool = False
    rope: dict = field(default_factory=dict)
    rope_base: float = 10000.0
    epsilon: float = 1e-5
    seed: int = 1

    @property
    def sub_norms(self):
        return self.architecture.startswith("bitnet")

    @property
    def squared_relu(self):
        return self.architecture in ("bitnet-b1.58", "bitnet-25")

    @property
    def head_norms(self):
        return self.architecture == "qwen3"


def rms_norm(x, weight, epsilon):
    return x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + epsilon) * weight


def int8(x):
    """Codes in -127…127 and the scale that turns them back, a token (BitNet b1.58, section 2)."""
    top = np.maximum(np.abs(x).max(axis=-1, keepdims=True), 1e-5)
    return np.clip(np.rint(x * (127 / top)), -127, 127), top / 127


def frequencies(shape, weights):
    """Angles a position turns each pair by, and the factor on sine and cosine."""
    size, base, rope = shape.head_size, shape.rope_base, shape.rope
    pair = np.arange(size // 2)
    plain = base ** (-2.0 * pair / size) / weights.get("rope_freqs.weight", 1.0)
    factor = rope.get("factor", 1.0)
    if rope.get("type") == "linear":
        return plain / factor, 1.0
    if rope.get("type") != "yarn":
        return plain, 1.0
    # YaRN, section 3.2: pairs that turn more than `beta_fast` times in the original context
    # keep their angle, those below `beta_slow` turns are interpolated, a ramp lies between.
    original = rope["original_context_length"]

    def pair_that_turns(times):
        return size * np.log(original / (times * 2 * np.pi)) / (2 * np.log(base))

    low = max(np.floor(pair_that_turns(rope.get("yarn_beta_fast", 32.0))), 0)
    high = min(np.ceil(pair_that_turns(rope.get("yarn_beta_slow", 1.0))), size - 1)
    kept = 1 - np.clip((pair - low) / max(high - low, 0.001), 0, 1)
    angles = plain * kept + plain / factor * (1 - kept)
    return angles, rope.get("attn_factor", 1.0) * (1 + 0.1 * np.log(factor))


def rotate(x, positions, angles, factor, interleaved):
    """x (tokens, heads, size): each pair turned by its position times its angle."""
    turn = positions[:, None] * angles
    cosine, sine = np.cos(turn)[:, None] * factor, np.sin(turn)[:, None] * factor
    half = x.shape[-1] // 2
    first, second = (x[..., ::2], x[..., 1::2]) if interleaved else (x[..., :half], x[..., half:])
    turned = first * cosine - second * sine, first * sine + second * cosine
    if interleaved:
        return np.stack(turned, axis=-1).reshape(x.shape)
    return np.concatenate(turned, axis=-1)


def in_blocks(x):
    """As llama.cpp's dense kernels read activations: 8 bits in blocks of 32, the scale as f16 (Q8_0)."""
    block = x.reshape(*x.shape[:-1], -1, 32)
    scale = np.maximum(np.abs(block).max(axis=-1, keepdims=True), 1e-30) / 127
    return (np.rint(block / scale) * np.float16(scale).astype(np.float64)).reshape(x.shape)


class Network:
    """`activations` is "int8" (ternary layers read int8), "exact", or "blocks" (as llama.cpp's)."""

    def __init__(self, model, activations="int8"):
        self.shape, self.weights, self.activations = model.shape, model.weights, activations

    def read(self, x):
        """What a dense matrix reads."""
        return in_blocks(x) if self.activations == "blocks" else x

    def linear(self, name, x):
        w = self.weights
        if name + "_norm_in.weight" in w:
            x = rms_norm(x, w[name + "_norm_in.weight"], self.shape.epsilon)
        if name + ".weight codes" in w and self.activations == "int8":
            codes, scale = int8(x)
            trits, scales = w[name + ".weight codes"], w[name + ".weight scales"]
            block = next(b for b in range(trits.shape[1], 0, -1) if trits.shape[1] % b == 0 and all(
                (scales[:, i : i + b] == scales[:, i : i + 1]).all() for i in range(0, trits.shape[1], b)))
            out = sum(
                (codes[:, i : i + block] @ trits[:, i : i + block].T) * scales[:, i]
                for i in range(0, trits.shape[1], block)
            ) * scale
            read = codes * scale
        else:
            read = self.read(x)
            out = read @ w[name + ".weight"].T
        if name + ".shift" in w:
            out = out + read.sum(axis=-1, keepdims=True) * w[name + ".shift"]
        return out + w.get(name + ".bias", 0.0)

    def logits(self, tokens):
        """(tokens) -> (tokens, vocabulary)."""
        s, w = self.shape, self.weights
        x = w["token_embd.weight"][tokens]
        positions = np.arange(len(tokens))
        self.angles, self.factor = frequencies(s, w)
        for index in range(s.layers):
            block = f"blk.{index}."
            x = x + self.attention(block, rms_norm(x, w[block + "attn_norm.weight"], s.epsilon), positions)
            inner = rms_norm(x, w[block + "ffn_norm.weight"], s.epsilon)
            gate, up = self.linear(block + "ffn_gate", inner), self.linear(block + "ffn_up", inner)
            inner = (np.maximum(gate, 0) ** 2 if s.squared_relu else gate / (1 + np.exp(-gate))) * up
            if s.sub_norms:
                inner = rms_norm(inner, w[block + "ffn_sub_norm.weight"], s.epsilon)
            x = x + self.linear(block + "ffn_down", inner)
        head = w["token_embd.weight" if s.tied else "output.weight"]
        return self.read(rms_norm(x, w["output_norm.weight"], s.epsilon)) @ head.T

    def attention(self, block, x, positions):
        s, w, count = self.shape, self.weights, len(x)
        query = self.linear(block + "attn_q", x).reshape(count, s.heads, s.head_size)
        key = self.linear(block + "attn_k", x).reshape(count, s.key_heads, s.head_size)
        value = self.linear(block + "attn_v", x).reshape(count, s.key_heads, s.head_size)
        if s.head_norms:
            query = rms_norm(query, w[block + "attn_q_norm.weight"], s.epsilon)
            key = rms_norm(key, w[block + "attn_k_norm.weight"], s.epsilon)
        query = rotate(query, positions, self.angles, self.factor, s.interleaved)
        key = rotate(key, positions, self.angles, self.factor, s.interleaved)
        # Keys and values are kept as f16 (docs/decisions/0009).
        key, value = (np.float16(t).astype(np.float64) for t in (key, value))
        share = s.heads // s.key_heads
        key, value = np.repeat(key, share, axis=1), np.repeat(value, share, axis=1)
        scores = np.einsum("qhd,khd->hqk", query, key) / np.sqrt(s.head_size)
        scores = np.where(positions[None, :, None] >= positions[None, None, :], scores, -np.inf)
        chances = np.exp(scores - scores.max(axis=-1, keepdims=True))
        chances = chances / chances.sum(axis=-1, keepdims=True)
        mixed = np.einsum("hqk,khd->qhd", chances, value).reshape(count, s.heads * s.head_size)
        if s.sub_norms:
            mixed = rms_norm(mixed, w[block + "attn_sub_norm.weight"], s.epsilon)
        return self.linear(block + "attn_output", mixed)
