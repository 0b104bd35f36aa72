"""Every architecture and every tensor type: logits against float64 NumPy, and llama.cpp where it
runs the same network. The largest error is printed (`pytest -s`)."""

import numpy as np
import pytest
from gguf import GGMLQuantizationType as Kind

from llama_cpp import Peer
from reference_network import Network
from synthetic import I2_S, PQ2_0, PTQ1_0, Q2_0, VOCABULARY, Shape, write
from test_dense_twin import PLAIN, TOKENS, largest_error, log_softmax

YARN = {"type": "yarn", "factor": 4.0, "original_context_length": 64}

EXACT = [
    Shape("bitnet", Kind.TQ2_0),
    Shape("bitnet-b1.58", I2_S, tied=True),
    Shape("bitnet-25", I2_S, tied=True, freq_factors=True),
    Shape("llama", Kind.TQ1_0, heads=4, key_heads=1),
    Shape("llama", I2_S, head_size=128, rope_base=500000.0, freq_factors=True),
    Shape("llama", Kind.F16, rope={"type": "linear", "factor": 4.0}),
    Shape("qwen3", (Q2_0, 64), table=(Q2_0, 64), rope=YARN, scale_blocks=True),
    Shape("qwen3", (Q2_0, 128), table=(Q2_0, 128), tied=True, scale_blocks=True, rope_base=1e6),
    Shape("qwen3", PQ2_0, table=PQ2_0, scale_blocks=True),
    Shape("qwen3", PTQ1_0, table=PTQ1_0, scale_blocks=True),
    Shape("llama", Kind.TQ2_0, scale_blocks=True),
    Shape("llama", Kind.TQ2_0, biases=True),
    Shape("llama", Kind.TQ2_0, shifts=True, biases=True),
    Shape("bitnet", Kind.TQ2_0, shifts=True, scale_blocks=True),
    Shape("qwen3", Kind.TQ2_0, input_norms=True),
    Shape("llama", Kind.F32, input_norms=True, biases=True),
    *[Shape("llama", kind, table=kind) for kind in (
        Kind.F32, Kind.F16, Kind.BF16, Kind.Q8_0, Kind.Q4_0, Kind.Q4_1, Kind.Q5_0, Kind.Q5_1,
        Kind.Q4_K, Kind.Q5_K, Kind.Q6_K)],
]  # fmt: skip


def name(value):
    return getattr(value, "name", str(value))


def label(shape):
    extras = [key for key in ("tied", "biases", "shifts", "input_norms", "scale_blocks", "freq_factors")
              if getattr(shape, key)]
    return "-".join([shape.architecture, name(shape.linear), shape.rope.get("type", "plain"), *extras])


def our_logits(terntable, path, *options):
    return terntable("model", "logits", path, "--ids", ",".join(map(str, TOKENS)), *options, "--json")


@pytest.mark.parametrize("shape", EXACT, ids=label)
def test_logits_with_exact_activations_are_those_of_float64(shape, terntable, tmp_path):
    model = write(tmp_path / "model.gguf", shape)
    ours = our_logits(terntable, tmp_path / "model.gguf", "--activations", "exact")
    error = largest_error(ours, Network(model, "exact").logits(np.array(TOKENS)))
    print(f"{label(shape)}, exact: largest error {error:.1e} of the spread of the logits")
    assert error < 2e-3


@pytest.mark.parametrize("shape", [s for s in EXACT if s.linear not in list(Kind) or s.linear in (Kind.TQ1_0, Kind.TQ2_0)], ids=label)
def test_logits_with_int8_activations_are_those_of_float64(shape, terntable, tmp_path):
    model = write(tmp_path / "model.gguf", shape)
    ours = np.array(our_logits(terntable, tmp_path / "model.gguf"))
    theirs = Network(model).logits(np.array(TOKENS))
    error = largest_error(ours, theirs)
    typical = float(np.median(np.abs(ours - theirs)) / theirs.std())
    print(f"{label(shape)}, int8: largest error {error:.1e}, median {typical:.1e} of the spread of the logits")
    # Where no code differs the sums are equal, and the rest is float rounding. An activation on
    # the edge between two int8 codes may fall the other way, and is then seen by all later
    # tokens: 1/127 of the largest in one place.
    assert error < 0.2 and typical < 0.01


@pytest.mark.parametrize("shape", [
    Shape("llama", Kind.F16, table=Kind.F16, heads=4, key_heads=1),
    Shape("llama", Kind.F16, table=Kind.F16, freq_factors=True, rope_base=500000.0),
    Shape("llama", Kind.F16, table=Kind.F16, rope={"type": "linear", "factor": 4.0}),
    Shape("llama", Kind.F16, table=Kind.F16, biases=True),
    Shape("qwen3", Kind.F16, table=Kind.F16, tied=True, rope_base=1e6),
    Shape("qwen3", Kind.F16, table=Kind.F16, rope=YARN),
    Shape("qwen3", Kind.F16, table=Kind.F16, head_size=128),
], ids=label)  # fmt: skip
def test_log_probabilities_are_those_of_llama_cpp(shape, terntable, tmp_path):
    path = tmp_path / "model.gguf"
    write(path, shape)
    ours = log_softmax(np.array(our_logits(terntable, path)))
    peer = Peer(str(path), context=256)
    places = range(1, len(TOKENS), 3)
    largest = max(
        abs(ours[end - 1][TOKENS[end]] - peer.log_probability(TOKENS[:end], TOKENS[end], len(VOCABULARY), PLAIN))
        for end in places
    )
    print(f"{label(shape)}: log-probabilities differ from llama.cpp's by at most {largest:.1e}")
    assert largest < 0.02
