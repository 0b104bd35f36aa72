"""Closed-book facts from facts.tsv, and made-up ones that only the conversation tells."""

from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from .item import RESOURCES, Family, Item, read_answer, which_way


class Fact(NamedTuple):
    id: str
    kind: str
    subject: str
    answer: str
    aliases: tuple[str, ...] = ()


@dataclass
class Kind:
    forms: list[str] = field(default_factory=list)
    sentence: str = ""
    facts: list[Fact] = field(default_factory=list)


def load() -> tuple[list[str], dict[str, Kind], dict[str, Fact]]:
    frames: list[str] = []
    kinds: dict[str, Kind] = {}
    facts: dict[str, Fact] = {}
    for line in (RESOURCES / "facts.tsv").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        record, *fields = line.split("\t")
        if record == "frame":
            frames.append(fields[0])
        elif record == "form":
            kinds.setdefault(fields[0], Kind()).forms.append(fields[1])
        elif record == "sentence":
            kinds[fields[0]].sentence = fields[1]
        elif record == "fact":
            fact = Fact(*fields[:4], tuple(a for a in fields[4].split("|") if a))
            facts[fact.id] = fact
            kinds[fact.kind].facts.append(fact)
    return frames, kinds, facts


class FactFamily(Family):
    """The data of an item are the fact's id, the form and the frame."""

    name = "fact"
    difficulties = ("all",)

    def __init__(self) -> None:
        self.frames, self.kinds, self.facts = load()
        self.all_facts = list(self.facts.values())

    def draw_data(self, rng: Random, difficulty: str) -> tuple:
        fact = rng.choice(self.all_facts)
        return fact.id, rng.randrange(len(self.kinds[fact.kind].forms)), rng.randrange(len(self.frames))

    def parse_key(self, rest: str) -> tuple[str, tuple]:
        fact, wording = rest.split(":")
        form, frame = map(int, wording.split("."))
        return "all", (fact, form, frame)

    def key(self, data: tuple) -> str:
        return f"fact:{data[0]}:{data[1]}.{data[2]}"

    def question(self, data: tuple) -> str:
        return self.put(self.facts[data[0]], data[1], data[2])

    def put(self, fact: Fact, form: int, frame: int) -> str:
        question = self.kinds[fact.kind].forms[form].replace("{s}", fact.subject)
        return self.frames[frame].replace("{q}", question)

    def ask(self, rng: Random, item: Item) -> str:
        return item.question

    def answer(self, data: tuple) -> str:
        return self.facts[data[0]].answer

    def is_right(self, data: tuple, answer: str) -> bool:
        fact = self.facts[data[0]]
        wanted = {text.lower() for text in (fact.answer, *fact.aliases)}
        return answer.lower() in wanted or answer.lower().removeprefix("the ") in wanted

    def steps(self, data: tuple) -> list[str]:
        return [self.sentence(self.facts[data[0]])]

    def sentence(self, fact: Fact, answer: str = "") -> str:
        return self.kinds[fact.kind].sentence.replace("{s}", fact.subject).replace("{a}", answer or fact.answer)

    def beginning(self, fact: Fact) -> str:
        return self.kinds[fact.kind].sentence.replace("{s}", fact.subject).split("{a}")[0]

    def is_step(self, data: tuple, line: str) -> bool:
        return line.startswith(self.beginning(self.facts[data[0]]))

    def directional(self, item: Item, reply: str) -> str | None:
        written = read_answer(reply)[1]
        if not written:
            return None
        if item.answer.isdigit():
            return which_way(written, item.answer)
        if len(item.answer) == 1:
            return "The answer has one letter."
        return f"The answer begins with {item.answer[0].upper()}."

    def slip(self, rng: Random, data: tuple) -> str:
        fact = self.facts[data[0]]
        wrong = self.another(rng, fact)
        return f"{self.sentence(fact, wrong)}\nAnswer: {wrong}"

    def another(self, rng: Random, fact: Fact) -> str:
        others = [f.answer for f in self.kinds[fact.kind].facts]
        return rng.choice([a for a in others if a not in (fact.answer, *fact.aliases)])

    def spoil(self, rng: Random, item: Item, line: str) -> str:
        fact = self.facts[item.data[0]]
        return self.sentence(fact, self.another(rng, fact))

    def other_answer(self, rng: Random, item: Item) -> str:
        return self.another(rng, self.facts[item.data[0]])
