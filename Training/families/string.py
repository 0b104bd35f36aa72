"""Words letter by letter: reverse, sort, count one letter."""

import re
from random import Random

from .item import Family, Item, read_answer, spoil_digits, which_way

CONSONANTS, VOWELS = "bcdfghjklmnprstvwz", "aeiou"
TEMPLATES = {
    "reverse": [
        "{q}", "{q}", "{q}", 'Reverse "{w}".', 'reverse "{w}"', 'Spell "{w}" backwards.',
        'Write "{w}" backwards.', 'What is "{w}" backwards?', 'Reverse the letters of "{w}".',
    ],
    "sort": [
        "{q}", "{q}", "{q}", 'Sort "{w}".', 'sort the letters of "{w}"', 'Sort the word "{w}".',
        'Put the letters of "{w}" in order.', 'Sort the letters of "{w}" from a to z.',
    ],
    "count": [
        "{q}", "{q}", "{q}", 'How often is "{l}" in "{w}"?', 'Count the letter "{l}" in "{w}".',
        'how many times is "{l}" in "{w}"', 'How many "{l}" are in "{w}"?',
    ],
}  # fmt: skip


class String(Family):
    """The data of an item are the operation, the word, and for count the letter."""

    name = "string"
    difficulties = ("9", "4", "5", "6", "7", "8")
    spelling = re.compile(r"[a-z](?: [a-z])+")
    counting = re.compile(r"[a-z] [0-9]+(?:, [a-z] [0-9]+)+")

    def draw_data(self, rng: Random, difficulty: str) -> tuple:
        start = rng.randrange(2)
        word = "".join(rng.choice((CONSONANTS, VOWELS)[(start + n) % 2]) for n in range(int(difficulty)))
        operation = rng.choice(tuple(TEMPLATES))
        if operation != "count":
            return operation, word
        return operation, word, rng.choice(word) if rng.random() < 0.85 else rng.choice(CONSONANTS + VOWELS)

    def parse_key(self, rest: str) -> tuple[str, tuple]:
        data = tuple(rest.split(":"))
        return str(len(data[1])), data

    def key(self, data: tuple) -> str:
        return "string:" + ":".join(data)

    def question(self, data: tuple) -> str:
        if data[0] == "reverse":
            return f'Reverse the word "{data[1]}".'
        if data[0] == "sort":
            return f'Sort the letters of "{data[1]}".'
        return f'How many times is "{data[2]}" in "{data[1]}"?'

    def ask(self, rng: Random, item: Item) -> str:
        template = rng.choice(TEMPLATES[item.data[0]])
        return template.format(q=item.question, w=item.data[1], l=item.data[-1])

    def answer(self, data: tuple) -> str:
        if data[0] == "reverse":
            return data[1][::-1]
        return "".join(sorted(data[1])) if data[0] == "sort" else str(data[1].count(data[2]))

    def is_step(self, data: tuple, line: str) -> bool:
        counted = data[0] == "count" and self.counting.fullmatch(line)
        return bool(counted or self.spelling.fullmatch(line))

    def is_right(self, data: tuple, answer: str) -> bool:
        if data[0] == "count":
            return bool(re.fullmatch("[0-9]+", answer)) and int(answer) == int(self.answer(data))
        return answer.lower() == self.answer(data)

    def steps(self, data: tuple) -> list[str]:
        if data[0] == "count":
            return [" ".join(data[1]), self.running(data[1], data[2])]
        return [" ".join(data[1]), " ".join(self.answer(data))]

    @staticmethod
    def running(word: str, letter: str, miscounted: int = -1) -> str:
        count, shown = 0, []
        for place, found in enumerate(word):
            count += (found == letter) != (place == miscounted)
            shown.append(f"{found} {count}")
        return ", ".join(shown)

    def directional(self, item: Item, reply: str) -> str | None:
        written, right = read_answer(reply)[1].lower(), item.answer
        if item.data[0] == "count":
            return which_way(written, right)
        if not written or not written.isascii() or not written.isalpha():
            return None
        for place, (a, b) in enumerate(zip(written, right), 1):
            if a != b:
                return f"Letter {place} of the answer is wrong."
        return "The answer is too short." if len(written) < len(right) else "The answer is too long."

    def slip(self, rng: Random, data: tuple) -> str:
        word, kind = data[1], rng.random()
        if kind < 0.3:
            word = self.garble(rng, word)
        if data[0] == "count":
            miscounted = rng.randrange(len(word)) if kind >= 0.3 else -1
            line = self.running(word, data[2], miscounted)
            return f"{' '.join(word)}\n{line}\nAnswer: {line.rsplit(' ', 1)[1]}"
        result = self.answer((data[0], word))
        if 0.3 <= kind < 0.85:
            result = self.garble(rng, result)
        answer = self.garble(rng, result) if kind >= 0.85 else result
        return f"{' '.join(word)}\n{' '.join(result)}\nAnswer: {answer}"

    @staticmethod
    def garble(rng: Random, word: str) -> str:
        """Two neighbours swapped, a letter lost, doubled or misread."""
        place, kind = rng.randrange(len(word) - 1), rng.random()
        if kind < 0.45:
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        if kind < 0.65:
            return word[:place] + word[place + 1 :]
        if kind < 0.75:
            return word[: place + 1] + word[place:]
        return word[:place] + rng.choice(CONSONANTS + VOWELS) + word[place + 1 :]

    def spoil(self, rng: Random, item: Item, line: str) -> str:
        if "," in line:
            start, count = line.rsplit(" ", 1)
            return f"{start} {int(count) + 1}"
        letters = line.split(" ")
        while (wrong := " ".join(self.garble(rng, "".join(letters)))) == line:
            pass
        return wrong

    def other_answer(self, rng: Random, item: Item) -> str:
        if item.data[0] == "count":
            return str(int(item.answer) + 1)
        while (wrong := self.garble(rng, item.answer)) == item.answer:
            pass
        return wrong
