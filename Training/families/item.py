"""What every family of questions has in common: items, the split, verdicts, the first wrong line.

docs/method/tasks.md is the specification; the Swift program implements it too.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import NamedTuple

RESOURCES = Path(__file__).parents[2] / "Sources/Experiments/Tasks/Resources"
HELD_OUT_BELOW = 26
ANSWER = "Answer:"
RIGHT, WRONG, NO_ANSWER = "right", "wrong", "no_answer"


def is_held_out(key: str) -> bool:
    """About one item in ten is measured and never a question in training."""
    return hashlib.sha256(key.encode()).digest()[0] < HELD_OUT_BELOW


class Fault(NamedTuple):
    """The first wrong line of a reply: its index among the reply's lines, itself, and the right one."""

    index: int
    wrong: str
    right: str


@dataclass(frozen=True)
class Item:
    """One question with one right answer. `data` is the family's own; an order asked is part of it."""

    family: "Family"
    difficulty: str
    data: tuple

    @cached_property
    def key(self) -> str:
        return self.family.key(self.data)

    @cached_property
    def held_out(self) -> bool:
        return is_held_out(self.key)

    @cached_property
    def question(self) -> str:
        return self.family.question(self.data)

    @cached_property
    def answer(self) -> str:
        return self.family.answer(self.data)

    @cached_property
    def steps(self) -> list[str]:
        """The reference solution without its answer lines."""
        return self.family.steps(self.data)

    @cached_property
    def ending(self) -> str:
        return self.family.ending(self.data)

    @cached_property
    def lines(self) -> list[str]:
        return self.steps + self.ending.split("\n")

    @cached_property
    def text(self) -> str:
        return "\n".join(self.lines)


class Family:
    """A procedural family; the default methods serve all that end in one line `Answer: …`."""

    name = ""
    difficulties: tuple[str, ...] = ()
    step_form = re.compile("(?!)")

    def draw_data(self, rng: Random, difficulty: str) -> tuple:
        raise NotImplementedError

    def parse_key(self, rest: str) -> tuple[str, tuple]:
        """The difficulty and the data of the canonical question, from a key without the name."""
        raise NotImplementedError

    def key(self, data: tuple) -> str:
        raise NotImplementedError

    def question(self, data: tuple) -> str:
        raise NotImplementedError

    def ask(self, rng: Random, item: Item) -> str:
        """The question in one of many wordings, for training only."""
        raise NotImplementedError

    def steps(self, data: tuple) -> list[str]:
        raise NotImplementedError

    def answer(self, data: tuple) -> str:
        raise NotImplementedError

    def slip(self, rng: Random, data: tuple) -> str:
        """A reply somebody might write who makes a mistake; now and then it ends right all the same."""
        raise NotImplementedError

    def spoil(self, rng: Random, item: Item, line: str) -> str:
        """A wrong line that somebody might put in the place of a right step."""
        raise NotImplementedError

    def other_answer(self, rng: Random, item: Item) -> str:
        """A wrong answer, in words that fit "I think the answer is …"."""
        raise NotImplementedError

    def ending(self, data: tuple) -> str:
        return f"{ANSWER} {self.answer(data)}"

    def draw(self, rng: Random, difficulty: str, held_out: bool = False) -> Item:
        while True:
            item = Item(self, difficulty, self.draw_data(rng, difficulty))
            if item.held_out == held_out:
                return item

    def wrong_reply(self, rng: Random, item: Item) -> str:
        while True:
            text = self.slip(rng, item.data)
            if self.judge(item, text) == WRONG:
                return text

    # Judging

    def is_step(self, data: tuple, line: str) -> bool:
        return bool(self.step_form.fullmatch(line))

    def is_right(self, data: tuple, answer: str) -> bool:
        return answer == self.answer(data)

    def judge(self, item: Item, reply: str) -> str:
        _, answer = read_answer(reply)
        if not answer:
            return NO_ANSWER
        return RIGHT if self.is_right(item.data, answer) else WRONG

    def first_wrong(self, item: Item, reply: str) -> Fault | None:
        """The rule of docs/method/tasks.md: the k-th step against the k-th reference line, as text."""
        if self.judge(item, reply) == RIGHT:
            return None
        end, answer = read_answer(reply)
        lines = [line.strip() for line in reply.split("\n")]
        place = 0
        for index, line in enumerate(lines[:end]):
            if not self.is_step(item.data, line):
                continue
            if place >= len(item.steps):
                return Fault(index, line, item.ending)
            if line != item.steps[place]:
                return Fault(index, line, item.steps[place])
            place += 1
        if not answer:
            return None
        return Fault(end, lines[end], (item.steps + [item.ending])[place])

    def directional(self, item: Item, reply: str) -> str | None:
        """Which way to go, never where; None where nothing can be said."""
        return which_way(read_answer(reply)[1], item.answer)


def read_answer(reply: str) -> tuple[int, str]:
    """The index of the last line that begins with `Answer:` (else the number of lines) and what it says."""
    lines = reply.split("\n")
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index].strip()
        if line.startswith(ANSWER):
            text = line[len(ANSWER) :].strip()
            return index, text.removesuffix(".").strip()
    return len(lines), ""


def which_way(written: str, right: str, base: int = 10) -> str | None:
    digits = "[0-9]+" if base == 10 else "[0-9A-Fa-f]+"
    if not re.fullmatch(digits, written):
        return None
    return f"The answer is too {'high' if int(written, base) > int(right, base) else 'low'}."


def head(line: str) -> str:
    """What a line is about: `40 × 30` of `40 × 30 = 120`."""
    for mark in (" = ", ":"):
        if mark in line:
            return line.split(mark)[0]
    return ""


def critique(fault: Fault, with_value: bool) -> str:
    wrong, right = fault.wrong.removesuffix("."), fault.right.removesuffix(".")
    verb = "is wrong" if head(wrong) == head(right) else "does not belong there"
    return f"The step {wrong} {verb}" + (f"; it should be {right}." if with_value else ".")


def fallback(verdict: str) -> str:
    return "There is no answer." if verdict == NO_ANSWER else "The final answer is wrong."


def mended(reply: str, fault: Fault) -> str:
    """The beginning of an edit in place: what stands before the fault, then the right line."""
    return "\n".join([*reply.split("\n")[: fault.index], fault.right]) + "\n"


def spoil_digits(rng: Random, text: str, alphabet: str = "0123456789") -> str:
    """Two neighbouring digits swapped, or one misread; never the same text, never a leading zero."""
    while True:
        copy = list(text)
        place = rng.randrange(len(copy))
        if rng.random() < 0.4 and place + 1 < len(copy):
            copy[place], copy[place + 1] = copy[place + 1], copy[place]
        else:
            copy[place] = rng.choice(alphabet)
        wrong = "".join(copy)
        if wrong != text and not (len(wrong) > 1 and wrong[0] == "0"):
            return wrong
