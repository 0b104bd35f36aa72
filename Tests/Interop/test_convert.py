"""`model convert`: checkpoints that `safetensors` wrote become model files that hold the same weights, for
this program, for `gguf` and for llama.cpp."""

import json
import os
import signal
import subprocess
import sys

import gguf
import numpy as np
import pytest
from gguf import quants

from checkpoints import Made, write
from conftest import ROOT
from llama_cpp import Peer
from reference_network import Network
from test_dense_twin import largest_error, log_softmax

TYPES = ["TQ1_0", "TQ2_0", "I2_S"]
TOKENS = [3 + (7 * i * i + 11 * i) % 250 for i in range(40)]
LLAMA3_ROPE = {
    "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}  # fmt: skip
SHAPES = {
    "2B-4T, packed, multiplied": Made("bitnet-b1.58", "packed", "autobitlinear", tied=True),
    "2B-4T, masters": Made("bitnet-b1.58", "masters", dtype="BF16", tied=True),
    "bitnet, float32 masters": Made("bitnet", "masters", dtype="F32", pre="sentence-piece", tied=True),
    "llama, packed, divided, in parts": Made("llama", "packed", "bitlinear", shards=3, rope=LLAMA3_ROPE),
    "llama, float16 masters": Made("llama", "masters", dtype="F16", pre="gpt-2", biases=True),
    "llama, ternary already": Made("llama", "ternary", dtype="F16", pre="smollm"),
    "llama, norms before layers": Made("llama", "packed", "bitlinear", input_norms=True),
    "qwen3, packed": Made("qwen3", "packed", "bitlinear", pre="qwen2", dtype="F16", tied=True),
}


def wanted_scale(scale, kind):
    return scale if kind == "I2_S" else np.float64(np.float16(scale))


def permuted(rows, head_size):
    """ggml's order of the rows of llama's queries and keys."""
    half = head_size // 2
    return rows.reshape(-1, 2, half, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def dequantised(reader, name):
    tensor = next(t for t in reader.tensors if t.name == name)
    return quants.dequantize(tensor.data, tensor.tensor_type)


def i2s(path, offset, rows, columns):
    data = np.fromfile(path, np.uint8, rows * columns // 4 + 4, offset=offset)
    packed = data[:-4].reshape(rows, -1, 32)
    codes = np.stack([packed >> shift & 3 for shift in (6, 4, 2, 0)], axis=2).reshape(rows, columns)
    return (codes.astype(np.float64) - 1) * data[-4:].view(np.float32)[0]


def offsets(path):
    """Where tensors begin: `gguf` refuses type 36, so the header is read by hand."""
    class Relaxed(gguf.GGUFReader):
        def _build_tensors(self, start, fields):
            self.places = {bytes(f.parts[1]).decode(): start + int(f.parts[5][0]) for f in fields}

    return Relaxed(path).places


@pytest.fixture(params=SHAPES, ids=str)
def made(request, tmp_path):
    shape = SHAPES[request.param]
    return (*write(tmp_path / "checkpoint", shape), tmp_path / "checkpoint")


@pytest.mark.parametrize("kind", TYPES)
def test_weights_arrive_exactly_and_logits_are_those_of_float64(made, kind, terntable, tmp_path):
    writer, _, folder = made
    path = tmp_path / "model.gguf"
    report = terntable("model", "convert", folder, "-o", path, "--type", kind, "--json")
    shape = writer.shape
    assert report["architecture"] == shape.architecture and report["ternary_tensors"] == 7 * shape.layers
    reader = None if kind == "I2_S" else gguf.GGUFReader(path)
    places = offsets(path) if kind == "I2_S" else {}
    for name in [name for name in writer.weights if name.endswith(" codes")]:
        target, codes = name.removesuffix(" codes"), writer.weights[name]
        scale = wanted_scale(writer.weights[target + " scales"][:, :1], kind)
        writer.trits(target.removesuffix(".weight"), codes, scale)
        expected = codes * scale
        if shape.architecture == "llama" and ("attn_q" in target or "attn_k" in target):
            expected = permuted(expected, shape.head_size)
        found = i2s(path, places[target], *codes.shape) if kind == "I2_S" else dequantised(reader, target)
        assert (found == expected).all(), target
    if reader:
        for name in ["token_embd.weight", "output_norm.weight", "blk.1.ffn_norm.weight"]:
            assert (dequantised(reader, name) == writer.weights[name]).all(), name
    if shape.rope:
        # Written by `transformers`' rule, in float64.
        base = shape.rope_base ** (-np.arange(0, shape.head_size, 2) / shape.head_size)
        turns = shape.rope["original_max_position_embeddings"] * base / (2 * np.pi)
        blend = np.clip((turns - 1) / (4 - 1), 0, 1)
        writer.weights["rope_freqs.weight"] = 1 / ((1 - blend) / 8 + blend)
    writer.shape.rope = {}
    ids = ",".join(map(str, TOKENS))
    ours = terntable("model", "logits", path, "--ids", ids, "--activations", "exact", "--json")
    error = largest_error(ours, Network(writer, "exact").logits(np.array(TOKENS)))
    print(f"{shape.architecture} {shape.weights} {kind}: largest error {error:.1e} of the spread of the logits")
    assert error < 2e-3


TEXTS = [
    "What is 12 × 7? It's 84.\n\n  Then 1234567 + 89 = …", "naïve café e\u0301 漢字 🙂 \t\r\n x", " two  spaces", "<tool> a",
]  # fmt: skip


@pytest.mark.parametrize("pre", ["llama-bpe", "qwen2", "gpt-2", "smollm", "sentence-piece"])
def test_text_becomes_the_tokens_it_became_before(pre, terntable, tmp_path):
    writer, words = write(tmp_path / "checkpoint", Made("llama", "ternary", dtype="F16", layers=1, pre=pre))
    path = tmp_path / "model.gguf"
    terntable("model", "convert", tmp_path / "checkpoint", "-o", path, "--type", "TQ2_0")
    for text in TEXTS:
        if pre == "qwen2" and "\u0301" in text:
            continue  # normalised by the one, not by the other; the program says so
        ours = terntable("model", "tokenize", path, "--text", text, "--json")["ids"]
        assert ours == words.encode(text, add_special_tokens=False).ids, text
    info = terntable("model", "info", path, "--json")
    assert "<|eot_id|>" in info["sample_prompt"]
    special = {(token["purpose"], token["text"]): token["id"] for token in info["special_tokens"]}
    for wanted in [("bos_token", "<|begin_of_text|>"), ("eos_token", "<|end_of_text|>"), ("stop", "<|eot_id|>")]:
        assert special[wanted] == words.token_to_id(wanted[1])


@pytest.mark.parametrize("kind", ["TQ1_0", "TQ2_0"])
@pytest.mark.parametrize("name", ["bitnet, float32 masters", "llama, packed, divided, in parts", "qwen3, packed"])
def test_llama_cpp_reads_the_same_model(name, kind, terntable, tmp_path):
    writer, words = write(tmp_path / "checkpoint", SHAPES[name])
    path = tmp_path / "model.gguf"
    terntable("model", "convert", tmp_path / "checkpoint", "-o", path, "--type", kind)
    peer = Peer(str(path), context=256)
    plain = words.encode("a", add_special_tokens=False).ids[-1]
    ids = ",".join(map(str, TOKENS))
    ours = np.array(terntable("model", "logits", path, "--ids", ids, "--activations", "exact", "--json"))
    vocabulary = ours.shape[1]
    differences, mine, theirs = [], 0.0, 0.0
    for end in range(1, len(TOKENS)):
        other = peer.log_probability(TOKENS[:end], TOKENS[end], vocabulary, plain)
        own = log_softmax(ours)[end - 1][TOKENS[end]]
        differences.append(abs(own - other))
        mine, theirs = mine - own, theirs - other
        # llama.cpp rounds activations to 8 bits, 256 at a time; where the best two are closer than
        # that, either may win.
        best = peer.complete(TOKENS[:end], 1, n_probs=1, logit_bias=[])["tokens"] if end % 8 == 0 else None
        ranked = np.sort(ours[end - 1])[::-1]
        if best and ranked[0] - ranked[1] > 0.1:
            assert best == [int(ours[end - 1].argmax())]
    print(f"{name} {kind}: log-probabilities differ by at most {max(differences):.1e}, means {mine / theirs:.5f}")
    assert max(differences) < 0.1 and abs(mine - theirs) < 0.01 * theirs


def refused(folder, *arguments, status=65):
    binary = os.environ.get("TERNTABLE_BINARY", ROOT / ".build/release/terntable")
    done = subprocess.run(
        [str(binary), "model", "convert", str(folder), "-o", str(folder / "out.gguf"), *arguments],
        capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == status, (done.returncode, done.stderr)
    assert len(done.stderr.splitlines()) == 1
    assert not list(folder.glob("out.gguf*"))
    return done.stderr


def header_of(path):
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def rewrite(path, header, body):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)


def overlap(header, body):
    name = next(n for n in header if n.endswith("k_proj.weight"))
    header["model.layers.0.self_attn.v_proj.weight"]["data_offsets"] = header[name]["data_offsets"]


def stretch(field, value):
    def change(header, body):
        header["model.norm.weight"][field] = value

    return change


@pytest.mark.parametrize("change,word", [
    (overlap, "share bytes"),
    (stretch("shape", [2**62, 4]), "shape"),
    (stretch("shape", [-1]), "shape"),
    (stretch("shape", [1, 2, 3, 4, 5, 6, 7, 8, 9]), "shape"),
    (stretch("shape", [257]), "its shape needs"),
    (stretch("data_offsets", [0, 2**63]), "data_offsets"),
    (stretch("data_offsets", [0, 2**50]), "ends at byte"),
    (stretch("data_offsets", [512, 0]), "data_offsets"),
    (stretch("dtype", "F4"), "F4"),
    (stretch("extra", 1), "extra"),
])  # fmt: skip
def test_a_hostile_header_is_refused(change, word, tmp_path):
    folder = tmp_path / "checkpoint"
    write(folder, Made("bitnet", layers=1))
    header, body = header_of(folder / "model.safetensors")
    change(header, body)
    rewrite(folder / "model.safetensors", header, body)
    assert word in refused(folder, "--type", "TQ2_0")


@pytest.mark.parametrize("header,word", [
    (b"[" * 100_000, "not JSON"),
    (b'{"a":' * 100_000, "not JSON"),
    (b'{"a":1,"a":1}', "not JSON"),
    (b"{", "not JSON"),
    (b"[1]", "header"),
    (b'{"x":{"dtype":"F32","shape":[' + b"1," * 200_000 + b'1],"data_offsets":[0,4]}}', "shape"),
], ids=["deep array", "deep object", "key twice", "cut off", "array", "long shape"])  # fmt: skip
def test_a_header_that_is_no_table_of_tensors_is_refused(header, word, tmp_path):
    folder = tmp_path / "checkpoint"
    write(folder, Made("bitnet", layers=1))
    rewrite(folder / "model.safetensors", header, b"1234")
    assert word in refused(folder, "--type", "TQ2_0")


def test_a_file_that_was_cut_off_or_lengthened_is_refused(tmp_path):
    folder = tmp_path / "checkpoint"
    write(folder, Made("bitnet", layers=1))
    data = (folder / "model.safetensors").read_bytes()
    for count in (0, 4, 8, 100, len(data) // 2, len(data) - 1):
        (folder / "model.safetensors").write_bytes(data[:count])
        refused(folder, "--type", "TQ2_0")
    (folder / "model.safetensors").write_bytes(data + b"x")
    assert "belong to no tensor" in refused(folder, "--type", "TQ2_0")
    (folder / "model.safetensors").write_bytes((2**40).to_bytes(8, "little") + data[8:])
    assert "header" in refused(folder, "--type", "TQ2_0")


def test_what_is_not_ternary_or_cannot_be_told_is_refused(tmp_path):
    dense = tmp_path / "dense"
    write(dense, Made("llama", "masters", layers=1))
    config = json.loads((dense / "config.json").read_text())
    del config["quantization_config"]
    (dense / "config.json").write_text(json.dumps(config))
    assert "not ternary" in refused(dense, "--type", "TQ2_0")

    packed = tmp_path / "packed"
    write(packed, Made("llama", "packed", layers=1))
    config = json.loads((packed / "config.json").read_text())
    for change, word in [
        ({"quantization_config": None}, "quantization_config"),
        ({"quantization_config": {"quant_method": "gptq"}}, "gptq"),
        ({"architectures": ["MambaForCausalLM"]}, "MambaForCausalLM"),
        ({"hidden_act": "gelu"}, "gelu"),
        ({"rope_scaling": {"type": "dynamic", "factor": 2.0}}, "dynamic"),
        ({"num_hidden_layers": 2}, "missing"),
        ({"vocab_size": 100}, "vocab"),
        ({"hidden_size": 10**9}, "hidden_size"),
    ]:
        (packed / "config.json").write_text(json.dumps(config | change))
        assert word in refused(packed, "--type", "TQ2_0")

    rows = tmp_path / "rows"
    write(rows, Made("llama", "ternary", layers=1, row_scales=True))
    assert "TQ2_0" in refused(rows, "--type", "I2_S")
    narrow = tmp_path / "narrow"
    write(narrow, Made("llama", "packed", layers=1, feed_forward=640))
    assert "256" in refused(narrow, "--type", "TQ1_0")


def test_a_code_that_is_not_ternary_and_a_scale_that_is_no_number_are_named(tmp_path):
    folder = tmp_path / "checkpoint"
    write(folder, Made("bitnet", layers=1))
    header, body = header_of(folder / "model.safetensors")
    for name, change, word in [
        ("model.layers.0.mlp.up_proj.weight", 0xFF, "row 0"),
        ("model.layers.0.mlp.up_proj.weight_scale", 0x7F, "weight_scale"),
        ("model.embed_tokens.weight", 0x7F, "row 0"),
    ]:
        start, end = header[name]["data_offsets"]
        damaged = bytearray(body)
        damaged[start : start + 2] = bytes([0xC0 if change == 0x7F else change, change])
        rewrite(folder / "model.safetensors", header, bytes(damaged))
        message = refused(folder, "--type", "TQ2_0")
        assert name in message and word in message


def test_memory_does_not_grow_with_the_checkpoint(tmp_path):
    """120 MB of masters through a process that is never larger than the program and one buffer."""
    folder = tmp_path / "checkpoint"
    write(folder, Made("bitnet", "masters", dtype="F32", layers=4, width=1024, feed_forward=4096, heads=16, key_heads=8))
    binary = os.environ.get("TERNTABLE_BINARY", ROOT / ".build/release/terntable")
    command = [str(binary), "model", "convert", str(folder), "-o", str(tmp_path / "out.gguf"), "--type", "TQ1_0"]
    script = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", script, *command], capture_output=True, text=True, check=True, timeout=300)
    peak = int(done.stdout.splitlines()[-1]) * 1024
    size = (folder / "model.safetensors").stat().st_size
    print(f"{size / 1e6:.0f} MB of weights, {peak / 1e6:.0f} MB resident at most")
    assert peak < 100e6 < size


def test_an_interrupted_conversion_leaves_no_file(tmp_path):
    folder, out = tmp_path / "checkpoint", tmp_path / "out"
    out.mkdir()
    write(folder, Made("bitnet", "masters", dtype="F32", layers=8, width=1024, feed_forward=4096, heads=16, key_heads=8))
    binary = os.environ.get("TERNTABLE_BINARY", ROOT / ".build/release/terntable")
    command = [str(binary), "model", "convert", str(folder), "-o", str(out / "model.gguf"), "--type", "TQ1_0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not any(out.iterdir()):
        pass
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert not any(out.iterdir())
