"""A model that people use, beside stock llama.cpp: tokens, probabilities, greedy replies.

CI takes a part; the whole of it is `make truth`, with TERNTABLE_TRUTH_TOKENS=20000 tokens scored and
TERNTABLE_TEXTS=100000 texts cut.
"""

import json
import os
from types import SimpleNamespace

import gguf
import numpy as np
import pytest
from gguf import quants
from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers

import smollm2
from conftest import HELD_OUT, ROOT
from llama_cpp import Peer
from reference_network import Network
from synthetic import Shape
from test_dense_twin import largest_error
from test_tokenizers import PRE, TEXTS, texts

SCORED = int(os.environ.get("TERNTABLE_TRUTH_TOKENS", "300"))
WINDOW = 512
# Tokens whose probabilities float64 works out as well.
ROUNDED = 100
REPLY = 32
QUESTIONS = [
    "What is the capital of France?", "Write a haiku about the sea.", "Explain photosynthesis to a child.",
    "List three uses of a paper clip.", "Why is the sky blue?", "What is 12 times 7?",
    "Name a famous painter and one of their works.", "Give me a recipe for pancakes.",
]  # fmt: skip


@pytest.fixture(scope="module")
def model():
    return smollm2.path()


@pytest.fixture(scope="module")
def peer(model):
    return Peer(str(model), context=1024)


def reading():
    """English of this repository's own."""
    files = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n\n".join(file.read_text() for file in files)


def ascii_only(text):
    # The server tells no probability of a token that ends within a character.
    return "".join(character if ord(character) < 128 else " " for character in text)


def test_tokens_are_those_of_tokenizers(model, terntable_lines):
    fields = gguf.GGUFReader(model).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    types = fields["tokenizer.ggml.token_type"].contents()
    merges = [tuple(rule.split(" ")) for rule in fields["tokenizer.ggml.merges"].contents()]
    assert fields["tokenizer.ggml.pre"].contents() == "smollm" and len(tokens) == 49152
    theirs = Tokenizer(models.BPE(vocab={token: number for number, token in enumerate(tokens)}, merges=merges))
    theirs.pre_tokenizer = pre_tokenizers.Sequence(PRE["smollm"])
    theirs.add_special_tokens([AddedToken(t, normalized=False) for t, kind in zip(tokens, types) if kind == 3])
    theirs.encode_special_tokens = True
    tried = list(texts(TEXTS, "smollm2"))
    lines = "".join(json.dumps(text) + "\n" for text in tried)
    printed = terntable_lines("model", "tokenize", model, "--file", "-", "--lines", input=lines)
    expected = theirs.encode_batch(tried, add_special_tokens=False)
    assert len(printed) == len(tried)
    for text, ours, other in zip(tried, printed, expected):
        assert ours["ids"] == other.ids, repr(text)
    print(f"{len(tried)} texts have the same tokens")


@pytest.fixture(scope="module")
def float64(model):
    """The file as a network of `reference_network`, its weights as `gguf` reads them."""
    reader = gguf.GGUFReader(model)
    weights = {t.name: quants.dequantize(t.data, t.tensor_type).astype(np.float64) for t in reader.tensors}
    value = {name: reader.fields[name].contents() for name in reader.fields if name.startswith("llama.")}
    heads, width = value["llama.attention.head_count"], value["llama.embedding_length"]
    shape = Shape(
        "llama", width=width, layers=value["llama.block_count"], heads=heads, tied=True,
        key_heads=value["llama.attention.head_count_kv"], head_size=width // heads,
        rope_base=value["llama.rope.freq_base"], epsilon=value["llama.attention.layer_norm_rms_epsilon"],
    )  # fmt: skip
    return lambda activations: Network(SimpleNamespace(shape=shape, weights=weights), activations)


def test_logits_are_those_of_float64(model, float64, terntable):
    ids = terntable("model", "tokenize", model, "--text", "The ship left the harbour at dawn, and nobody", "--json")["ids"]
    ours = terntable("model", "logits", model, "--ids", ",".join(map(str, ids)), "--json")
    error = largest_error(ours, float64("exact").logits(np.array(ids)))
    print(f"largest error {error:.1e} of the spread of the logits")
    assert error < 5e-3


def log_probabilities(network, ids):
    """Of the second token and all after it."""
    logits = network.logits(np.array(ids[:-1]))
    logits -= logits.max(axis=-1, keepdims=True)
    chosen = logits[np.arange(len(logits)), ids[1:]]
    return chosen - np.log(np.exp(logits).sum(axis=-1))


def test_probabilities_are_those_of_llama_cpp(model, peer, float64, terntable, tmp_path):
    """Ours as float64 has them; llama.cpp's as far off as float64 gets when it reads activations as llama.cpp does.

    It rounds them to 8 bits in blocks of 32, which a small model feels.
    """
    ids = peer.tokenize(ascii_only(reading()) * 3)[: SCORED + SCORED // WINDOW + 1]
    assert len(ids) > SCORED
    ours, theirs = [], []
    for start in range(0, SCORED, WINDOW):
        part = ids[start : start + min(WINDOW, SCORED - start) + 1]
        file = tmp_path / "ids.txt"
        file.write_text(",".join(map(str, part)))
        score = terntable("model", "score", model, "--ids", file, "--token-logprobs", "--json")
        ours += score["token_logprobs"][1:]
        theirs += [peer.forced_log_probability(part[:end], part[end]) for end in range(1, len(part))]
    ours, theirs = np.array(ours), np.array(theirs)
    difference = np.abs(ours - theirs)
    ratio = ours.mean() / theirs.mean()
    print(
        f"{len(ours)} tokens: mean NLL {-ours.mean():.5f} here, {-theirs.mean():.5f} there, ratio {ratio:.5f}; "
        f"log-probabilities differ by {difference.mean():.4f} in the mean, {np.quantile(difference, 0.99):.3f} at 99 %, "
        f"{difference.max():.3f} at most"
    )
    few = ids[: ROUNDED + 1]
    exact, rounded = (log_probabilities(float64(activations), few) for activations in ("exact", "blocks"))
    effect = np.abs(rounded - exact).mean()
    print(f"the first {ROUNDED} in float64: {np.abs(ours[:ROUNDED] - exact).mean():.4f} from ours, {effect:.4f} by rounding activations")
    assert abs(ratio - 1) < 0.005
    assert np.abs(ours[:ROUNDED] - exact).max() < 0.02
    assert difference.mean() < 1.5 * effect


def test_greedy_replies_are_those_of_llama_cpp(model, peer, terntable, terntable_lines):
    """Token for token along llama.cpp's own replies, unless the best two are so close that rounding decides."""
    equal, total, same_replies = 0, 0, 0
    chats = "".join(json.dumps({"messages": [{"role": "user", "content": q}]}) + "\n" for q in QUESTIONS)
    prompts = terntable_lines("model", "prompt", model, "--chats", "-", input=chats)
    for question, prompt in zip(QUESTIONS, prompts):
        answer = peer.complete(prompt["ids"], REPLY, return_tokens=True, ignore_eos=False)
        said = answer["tokens"]
        ids = ",".join(map(str, prompt["ids"] + said))
        rows = np.array(terntable("model", "logits", model, "--ids", ids, "--json"))[len(prompt["ids"]) - 1 : -1]
        for place, (token, row) in enumerate(zip(said, rows)):
            # llama.cpp rounds activations to 8 bits in blocks of 32; we do not.
            assert int(row.argmax()) == token or row.max() - row[token] < 0.5, (question, place, token)
        agreeing = sum(int(row.argmax()) == token for token, row in zip(said, rows))
        equal, total = equal + agreeing, total + len(said)
        if agreeing == len(said):
            # Then the reply that a person gets here is the same text.
            shown = terntable(
                "chat", "--plain", "--model", model, "--temperature", "0", "--max-tokens", str(REPLY),
                input=question + "\n")  # fmt: skip
            assert answer["content"].strip().split("\n")[0] in shown, (question, shown)
            same_replies += 1
    print(f"{equal} of {total} greedy tokens are the same, {same_replies} of {len(QUESTIONS)} replies whole")
    assert equal >= 0.93 * total
