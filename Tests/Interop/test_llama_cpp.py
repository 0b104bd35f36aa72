"""Stock llama.cpp loads the bundled files and agrees with Terntable about them."""

import pytest

from conftest import HELD_OUT, MODEL, TWIN
from llama_cpp import Peer, hostile_texts

SCORED_TOKENS = 200


@pytest.fixture(scope="module", params=[p for p in (MODEL, TWIN) if p.exists()], ids=lambda path: path.stem)
def bundled(request):
    """A bundled file, and llama.cpp with it."""
    return request.param, Peer(str(request.param))


def test_tokens_are_those_of_llama_cpp(terntable, bundled):
    model, peer = bundled
    for text in hostile_texts():
        ours = terntable("model", "tokenize", model, "--file", "-", "--json", input=text)["ids"]
        assert ours == peer.tokenize(text), repr(text)


def test_mean_negative_log_likelihood_agrees_within_one_percent(terntable, bundled, tmp_path):
    model, peer = bundled
    text = HELD_OUT.read_text()
    while len(peer.tokenize(text)) > SCORED_TOKENS:
        text = text[: int(len(text) * SCORED_TOKENS / len(peer.tokenize(text))) or 1]
    tokens = peer.tokenize(text)
    file = tmp_path / "held-out.txt"
    file.write_text(text)
    vocabulary = terntable("model", "info", model, "--json")["vocabulary_size"]
    ours = terntable("model", "score", model, "--text", file, "--token-logprobs", "--json")
    assert ours["scored_tokens"] == len(tokens) - 1
    mean = peer.mean_negative_log_likelihood(tokens, vocabulary)
    assert abs(ours["mean_negative_log_likelihood"] - mean) <= 0.01 * mean
