"""Questions that the tutor declines, from the templates of outside.tsv."""

import re
from random import Random

from .item import NO_ANSWER, RESOURCES, RIGHT, WRONG, Family, Fault, Item

SLOT = re.compile(r"\{(\w+)\}")
DECLINES = "outside what I can do"


def load() -> tuple[dict[str, str], dict[str, list[str]]]:
    templates, words = {}, {}
    for line in (RESOURCES / "outside.tsv").read_text().splitlines():
        if line.startswith("template\t"):
            _, name, templates[name] = line.split("\t")
        elif line.startswith("words\t"):
            _, slot, text = line.split("\t")
            words[slot] = text.split(" ")
    return templates, words


class Outside(Family):
    """The data of an item are the template's id and its fillers."""

    name = "outside"
    difficulties = ("all",)
    # Mistakes of a tutor that answers what it should decline.
    tries = [
        "Answer: {n}", "{n} + {n} = {n}\nAnswer: {n}", "The name of it is {w}.\nAnswer: {w}", "Answer: {w}",
    ]  # fmt: skip

    def __init__(self) -> None:
        self.templates, self.words = load()

    def draw_data(self, rng: Random, difficulty: str) -> tuple:
        name = rng.choice(list(self.templates))
        return (name, *(self.filler(rng, slot) for slot in SLOT.findall(self.templates[name])))

    def filler(self, rng: Random, slot: str) -> str:
        return str(rng.randint(2, 999)) if slot == "number" else rng.choice(self.words[slot])

    def parse_key(self, rest: str) -> tuple[str, tuple]:
        name, fillers = rest.split(":")
        return "all", (name, *fillers.split(","))

    def key(self, data: tuple) -> str:
        return f"outside:{data[0]}:{','.join(data[1:])}"

    def question(self, data: tuple) -> str:
        fillers = iter(data[1:])
        return SLOT.sub(lambda _: next(fillers), self.templates[data[0]])

    def ask(self, rng: Random, item: Item) -> str:
        text = item.question
        return text if rng.random() < 0.7 else text.lower().rstrip(".?")

    def answer(self, data: tuple) -> str:
        return DECLINES

    def steps(self, data: tuple) -> list[str]:
        return []

    def ending(self, data: tuple) -> str:
        return f"That is {DECLINES}."

    def judge(self, item: Item, reply: str) -> str:
        if not reply.strip():
            return NO_ANSWER
        return RIGHT if DECLINES in reply else WRONG

    def first_wrong(self, item: Item, reply: str) -> Fault | None:
        if self.judge(item, reply) != WRONG:
            return None
        lines = [line.strip() for line in reply.split("\n")]
        index = next(n for n, line in enumerate(lines) if line)
        return Fault(index, lines[index], item.ending)

    def directional(self, item: Item, reply: str) -> str | None:
        return None if self.judge(item, reply) == NO_ANSWER else "That is nothing you can do."

    def slip(self, rng: Random, data: tuple) -> str:
        word = rng.choice(self.words["noun"])
        return rng.choice(self.tries).format(n=rng.randint(2, 99), w=word)

    def spoil(self, rng: Random, item: Item, line: str) -> str:
        return self.slip(rng, item.data).split("\n")[0]

    def other_answer(self, rng: Random, item: Item) -> str:
        return rng.choice(self.words["noun"])
