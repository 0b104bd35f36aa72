"""Writes heldout.txt: worked examples of held-out questions as plain text, without chat marks."""

from pathlib import Path
from random import Random

from problems import MINUS, PLUS, TIMES, draw_problem, solve
from wordings import DIFFERENCE, PRODUCT, SUM

CHARACTERS = 10_000
SIZES = [(2, 2), (2, 2), (2, 1), (3, 1), (3, 2)]


def example(rng: Random) -> str:
    operator = rng.choice((TIMES, TIMES, TIMES, PLUS, MINUS))
    problem = draw_problem(rng, operator, rng.choice(SIZES), held_out=True)
    table = {TIMES: PRODUCT, PLUS: SUM, MINUS: DIFFERENCE}[operator]
    question = rng.choice(table).format(a=problem.left, b=problem.right, t=TIMES, s=TIMES)
    return f"{question}\n{solve(problem).text}\n"


def main() -> None:
    rng = Random("held-out text")
    text = example(rng)
    while len(text) < CHARACTERS:
        text += "\n" + example(rng)
    (Path(__file__).parent / "heldout.txt").write_text(text)


if __name__ == "__main__":
    main()
