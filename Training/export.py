"""Writes and reads the tutor as GGUF, in the names and types that llama.cpp's `bitnet` expects.

    python Training/export.py runs/tutor/last.pt OUT.gguf
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Kind
from gguf import quants
from tokenizers import Tokenizer

from model import PARTS, ModelShape
from recipes import RECIPES, trits_and_scale
from reference import Reference
from tokenizer import CONTROL, END, PADDING, Encoder, from_pieces, load

ARCHITECTURE = "bitnet"
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + "
    "message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
BLOCK_WEIGHTS = 256
NORMS = ("attn_norm", "attn_sub_norm", "ffn_norm", "ffn_sub_norm")
FILE_TYPES = {
    Kind.TQ2_0: gguf.LlamaFileType.MOSTLY_TQ2_0,
    Kind.Q8_0: gguf.LlamaFileType.MOSTLY_Q8_0,
    Kind.F16: gguf.LlamaFileType.MOSTLY_F16,
}


@dataclass
class FileTensor:
    """One tensor of the file: a matrix with a scale for each row is ternary, any other is dense."""

    name: str
    values: torch.Tensor
    scale: torch.Tensor | None = None


def tensors(saved: dict) -> list[FileTensor]:
    """The tensors of a checkpoint under their names in the file."""
    shape, recipe, weights = ModelShape(**saved["shape"]), RECIPES[saved["recipe"]], saved["weights"]
    found = [FileTensor("token_embd.weight", weights["token_embd"])]
    for layer in range(shape.layers):
        for stack, names in PARTS.items():
            latent = weights[stack][layer]
            learned = {k.split(".")[1]: v[layer] for k, v in weights.items() if k.startswith(stack + ".")}
            trits, scale = trits_and_scale(recipe, latent, learned) if recipe.ternary else (latent, None)
            for place, name in enumerate(names):
                row_scale = None if scale is None else scale[place]
                found.append(FileTensor(f"blk.{layer}.{name}.weight", trits[place], row_scale))
        for name in NORMS:
            size = shape.feed_forward if name == "ffn_sub_norm" else shape.width
            found.append(FileTensor(f"blk.{layer}.{name}.weight", torch.ones(size)))
    return [*found, FileTensor("output_norm.weight", torch.ones(shape.width))]


def packed(tensor: FileTensor, dense: Kind) -> tuple[np.ndarray, Kind]:
    values = tensor.values.float().numpy()
    if tensor.name.endswith("norm.weight"):
        return values, Kind.F32
    if tensor.name == "token_embd.weight":
        return quants.quantize(values, Kind.Q8_0), Kind.Q8_0
    if tensor.scale is not None:
        return pack_tq2(values, tensor.scale.numpy()), Kind.TQ2_0
    return quants.quantize(values, dense), dense


def pack_tq2(trits: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """TQ2_0 with the row's scale in each of its blocks.

    The package's own quantiser takes the scale from each block's largest
    value, which is wrong for a block of zeros only, so the bytes are laid out
    here: code = trit + 1; byte m of run r holds weights 128r + m + 32i in
    bits 2i and 2i + 1; then the scale as float16.
    """
    codes = (trits.astype(np.int8) + 1).astype(np.uint8)
    rows, columns = codes.shape
    runs = codes.reshape(rows, columns // BLOCK_WEIGHTS, 2, 4, 32)
    shifted = runs << np.array([0, 2, 4, 6], dtype=np.uint8)[:, None]
    codes = np.bitwise_or.reduce(shifted, axis=3).reshape(rows, -1, BLOCK_WEIGHTS // 4)
    stored = scale.astype(np.float16).view(np.uint8).reshape(rows, 1, 2)
    scales = np.broadcast_to(stored, (*codes.shape[:2], 2))
    return np.concatenate([codes, scales], axis=-1).reshape(rows, -1)


def write_gguf(path: Path, saved: dict, dense: Kind = Kind.F16) -> None:
    shape, ternary = ModelShape(**saved["shape"]), RECIPES[saved["recipe"]].ternary
    writer = gguf.GGUFWriter(path, ARCHITECTURE)
    writer.add_name("Terntable Tutor" if ternary else "Terntable Tutor, full precision")
    writer.add_license("apache-2.0")
    writer.add_file_type(FILE_TYPES[Kind.TQ2_0 if ternary else dense])
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
    for tensor in tensors(saved):
        data, kind = packed(tensor, dense)
        writer.add_tensor(tensor.name, data, raw_dtype=kind)
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
            # The last two bytes of a row's first block: its scale, the same in all its blocks.
            scale = tensor.data[:, 64:66].copy().view(np.float16)[:, 0].astype(np.float32)
            weights[tensor.name.removesuffix("weight") + "scale"] = torch.from_numpy(scale)
            values = (values / torch.from_numpy(scale)[:, None]).round()
        weights[tensor.name] = values
    return Reference(shape, weights)


def from_checkpoint(saved: dict) -> Reference:
    """The same model without the detour over a file; the embedding stays as it is trained."""
    weights = {}
    for tensor in tensors(saved):
        is_norm = tensor.name.endswith("norm.weight")
        dense = tensor.scale is None and not is_norm and tensor.name != "token_embd.weight"
        weights[tensor.name] = tensor.values.bfloat16() if dense else tensor.values
        if tensor.scale is not None:
            weights[tensor.name.removesuffix("weight") + "scale"] = tensor.scale
    return Reference(ModelShape(**saved["shape"]), weights)


def load_model(path: Path) -> tuple[Reference, Encoder]:
    """A checkpoint or a GGUF file, ready to reply, with its tokenizer: a file's may be an older one."""
    if path.suffix == ".gguf":
        return read_gguf(path), Encoder(read_tokenizer(path))
    return from_checkpoint(torch.load(path, weights_only=True)), Encoder(load())


def read_tokenizer(path: Path) -> Tokenizer:
    fields = gguf.GGUFReader(path).fields
    return from_pieces(*(fields[f"tokenizer.ggml.{key}"].contents() for key in ("tokens", "merges")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--dense", choices=["F16", "Q8_0"], default="F16", help="for matrices not ternary")
    options = parser.parse_args()
    saved = torch.load(options.checkpoint, weights_only=True)
    write_gguf(options.output, saved, Kind[options.dense])
    print(f"{options.output}: step {saved['step']}, {options.output.stat().st_size} bytes")


if __name__ == "__main__":
    main()
