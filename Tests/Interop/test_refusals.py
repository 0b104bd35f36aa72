"""Files that are damaged, or say what this engine does not do, are refused in one line."""

import os
import subprocess

import gguf
import numpy as np
import pytest
from gguf import GGMLQuantizationType as Kind

from conftest import ROOT
from synthetic import I2_S, PTQ1_0, Q2_0, Model, Shape, write


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
    model.writer.write_header_to_file()
    model.writer.write_kv_data_to_file()
    model.writer.write_tensors_to_file()
    model.writer.close()
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
    model.writer.write_header_to_file()
    model.writer.write_kv_data_to_file()
    model.writer.write_tensors_to_file()
    model.writer.close()
    assert key in refusal(path)


def test_an_unknown_architecture_is_named_with_those_that_are_known(refusal, tmp_path):
    path = tmp_path / "model.gguf"
    write(path, Shape("qwen35", Kind.TQ2_0, layers=1))
    message = refusal(path)
    assert '"qwen35"' in message and "bitnet-b1.58" in message and "qwen3" in message
