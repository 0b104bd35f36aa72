"""Packs conversations into rows of equal length; the step's number decides everything in them."""

from random import Random

import numpy as np

from dialogues import Own, conversation
from tokenizer import Encoder

IGNORED = -1
POOL = 48


def batch(
    encoder: Encoder, seed: int, step: int, data: dict, own: Own = ()
) -> tuple[np.ndarray, ...]:
    """Tokens, targets, document numbers, each (rows, length); targets to skip are IGNORED."""
    rng = Random(f"{seed} step {step}")
    weights = data["row_weights_with_mistakes" if own else "row_weights"]
    length = rng.choices(data["row_lengths"], weights)[0]
    rows = data["tokens_per_step"] // length
    tokens = np.full((rows, length + 1), encoder.padding, dtype=np.int64)
    learn = np.zeros((rows, length + 1), dtype=bool)
    documents = np.full((rows, length + 1), -1, dtype=np.int64)
    pool: list[tuple[list[int], list[bool]]] = []
    for row in range(rows):
        place = 0
        for number in range(length):
            refill(pool, encoder, rng, own, length + 1)
            ids, flags = best_fit(pool, length + 1 - place)
            if not ids:
                break
            end = place + len(ids)
            tokens[row, place:end], learn[row, place:end] = ids, flags
            documents[row, place:end] = number
            place = end
    targets = np.where(learn[:, 1:], tokens[:, 1:], IGNORED)
    return tokens[:, :-1].copy(), targets, documents[:, :-1].copy()


def refill(pool: list, encoder: Encoder, rng: Random, own: Own, limit: int) -> None:
    while (missing := POOL - len(pool)) > 0:
        drawn = encoder.conversations([conversation(rng, own) for _ in range(max(missing, 8))])
        pool += [(ids, flags) for ids, flags in drawn if len(ids) <= limit]


def best_fit(pool: list, room: int) -> tuple[list[int], list[bool]]:
    """The first conversation of the pool for an empty row, else the longest that still fits.

    Taking the oldest first keeps the mixture as drawn: no length starves.
    """
    if len(pool[0][0]) <= room:
        return pool.pop(0)
    fitting = [i for i, (ids, _) in enumerate(pool) if len(ids) <= room]
    if not fitting:
        return [], []
    return pool.pop(max(fitting, key=lambda i: len(pool[i][0])))
