"""Products of hexadecimal numbers: multiplication.py in base 16, upper case, no prefix."""

from .multiplication import Multiplication


class Hexadecimal(Multiplication):
    name = "hexadecimal"
    difficulties = ("3x2", "1x1", "2x1", "2x2")
    base = 16
    digits = "0123456789ABCDEF"
    number = "[0-9A-F]+"
    templates = [
        "{q}", "What is {a} {t} {b} in hexadecimal?", "what is {a} {t} {b} in hex", "{a} {t} {b} in hex",
        "Multiply the hexadecimal numbers {a} and {b}.", "Calculate {a} {t} {b} in hexadecimal.",
        "In hexadecimal, what is {a} {t} {b}?", "hex: {a} {t} {b}", "Compute {a} {t} {b} in base 16.",
        "What is the hexadecimal product of {a} and {b}?", "And {a} {t} {b} in hexadecimal?",
    ]  # fmt: skip

    def write(self, number: int) -> str:
        return format(number, "X")

    def question(self, data: tuple) -> str:
        return f"What is {data[0]:X} × {data[1]:X} in hexadecimal?"

    def is_right(self, data: tuple, answer: str) -> bool:
        return answer.upper().lstrip("0") == self.answer(data).lstrip("0")
