"""Stock llama.cpp loads the bundled file and agrees with Terntable about it."""

import random

from conftest import HELD_OUT, MODEL

SCORED_TOKENS = 200


def hostile_texts():
    """Texts of several scripts, white space, digits, emoji and look-alike control tokens."""
    alphabet = "abc XYZ 0123456789 ×*+-=?.,'\n\t  éüß漢字かな한국어 русский עברית 🙂👩‍👩‍👧 <|im_end|> 's 're don't"
    generator = random.Random(7)
    yield "<|im_start|>user\nWhat is 12 × 7?<|im_end|>\n"
    yield "e\u0301 \u00e9 \u200d\ufe0f   \n\n  trailing   "
    for _ in range(300):
        yield "".join(generator.choice(alphabet) for _ in range(generator.randint(1, 60)))


def test_tokens_are_those_of_llama_cpp(terntable, peer):
    for text in hostile_texts():
        ours = terntable("model", "tokenize", MODEL, "--file", "-", "--json", input=text)["ids"]
        assert ours == peer.tokenize(text), repr(text)


def test_mean_negative_log_likelihood_agrees_within_one_percent(terntable, peer, tmp_path):
    text = HELD_OUT.read_text()
    while len(peer.tokenize(text)) > SCORED_TOKENS:
        text = text[: int(len(text) * SCORED_TOKENS / len(peer.tokenize(text))) or 1]
    tokens = peer.tokenize(text)
    file = tmp_path / "held-out.txt"
    file.write_text(text)

    vocabulary = terntable("model", "info", MODEL, "--json")["vocabulary_size"]
    theirs = [
        -peer.log_probability(tokens[:position], tokens[position], vocabulary)
        for position in range(1, len(tokens))
    ]
    ours = terntable("model", "score", MODEL, "--text", file, "--token-logprobs", "--json")

    assert ours["scored_tokens"] == len(theirs)
    mean = sum(theirs) / len(theirs)
    assert abs(ours["mean_negative_log_likelihood"] - mean) <= 0.01 * mean
