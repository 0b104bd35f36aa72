"""Small models of random weights, written with `gguf`: every architecture, every tensor type.

`write` gives back the weights as the float64 numbers the file stands for, so that a reference in
plain NumPy can run the same network without reading the file.
"""

from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind
from gguf import quants

from reference_network import Sizes

# Numbers that `gguf` has no name for: bitnet.cpp's, ggml's newest, and PrismML's.
I2_S, Q2_0, PQ2_0, PTQ1_0 = 36, 42, 142, 143
# Weights of one block, its bytes; I2_S has one scale for the whole tensor.
BLOCKS = {Kind.TQ1_0: 256, Kind.TQ2_0: 256, (Q2_0, 64): 64, (Q2_0, 128): 128, PQ2_0: 128, PTQ1_0: 128, I2_S: 128}


@dataclass
class Shape(Sizes):
    """How a model's file is written."""

    linear: object = Kind.TQ2_0  # type of the linear layers
    table: object = Kind.Q8_0  # type of the embedding and the head
    context: int = 256
    scale_blocks: bool = False  # another scale for every block of a row
    shifts: bool = False  # a number a row beside the scale (TernaryLLM)
    freq_factors: bool = False

    @property
    def interleaved(self):
        return self.architecture == "llama"


def byte_alphabet() -> list[str]:
    """GPT-2's spelling of the 256 bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table, extra = {}, 256
    for byte in range(256):
        table[byte] = chr(byte if byte in plain else extra)
        extra += byte not in plain
    return [table[byte] for byte in range(256)]


VOCABULARY = ["<|end|>", "<|unused|>", *byte_alphabet(), "ab"]


# Ternary types: codes (rows, columns) of 0, 1, 2 and scales (rows, blocks) to bytes (rows, …).


def tq1(codes: np.ndarray, scales: np.ndarray) -> np.ndarray:
    powers = np.array([81, 27, 9, 3, 1])

    def packed(trits):  # (…, n, m) -> (…, m)
        number = (trits * powers[: trits.shape[-2], None]).sum(axis=-2)
        return ((number * 256 + 242) // 243).astype(np.uint8)

    blocks = codes.reshape(len(codes), -1, 256)
    first = packed(blocks[..., :160].reshape(*blocks.shape[:2], 5, 32))
    second = packed(blocks[..., 160:240].reshape(*blocks.shape[:2], 5, 16))
    last = packed(blocks[..., 240:].reshape(*blocks.shape[:2], 4, 4))
    return np.concatenate([first, second, last, halves(scales)], axis=-1)


def tq2(codes: np.ndarray, scales: np.ndarray) -> np.ndarray:
    runs = codes.reshape(len(codes), -1, 2, 4, 32) << np.array([0, 2, 4, 6])[:, None]
    packed = np.bitwise_or.reduce(runs, axis=3).astype(np.uint8)
    return np.concatenate([packed.reshape(*packed.shape[:2], 64), halves(scales)], axis=-1)


def q2(codes: np.ndarray, scales: np.ndarray) -> np.ndarray:
    group = codes.shape[1] // scales.shape[1]
    fours = codes.reshape(len(codes), -1, group // 4, 4) << np.array([0, 2, 4, 6])
    packed = np.bitwise_or.reduce(fours, axis=3).astype(np.uint8)
    return np.concatenate([halves(scales), packed], axis=-1)


def ptq1(codes: np.ndarray, scales: np.ndarray) -> np.ndarray:
    powers = np.array([81, 27, 9, 3, 1])

    def packed(trits):
        number = (trits * powers[: trits.shape[-2], None]).sum(axis=-2)
        return ((number * 256 + 242) // 243).astype(np.uint8)

    blocks = codes.reshape(len(codes), -1, 128)
    first = packed(blocks[..., :80].reshape(*blocks.shape[:2], 5, 16))
    second = packed(blocks[..., 80:120].reshape(*blocks.shape[:2], 5, 8))
    last = packed(blocks[..., 120:].reshape(*blocks.shape[:2], 4, 2))
    return np.concatenate([first, second, last, halves(scales)], axis=-1)


def i2s(codes: np.ndarray, scales: np.ndarray) -> np.ndarray:
    runs = codes.reshape(len(codes), -1, 4, 32) << np.array([6, 4, 2, 0])[:, None]
    packed = np.bitwise_or.reduce(runs, axis=2).astype(np.uint8).reshape(-1)
    scale = np.array(scales[0, 0], dtype=np.float32).tobytes()
    return np.concatenate([packed, np.frombuffer(scale + bytes(28), dtype=np.uint8)])


def halves(scales: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(scales.astype(np.float16))[..., None].view(np.uint8)


PACKERS = {Kind.TQ1_0: tq1, Kind.TQ2_0: tq2, (Q2_0, 64): q2, (Q2_0, 128): q2, PQ2_0: q2, PTQ1_0: ptq1, I2_S: i2s}


class Model:
    """Writes one file and keeps what it stands for."""

    def __init__(self, path: Path, shape: Shape):
        self.shape, self.weights = shape, {}
        self.random = np.random.default_rng(shape.seed)
        self.writer = gguf.GGUFWriter(path, shape.architecture)

    def metadata(self):
        w, s = self.writer, self.shape
        w.add_name("Synthetic")
        w.add_vocab_size(len(VOCABULARY))
        w.add_context_length(s.context)
        w.add_embedding_length(s.width)
        w.add_block_count(s.layers)
        w.add_feed_forward_length(s.feed_forward)
        w.add_head_count(s.heads)
        w.add_head_count_kv(s.key_heads)
        w.add_key_length(s.head_size)
        w.add_value_length(s.head_size)
        w.add_layer_norm_rms_eps(s.epsilon)
        w.add_rope_dimension_count(s.head_size)
        w.add_rope_freq_base(s.rope_base)
        for key, value in s.rope.items():
            add = w.add_string if isinstance(value, str) else w.add_uint32 if isinstance(value, int) else w.add_float32
            add(f"{s.architecture}.rope.scaling.{key}", value)
        w.add_tokenizer_model("gpt2")
        w.add_tokenizer_pre("gpt-2")
        w.add_token_list(VOCABULARY)
        w.add_token_types([gguf.TokenType.CONTROL] * 2 + [gguf.TokenType.NORMAL] * 257)
        w.add_token_merges(["a b"])
        w.add_eos_token_id(0)
        w.add_add_bos_token(False)

    def vector(self, name: str, count: int, low: float = 0.5, high: float = 1.5):
        values = self.random.uniform(low, high, count).astype(np.float32)
        self.writer.add_tensor(name, values)
        self.weights[name] = values.astype(np.float64)

    def matrix(self, name: str, rows: int, columns: int, kind):
        # Outputs of a linear layer come out about as large as its inputs.
        spread = 1.0 / np.sqrt(columns)
        if kind in PACKERS:
            return self.ternary(name, rows, columns, kind, spread)
        values = (self.random.standard_normal((rows, columns)) * spread).astype(np.float32)
        if kind == Kind.F32:
            data = values
        elif kind in (Kind.Q4_K, Kind.Q5_K, Kind.Q6_K):
            data = self.k_blocks(rows, columns, kind, spread)
        else:
            data = quants.quantize(values, kind)
        self.writer.add_tensor(name, data, raw_dtype=kind)
        self.weights[name] = np.asarray(quants.dequantize(data, kind), dtype=np.float64).reshape(rows, columns)

    def k_blocks(self, rows, columns, kind, spread):
        """`gguf` cannot quantise to these types: random bytes with small scales are as good."""
        size = {Kind.Q4_K: 144, Kind.Q5_K: 176, Kind.Q6_K: 210}[kind]
        data = self.random.integers(0, 256, (rows, columns // 256, size), dtype=np.uint8)
        # Largest whole scale times largest code: 63 * 15, 63 * 31, 127 * 32.
        unit = spread * 2 / {Kind.Q4_K: 63 * 15, Kind.Q5_K: 63 * 31, Kind.Q6_K: 127 * 32}[kind]
        scales = self.random.uniform(0.5, 1, (rows, columns // 256)) * unit
        if kind == Kind.Q6_K:
            data[..., 208:210] = halves(scales)
        else:
            data[..., 0:2] = halves(scales)
            data[..., 2:4] = halves(scales * (7 if kind == Kind.Q4_K else 15))
        return data.reshape(rows, -1)

    def ternary(self, name, rows, columns, kind, spread):
        codes = self.random.integers(0, 3, (rows, columns)).astype(np.uint8)
        blocks = columns // BLOCKS[kind]
        if self.shape.scale_blocks and kind != I2_S:
            scales = self.random.uniform(0.5, 1.5, (rows, blocks)) * spread
        else:
            # I2_S has one scale a tensor; the others may have one a row (several shards).
            row = self.random.uniform(0.5, 1.5, (1 if kind == I2_S else rows, 1)) * spread
            scales = np.broadcast_to(row, (rows, blocks))
        scales = scales.astype(np.float16)
        data = PACKERS[kind](codes, scales)
        number = kind[0] if isinstance(kind, tuple) else int(kind)
        self.writer.add_tensor(name, data.reshape(-1).view(np.int8), raw_shape=(rows, columns), raw_dtype=number)
        wide = np.repeat(scales.astype(np.float64), BLOCKS[kind], axis=1)
        self.weights[name] = (codes.astype(np.float64) - 1) * wide
        self.weights[name + " codes"] = codes.astype(np.int64) - 1
        self.weights[name + " scales"] = wide
        if self.shape.shifts:
            self.vector(name.removesuffix("weight") + "shift", rows, -0.2 * spread, 0.2 * spread)

    def linear(self, name: str, rows: int, columns: int, kind=None):
        self.matrix(name + ".weight", rows, columns, kind or self.shape.linear)
        if self.shape.biases:
            self.vector(name + ".bias", rows, -0.5, 0.5)
        if self.shape.input_norms:
            self.vector(name + "_norm_in.weight", columns)

    def tensors(self):
        s = self.shape
        query, key = s.heads * s.head_size, s.key_heads * s.head_size
        self.matrix("token_embd.weight", len(VOCABULARY), s.width, s.table)
        if s.freq_factors:
            self.vector("rope_freqs.weight", s.head_size // 2, 1, 8)
        for index in range(s.layers):
            block = f"blk.{index}."
            self.vector(block + "attn_norm.weight", s.width)
            self.linear(block + "attn_q", query, s.width)
            self.linear(block + "attn_k", key, s.width)
            self.linear(block + "attn_v", key, s.width)
            if s.head_norms:
                self.vector(block + "attn_q_norm.weight", s.head_size)
                self.vector(block + "attn_k_norm.weight", s.head_size)
            if s.sub_norms:
                self.vector(block + "attn_sub_norm.weight", query)
                self.vector(block + "ffn_sub_norm.weight", s.feed_forward)
            self.linear(block + "attn_output", s.width, query)
            self.vector(block + "ffn_norm.weight", s.width)
            self.linear(block + "ffn_gate", s.feed_forward, s.width)
            self.linear(block + "ffn_up", s.feed_forward, s.width)
            self.linear(block + "ffn_down", s.width, s.feed_forward)
        self.vector("output_norm.weight", s.width)
        if not s.tied:
            self.matrix("output.weight", len(VOCABULARY), s.width, s.table)


def write(path: Path, shape: Shape) -> Model:
    """Writes the file; gives back the shape and the weights it stands for."""
    model = Model(path, shape)
    model.metadata()
    model.tensors()
    model.writer.write_header_to_file()
    model.writer.write_kv_data_to_file()
    model.writer.write_tensors_to_file()
    model.writer.close()
    return model
