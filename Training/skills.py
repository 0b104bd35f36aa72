"""Held-out accuracy of each family by batched greedy replies: quick, for watching runs and comparing recipes.

    python Training/skills.py runs/recipe-*/last.pt --count 60      a table with Wilson 95 % intervals
"""

import argparse
from math import sqrt
from pathlib import Path
from random import Random
from statistics import fmean, stdev

import torch

from dialogues import SIZES, choose, user
from export import load_model
from families import FAMILIES, RIGHT, Item, judge
from reference import Cache, Reference, generate_all
from tokenizer import Encoder

LONGEST_REPLY = 420


def watched_items(count: int) -> list[Item]:
    """The same held-out items every time, of each family in the sizes of the training mixture."""
    rng = Random("watch")
    return [
        family.draw(rng, choose(rng, SIZES[name]), held_out=True)
        for name, family in FAMILIES.items()
        for _ in range(count)
    ]


def right_replies(model: Reference, encoder: Encoder, count: int) -> dict[str, int]:
    items = watched_items(count)
    prompts = [encoder.prompt([user(item.question)]) for item in items]
    replies = generate_all(model, prompts, encoder.end, LONGEST_REPLY)
    right = dict.fromkeys(FAMILIES, 0)
    for item, reply in zip(items, replies):
        right[item.family.name] += judge(item, encoder.tokenizer.decode(reply)) == RIGHT
    return right


@torch.inference_mode()
def solution_losses(model: Reference, encoder: Encoder, count: int) -> list[float]:
    """For each watched item, the mean negative log-likelihood (nats a token) of its reference solution."""
    found = []
    for item in watched_items(count):
        prompt = encoder.prompt([user(item.question)])
        ids = torch.tensor([prompt + encoder.text(item.text) + [encoder.end]])
        positions = torch.arange(ids.shape[1])[None]
        scores = model.logits(ids, positions, Cache(model.shape, 1, ids.shape[1]))[0].log_softmax(-1)
        chances = scores[len(prompt) - 1 : -1].gather(1, ids[0, len(prompt) :, None])
        found.append(-float(chances.mean()))
    return found


def mean_and_half(values: list[float]) -> str:
    """Mean ± half of its normal 95 % interval."""
    mean, spread = fmean(values), stdev(values)
    return f"{mean:.4f} ± {1.959964 * spread / sqrt(len(values)):.4f}"


def wilson(right: int, count: int) -> dict:
    """A share with its Wilson 95 % interval."""
    if count == 0:
        return {"right": 0, "of": 0}
    z, share = 1.959964, right / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(share * (1 - share) / count + z * z / (4 * count**2)) / (1 + z * z / count)
    return {
        "right": right, "of": count, "share": round(share, 4),
        "low": round(middle - half, 4), "high": round(middle + half, 4),
    }  # fmt: skip


def cell(right: int, count: int) -> str:
    found = wilson(right, count)
    return f"{100 * found['share']:.0f} [{100 * found['low']:.0f}, {100 * found['high']:.0f}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", type=Path, nargs="+", help="checkpoints or GGUF files")
    parser.add_argument("--count", type=int, default=60, help="items of each family")
    options = parser.parse_args()
    torch.set_num_threads(1)
    print("| model | " + " | ".join(FAMILIES) + " | all | nats a token | minus the first's |")
    print("|---" * (len(FAMILIES) + 4) + "|")
    first: list[float] = []
    for path in options.models:
        model, encoder = load_model(path)
        right = right_replies(model, encoder, options.count)
        cells = [cell(found, options.count) for found in right.values()]
        cells.append(cell(sum(right.values()), options.count * len(right)))
        losses = solution_losses(model, encoder, options.count)
        first = first or losses
        cells += [mean_and_half(losses), mean_and_half([a - b for a, b in zip(losses, first)])]
        print(f"| {path.parent.name}/{path.name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
