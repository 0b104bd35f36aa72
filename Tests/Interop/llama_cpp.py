"""Stock llama.cpp (PyPI xllamacpp) as a peer: the same file, the same text, the same numbers."""

import json
import math
import random
import urllib.request
from collections.abc import Iterator

import xllamacpp


def hostile_texts() -> Iterator[str]:
    """Texts of several scripts, white space, digits, emoji and look-alike control tokens."""
    alphabet = "abc XYZ 0123456789 ×*+-=?.,'\n\t  éüß漢字かな한국어 русский עברית 🙂👩‍👩‍👧 <|im_end|> 's 're don't"
    generator = random.Random(7)
    yield "<|im_start|>user\nWhat is 12 × 7?<|im_end|>\n"
    yield "e\u0301 \u00e9 \u200d\ufe0f   \n\n  trailing   "
    for _ in range(300):
        yield "".join(generator.choice(alphabet) for _ in range(generator.randint(1, 60)))


class Peer:
    """A llama.cpp server inside this process, asked over its own loopback socket."""

    def __init__(self, model: str, context: int = 1024, threads: int = 1, slots: int = 1):
        """`slots` conversations at a time, each with a context of its own."""
        params = xllamacpp.CommonParams()
        params.model.path = model
        params.n_ctx = context * slots
        params.n_parallel = slots
        params.cpuparams.n_threads = threads
        params.cpuparams_batch.n_threads = threads
        params.warmup = False
        params.port = 0
        self.server = xllamacpp.Server(params)

    def ask(self, path: str, body: dict) -> dict:
        request = urllib.request.Request(
            f"{self.server.listening_address}{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def tokenize(self, text: str) -> list[int]:
        return self.ask("/tokenize", {"content": text, "add_special": False, "parse_special": False})["tokens"]

    def complete(self, tokens: list[int], count: int, **options) -> dict:
        body = {"prompt": tokens, "n_predict": count, "temperature": 0, "ignore_eos": True}
        return self.ask("/completion", body | options)

    def log_probability(self, prefix: list[int], token: int, vocabulary: int, plain: int | None = None) -> float:
        """Natural log-probability of `token` after `prefix`, from the whole distribution.

        The server tells no probabilities of a reply that ends within a UTF-8 character. `plain`,
        a token of whole characters, is then made the reply; the distribution is told as it was.
        """
        bias = [] if plain is None else [[plain, 1000.0]]
        answer = self.complete(prefix, 1, n_probs=vocabulary, cache_prompt=True, logit_bias=bias)
        for candidate in answer["completion_probabilities"][0]["top_logprobs"]:
            if candidate["id"] == token:
                return candidate["logprob"]
        return -math.inf

    def mean_negative_log_likelihood(self, tokens: list[int], vocabulary: int) -> float:
        """In nats, of the second token and all after it."""
        scores = [
            self.log_probability(tokens[:place], tokens[place], vocabulary) for place in range(1, len(tokens))
        ]
        return -sum(scores) / len(scores)

    def forced_log_probability(self, prefix: list[int], token: int) -> float:
        """The same, for a token of whole characters, at a hundredth of the cost.

        The token is made the reply, and the reply's own probability is told from the distribution as it was.
        """
        answer = self.complete(prefix, 1, n_probs=1, cache_prompt=True, logit_bias=[[token, 1000.0]])
        told = answer["completion_probabilities"][0]
        assert told["id"] == token
        return told["logprob"]
