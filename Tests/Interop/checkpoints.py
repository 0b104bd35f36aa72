"""Checkpoints of random BitNet-style models, as transformers saves them, written with `safetensors`.

`write` gives back the network as float64 numbers (`reference_network` runs it), so that what
`terntable model convert` makes can be compared with it without reading a model file.
"""

import json
from dataclasses import dataclass

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from conftest import HELD_OUT
from reference_network import Sizes

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
    r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
TEMPLATE = (
    "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '<|eot_id|>' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}"
)
ARCHITECTURES = {
    "bitnet": ("BitNetForCausalLM", "silu"),
    "bitnet-b1.58": ("BitNetForCausalLM", "relu2"),
    "llama": ("LlamaForCausalLM", "silu"),
    "qwen3": ("Qwen3ForCausalLM", "silu"),
}


@dataclass
class Made(Sizes):
    """How a checkpoint is written; `rope` is the `rope_scaling` of config.json."""

    weights: str = "packed"  # packed, masters, ternary
    convention: str = "autobitlinear"  # or bitlinear
    dtype: str = "BF16"  # of all that is not packed
    pre: str = "llama-bpe"
    shards: int = 1
    row_scales: bool = False

    # transformers turns halves of a head, whatever the architecture.
    interleaved = False


def rounded(values, dtype):
    """The float32 numbers of a type, and its bytes as `safetensors` wants them."""
    values = np.ascontiguousarray(values, dtype=np.float32)
    if dtype == "F32":
        return values, values
    if dtype == "F16":
        halves = values.astype(np.float16)
        return halves.astype(np.float32), halves
    bits = values.view(np.uint32)
    upper = ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype(np.uint16)  # to nearest, ties to even
    return (upper.astype(np.uint32) << 16).view(np.float32), upper


def tokenizer(pre):
    """A small vocabulary of the kind, trained on the held-out text."""
    special = ["<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>"]
    if pre == "sentence-piece":
        return sentence_piece()
    made = Tokenizer(models.BPE(ignore_merges=pre == "llama-bpe"))
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    with_words = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.pre_tokenizer = {
        "llama-bpe": pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(LLAMA3), "isolated"), byte_level]),
        "qwen2": pre_tokenizers.Sequence(
            [pre_tokenizers.Split(Regex(LLAMA3.replace("{1,3}", "")), "isolated"), byte_level]),
        "gpt-2": with_words,
        "smollm": pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), with_words]),
    }[pre]  # fmt: skip
    if pre == "qwen2":
        made.normalizer = normalizers.NFC()
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=500, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)  # fmt: skip
    made.train_from_iterator([HELD_OUT.read_text()], trainer)
    made.add_special_tokens(special)
    made.add_tokens(["<tool>"])
    return made


def sentence_piece():
    special = ["<unk>", "<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>"]
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    made = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    made.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    trainer = trainers.BpeTrainer(vocab_size=700, special_tokens=special + bytes_, show_progress=False, max_token_length=12)
    made.train_from_iterator([word for word in HELD_OUT.read_text().split(" ") if len(word) < 40], trainer)
    # SentencePiece's merges: every way to put a token together, in the order of the tokens.
    data = json.loads(made.to_str())
    ids = data["model"]["vocab"]
    ordered = sorted(ids, key=ids.get)[len(special) + 256 :]
    data["model"]["merges"] = [
        [token[:cut], token[cut:]] for token in ordered for cut in range(1, len(token))
        if token[:cut] in ids and token[cut:] in ids]  # fmt: skip
    data["added_tokens"] = [token for token in data["added_tokens"] if token["content"] in special]
    return Tokenizer.from_str(json.dumps(data))


class Writer:
    def __init__(self, shape):
        self.shape, self.weights, self.tensors, self.random = shape, {}, {}, np.random.default_rng(shape.seed)
        self.bfloats = set()

    def keep(self, name, values):
        """Puts floats into the checkpoint; gives them back as they are there."""
        numbers, data = rounded(values, self.shape.dtype)
        self.tensors[name] = data
        if self.shape.dtype == "BF16":
            self.bfloats.add(name)
        return numbers.astype(np.float64)

    def vector(self, source, target, count, low=0.5, high=1.5):
        self.weights[target] = self.keep(source, self.random.uniform(low, high, count))

    def table(self, source, target, rows, columns):
        values = self.random.standard_normal((rows, columns)) / np.sqrt(columns)
        self.weights[target] = self.keep(source, values)

    def linear(self, source, target, rows, columns):
        s = self.shape
        if s.weights == "packed":
            codes = self.random.integers(0, 3, (rows, columns)).astype(np.uint8)
            quarters = codes.reshape(4, rows // 4, columns) << np.array([0, 2, 4, 6], np.uint8)[:, None, None]
            self.tensors[source + ".weight"] = np.bitwise_or.reduce(quarters, axis=0)
            # A power of two, so that its inverse is whole too, and outputs about as large as inputs.
            scale = 2.0 ** self.random.integers(-5, -2)
            stated = scale if s.convention == "autobitlinear" else 1 / scale
            self.keep(source + ".weight_scale", np.array([stated]))
            trits = codes.astype(np.int64) - 1
        elif s.weights == "masters":
            masters = self.keep(source + ".weight", self.random.standard_normal((rows, columns)) / np.sqrt(columns))
            scale = np.float32(np.abs(masters).mean())
            inverse = np.float32(1) / scale
            trits = np.clip(np.rint(masters.astype(np.float32) * inverse), -1, 1).astype(np.int64)
        else:
            trits = self.random.integers(0, 3, (rows, columns)) - 1
            scale = 2.0 ** self.random.integers(-5, -1, (rows if s.row_scales else 1, 1))
            self.keep(source + ".weight", trits * scale)
        self.trits(target, trits, scale)
        if s.biases:
            self.vector(source + ".bias", target + ".bias", rows, -0.5, 0.5)
        if s.input_norms:
            self.vector(source + ".rms_norm.weight", target + "_norm_in.weight", columns)

    def trits(self, target, trits, scale):
        scales = np.broadcast_to(np.asarray(scale, np.float64), trits.shape)
        self.weights[target + ".weight codes"] = trits
        self.weights[target + ".weight scales"] = scales
        self.weights[target + ".weight"] = trits * scales

    def all(self, vocabulary):
        s = self.shape
        query, key = s.heads * s.head_size, s.key_heads * s.head_size
        self.table("model.embed_tokens.weight", "token_embd.weight", vocabulary, s.width)
        for index in range(s.layers):
            source, target = f"model.layers.{index}.", f"blk.{index}."
            self.vector(source + "input_layernorm.weight", target + "attn_norm.weight", s.width)
            self.linear(source + "self_attn.q_proj", target + "attn_q", query, s.width)
            self.linear(source + "self_attn.k_proj", target + "attn_k", key, s.width)
            self.linear(source + "self_attn.v_proj", target + "attn_v", key, s.width)
            if s.head_norms:
                self.vector(source + "self_attn.q_norm.weight", target + "attn_q_norm.weight", s.head_size)
                self.vector(source + "self_attn.k_norm.weight", target + "attn_k_norm.weight", s.head_size)
            if s.sub_norms:
                self.vector(source + "self_attn.attn_sub_norm.weight", target + "attn_sub_norm.weight", query)
                self.vector(source + "mlp.ffn_sub_norm.weight", target + "ffn_sub_norm.weight", s.feed_forward)
            self.linear(source + "self_attn.o_proj", target + "attn_output", s.width, query)
            self.vector(source + "post_attention_layernorm.weight", target + "ffn_norm.weight", s.width)
            self.linear(source + "mlp.gate_proj", target + "ffn_gate", s.feed_forward, s.width)
            self.linear(source + "mlp.up_proj", target + "ffn_up", s.feed_forward, s.width)
            self.linear(source + "mlp.down_proj", target + "ffn_down", s.width, s.feed_forward)
        self.vector("model.norm.weight", "output_norm.weight", s.width)
        if not s.tied:
            self.table("lm_head.weight", "output.weight", vocabulary, s.width)


def configuration(shape, vocabulary):
    name, activation = ARCHITECTURES[shape.architecture]
    config = {
        "architectures": [name], "hidden_act": activation, "hidden_size": shape.width,
        "intermediate_size": shape.feed_forward, "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads, "num_key_value_heads": shape.key_heads, "head_dim": shape.head_size,
        "max_position_embeddings": 256, "vocab_size": vocabulary, "rms_norm_eps": shape.epsilon,
        "rope_theta": shape.rope_base, "rope_scaling": shape.rope or None, "tie_word_embeddings": shape.tied,
    }  # fmt: skip
    if shape.weights == "packed" or (shape.weights == "masters" and not shape.sub_norms):
        config["quantization_config"] = {
            "quant_method": "bitnet", "linear_class": shape.convention, "modules_to_not_convert": ["lm_head"],
            "quantization_mode": "offline" if shape.weights == "packed" else "online",
        }  # fmt: skip
    return config


def save(path, tensors, bfloats):
    """`safetensors.numpy` has no bfloat16: its bits go in as uint16, and the header is told."""
    save_file(tensors, path)
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    for name in bfloats & set(tensors):
        header[name]["dtype"] = "BF16"
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length :])


def write(folder, shape):
    """Writes a checkpoint; gives back what it stands for, and its tokenizer."""
    folder.mkdir(exist_ok=True)
    words = tokenizer(shape.pre)
    # Room that no token takes, as in published models.
    vocabulary = words.get_vocab_size() + 3
    writer = Writer(shape)
    writer.all(vocabulary)
    (folder / "config.json").write_text(json.dumps(configuration(shape, vocabulary)))
    words.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({
        "bos_token": "<|begin_of_text|>", "eos_token": {"content": "<|end_of_text|>"},
        "add_bos_token": True, "chat_template": TEMPLATE,
    }))  # fmt: skip
    ends = [words.token_to_id("<|end_of_text|>"), words.token_to_id("<|eot_id|>")]
    (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": ends}))
    names = sorted(writer.tensors)
    if shape.shards == 1:
        save(folder / "model.safetensors", writer.tensors, writer.bfloats)
    else:
        index = {}
        for number in range(shape.shards):
            file = f"model-{number + 1:05}-of-{shape.shards:05}.safetensors"
            part = {name: writer.tensors[name] for name in names[number :: shape.shards]}
            save(folder / file, part, writer.bfloats)
            index |= {name: file for name in part}
        (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": index}))
    return writer, words
