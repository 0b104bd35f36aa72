"""Files that are damaged, or say what this engine does not do, are refused in one line."""

import os
import struct
import subprocess

import gguf
import numpy as np
import pytest
from gguf import GGMLQuantizationType as Kind

from conftest import ROOT
from synthetic import I2_S, PQ2_0, PTQ1_0, Q2_0, Model, Shape, write


@pytest.fixture
def refusal():
    """What the program says about a file it must refuse as bad data."""
    binary = os.environ.get("TERNTABLE_BINARY", ROOT / ".build/release/terntable")

    def call(path):
        done = subprocess.run(
            [str(binary), "model", "info", str(path)], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 65, (done.returncode, done.stderr)
        assert len(done.stderr.splitlines()) == 1
        return done.stderr

    return call


def place(path, name):
    """Where a tensor's bytes begin and how many there are in the file."""
    reader = gguf.GGUFReader(path)
    tensor = next(t for t in reader.tensors if t.name == name)
    return int(tensor.data_offset), int(tensor.n_bytes)


@pytest.mark.parametrize("kind", [Kind.TQ1_0, Kind.TQ2_0, Kind.Q8_0, Kind.Q4_1, Kind.Q6_K], ids=lambda kind: kind.name)
def test_a_scale_that_is_no_number_is_refused_with_its_tensor(kind, refusal, tmp_path):
    path = tmp_path / "model.gguf"
    write(path, Shape("llama", kind, layers=1))
    start, _ = place(path, "blk.0.ffn_down.weight")
    at = {Kind.TQ1_0: 52, Kind.TQ2_0: 64, Kind.Q6_K: 208}.get(kind, 0)
    data = bytearray(path.read_bytes())
    data[start + at : start + at + 2] = np.float16(np.nan).tobytes()
    path.write_bytes(data)
    assert "blk.0.ffn_down.weight" in refusal(path) and "not a finite number" in refusal(path)


@pytest.mark.parametrize("kind,at", [
    (I2_S, -32), ((Q2_0, 64), 0), ((Q2_0, 128), 0), (PQ2_0, 0), (PTQ1_0, 26),
], ids=str)  # fmt: skip
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf], ids=str)
def test_a_scale_of_a_private_type_that_is_no_number_is_refused(kind, at, value, refusal, tmp_path):
    path = tmp_path / "model.gguf"
    model = Model(path, Shape("llama", kind, layers=1, tied=True))
    model.metadata()
    model.tensors()
    finish(model)
    data = bytearray(path.read_bytes())
    start = places(data)["blk.0.ffn_down.weight"]
    count = 256 * 512
    if kind == I2_S:
        start, scale = start + count // 4, np.float32(value).tobytes()
    else:
        start, scale = start + at, np.float16(value).tobytes()
    data[start : start + len(scale)] = scale
    path.write_bytes(data)
    message = refusal(path)
    assert "blk.0.ffn_down.weight" in message and "not a finite number" in message


def places(data):
    """Where tensors begin, read by hand."""
    at = 8
    tensors, keys = struct.unpack_from("<QQ", data, at)
    at += 16
    sizes = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}

    def text():
        nonlocal at
        (count,) = struct.unpack_from("<Q", data, at)
        at += 8 + count
        return bytes(data[at - count : at]).decode()

    def value(kind):
        nonlocal at
        if kind == 8:
            text()
        elif kind == 9:
            inner, count = struct.unpack_from("<IQ", data, at)
            at += 12
            for _ in range(count):
                value(inner)
        else:
            at += sizes[kind]

    for _ in range(keys):
        text()
        (kind,) = struct.unpack_from("<I", data, at)
        at += 4
        value(kind)
    found = {}
    for _ in range(tensors):
        name = text()
        (dimensions,) = struct.unpack_from("<I", data, at)
        at += 4 + 8 * dimensions + 4
        (found[name],) = struct.unpack_from("<Q", data, at)
        at += 8
    base = (at + 31) // 32 * 32
    return {name: base + offset for name, offset in found.items()}


def finish(model):
    model.writer.write_header_to_file()
    model.writer.write_kv_data_to_file()
    model.writer.write_tensors_to_file()
    model.writer.close()


@pytest.mark.parametrize("kind", [Kind.F32, Kind.F16, Kind.BF16], ids=lambda kind: kind.name)
def test_a_weight_that_is_no_number_is_refused_with_its_tensor(kind, refusal, tmp_path):
    path = tmp_path / "model.gguf"
    write(path, Shape("llama", kind, table=kind, layers=1))
    infinite = {Kind.F32: b"\0\0\x80\x7f", Kind.F16: b"\0\x7c", Kind.BF16: b"\x80\xff"}[kind]
    original = path.read_bytes()
    for name, row in [("token_embd.weight", 258), ("blk.0.attn_k.weight", 17)]:
        data = bytearray(original)
        start = places(data)[name] + (row * 256 + 5) * len(infinite)
        data[start : start + len(infinite)] = infinite
        path.write_bytes(data)
        message = refusal(path)
        assert f'"{name}", row {row}:' in message and "not a finite number" in message


def test_a_file_of_the_other_byte_order_is_refused(refusal, tmp_path):
    path = tmp_path / "model.gguf"
    model = Model(path, Shape("llama", Kind.F16, layers=1))
    model.writer = gguf.GGUFWriter(path, "llama", endianess=gguf.GGUFEndian.BIG)
    model.metadata()
    model.tensors()
    finish(model)
    assert "version" in refusal(path)


def test_tensors_that_were_swapped_are_refused(refusal, tmp_path):
    path = tmp_path / "model.gguf"
    write(path, Shape("llama", Kind.TQ2_0, layers=1))
    data = path.read_bytes()
    # Names of one length, so that the file stays whole: a norm for a matrix, a matrix for another.
    for one, other in [(b"blk.0.attn_k.weight", b"blk.0.attn_q.weight"), (b"blk.0.ffn_norm", b"blk.0.ffn_down")]:
        between = bytes(reversed(one))
        swapped = data.replace(one, between).replace(other, one).replace(between, other)
        path.write_bytes(swapped)
        assert "has the shape" in refusal(path) or "type" in refusal(path)


@pytest.mark.parametrize("at,value", [
    (8, 2**40), (8, 2**63), (16, 2**40), (16, 2**63), (24, 2**40), (24, 2**63),
], ids=str)  # fmt: skip
def test_counts_and_lengths_beyond_all_measure_are_refused(at, value, refusal, tmp_path):
    """Tensors, metadata keys, the length of the first key."""
    path = tmp_path / "model.gguf"
    write(path, Shape("llama", Kind.TQ2_0, layers=1))
    data = bytearray(path.read_bytes())
    data[at : at + 8] = value.to_bytes(8, "little")
    path.write_bytes(data)
    assert "exceeds the limit" in refusal(path)


@pytest.mark.parametrize("key,value", [
    ("embedding_length", 2**31), ("block_count", 2**31), ("context_length", 2**31), ("feed_forward_length", 0),
    ("attention.head_count", 3), ("attention.head_count_kv", 2**31), ("rope.dimension_count", 4096),
])  # fmt: skip
def test_sizes_beyond_all_measure_are_refused(key, value, refusal, tmp_path):
    path = tmp_path / "model.gguf"
    model = Model(path, Shape("llama", Kind.TQ2_0, layers=1))
    model.metadata()
    field = model.writer.kv_data[0][f"llama.{key}"]
    field.value = value
    model.tensors()
    finish(model)
    refusal(path)


@pytest.mark.parametrize("kind", [I2_S, (Q2_0, 64), (Q2_0, 128), PTQ1_0], ids=str)
def test_a_file_that_was_cut_off_is_refused(kind, refusal, tmp_path):
    path = tmp_path / "model.gguf"
    write(path, Shape("llama", kind, layers=1, tied=True))
    data = path.read_bytes()
    for share in (0.1, 0.5, 0.9, 0.999):
        path.write_bytes(data[: int(len(data) * share)])
        refusal(path)


def test_type_42_of_a_size_that_fits_neither_group_is_refused(refusal, tmp_path):
    path = tmp_path / "model.gguf"
    model = Model(path, Shape("llama", (Q2_0, 64), layers=1))
    model.metadata()
    matrix = model.ternary

    def larger(name, rows, columns, kind, spread):
        if "ffn_down" not in name:
            return matrix(name, rows, columns, kind, spread)
        data = np.zeros(rows * columns // 64 * 20, dtype=np.int8)
        model.writer.add_tensor(name, data, raw_shape=(rows, columns), raw_dtype=Q2_0)

    model.ternary = larger
    model.tensors()
    finish(model)
    assert "blk.0.ffn_down.weight" in refusal(path)


@pytest.mark.parametrize("key,value", [
    ("prism.hadamard.version", 1), ("llama.expert_count", 8), ("llama.attention.sliding_window", 512),
])  # fmt: skip
def test_what_would_change_the_numbers_is_refused_not_ignored(key, value, refusal, tmp_path):
    path = tmp_path / "model.gguf"
    model = Model(path, Shape("llama", Kind.TQ2_0, layers=1))
    model.metadata()
    model.writer.add_uint32(key, value)
    model.tensors()
    finish(model)
    assert key in refusal(path)


def test_an_unknown_architecture_is_named_with_those_that_are_known(refusal, tmp_path):
    path = tmp_path / "model.gguf"
    write(path, Shape("qwen35", Kind.TQ2_0, layers=1))
    message = refusal(path)
    assert '"qwen35"' in message and "bitnet-b1.58" in message and "qwen3" in message
