"""Proves that no problem of the evaluation stands in the training data, by looking through all of that data.

    terntable measure Training/evaluate.yaml --dry-run --json | python Training/split.py

Every packed conversation is turned back into text. A problem would be found by its question, in the
program's words and either order, as a line of a user message; and, whatever the wording of the question, by
its worked solution as a reply that is learnt, where a solution belongs to one item alone. (A wrong attempt, which
is only read, may be a right solution of another question: a number misread.) Prints one JSON object; exit code 1
when something is found, or a problem is not on the held-out side of the split.
"""

import argparse
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from families import Item, from_key, is_held_out
from tokenizer import CONTROL, END, PADDING, load

RUNS = Path(__file__).parent / "runs"
# `texts` ends a message that is learnt with the one mark, any other with the other.
LEARNT, READ = PADDING, END
MESSAGE = re.compile(rf"<\|im_start\|>(user|assistant)\n(.*?)({re.escape(LEARNT)}|{re.escape(READ)})", re.DOTALL)
EITHER_ORDER = ("multiplication", "hexadecimal", "addition")
# Their column or partial-product lines spell the operands.
TOLD_BY_SOLUTION = (*EITHER_ORDER, "subtraction")
# What the long history of the single-message layout puts before a question; a line or two of agreement
# comes before a mended solution.
QUESTION = "Question: "
LINES_BEFORE = 3


def plain(line: str) -> str:
    return line.removeprefix(QUESTION).strip().rstrip(".?").lower()


def orders(item: Item) -> list[Item]:
    if item.family.name not in EITHER_ORDER:
        return [item]
    return [item, Item(item.family, item.difficulty, item.data[::-1])]


def solution(item: Item) -> str | None:
    """The worked solution, where no other item has the same: hexadecimal products without a digit above
    9 can read like decimal ones."""
    if item.family.name not in TOLD_BY_SOLUTION:
        return None
    ambiguous = item.family.name == "hexadecimal" and not re.search("[A-F]", " ".join(item.steps))
    return None if ambiguous else item.text


class Search:
    """The evaluation's problems, by everything they would be known by."""

    def __init__(self, keys: Iterable[str]):
        self.questions: dict[str, str] = {}
        self.solutions: dict[str, str] = {}
        self.found: Counter = Counter()
        self.messages = 0
        for key in keys:
            for item in orders(from_key(key)):
                self.questions[plain(item.question)] = key
                if text := solution(item):
                    self.solutions[text] = key

    def read(self, role: str, text: str, learnt: bool) -> None:
        self.messages += 1
        lines = text.split("\n")
        if role == "user":
            self.found.update(self.questions[p] for p in map(plain, lines) if p in self.questions)
        elif learnt:
            rests = ("\n".join(lines[n:]) for n in range(min(LINES_BEFORE, len(lines))))
            self.found.update(self.solutions[rest] for rest in rests if rest in self.solutions)


def texts(chunk: Path) -> Iterator[str]:
    """The rows of a chunk of training data as text; conversations stand in them one after another."""
    tokenizer = load()
    end, learnt = CONTROL.index(END), CONTROL.index(LEARNT)
    with np.load(chunk) as file:
        parts = [(file[name], file["l" + name[1:]]) for name in file.files if name.startswith("t")]
    rows = [row for tokens, learn in parts for row in np.where((tokens == end) & learn, learnt, tokens).tolist()]
    yield from tokenizer.decode_batch(rows, skip_special_tokens=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=Path, default=RUNS)
    options = parser.parse_args()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    keys = [problem["key"] for problem in json.load(sys.stdin)["problems"]]
    wrong_side = [key for key in keys if not is_held_out(key)]
    chunks = sorted(options.runs.glob("data-*/chunk-*.npz"))
    if not chunks:
        sys.exit(f"{options.runs}: no training data (runs/data-*/chunk-*.npz)")
    search = Search(keys)
    for number, chunk in enumerate(chunks):
        print(f"\rchunk {number + 1} of {len(chunks)}", end="", file=sys.stderr, flush=True)
        for text in texts(chunk):
            for role, message, mark in MESSAGE.findall(text):
                search.read(role, message, mark == LEARNT)
    print(file=sys.stderr)
    result = {
        "problems": len(keys), "on_the_wrong_side": wrong_side, "chunks": len(chunks),
        "messages": search.messages, "questions": len(search.questions),
        "solutions": len(search.solutions), "found": dict(search.found),
    }  # fmt: skip
    print(json.dumps(result, indent=1))
    if wrong_side or search.found:
        sys.exit(1)


if __name__ == "__main__":
    main()
