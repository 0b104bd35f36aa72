"""Held-out accuracy of an exported file or a checkpoint, and what feedback does for the wrong replies.

    python Training/evaluate.py Sources/Inference/Resources/tutor.gguf --json results.json

Quick, for looking at a model while it is made; the card's numbers come from
the program (`make evaluate`). Questions are the canonical ones of items that
training never asks, in the sizes of the training mixture.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch

from dialogues import SIZES, Message, choose, user, wrong_reply
from export import load_model
from families import FAMILIES, NO_ANSWER, RIGHT, Item, critique, fallback, judge, mended
from reference import Reference, generate_all
from skills import wilson
from tokenizer import Encoder

LONGEST_REPLY = 420


@dataclass
class Case:
    item: Item
    reply: str = ""

    @property
    def verdict(self) -> str:
        return judge(self.item, self.reply)

    @property
    def fault(self):
        return self.item.family.first_wrong(self.item, self.reply)


class Tutor:
    def __init__(self, model: Reference, encoder: Encoder, temperature: float, seed: int):
        self.model, self.encoder, self.temperature, self.seed = model, encoder, temperature, seed

    def replies(self, prompts: list[tuple[list[Message], str]]) -> list[str]:
        """Each prompt is the messages so far and the kept beginning of the reply."""
        ids = [self.encoder.prompt(messages, kept) for messages, kept in prompts]
        found = generate_all(
            self.model, ids, self.encoder.end, LONGEST_REPLY, self.temperature, self.seed
        )  # fmt: skip
        return [kept + self.encoder.tokenizer.decode(reply) for (_, kept), reply in zip(prompts, found)]


def recover(tutor: Tutor, wrong: list[Case]) -> dict:
    """One round of each kind of feedback on the same wrong replies."""

    def told(feedback):
        return [([user(c.item.question), wrong_reply(c.reply), user(feedback(c))], "") for c in wrong]

    def named(case: Case, with_value: bool = False) -> str:
        return critique(case.fault, with_value) if case.fault else fallback(case.verdict)

    def in_place(case: Case):
        return [user(case.item.question)], mended(case.reply, case.fault) if case.fault else ""

    arms = {
        "unary": told(lambda case: "Try again."),
        "critique": told(named),
        "critique_with_value": told(lambda case: named(case, True)),
        "in_place": [in_place(case) for case in wrong],
    }
    results = {}
    for name, prompts in arms.items():
        replies = tutor.replies(prompts)
        right = sum(judge(case.item, reply) == RIGHT for case, reply in zip(wrong, replies))
        same = sum(reply == case.reply for case, reply in zip(wrong, replies))
        results[name] = wilson(right, len(wrong)) | {"same_reply_again": same}
    return results


def draw_cases(family: str, count: int, size: str | None) -> list[Case]:
    """Held-out items, no two alike."""
    rng, items = Random(f"evaluate {family}"), {}
    for _ in range(200 * count):
        if len(items) == count:
            break
        item = FAMILIES[family].draw(rng, size or choose(rng, SIZES[family]), held_out=True)
        items[item.key] = item
    return [Case(item) for item in items.values()]


def by_size(cases: list[Case]) -> dict:
    sizes = sorted({case.item.difficulty for case in cases})
    groups = {size: [c for c in cases if c.item.difficulty == size] for size in sizes}
    return {s: wilson(sum(c.verdict == RIGHT for c in g), len(g)) for s, g in groups.items()}


def evaluate(tutor: Tutor, families: list[str], count: int, size: str | None, show: int) -> dict:
    results = {}
    for family in families:
        cases = draw_cases(family, count, size)
        prompts = [([user(case.item.question)], "") for case in cases]
        for case, reply in zip(cases, tutor.replies(prompts)):
            case.reply = reply
        wrong = [case for case in cases if case.verdict != RIGHT]
        results[family] = {
            "first_attempt": wilson(len(cases) - len(wrong), len(cases)),
            "no_answer": sum(case.verdict == NO_ANSWER for case in wrong),
            "by_size": by_size(cases),
        }
        if wrong:
            results[family]["after_feedback"] = recover(tutor, wrong)
        print(family, json.dumps(results[family]), flush=True)
        for case in wrong[:show]:
            print(f"--- {case.item.question}\n{case.reply}\n(right: {case.item.answer})")
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--families", nargs="*", default=list(FAMILIES))
    parser.add_argument("--size", help="one difficulty instead of the training mixture")
    parser.add_argument("--count", type=int, default=600, help="items a family")
    parser.add_argument("--temperature", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print so many wrong replies a family")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)  # Steps of one token are too small to share.
    tutor = Tutor(*load_model(options.model), options.temperature, options.seed)
    families = evaluate(tutor, options.families, options.count, options.size, options.show)
    results = {"temperature": options.temperature, "seed": options.seed, "families": families}
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
