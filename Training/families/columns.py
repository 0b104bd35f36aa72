"""Sums and differences in columns from the right, every carry and borrowing shown."""

import re
from random import Random

from .item import Family, Item, spoil_digits


class Columns(Family):
    """What addition and subtraction share; `sign` tells them apart."""

    difficulties = ("6", "3", "4", "5")
    sign = "+"
    templates: list[str] = []

    def draw_data(self, rng: Random, difficulty: str) -> tuple:
        """"4": both numbers have four digits; "4/2", for training only: the first four, the second two."""
        sizes = [int(size) for size in difficulty.split("/")]
        return tuple(rng.randrange(10 ** (n - 1), 10**n) for n in (sizes[0], sizes[-1]))

    def parse_key(self, rest: str) -> tuple[str, tuple]:
        data = tuple(map(int, rest.split(",")))
        return str(len(str(max(data)))), data

    def question(self, data: tuple) -> str:
        return f"What is {data[0]} {self.sign} {data[1]}?"

    def ask(self, rng: Random, item: Item) -> str:
        return rng.choice(self.templates).format(a=item.data[0], b=item.data[1])

    def is_right(self, data: tuple, answer: str) -> bool:
        return bool(re.fullmatch("[0-9]+", answer)) and int(answer) == int(self.answer(data))

    def steps(self, data: tuple) -> list[str]:
        return self.work(data)[0]

    def columns(self, data: tuple) -> list[tuple[int, int]]:
        left, right = (str(number)[::-1] for number in data)
        size = max(len(left), len(right))
        return list(zip(map(int, left.ljust(size, "0")), map(int, right.ljust(size, "0"))))

    def work(self, data: tuple, rng: Random | None = None, slip: int = -1) -> tuple[list[str], int]:
        raise NotImplementedError

    def slip(self, rng: Random, data: tuple) -> str:
        size = len(self.columns(data))
        slip = rng.randrange(size + 1)
        lines, total = self.work(data, rng, slip)
        if slip == size:
            total = int(spoil_digits(rng, str(total)))
        return "\n".join([*lines, f"Answer: {total}"])

    def other_answer(self, rng: Random, item: Item) -> str:
        truth = int(item.answer)
        wrong = truth + rng.choice((-1, 1)) * 10 ** rng.randrange(len(item.answer))
        return str(wrong if wrong > 0 else truth + 1)


class Addition(Columns):
    name = "addition"
    sign = "+"
    step_form = re.compile(
        r"[0-9] \+ [0-9](?: \+ [0-9])? = [0-9]+, write [0-9](?:, carry [0-9])?|carry [0-9], write [0-9]"
    )
    templates = [
        "What is {a} + {b}?", "What is {a} + {b}?", "what is {a} + {b}", "What is {a} plus {b}?",
        "Calculate {a} + {b}.", "calculate {a} + {b}", "Compute {a} + {b}.", "{a} + {b}", "{a}+{b}",
        "{a} + {b} = ?", "{a} plus {b}", "How much is {a} + {b}?", "Add {a} and {b}.", "add {a} and {b}",
        "What is the sum of {a} and {b}?", "Find the sum of {a} and {b}.", "Work out {a} + {b}.",
        "Can you add {a} and {b}?", "And {a} + {b}?", "I have {a} coins and get {b} more. How many do I have?",
    ]  # fmt: skip

    def key(self, data: tuple) -> str:
        low, high = sorted(data)
        return f"addition:{low},{high}"

    def answer(self, data: tuple) -> str:
        return str(data[0] + data[1])

    def work(self, data: tuple, rng: Random | None = None, slip: int = -1) -> tuple[list[str], int]:
        lines, carry, total, unit = [], 0, 0, 1
        for place, (a, b) in enumerate(self.columns(data)):
            value, shown = a + b + carry, f"{a} + {b}" + " + 1" * carry
            if place == slip:
                value, shown = self.slip_column(rng, a, b, carry, value, shown)
            carry, digit = divmod(value, 10)
            carry = min(carry, 1)
            lines.append(f"{shown} = {value}, write {digit}" + ", carry 1" * carry)
            total += digit * unit
            unit *= 10
        if carry:
            lines.append("carry 1, write 1")
            total += unit
        return lines, total

    @staticmethod
    def slip_column(rng: Random, a: int, b: int, carry: int, value: int, shown: str) -> tuple[int, str]:
        kind = rng.random()
        if carry and kind < 0.35:
            return a + b, f"{a} + {b}"
        if kind < 0.5:
            wrong = rng.choice([d for d in range(10) if d != b])
            return a + wrong + carry, f"{a} + {wrong}" + " + 1" * carry
        wrong = value + rng.choice((-2, -1, 1, 2))
        return (wrong if 0 <= wrong < 20 else value + 1 if value < 19 else value - 1), shown

    def spoil(self, rng: Random, item: Item, line: str) -> str:
        if " = " not in line:
            return "carry 1, write 2"
        shown, rest = line.split(" = ")
        value = int(rest.split(",")[0])
        wrong = rng.choice([v for v in (value - 2, value - 1, value + 1, value + 2) if 0 <= v < 20])
        return f"{shown} = {wrong}, write {wrong % 10}" + ", carry 1" * (wrong > 9)


class Subtraction(Columns):
    name = "subtraction"
    sign = "-"
    step_form = re.compile(r"[0-9]+ - [0-9](?: - [0-9])? = [0-9](?:, borrow [0-9])?")
    templates = [
        "What is {a} - {b}?", "What is {a} - {b}?", "what is {a} - {b}", "What is {a} minus {b}?",
        "Calculate {a} - {b}.", "calculate {a} - {b}", "Compute {a} - {b}.", "{a} - {b}", "{a}-{b}",
        "{a} - {b} = ?", "{a} minus {b}", "How much is {a} - {b}?", "Subtract {b} from {a}.",
        "subtract {b} from {a}", "What is the difference of {a} and {b}?", "Work out {a} - {b}.",
        "Can you subtract {b} from {a}?", "And {a} - {b}?", "I have {a} coins and lose {b}. How many are left?",
    ]  # fmt: skip

    def draw_data(self, rng: Random, difficulty: str) -> tuple:
        return tuple(sorted(super().draw_data(rng, difficulty), reverse=True))

    def key(self, data: tuple) -> str:
        return f"subtraction:{data[0]},{data[1]}"

    def answer(self, data: tuple) -> str:
        return str(data[0] - data[1])

    def work(self, data: tuple, rng: Random | None = None, slip: int = -1) -> tuple[list[str], int]:
        lines, borrowed, total, unit = [], 0, 0, 1
        for place, (a, b) in enumerate(self.columns(data)):
            value = a - b - borrowed
            top = a + 10 if value < 0 else a
            shown, digit = f"{top} - {b}" + " - 1" * borrowed, value % 10
            kind = rng.random() if place == slip else 1.0
            if kind < 0.35 and borrowed:
                # The borrowed one is forgotten.
                top = a + 10 if a < b else a
                shown, digit = f"{top} - {b}", (a - b) % 10
            elif kind < 1.0:
                digit = rng.choice([d for d in (digit - 1, digit + 1, digit + 2) if 0 <= d < 10])
            borrowed = int(top > 9)
            lines.append(f"{shown} = {digit}" + ", borrow 1" * borrowed)
            total += digit * unit
            unit *= 10
        return lines, total

    def spoil(self, rng: Random, item: Item, line: str) -> str:
        shown, rest = line.split(" = ")
        digit = int(rest[0])
        wrong = rng.choice([d for d in (digit - 1, digit + 1, digit + 2) if 0 <= d < 10])
        return f"{shown} = {wrong}{rest[1:]}"
