"""Writes heldout.txt: worked examples of held-out questions as plain text, without chat marks."""

from pathlib import Path
from random import Random

from dialogues import SHARES, SIZES, choose
from families import FAMILIES

CHARACTERS = 10_000


def example(rng: Random) -> str:
    family = choose(rng, SHARES)
    item = FAMILIES[family].draw(rng, choose(rng, SIZES[family]), held_out=True)
    return f"{item.question}\n{item.text}\n"


def main() -> None:
    rng = Random("held-out text")
    text = example(rng)
    while len(text) < CHARACTERS:
        text += "\n" + example(rng)
    (Path(__file__).parent / "heldout.txt").write_text(text)


if __name__ == "__main__":
    main()
