"""The families of questions that the tutor learns; docs/method/tasks.md is their specification."""

from random import Random

from .columns import Addition, Subtraction
from .fact import FactFamily
from .grid import Grid
from .hexadecimal import Hexadecimal
from .item import (
    NO_ANSWER,
    RIGHT,
    WRONG,
    Family,
    Fault,
    Item,
    critique,
    fallback,
    is_held_out,
    mended,
    read_answer,
)
from .multiplication import Multiplication
from .outside import Outside
from .string import String
from .word_problem import WordProblem

FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Multiplication(), Addition(), Subtraction(), Hexadecimal(), Grid(), WordProblem(), String(),
        FactFamily(), Outside(),
    )
}  # fmt: skip

__all__ = [
    "FAMILIES", "NO_ANSWER", "RIGHT", "WRONG", "Family", "Fault", "Item", "critique", "fallback",
    "from_key", "is_held_out", "judge", "mended", "problems", "read_answer",
]  # fmt: skip


def from_key(key: str) -> Item:
    """The item that a key names, with its canonical question."""
    name, rest = key.split(":", 1)
    family = FAMILIES[name]
    return Item(family, *family.parse_key(rest))


def problems(
    family: str, difficulty: str, count: int, seed: int, held_out: bool = False
) -> list[Item]:
    """Different items of one side of the split, in their canonical order of asking."""
    rng = Random(f"{seed} {family} {difficulty}")
    found: dict[str, Item] = {}
    for _ in range(1000 * count):
        if len(found) == count:
            break
        key = FAMILIES[family].draw(rng, difficulty, held_out).key
        found.setdefault(key, from_key(key))
    return list(found.values())


def judge(item: Item, reply: str) -> str:
    """`right`, `wrong` or `no_answer`."""
    return item.family.judge(item, reply)
