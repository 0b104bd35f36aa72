"""Writes and reads the tutor as GGUF, in the names and types that llama.cpp's `bitnet` expects.

    python Training/export.py runs/tutor/last.pt OUT.gguf
"""

import argparse
import json
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Kind
from gguf import quants

from model import ModelShape, ternary
from reference import Reference
from tokenizer import CONTROL, END, PADDING, load

ARCHITECTURE = "bitnet"
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + "
    "message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
BLOCK_WEIGHTS = 256


def quantised(name: str, tensor: torch.Tensor) -> tuple[np.ndarray, Kind]:
    values = tensor.detach().float().numpy()
    if name.endswith("norm.weight"):
        return values, Kind.F32
    if name == "token_embd.weight":
        return quants.quantize(values, Kind.Q8_0), Kind.Q8_0
    return pack_tq2(tensor), Kind.TQ2_0


def pack_tq2(tensor: torch.Tensor) -> np.ndarray:
    """TQ2_0 with the tensor's absmean in every block.

    The package's own quantiser takes the scale from each block's largest
    value, which is wrong for a block of zeros only, so the bytes are laid out
    here: code = trit + 1; byte m of run r holds weights 128r + m + 32i in
    bits 2i and 2i + 1; then the scale as float16.
    """
    trits, scale = ternary(tensor.detach())
    codes = (trits.numpy().astype(np.int8) + 1).astype(np.uint8)
    rows, columns = codes.shape
    runs = codes.reshape(rows, columns // BLOCK_WEIGHTS, 2, 4, 32)
    shifted = runs << np.array([0, 2, 4, 6], dtype=np.uint8)[:, None]
    packed = np.bitwise_or.reduce(shifted, axis=3).reshape(rows, -1, BLOCK_WEIGHTS // 4)
    stored = np.frombuffer(np.float16(scale.item()).tobytes(), dtype=np.uint8)
    scales = np.broadcast_to(stored, (*packed.shape[:2], 2))
    return np.concatenate([packed, scales], axis=-1).reshape(rows, -1)


def write_gguf(path: Path, shape: ModelShape, state: dict[str, torch.Tensor]) -> None:
    writer = gguf.GGUFWriter(path, ARCHITECTURE)
    writer.add_name("Terntable Tutor")
    writer.add_license("apache-2.0")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_TQ2_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_layer_norm_rms_eps(shape.epsilon)
    writer.add_rope_dimension_count(shape.head_size)
    writer.add_rope_freq_base(shape.rope_base)
    add_tokenizer(writer)
    for name, tensor in state.items():
        data, kind = quantised(name, tensor)
        writer.add_tensor(name, data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_tokenizer(writer: gguf.GGUFWriter) -> None:
    tokenizer = load()
    pieces = [tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())]
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(pieces)
    kinds = [gguf.TokenType.CONTROL if p in CONTROL else gguf.TokenType.NORMAL for p in pieces]
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(pair) for pair in merges])
    writer.add_eos_token_id(pieces.index(END))
    writer.add_pad_token_id(pieces.index(PADDING))
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHAT_TEMPLATE)


def read_gguf(path: Path) -> Reference:
    reader = gguf.GGUFReader(path)

    def number(key: str):
        return reader.fields[f"{ARCHITECTURE}.{key}"].contents()

    shape = ModelShape(
        number("vocab_size"), number("embedding_length"), number("feed_forward_length"),
        number("block_count"), number("attention.head_count"), number("context_length"),
        number("rope.freq_base"), number("attention.layer_norm_rms_epsilon"),
    )  # fmt: skip
    weights = {}
    for tensor in reader.tensors:
        values = torch.from_numpy(np.array(quants.dequantize(tensor.data, tensor.tensor_type)))
        if tensor.tensor_type == Kind.TQ2_0:
            # The last two bytes of the first block: the scale, the same in all blocks.
            scale = tensor.data[0, 64:66].copy().view(np.float16)[0]
            weights[tensor.name.removesuffix("weight") + "scale"] = torch.tensor(float(scale))
            values = (values / float(scale)).round()
        weights[tensor.name] = values
    return Reference(shape, weights)


def from_state(shape: ModelShape, state: dict[str, torch.Tensor]) -> Reference:
    """The same model without the detour over a file; the embedding stays unquantised."""
    weights = {}
    for name, tensor in state.items():
        weights[name] = tensor.detach().clone()
        if not name.endswith("norm.weight") and name != "token_embd.weight":
            weights[name], weights[name.removesuffix("weight") + "scale"] = ternary(tensor.detach())
    return Reference(shape, weights)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    checkpoint = torch.load(options.checkpoint, weights_only=True)
    write_gguf(options.output, ModelShape(**checkpoint["shape"]), checkpoint["model"])
    print(f"{options.output}: step {checkpoint['step']}, {options.output.stat().st_size} bytes")
