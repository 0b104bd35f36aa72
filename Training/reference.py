"""The tutor as it is run, in plain PyTorch: exact int8 arithmetic where it is ternary, from a GGUF file.

    python Training/reference.py MODEL.gguf --text FILE      log-probability of every token
    python Training/reference.py MODEL.gguf --ask "47 × 36"   one greedy reply

Every sum of a ternary product is a whole number below 2^24, so float32 holds
it exactly and any order of summation gives the same result.
"""

import argparse
import json
import os
from pathlib import Path

import torch
from torch.nn import functional as F

from fused import rotary_angles, turn
from model import ModelShape, int8_activations

Weights = dict[str, torch.Tensor]


class Reference:
    """Ternary weights are trits (`NAME.weight`) beside a scale for each row (`NAME.scale`); others stand alone.

    Weights without a scale are multiplied in their own type: float32 from a
    file, bfloat16 from a checkpoint in training.
    """

    def __init__(self, shape: ModelShape, weights: Weights):
        self.shape, self.weights = shape, weights

    def norm(self, name: str, x: torch.Tensor) -> torch.Tensor:
        return F.rms_norm(x, x.shape[-1:], self.weights[name + ".weight"], self.shape.epsilon)

    def linear(self, name: str, x: torch.Tensor) -> torch.Tensor:
        weight, scale = self.weights[name + ".weight"], self.weights.get(name + ".scale")
        if scale is None:
            return F.linear(x.to(weight.dtype), weight).float()
        numbers, inverse = int8_activations(x)
        return F.linear(numbers, weight) * (inverse * scale)

    def logits(self, tokens: torch.Tensor, positions: torch.Tensor, cache: "Cache") -> torch.Tensor:
        """(B, T) tokens at (B, T) positions -> (B, T, vocabulary)."""
        embedding = self.weights["token_embd.weight"]
        angles = [a[:, None] for a in rotary_angles(self.shape, positions)]
        x = embedding[tokens]
        for layer in range(self.shape.layers):
            block = f"blk.{layer}."
            x = x + self.attention(block, self.norm(block + "attn_norm", x), positions, angles, cache)
            inner = self.norm(block + "ffn_norm", x)
            gate, up = self.linear(block + "ffn_gate", inner), self.linear(block + "ffn_up", inner)
            inner = self.norm(block + "ffn_sub_norm", F.silu(gate) * up)
            x = x + self.linear(block + "ffn_down", inner)
        return F.linear(self.norm("output_norm", x), embedding)

    def attention(self, block, x, positions, angles, cache):
        rows, length, width = x.shape
        split = (rows, length, self.shape.heads, self.shape.head_size)
        query, key, value = (
            self.linear(block + name, x).view(split).transpose(1, 2)
            for name in ("attn_q", "attn_k", "attn_v")
        )
        keys, values = cache.store(block, turn(key, *angles), value, positions)
        visible = torch.arange(keys.shape[2])[None, None] <= positions[:, :, None]
        query, mask = turn(query, *angles), visible[:, None]
        if length == 1:
            scores = (query @ keys.mT) * self.shape.head_size**-0.5
            mixed = scores.masked_fill(~mask, -torch.inf).softmax(-1) @ values
        else:
            mixed = F.scaled_dot_product_attention(query, keys, values, attn_mask=mask)
        mixed = mixed.transpose(1, 2).reshape(rows, length, width)
        return self.linear(block + "attn_output", self.norm(block + "attn_sub_norm", mixed))


class Cache:
    """Keys and values by block, each (B, H, room, S); positions not yet written are never visible."""

    def __init__(self, shape: ModelShape, rows: int, room: int):
        size = (rows, shape.heads, room, shape.head_size)
        names = [f"blk.{layer}." for layer in range(shape.layers)]
        self.keys = {name: torch.zeros(size) for name in names}
        self.values = {name: torch.zeros(size) for name in names}

    def keep(self, rows: list[int]) -> None:
        self.keys = {name: keys[rows] for name, keys in self.keys.items()}
        self.values = {name: values[rows] for name, values in self.values.items()}

    def store(self, block, key, value, positions):
        index = positions[:, None, :, None].expand_as(key)
        self.keys[block].scatter_(2, index, key)
        self.values[block].scatter_(2, index, value)
        # Only the filled part is handed out: attention over empty room is wasted.
        filled = int(positions.max()) + 1
        return self.keys[block][:, :, :filled], self.values[block][:, :, :filled]


@torch.inference_mode()
def generate(
    model: Reference, prompts: list[list[int]], end: int, most: int = 420,
    temperature: float = 0.0, seed: int = 0,
) -> list[list[int]]:  # fmt: skip
    """Replies to many prompts at once; greedy at temperature 0."""
    random = torch.Generator().manual_seed(seed)
    rows, longest = len(prompts), max(map(len, prompts))
    cache = Cache(model.shape, rows, longest + most)
    tokens = torch.zeros(rows, longest, dtype=torch.long)
    for row, prompt in enumerate(prompts):
        tokens[row, : len(prompt)] = torch.tensor(prompt)
    places = torch.tensor([len(p) for p in prompts])
    # Padding behind a short prompt is written to the cache too, but each of
    # its places is overwritten before it becomes visible.
    logits = model.logits(tokens, torch.arange(longest).expand(rows, longest), cache)
    logits = logits[torch.arange(rows), places - 1]
    replies: list[list[int]] = [[] for _ in prompts]
    rows_of, finished = list(range(rows)), [False] * rows
    for _ in range(most):
        chosen = pick(logits, temperature, random)
        for original, token in zip(rows_of, chosen.tolist()):
            finished[original] |= token == end
            if not finished[original]:
                replies[original].append(token)
        keep = [row for row, original in enumerate(rows_of) if not finished[original]]
        if not keep:
            break
        # Dropping finished rows copies the whole cache: only when it saves a quarter.
        if len(keep) <= 0.75 * len(rows_of):
            rows_of = [rows_of[row] for row in keep]
            cache.keep(keep)
            chosen, places = chosen[keep], places[keep]
        logits = model.logits(chosen[:, None], places[:, None], cache)[:, 0]
        places = places + 1
    return replies


def generate_all(
    model: Reference, prompts: list[list[int]], end: int, most: int = 420,
    temperature: float = 0.0, seed: int = 0, at_once: int = 128,
) -> list[list[int]]:  # fmt: skip
    """Like `generate` for any number of prompts; those of like length go together, which saves padding."""
    order = sorted(range(len(prompts)), key=lambda place: len(prompts[place]))
    replies: list[list[int]] = [[] for _ in prompts]
    for start in range(0, len(order), at_once):
        group = order[start : start + at_once]
        room = model.shape.context - max(len(prompts[place]) for place in group)
        chosen = [prompts[place] for place in group]
        found = generate(model, chosen, end, min(most, room), temperature, seed + start)
        for place, reply in zip(group, found):
            replies[place] = reply
    return replies


def pick(logits: torch.Tensor, temperature: float, random: torch.Generator) -> torch.Tensor:
    if temperature == 0:
        return logits.argmax(dim=-1)
    chances = (logits / temperature).softmax(dim=-1)
    return torch.multinomial(chances, 1, generator=random)[:, 0]


@torch.inference_mode()
def token_logprobs(model: Reference, ids: list[int]) -> list[float]:
    """The natural logarithm of p(token | tokens before it), for the second token onwards."""
    positions = torch.arange(len(ids))[None]
    logits = model.logits(torch.tensor([ids]), positions, Cache(model.shape, 1, len(ids)))
    scores = logits[0, :-1].double().log_softmax(dim=-1)
    return scores[torch.arange(len(ids) - 1), torch.tensor(ids[1:])].tolist()


def main() -> None:
    from export import load_model
    from dialogues import user

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--text", type=Path, help="score this file, at most one context of it")
    parser.add_argument("--ask", help="one user message; prints the greedy reply")
    parser.add_argument("--special", action="store_true", help="control tokens in --text are parsed")
    options = parser.parse_args()
    model, encoder = load_model(options.model)
    if options.ask:
        prompt = encoder.prompt([user(options.ask)])
        print(encoder.tokenizer.decode(generate(model, [prompt], encoder.end)[0]))
    if options.text:
        if not options.special:
            encoder.tokenizer.encode_special_tokens = True
        ids = encoder.text(options.text.read_text())[: model.shape.context]
        scores = token_logprobs(model, ids)
        mean = -sum(scores) / len(scores)
        result = {"tokens": len(ids), "mean_negative_log_likelihood": mean,
                  "ids": ids, "token_logprobs": scores}  # fmt: skip
        print(json.dumps(result))


if __name__ == "__main__":
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    main()
