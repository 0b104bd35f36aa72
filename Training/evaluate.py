"""Held-out accuracy of the exported file, and what feedback does for the wrong replies.

    python Training/evaluate.py Sources/Inference/Resources/tutor.gguf --json results.json

Runs reference.py's exact int8 arithmetic on the file itself; questions come
from the side of the split that training never asks.
"""

import argparse
import json
import re
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from random import Random

import torch

from dialogues import Message, user, wrong_reply
from export import read_gguf
from problems import MINUS, PLUS, TIMES, Problem, compute, draw_problem, solve
from reference import Reference, generate
from tokenizer import Encoder, load

FAMILIES = {
    "product 2x2": (TIMES, (2, 2), 1.0),
    "product 2x1": (TIMES, (2, 1), 0.2),
    "product 3x1": (TIMES, (3, 1), 0.2),
    "product 3x2": (TIMES, (3, 2), 0.4),
    "product 3x3": (TIMES, (3, 3), 0.1),
    "sum 3+3": (PLUS, (3, 3), 0.2),
    "difference 3-3": (MINUS, (3, 3), 0.2),
}
ARITHMETIC = re.compile(r"(\d+) ([×+-]) (\d+) = (-?\d+)$")
BATCH = 50


@dataclass
class Case:
    problem: Problem
    question: Message
    reply: str = ""

    @property
    def right(self) -> bool:
        return is_right(self.reply, self.problem)


def is_right(reply: str, problem: Problem) -> bool:
    return reply.splitlines()[-1:] == [f"Answer: {problem.answer}"]


class Tutor:
    def __init__(self, model: Reference, temperature: float, seed: int):
        self.model, self.temperature, self.seed = model, temperature, seed
        self.encoder = Encoder(load())

    def replies(self, prompts: list[tuple[list[Message], str]]) -> list[str]:
        """Each prompt is the messages so far and the kept beginning of the reply."""
        texts = []
        for start in range(0, len(prompts), BATCH):
            group = prompts[start : start + BATCH]
            ids = [self.encoder.prompt(messages, kept) for messages, kept in group]
            room = self.model.shape.context - max(map(len, ids))
            found = generate(
                self.model, ids, self.encoder.end, most=min(420, room),
                temperature=self.temperature, seed=self.seed + start,
            )  # fmt: skip
            texts += [kept + self.encoder.tokenizer.decode(f) for (_, kept), f in zip(group, found)]
        return texts


def wilson(right: int, count: int) -> dict:
    if count == 0:
        return {"right": 0, "of": 0}
    z, share = 1.959964, right / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(share * (1 - share) / count + z * z / (4 * count**2)) / (1 + z * z / count)
    return {
        "right": right, "of": count, "share": round(share, 4),
        "low": round(middle - half, 4), "high": round(middle + half, 4),
    }  # fmt: skip


def first_difference(case: Case) -> int:
    """The place of the first line that is not what the worked solution says."""
    written, wanted = case.reply.splitlines(), solve(case.problem).lines
    for place, line in enumerate(wanted):
        if place >= len(written) or written[place] != line:
            return place
    return len(wanted) - 1


def name_the_step(case: Case) -> str:
    place = first_difference(case)
    written = case.reply.splitlines()
    match = ARITHMETIC.match(written[place]) if place < len(written) else None
    if match:
        left, operator, right, value = match.groups()
        truth = compute(int(left), operator, int(right))
        if truth != int(value):
            return f"{left} {operator} {right} is {truth}, not {value}."
    return f"Line {place + 1} is wrong."


def keep_corrected(case: Case) -> str:
    return "\n".join(solve(case.problem).lines[: first_difference(case) + 1])


def recover(tutor: Tutor, wrong: list[Case]) -> dict:
    """One round of each kind of feedback on the same wrong replies."""

    def share(prompts):
        replies = tutor.replies(prompts)
        right = sum(is_right(r, c.problem) for r, c in zip(replies, wrong))
        same = sum(last_line(r) == last_line(c.reply) for r, c in zip(replies, wrong))
        return wilson(right, len(wrong)) | {"same_answer_again": same}

    def told(feedback):
        return [([c.question, wrong_reply(c.reply), user(feedback(c))], "") for c in wrong]

    return {
        "unary": share(told(lambda case: "Try again.")),
        "critique": share(told(name_the_step)),
        "in_place": share([([c.question], keep_corrected(c)) for c in wrong]),
    }


def draw_cases(rng: Random, operator: str, sizes: tuple[int, int], count: int) -> list[Case]:
    """Held-out questions, no two about the same operands in the same order."""
    problems: dict[Problem, None] = {}
    while len(problems) < count:
        problems[draw_problem(rng, operator, sizes, held_out=True)] = None
    return [Case(problem, user(f"What is {problem.left} {problem.operator} {problem.right}?")) for problem in problems]


def last_line(text: str) -> str:
    return text.splitlines()[-1] if text else ""


def evaluate(tutor: Tutor, count: int, show: int) -> dict:
    results = {}
    for name, (operator, sizes, share) in FAMILIES.items():
        cases = draw_cases(Random(f"evaluate {name}"), operator, sizes, int(count * share))
        for case, reply in zip(cases, tutor.replies([([c.question], "") for c in cases])):
            case.reply = reply
        wrong = [case for case in cases if not case.right]
        results[name] = {"first_attempt": wilson(len(cases) - len(wrong), len(cases))}
        if wrong:
            results[name]["after_feedback"] = recover(tutor, wrong)
        print(name, json.dumps(results[name]), flush=True)
        for case in wrong[:show]:
            print(f"--- {case.question.text}\n{case.reply}\n(right: {case.problem.answer})")
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--count", type=int, default=600, help="two-digit products; others fewer")
    parser.add_argument("--temperature", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print so many wrong replies a family")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)  # Steps of one token are too small to share.
    tutor = Tutor(read_gguf(options.model), options.temperature, options.seed)
    results = {
        "temperature": options.temperature,
        "seed": options.seed,
        "families": evaluate(tutor, options.count, options.show),
    }
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
