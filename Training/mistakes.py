"""Collects the tutor's own wrong replies to training questions.

    python Training/mistakes.py MODEL.gguf --minutes 4

Made-up slips teach a model that it can ignore feedback: it would have got the
line right anyway. Its own mistakes are those that only the feedback mends.
"""

import argparse
import json
import re
import time
from pathlib import Path
from random import Random

import torch

from problems import MINUS, PLUS, TIMES, Problem, Solution, Step, draw_problem

PATH = Path(__file__).parent / "mistakes.jsonl"
LINE = re.compile(r"(\d+) ([×+-]) (\d+) = (\d+)$")
ANSWER = re.compile(r"Answer: (-?\d+)$")
FAMILIES = [(TIMES, (2, 2)), (TIMES, (3, 2)), (MINUS, (3, 3)), (PLUS, (3, 3)), (MINUS, (3, 2))]
WEIGHTS = [45, 25, 15, 8, 7]


def parse(problem: Problem, text: str) -> Solution | None:
    """The reply as a solution, or nothing when it does not keep to the format."""
    *lines, last = text.split("\n")
    ending = ANSWER.match(last)
    if not ending or not lines:
        return None
    solution = Solution(problem, answer=int(ending[1]))
    if not LINE.match(lines[0]):
        solution.opening = lines.pop(0)
    for line in lines:
        match = LINE.match(line)
        if not match:
            return None
        solution.steps.append(Step(int(match[1]), match[2], int(match[3]), int(match[4])))
    return solution if solution.steps else None


def load() -> list[Solution]:
    found = []
    if not PATH.exists():
        return found
    for line in PATH.read_text().splitlines():
        record = json.loads(line)
        found.append(parse(Problem(*record["problem"]), record["reply"]))
    return found


def collect(path: Path, minutes: float, temperature: float, seed: int) -> None:
    from dialogues import ask, user
    from export import read_gguf
    from reference import generate
    from tokenizer import Encoder, load as load_tokenizer

    torch.set_num_threads(1)
    model, encoder, rng = read_gguf(path), Encoder(load_tokenizer()), Random(f"{seed} mistakes")
    deadline = time.monotonic() + 60 * minutes
    while time.monotonic() < deadline:
        operator, sizes = rng.choices(FAMILIES, WEIGHTS)[0]
        problems = [draw_problem(rng, operator, sizes) for _ in range(64)]
        prompts = [encoder.prompt([user(ask(rng, p))]) for p in problems]
        replies = generate(model, prompts, encoder.end, 300, temperature, rng.randrange(2**31))
        with PATH.open("a") as file:
            for problem, reply in zip(problems, replies):
                solution = parse(problem, encoder.tokenizer.decode(reply))
                if solution and not solution.is_right:
                    question = [problem.left, problem.operator, problem.right]
                    record = {"problem": question, "reply": solution.text}
                    file.write(json.dumps(record, ensure_ascii=False) + "\n")


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
