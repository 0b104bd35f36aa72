"""Models of random ternary weights for measuring speed: nothing is downloaded.

The same file is read by Terntable and by llama.cpp: TQ2_0 matrices and a Q6_K table that is embedding and head.
"""

import dataclasses
import pathlib
import sys

import gguf
import numpy as np

from load import vocabulary


@dataclasses.dataclass(frozen=True)
class Shape:
    architecture: str
    width: int
    feed_forward: int
    layers: int
    heads: int
    key_heads: int
    vocabulary: int
    context: int = 8192


SHAPES = {
    "2b": Shape("bitnet", 2560, 6912, 30, 20, 5, 128256),
    "125m": Shape("llama", 1024, 2560, 12, 16, 16, 32000),
}
TQ2_0, Q6_K = gguf.GGMLQuantizationType.TQ2_0, gguf.GGMLQuantizationType.Q6_K


def tensors(shape: Shape):
    """Names, rows and columns; 0 columns: a norm."""
    width, wide, key = shape.width, shape.feed_forward, shape.width // shape.heads * shape.key_heads
    yield "token_embd.weight", shape.vocabulary, width
    for index in range(shape.layers):
        parts = [("attn_norm", width, 0), ("attn_q", width, width), ("attn_k", key, width), ("attn_v", key, width),
                 ("attn_output", width, width), ("ffn_norm", width, 0), ("ffn_gate", wide, width),
                 ("ffn_up", wide, width), ("ffn_down", width, wide)]  # fmt: skip
        if shape.architecture == "bitnet":
            parts += [("attn_sub_norm", width, 0), ("ffn_sub_norm", wide, 0)]
        for name, rows, columns in parts:
            yield f"blk.{index}.{name}.weight", rows, columns
    yield "output_norm.weight", width, 0


def ternary_blocks(generator, count):
    """TQ2_0: 64 bytes of four codes below 3, and a scale."""
    codes = np.array([a << 6 | b << 4 | c << 2 | d for a in range(3) for b in range(3) for c in range(3) for d in range(3)], np.uint8)
    blocks = np.empty((count, 66), np.uint8)
    blocks[:, :64] = codes[generator.integers(0, 81, (count, 64), np.uint8)]
    blocks[:, 64:] = np.frombuffer(np.float16(0.02).tobytes(), np.uint8)
    return blocks


def table_blocks(generator, count):
    """Q6_K: normally distributed numbers, of a few thousand different blocks."""
    kinds = 4096
    codes = np.clip(np.rint(generator.standard_normal((kinds, 2, 4, 32)) * 9), -32, 31).astype(np.int8) + 32
    codes = codes.astype(np.uint8)
    low = np.concatenate([codes[:, :, 0] & 15 | (codes[:, :, 2] & 15) << 4, codes[:, :, 1] & 15 | (codes[:, :, 3] & 15) << 4], axis=2)
    high = codes[:, :, 0] >> 4 | codes[:, :, 1] >> 4 << 2 | codes[:, :, 2] >> 4 << 4 | codes[:, :, 3] >> 4 << 6
    blocks = np.empty((kinds, 210), np.uint8)
    blocks[:, :128] = low.reshape(kinds, 128)
    blocks[:, 128:192] = high.reshape(kinds, 64)
    blocks[:, 192:208] = generator.integers(28, 36, (kinds, 16), np.uint8)
    blocks[:, 208:] = np.frombuffer(np.float16(1 / 16384).tobytes(), np.uint8)
    return blocks[generator.integers(0, kinds, count)]


def describe(writer, shape: Shape):
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_heads)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(500000.0)
    writer.add_vocab_size(shape.vocabulary)
    tokens, merges = vocabulary()
    letters, control = shape.vocabulary - 256, tokens[-256:]
    known = set(tokens[:letters])
    merges = [merge for merge in merges if {*merge.split(), merge.replace(" ", "")} <= known]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("llama-bpe")
    writer.add_token_list(tokens[:letters] + control)
    writer.add_token_types([1] * letters + [3] * 256)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(letters)
    writer.add_eos_token_id(letters + 1)
    writer.add_chat_template("{% for message in messages %}{{ message.role + ': ' + message.content + '\n' }}{% endfor %}assistant: ")


def write(path: pathlib.Path, shape: Shape):
    writer = gguf.GGUFWriter(None, shape.architecture)
    describe(writer, shape)
    plan = list(tensors(shape))
    for name, rows, columns in plan:
        if columns == 0:
            writer.add_tensor_info(name, (rows,), np.dtype(np.float32), rows * 4)
        else:
            kind, size = (Q6_K, 210) if name == "token_embd.weight" else (TQ2_0, 66)
            row = columns // 256 * size
            writer.add_tensor_info(name, (rows, row), np.dtype(np.uint8), rows * row, raw_dtype=kind)
    partial = path.with_suffix(".part")
    writer.write_header_to_file(partial)
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    out, generator = writer.fout[0], np.random.default_rng(1)
    for name, rows, columns in plan:
        writer.write_padding(out, out.tell())
        if columns == 0:
            out.write(generator.uniform(0.5, 1.5, rows).astype(np.float32).tobytes())
            continue
        blocks = table_blocks if name == "token_embd.weight" else ternary_blocks
        for start in range(0, rows, 8192):
            out.write(blocks(generator, min(8192, rows - start) * columns // 256).tobytes())
    writer.write_padding(out, out.tell())
    writer.close()
    partial.rename(path)


def model(name: str, folder: pathlib.Path) -> pathlib.Path:
    """The model's file, written where it is not there yet."""
    path = folder / f"terntable-speed-{name}.gguf"
    if not path.exists():
        print(f"writing {path}", file=sys.stderr)
        write(path, SHAPES[name])
    return path
