"""Stock llama.cpp (PyPI xllamacpp) as a peer: the same file, the same text, the same numbers."""

import json
import math
import urllib.request

import xllamacpp


class Peer:
    """A llama.cpp server inside this process, asked over its own loopback socket."""

    def __init__(self, model: str, context: int = 1024, threads: int = 1):
        params = xllamacpp.CommonParams()
        params.model.path = model
        params.n_ctx = context
        params.n_parallel = 1
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
