"""Products by partial products, decimal; hexadecimal.py is the same in base 16."""

import re
from random import Random

from .item import Family, Item, read_answer, spoil_digits, which_way


class Multiplication(Family):
    name = "multiplication"
    difficulties = ("3x3", "2x1", "2x2", "3x1", "3x2")
    base = 10
    digits = "0123456789"
    # {q} is the question as the program asks it, {t} one of the signs.
    templates = [
        "{q}", "What is {a} {t} {b}?", "what is {a} {t} {b}", "Calculate {a} {t} {b}.",
        "calculate {a} {t} {b}", "Compute {a} {t} {b}.", "{a} {t} {b}", "{a} {t} {b} = ?", "{a} {t} {b} =",
        "How much is {a} {t} {b}?", "What's {a} {t} {b}?", "Please multiply {a} by {b}.",
        "Multiply {a} by {b}.", "multiply {a} and {b}", "Find the product of {a} and {b}.",
        "What is the product of {a} and {b}?", "Work out {a} {t} {b}.", "Solve: {a} {t} {b}",
        "Can you multiply {a} by {b}?", "Evaluate {a} {t} {b}.", "And {a} {t} {b}?", "{a}×{b}", "{a}*{b}",
        "Calculate the following question: {a} {t} {b}.", "Now {a} {t} {b}.", "Next: {a} {t} {b}",
        "One box holds {b} pens. How many pens are in {a} boxes?", "Could you tell me what {a} {t} {b} is?",
    ]  # fmt: skip
    signs = ("×", "×", "×", "*", "x", "times")
    number = "[0-9]+"

    def __init__(self) -> None:
        n = self.number
        parts = rf"{n} = {n}(?: \+ {n})+"
        self.step_form = re.compile(rf"{n} [×+] {n} = {n}|{parts}(?:, {parts})?")

    def draw_data(self, rng: Random, difficulty: str) -> tuple:
        sizes = [int(size) for size in difficulty.split("x")]
        left, right = (rng.randrange(self.base ** (n - 1), self.base**n) for n in sizes)
        return (left, right) if rng.random() < 0.5 else (right, left)

    def parse_key(self, rest: str) -> tuple[str, tuple]:
        low, high = (int(number, self.base) for number in rest.split(","))
        return f"{len(self.write(high))}x{len(self.write(low))}", (high, low)

    def key(self, data: tuple) -> str:
        low, high = sorted(data)
        return f"{self.name}:{self.write(low)},{self.write(high)}"

    def write(self, number: int) -> str:
        return str(number)

    def question(self, data: tuple) -> str:
        return f"What is {data[0]} × {data[1]}?"

    def ask(self, rng: Random, item: Item) -> str:
        left, right = map(self.write, item.data)
        return rng.choice(self.templates).format(q=item.question, a=left, b=right, t=rng.choice(self.signs))

    def answer(self, data: tuple) -> str:
        return self.write(data[0] * data[1])

    def is_right(self, data: tuple, answer: str) -> bool:
        return bool(re.fullmatch(self.number, answer)) and int(answer) == data[0] * data[1]

    def steps(self, data: tuple) -> list[str]:
        return self.solve(data)[0]

    def solve(self, data: tuple, rng: Random | None = None, slip: int = -1) -> tuple[list[str], int]:
        """The lines and the total; the value of the equation numbered `slip` is spoilt and carried on."""
        write, left, right = self.write, self.parts(data[0]), self.parts(data[1])
        lines, values, place = [], [], 0
        announced = [(n, p) for n, p in zip(data, (left, right)) if len(p) > 1]
        if announced:
            lines.append(", ".join(f"{write(n)} = {' + '.join(map(write, p))}" for n, p in announced))
        for p in left:
            for q in right:
                value = p * q if place != slip else self.slip_product(rng, p, q)
                lines.append(f"{write(p)} × {write(q)} = {write(value)}")
                values.append(value)
                place += 1
        total = values[0]
        for value in values[1:]:
            added = total + value if place != slip else self.slip_sum(rng, total + value)
            lines.append(f"{write(total)} + {write(value)} = {write(added)}")
            total = added
            place += 1
        return lines, total

    def parts(self, number: int) -> list[int]:
        """47 -> [40, 7]; zeros vanish, and 0 itself stays."""
        found, unit = [], 1
        while number:
            number, digit = divmod(number, self.base)
            if digit:
                found.insert(0, digit * unit)
            unit *= self.base
        return found or [0]

    def slip(self, rng: Random, data: tuple) -> str:
        products = len(self.parts(data[0])) * len(self.parts(data[1]))
        # One place past the equations is the last line: a slip in copying.
        slip = rng.randrange(2 * products)
        lines, total = self.solve(data, rng, slip)
        if slip == 2 * products - 1:
            total = self.misread(rng, total)
        return "\n".join([*lines, f"Answer: {self.write(total)}"])

    def slip_product(self, rng: Random, p: int, q: int) -> int:
        kind, truth = rng.random(), p * q
        unit = self.base ** (len(self.write(p)) - 1)
        if kind < 0.5:
            wrong = (p + rng.choice((-unit, unit))) * q
        elif kind < 0.65:
            wrong = truth // self.base if truth % self.base == 0 else truth * self.base
        else:
            wrong = self.misread(rng, truth)
        return wrong if wrong != truth else self.misread(rng, truth)

    def slip_sum(self, rng: Random, truth: int) -> int:
        if rng.random() < 0.7:
            wrong = truth + rng.choice((-1, 1)) * self.base ** rng.randrange(len(self.write(truth)))
            if wrong > 0:
                return wrong
        return self.misread(rng, truth)

    def misread(self, rng: Random, number: int) -> int:
        return int(spoil_digits(rng, self.write(number), self.digits), self.base)

    def spoil(self, rng: Random, item: Item, line: str) -> str:
        start, value = line.rsplit(" ", 1)
        return f"{start} {spoil_digits(rng, value, self.digits)}"

    def other_answer(self, rng: Random, item: Item) -> str:
        return self.write(self.slip_sum(rng, item.data[0] * item.data[1]))

    def directional(self, item: Item, reply: str) -> str | None:
        return which_way(read_answer(reply)[1], item.answer, self.base)
