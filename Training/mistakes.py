"""Collects the tutor's own wrong replies to training questions.

    python Training/mistakes.py Training/runs/trunk/last.pt --count 2000

Made-up slips teach a model that it can ignore feedback: it would have got the
line right anyway. Its own mistakes are those that only the feedback mends.
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from random import Random

import torch

from dialogues import HARD_SIZES, SHARES, Attempt, Own, ask, choose, cost, user
from export import load_model
from families import FAMILIES, WRONG, Item, from_key, judge
from reference import generate_all
from tokenizer import Encoder

PATH = Path(__file__).parent / "runs/mistakes.jsonl"
# A feedback dialogue about a longer one would not fit into a row.
LONGEST_REPLY = 420
QUESTIONS_AT_ONCE = 512
TEMPERATURES = (0.7, 0.0)


def draw_questions(rng: Random, count: int) -> list[tuple[Item, str]]:
    """Questions of every family, hard sizes, in all wordings; none of them held out."""
    drawn = []
    for _ in range(count):
        family = choose(rng, SHARES)
        item = FAMILIES[family].draw(rng, choose(rng, HARD_SIZES[family]))
        drawn.append((item, ask(rng, item)))
    return drawn


def record(item: Item, reply: str) -> dict | None:
    """The reply as one line of the file, when it is a mistake that a dialogue can be about."""
    reply = reply.strip()
    if judge(item, reply) != WRONG or cost(reply) > LONGEST_REPLY:
        return None
    swapped = item.data != from_key(item.key).data
    return {"key": item.key, "swapped": swapped, "reply": reply}


def attempt(line: dict) -> Attempt:
    item = from_key(line["key"])
    if line["swapped"]:
        item = Item(item.family, item.difficulty, item.data[::-1])
    return Attempt(item, line["reply"])


def gather(lines: Iterable[dict]) -> Own:
    """Attempts by family. Replies that are not wrong, and held-out items, are passed over."""
    found: dict[str, list[Attempt]] = {}
    for line in lines:
        known = attempt(line)
        if not known.item.held_out and judge(*known) == WRONG:
            found.setdefault(known.item.family.name, []).append(known)
    return found


def load(path: Path = PATH) -> Own:
    if not path.exists():
        return {}
    return gather(json.loads(line) for line in path.read_text().splitlines())


def collect(model, encoder: Encoder, output: Path, count: int, seed: int) -> None:
    """Asks until `count` wrong replies are found, at temperature 0.7 and greedy in turn; replaces the file."""
    rng, found, turn = Random(f"{seed} mistakes"), [], 0
    while len(found) < count:
        asked = draw_questions(rng, QUESTIONS_AT_ONCE)
        prompts = [encoder.prompt([user(question)]) for _, question in asked]
        temperature = TEMPERATURES[turn % len(TEMPERATURES)]
        replies = generate_all(model, prompts, encoder.end, LONGEST_REPLY, temperature, rng.randrange(2**31))
        texts = map(encoder.tokenizer.decode, replies)
        lines = [record(item, text) for (item, _), text in zip(asked, texts)]
        found += [json.dumps(line, ensure_ascii=False) for line in lines if line]
        turn += 1
        print(f"{len(found)} wrong replies to {turn * QUESTIONS_AT_ONCE} questions", flush=True)
    temporary = output.with_suffix(".part")
    temporary.write_text("\n".join(found) + "\n")
    temporary.rename(output)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path, help="a checkpoint or a GGUF file")
    parser.add_argument("--output", type=Path, default=PATH)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    collect(*load_model(options.model), options.output, options.count, options.seed)


if __name__ == "__main__":
    main()
