"""Collects the tutor's own wrong replies to training questions.

    python Training/mistakes.py MODEL.gguf --minutes 4

Made-up slips teach a model that it can ignore feedback: it would have got the
line right anyway. Its own mistakes are those that only the feedback mends.
"""

import argparse
import json
import time
from collections.abc import Iterable
from pathlib import Path
from random import Random

from dialogues import HARD_SIZES, SHARES, Attempt, Own, ask, choose, cost, user
from families import FAMILIES, WRONG, Item, from_key, judge

PATH = Path(__file__).parent / "mistakes.jsonl"
# A feedback dialogue about a longer one would not fit into a row.
LONGEST_REPLY = 420


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


def collect(path: Path, minutes: float, temperature: float, seed: int) -> None:
    import torch

    from export import read_gguf
    from reference import generate
    from tokenizer import Encoder, load as load_tokenizer

    torch.set_num_threads(1)
    model, encoder, rng = read_gguf(path), Encoder(load_tokenizer()), Random(f"{seed} mistakes")
    deadline = time.monotonic() + 60 * minutes
    while time.monotonic() < deadline:
        asked = draw_questions(rng, 64)
        prompts = [encoder.prompt([user(question)]) for _, question in asked]
        replies = generate(model, prompts, encoder.end, 300, temperature, rng.randrange(2**31))
        with PATH.open("a") as file:
            for (item, _), reply in zip(asked, replies):
                if line := record(item, encoder.tokenizer.decode(reply)):
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--minutes", type=float, default=4)
    parser.add_argument("--temperature", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    collect(options.model, options.minutes, options.temperature, options.seed)


if __name__ == "__main__":
    main()
