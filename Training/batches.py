"""Packs conversations into rows and keeps them in chunks on disk, decided by seed and number alone.

A chunk serves several steps; a part of it is one microbatch of rows of equal
length. Long conversations go to long rows and short ones to short rows, so
the mixture stays as drawn.
"""

import os
from pathlib import Path
from random import Random

import numpy as np

from dialogues import conversation
from tokenizer import Encoder

IGNORED = -1
POOL = 64
GROUP = 64


def make_chunk(encoder: Encoder, seed: str, data: dict, own: object = ()) -> dict[str, np.ndarray]:
    """Parts of `tokens_per_part` tokens: tokens and learn flags (parts, size + rows), documents alike."""
    rng = Random(seed)
    size, lengths = data["tokens_per_part"], sorted(data["row_lengths"])
    open_rows: dict[int, Rows] = {}
    for length in lengths:
        # Short conversations fill what long ones leave.
        open_rows[length] = Rows(length, size // length, list(open_rows.values()))
    parts: list[tuple] = []
    while len(parts) < data["parts_per_chunk"]:
        messages = [conversation(rng, own) for _ in range(GROUP)]
        for ids, flags in encoder.conversations(messages):
            fitting = [length for length in lengths if len(ids) <= length + 1]
            if fitting:
                parts += open_rows[fitting[0]].add(ids, flags)
    parts = parts[: data["parts_per_chunk"]]
    rng.shuffle(parts)
    found = {f"{kind}{n}": part[i] for n, part in enumerate(parts) for i, kind in enumerate("tld")}
    return found


class Rows:
    """Conversations of one length class waiting for a part to be packed."""

    def __init__(self, length: int, count: int, fillers: "list[Rows]"):
        self.length, self.count, self.fillers = length, count, fillers
        self.pool: list[tuple[list[int], list[bool]]] = []

    def add(self, ids: list[int], flags: list[bool]) -> list[tuple]:
        self.pool.append((ids, flags))
        enough = sum(len(i) for i, _ in self.pool) > (self.count + 2) * (self.length + 1)
        return [self.pack()] if enough and len(self.pool) >= POOL // 4 else []

    def pack(self) -> tuple:
        size = (self.count, self.length + 1)
        tokens, learn = np.zeros(size, dtype=np.uint16), np.zeros(size, dtype=bool)
        documents = np.full(size, 255, dtype=np.uint8)
        for row in range(self.count):
            place, number = 0, 0
            while taken := self.next_for(self.length + 1 - place):
                ids, flags = taken
                end = place + len(ids)
                tokens[row, place:end], learn[row, place:end] = ids, flags
                documents[row, place:end] = number
                place, number = end, number + 1
        return tokens, learn, documents

    def next_for(self, room: int) -> tuple[list[int], list[bool]] | None:
        for rows in [self, *self.fillers]:
            if found := rows.best_fit(room):
                return found
        return None

    def best_fit(self, room: int) -> tuple[list[int], list[bool]] | None:
        """The oldest conversation if it fits, else the longest that does.

        Taking the oldest first keeps the mixture as drawn: no length starves.
        """
        if self.pool and len(self.pool[0][0]) <= room:
            return self.pool.pop(0)
        fitting = [i for i, (ids, _) in enumerate(self.pool) if len(ids) <= room]
        return self.pool.pop(max(fitting, key=lambda i: len(self.pool[i][0]))) if fitting else None


def chunk_path(directory: Path, number: int) -> Path:
    return directory / f"chunk-{number:05d}.npz"


def write_chunk(directory: Path, number: int, encoder: Encoder, seed: int, data: dict, own=()) -> None:
    path = chunk_path(directory, number)
    if path.exists():
        return
    directory.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.part")
    with temporary.open("wb") as file:
        np.savez(file, **make_chunk(encoder, f"{seed} chunk {number}", data, own))
    temporary.rename(path)


class Chunks:
    """Reads parts of chunks that somebody else writes."""

    def __init__(self, directory: Path, parts_per_chunk: int):
        self.directory, self.parts = directory, parts_per_chunk
        self.number, self.arrays = -1, None

    def ready(self, index: int) -> bool:
        return chunk_path(self.directory, index // self.parts).exists()

    def part(self, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Tokens, targets (IGNORED where nothing is learnt) and documents, each (rows, length)."""
        if self.number != index // self.parts:
            self.number = index // self.parts
            with np.load(chunk_path(self.directory, self.number)) as file:
                self.arrays = dict(file)
        tokens, learn, documents = (self.arrays[f"{kind}{index % self.parts}"] for kind in "tld")
        targets = np.where(learn[:, 1:], tokens[:, 1:].astype(np.int64), IGNORED)
        return tokens[:, :-1].astype(np.int64), targets, documents[:, :-1].copy()
