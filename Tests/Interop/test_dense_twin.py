"""A full-precision model is the network its file says: against float64 NumPy and llama.cpp."""

import numpy as np
import pytest
from gguf import GGMLQuantizationType as Kind

from llama_cpp import Peer
from reference_network import Network
from synthetic import VOCABULARY, Shape, write

PLAIN = VOCABULARY.index("a")
TOKENS = [2 + (7 * i * i + 11 * i) % 256 for i in range(70)]


def largest_error(ours, theirs):
    """The largest difference, as a share of the spread of a row of logits."""
    ours, theirs = np.asarray(ours, dtype=np.float64), np.asarray(theirs)
    assert ours.shape == theirs.shape
    return float((np.abs(ours - theirs) / theirs.std(axis=-1, keepdims=True)).max())


def log_softmax(logits):
    top = logits - logits.max(axis=-1, keepdims=True)
    return top - np.log(np.exp(top).sum(axis=-1, keepdims=True))


@pytest.mark.parametrize("kind", [Kind.F32, Kind.F16, Kind.BF16, Kind.Q8_0], ids=lambda kind: kind.name)
def test_logits_are_those_of_float64(kind, terntable, tmp_path, record_property):
    model = write(tmp_path / "twin.gguf", Shape(linear=kind, table=Kind.F16))
    ids = ",".join(map(str, TOKENS))
    ours = terntable("model", "logits", tmp_path / "twin.gguf", "--ids", ids, "--json")
    error = largest_error(ours, Network(model).logits(np.array(TOKENS)))
    record_property("largest error", error)
    print(f"{kind.name}: largest error {error:.1e} of the spread of the logits")
    # Keys and values on the edge between two f16 numbers may fall the other way.
    assert error < 2e-3


@pytest.mark.parametrize("kind", [Kind.F16, Kind.Q8_0], ids=lambda kind: kind.name)
def test_log_probabilities_are_those_of_llama_cpp(kind, terntable, tmp_path):
    path = tmp_path / "twin.gguf"
    write(path, Shape(linear=kind, table=Kind.F16, tied=True))
    ids = ",".join(map(str, TOKENS))
    ours = log_softmax(np.array(terntable("model", "logits", path, "--ids", ids, "--json")))
    peer = Peer(str(path), context=256)
    differences = [
        abs(ours[end - 1][TOKENS[end]] - peer.log_probability(TOKENS[:end], TOKENS[end], len(VOCABULARY), PLAIN))
        for end in range(1, len(TOKENS))
    ]
    print(f"{kind.name}: log-probabilities differ by at most {max(differences):.1e}")
    # llama.cpp rounds activations to f16, or to Q8_0 beside Q8_0 weights; we do not.
    assert max(differences) < (0.02 if kind == Kind.F16 else 0.1)
