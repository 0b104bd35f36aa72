"""Writes a session script of held-out products, so that the program itself measures the model.

    python Training/script.py --digits 2 2 --count 600 | terntable replay - --out results

Four arms with the same first replies, greedy: one more attempt after a bare "try again", after a
critique that names the first wrong step, after an edit that mends it, and drawn again unguided.
"""

import argparse
from random import Random

from problems import TIMES, draw_problem

HEAD = """\
terntable: 1
name: held-out-{name}
sampling: {{ temperature: 0 }}
seed: 1
stop: {{ max_attempts: 2 }}
problems:
"""

ARMS = """\
arms:
  unary:
    - prompt: "{prompt}"
    - unary:
  critique:
    - prompt: "{prompt}"
    - critique:
        auto: first-wrong-step
        otherwise: { critique: The final answer is wrong. }
  edit:
    - prompt: "{prompt}"
    - edit: { auto: first-wrong-step, otherwise: regenerate }
  none:
    - prompt: "{prompt}"
    - regenerate:
"""


def held_out(digits: tuple[int, int], count: int) -> list:
    """Products that training never asks, no two alike."""
    rng = Random(f"script {digits}")
    problems: dict = {}
    while len(problems) < count:
        problems[draw_problem(rng, TIMES, digits, held_out=True)] = None
    return list(problems)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--digits", type=int, nargs=2, default=(2, 2))
    parser.add_argument("--count", type=int, default=600)
    options = parser.parse_args()
    digits = tuple(options.digits)
    print(HEAD.format(name=f"{digits[0]}x{digits[1]}"), end="")
    for problem in held_out(digits, options.count):
        prompt = f"What is {problem.left} {TIMES} {problem.right}?"
        print(f'  - {{ prompt: "{prompt}", answer: {problem.answer} }}')
    print(ARMS, end="")


if __name__ == "__main__":
    main()
