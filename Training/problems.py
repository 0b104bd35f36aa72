"""Arithmetic problems, their worked solutions, and realistic slips in them.

A product is split by the distributive law, a sum or difference by the digits
of the second number. A slip changes one line and the later lines carry it
forward, as a person's or a model's mistake would.
"""

import hashlib
from dataclasses import dataclass, field
from random import Random

TIMES, PLUS, MINUS = "×", "+", "-"


@dataclass(frozen=True)
class Problem:
    left: int
    operator: str
    right: int

    @property
    def answer(self) -> int:
        return compute(self.left, self.operator, self.right)


def compute(left: int, operator: str, right: int) -> int:
    return {TIMES: left * right, PLUS: left + right, MINUS: left - right}[operator]


def is_held_out(left: int, right: int) -> bool:
    """The split: about one pair of operands in ten is never a training question.

    Order and operation do not matter, so 36 × 47, 47 + 36 and 47 × 36 share
    their fate. Lines inside a worked solution (40 × 30) are not questions.
    """
    low, high = sorted((left, right))
    return hashlib.sha256(f"{low},{high}".encode()).digest()[0] < 26


def parts(number: int) -> list[int]:
    """47 -> [40, 7]; zeros vanish, and 0 itself stays."""
    digits = str(number)
    found = [int(d) * 10 ** (len(digits) - 1 - i) for i, d in enumerate(digits) if d != "0"]
    return found or [0]


@dataclass(frozen=True)
class Step:
    left: int
    operator: str
    right: int
    value: int

    @property
    def truth(self) -> int:
        return compute(self.left, self.operator, self.right)

    @property
    def question(self) -> str:
        return f"{self.left} {self.operator} {self.right}"

    def __str__(self) -> str:
        return f"{self.question} = {self.value}"


@dataclass
class Solution:
    problem: Problem
    opening: str = ""
    steps: list[Step] = field(default_factory=list)
    answer: int = 0

    @property
    def lines(self) -> list[str]:
        opening = [self.opening] if self.opening else []
        return opening + [str(step) for step in self.steps] + [f"Answer: {self.answer}"]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def is_right(self) -> bool:
        return self.answer == self.problem.answer

    @property
    def wrong_steps(self) -> list[Step]:
        return [step for step in self.steps if step.value != step.truth]


class Solver:
    """Writes the lines in order; `slips` says at which step which value is spoilt."""

    def __init__(self, problem: Problem, rng: Random | None = None, slips: int = 0):
        self.solution = Solution(problem)
        self.rng = rng or Random(0)
        self.slipping: set[int] = set()
        if slips:
            count = len(solve(problem).steps)
            # One place past the steps is the last line: a slip in copying.
            self.slipping = set(self.rng.sample(range(count + 1), min(slips, count + 1)))

    def record(self, left: int, operator: str, right: int) -> int:
        steps = self.solution.steps
        value = compute(left, operator, right)
        if len(steps) in self.slipping:
            value = spoil(self.rng, left, operator, right)
        steps.append(Step(left, operator, right, value))
        return value

    def finish(self, answer: int) -> Solution:
        if len(self.solution.steps) in self.slipping:
            answer = spoil_number(self.rng, answer)
        self.solution.answer = answer
        return self.solution


def solve(
    problem: Problem, rng: Random | None = None, slips: int = 0, shuffled: bool = False
) -> Solution:
    solver = Solver(problem, rng, slips)
    if problem.operator == TIMES:
        return solve_product(solver, shuffled)
    return solve_by_digits(solver)


def solve_product(solver: Solver, shuffled: bool) -> Solution:
    problem = solver.solution.problem
    splits = {n: parts(n) for n in (problem.left, problem.right)}
    announced = [(n, p) for n, p in splits.items() if len(p) > 1]
    solver.solution.opening = ", ".join(f"{n} = {join(p)}" for n, p in announced)
    pairs = [(p, q) for p in splits[problem.left] for q in splits[problem.right]]
    if shuffled:
        solver.rng.shuffle(pairs)
    values = [solver.record(p, TIMES, q) for p, q in pairs]
    total = values[0]
    for value in values[1:]:
        total = solver.record(total, PLUS, value)
    return solver.finish(total)


def solve_by_digits(solver: Solver) -> Solution:
    problem = solver.solution.problem
    left, right, sign = problem.left, problem.right, 1
    if problem.operator == MINUS and left < right:
        left, right, sign = right, left, -1
        solver.solution.opening = (
            f"{problem.left} is less than {problem.right}, so the answer is negative."
        )
    pieces = parts(right)
    if len(pieces) > 1 and sign > 0:
        solver.solution.opening = f"{right} = {join(pieces)}"
    for piece in pieces:
        left = solver.record(left, problem.operator, piece)
    return solver.finish(sign * left)


def join(pieces: list[int]) -> str:
    return " + ".join(map(str, pieces))


def spoil(rng: Random, left: int, operator: str, right: int) -> int:
    """A wrong value somebody might really write for this step."""
    truth = compute(left, operator, right)
    while True:
        wrong = truth
        kind = rng.random()
        if operator == TIMES and kind < 0.45:
            unit = 10 ** (len(str(left)) - 1)
            wrong = (left + rng.choice((-unit, unit))) * right
        elif operator == TIMES and kind < 0.65:
            wrong = truth // 10 if truth % 10 == 0 else truth * 10
        elif operator != TIMES and kind < 0.6:
            wrong = truth + rng.choice((-1, 1)) * 10 ** rng.randrange(len(str(truth)))
        else:
            wrong = spoil_number(rng, truth)
        if wrong != truth and (wrong >= 0 or truth < 0):
            return wrong


def spoil_number(rng: Random, number: int) -> int:
    """Two neighbouring digits swapped, or one digit misread."""
    digits = list(str(abs(number)))
    while True:
        copy = digits[:]
        place = rng.randrange(len(copy))
        if rng.random() < 0.5 and place + 1 < len(copy):
            copy[place], copy[place + 1] = copy[place + 1], copy[place]
        else:
            copy[place] = str(rng.randrange(10))
        wrong = int("".join(copy)) * (-1 if number < 0 else 1)
        if wrong != number and not (len(copy) > 1 and copy[0] == "0"):
            return wrong


def draw_operand(rng: Random, digits: int) -> int:
    return rng.randrange(10 ** (digits - 1) if digits > 1 else 1, 10**digits)


def draw_problem(
    rng: Random, operator: str, sizes: tuple[int, int], held_out: bool = False
) -> Problem:
    """A random problem from one side of the split; either factor may be the longer one."""
    while True:
        left, right = (draw_operand(rng, size) for size in sizes)
        if rng.random() < 0.5:
            left, right = right, left
        if operator == MINUS and left < right and rng.random() < 0.85:
            left, right = right, left
        if is_held_out(left, right) == held_out:
            return Problem(left, operator, right)
