"""The generator's arithmetic: every line right when it should be, wrong when it should be."""

import re
from random import Random

from problems import (
    MINUS,
    PLUS,
    TIMES,
    Problem,
    compute,
    draw_problem,
    is_held_out,
    parts,
    solve,
)

LINE = re.compile(r"(\d+) ([×+-]) (\d+) = (-?\d+)$")


def problems(count=2000):
    rng = Random(1)
    for _ in range(count):
        sizes = (rng.randrange(1, 5), rng.randrange(1, 4))
        yield draw_problem(rng, rng.choice((TIMES, PLUS, MINUS)), sizes)


def test_the_example_of_the_plan_is_written_line_for_line():
    assert solve(Problem(47, TIMES, 36)).text == (
        "47 = 40 + 7, 36 = 30 + 6\n40 × 30 = 1200\n40 × 6 = 240\n7 × 30 = 210\n7 × 6 = 42\n"
        "1200 + 240 = 1440\n1440 + 210 = 1650\n1650 + 42 = 1692\nAnswer: 1692"
    )


def test_every_line_of_a_right_solution_is_true():
    for problem in problems():
        solution = solve(problem)
        assert solution.lines[-1] == f"Answer: {problem.answer}"
        for line in solution.lines[:-1]:
            if match := LINE.match(line):
                left, operator, right, value = match.groups()
                assert compute(int(left), operator, int(right)) == int(value)


def test_a_slip_changes_a_line_and_the_later_lines_follow_from_it():
    rng = Random(2)
    for problem in problems():
        solution = solve(problem, rng, slips=1)
        truths = [step.value == step.truth for step in solution.steps]
        copied = solution.answer in (solution.steps[-1].value, -solution.steps[-1].value)
        assert truths.count(False) + (not copied) == 1


def test_parts_add_up_and_hold_no_zero():
    for number in range(1, 3000):
        assert sum(parts(number)) == number
        assert 0 not in parts(number)


def test_the_split_ignores_order_and_takes_about_a_tenth():
    held = sum(is_held_out(a, b) for a in range(10, 100) for b in range(10, 100))
    assert 0.08 < held / 8100 < 0.12
    assert all(is_held_out(a, b) == is_held_out(b, a) for a in range(60) for b in range(60))
