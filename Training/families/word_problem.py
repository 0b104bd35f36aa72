"""Two-step word problems from the templates of word-problems.tsv."""

import re
from random import Random
from typing import NamedTuple

from .item import RESOURCES, Family, Item, spoil_digits

RANGES = {
    "small": {"n": (2, 9), "v": (2, 12), "s": (2, 30)},
    "large": {"n": (3, 9), "v": (12, 99), "s": (100, 999)},
    # For training only: products that the tutor can hardly get right unless it is told.
    "huge": {"n": (3, 9), "v": (100, 999), "s": (1000, 9999)},
}
OPERATIONS = {"×": lambda a, b: a * b, "+": lambda a, b: a + b, "-": lambda a, b: a - b}
BEFORE = ["{q}"] * 6 + ["Solve: {q}", "A problem: {q}", "Can you solve this? {q}", "{q} Show the steps."]


class Template(NamedTuple):
    id: str
    first: str
    second: str
    kinds: tuple[str, ...]
    text: str


def load() -> dict[str, Template]:
    lines = (RESOURCES / "word-problems.tsv").read_text().splitlines()
    fields = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {i: Template(i, one, two, tuple(kinds.split(",")), text) for i, one, two, kinds, text in fields}


def compute(expression: str) -> int:
    left, sign, right = expression.split(" ")
    return OPERATIONS[sign](int(left), int(right))


class WordProblem(Family):
    """The data of an item are the template's id and its numbers."""

    name = "word-problem"
    difficulties = ("large", "small")
    step_form = re.compile(r"[0-9]+ [×+-] [0-9]+ = [0-9]+")

    def __init__(self) -> None:
        self.templates = load()

    def draw_data(self, rng: Random, difficulty: str) -> tuple:
        while True:
            template = rng.choice(list(self.templates.values()))
            numbers = [rng.randint(*RANGES[difficulty][kind]) for kind in template.kinds]
            if min(value for _, value in self.equations((template.id, *numbers))) >= 1:
                return (template.id, *numbers)

    def equations(self, data: tuple) -> list[tuple[str, int]]:
        template, numbers = self.templates[data[0]], dict(zip("abc", data[1:]))
        first = template.first.format(**numbers)
        result = compute(first)
        second = template.second.format(**numbers, r=result)
        return [(first, result), (second, compute(second))]

    def parse_key(self, rest: str) -> tuple[str, tuple]:
        template, numbers = rest.split(":")
        values = tuple(map(int, numbers.split(",")))
        kinds = self.templates[template].kinds
        small = all(n <= RANGES["small"][kind][1] for n, kind in zip(values, kinds))
        return "small" if small else "large", (template, *values)

    def key(self, data: tuple) -> str:
        return f"word-problem:{data[0]}:{','.join(map(str, data[1:]))}"

    def question(self, data: tuple) -> str:
        return self.templates[data[0]].text.format(**dict(zip("abc", data[1:])))

    def ask(self, rng: Random, item: Item) -> str:
        return rng.choice(BEFORE).format(q=item.question)

    def steps(self, data: tuple) -> list[str]:
        return [f"{expression} = {value}" for expression, value in self.equations(data)]

    def answer(self, data: tuple) -> str:
        return str(self.equations(data)[1][1])

    def is_right(self, data: tuple, answer: str) -> bool:
        return bool(re.fullmatch("[0-9]+", answer)) and int(answer) == int(self.answer(data))

    def slip(self, rng: Random, data: tuple) -> str:
        template, numbers = self.templates[data[0]], dict(zip("abc", data[1:]))
        kind = rng.random()
        first = template.first.format(**numbers)
        result = compute(first)
        if kind < 0.15:
            # The wrong operation.
            sign = rng.choice([s for s in "×+-" if s not in first])
            first = re.sub("[×+-]", sign, first)
            result = max(compute(first), 1)
        elif kind < 0.55:
            result = self.near(rng, result)
        second = template.second.format(**numbers, r=result)
        value = max(compute(second), 1)
        if kind >= 0.55:
            value = self.near(rng, value)
        answer = value if kind < 0.92 else int(spoil_digits(rng, str(value)))
        return f"{first} = {result}\n{second} = {value}\nAnswer: {answer}"

    @staticmethod
    def near(rng: Random, value: int) -> int:
        wrong = value + rng.choice((-1, 1)) * 10 ** rng.randrange(len(str(value)))
        return wrong if wrong > 0 else value + 1

    def spoil(self, rng: Random, item: Item, line: str) -> str:
        start, value = line.rsplit(" ", 1)
        return f"{start} {self.near(rng, int(value))}"

    def other_answer(self, rng: Random, item: Item) -> str:
        return str(self.near(rng, int(item.answer)))
