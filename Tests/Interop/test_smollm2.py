"""A model that people use, beside stock llama.cpp: tokens, probabilities, greedy replies.

CI takes a part; the whole of it is `make truth`, with TERNTABLE_TRUTH_TOKENS=20000 tokens scored and
TERNTABLE_TEXTS=100000 texts cut.
"""

import json
import os

import gguf
import numpy as np
import pytest
from tokenizers import AddedToken, Tokenizer, models

import smollm2
from conftest import HELD_OUT, ROOT
from llama_cpp import Peer
from test_tokenizers import PRE, TEXTS, texts
from tokenizers import pre_tokenizers

SCORED = int(os.environ.get("TERNTABLE_TRUTH_TOKENS", "300"))
WINDOW = 512
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


def test_probabilities_are_those_of_llama_cpp(model, peer, terntable, tmp_path):
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
    assert abs(ratio - 1) < 0.005
    assert difference.mean() < 0.05


def test_greedy_replies_are_those_of_llama_cpp(model, peer, terntable, terntable_lines):
    """Word for word, until the best two tokens are so close that rounding decides."""
    equal, total = 0, 0
    chats = "".join(json.dumps({"messages": [{"role": "user", "content": q}]}) + "\n" for q in QUESTIONS)
    prompts = terntable_lines("model", "prompt", model, "--chats", "-", input=chats)
    for question, prompt in zip(QUESTIONS, prompts):
        said = peer.complete(prompt["ids"], 48, return_tokens=True, ignore_eos=False)["tokens"]
        ids = prompt["ids"] + said
        logits = np.array(terntable("model", "logits", model, "--ids", ",".join(map(str, ids)), "--json"))
        logits = logits[len(prompt["ids"]) - 1 : -1]
        total += len(said)
        for place, (token, row) in enumerate(zip(said, logits)):
            if int(row.argmax()) == token:
                equal += 1
                continue
            # Two tokens whose chances differ by less than what 8-bit activations change.
            assert row.max() - row[token] < 0.5, (question, place, token)
        reply = terntable("chat", "--plain", "--model", model, "--temperature", "0", "--max-tokens", "48", input=question + "\n")
        own = "".join(terntable("model", "tokenize", model, "--text", "x", "--json")["pieces"])
        assert own == "x" and reply
    print(f"{equal} of {total} greedy tokens are the same")
    assert equal >= 0.97 * total
