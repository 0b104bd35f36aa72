"""Three houses, three features: clues in words, one deduction a line, cells judged one by one."""

import re
from functools import cache
from itertools import permutations, product
from random import Random
from typing import NamedTuple

from .item import ANSWER, NO_ANSWER, RIGHT, WRONG, Family, Fault, Item

NAMES, COLOURS, PETS = ("Ann", "Ben", "Cid"), ("red", "green", "blue"), ("cat", "dog", "fish")
CATEGORIES = (NAMES, COLOURS, PETS)
VALUES = NAMES + COLOURS + PETS
HEADINGS = ("name", "colour", "pet")
PLACED = re.compile(
    r"(?:(Ann|Ben|Cid)|The (cat|dog|fish)) is in house ([123])\.|The (red|green|blue) house is house ([123])\."
)
ROW = re.compile(r"([0-9]+): ([A-Za-z]+), ([A-Za-z]+), ([A-Za-z]+)")
OPENING = (
    "Fill the grid of three houses. Names: Ann, Ben, Cid. Colours: red, green, blue. Pets: cat, dog, fish."
)
OPENINGS = [
    OPENING, OPENING, OPENING, OPENING,
    "Three houses stand in a row. Fill the grid.", "Solve this logic puzzle of three houses.",
    "Who lives where, and with which pet?", "Fill the grid of three houses.",
]  # fmt: skip
# A solution is the house of each of the nine values, in the order of VALUES.
SOLUTIONS = [
    sum(houses, ()) for houses in product(permutations((1, 2, 3)), repeat=3)
]
ALL = (1 << len(SOLUTIONS)) - 1


class Clue(NamedTuple):
    kind: str
    first: str
    second: str = ""
    house: int = 0


def category(value: str) -> int:
    return VALUES.index(value) // 3


def noun(value: str) -> str:
    return (value, f"the {value} house", f"the {value}")[category(value)]


def capital(text: str) -> str:
    return text[0].upper() + text[1:]


def at(value: str, house: int) -> str:
    return f"{capital(noun(value))} is {'' if value in COLOURS else 'in '}house {house}."


@cache
def sentence(clue: Clue) -> str:
    if clue.kind == "at":
        return at(clue.first, clue.house)
    if clue.kind == "not":
        return at(clue.first, clue.house).replace(" is ", " is not ")
    if clue.kind == "left":
        return f"{capital(noun(clue.first))} is directly left of {noun(clue.second)}."
    if clue.second in PETS:
        return f"{clue.first} has {noun(clue.second)}."
    verb = "lives" if clue.first in NAMES else "is"
    return f"{capital(noun(clue.first))} {verb} in {noun(clue.second)}."


def all_clues() -> dict[str, list[Clue]]:
    pairs = [(x, y) for x in VALUES for y in VALUES if x != y]
    same = [*product(NAMES, PETS), *product(NAMES, COLOURS), *product(PETS, COLOURS)]
    return {
        "at": [Clue("at", v, house=h) for v in VALUES for h in (1, 2, 3)],
        "not": [Clue("not", v, house=h) for v in VALUES for h in (1, 2, 3)],
        "same": [Clue("same", x, y) for x, y in same],
        "left": [Clue("left", x, y) for x, y in pairs],
    }


CLUES = all_clues()
SENTENCES = {sentence(clue): clue for clues in CLUES.values() for clue in clues}


def holds(clue: Clue, houses: tuple[int, ...]) -> bool:
    first = houses[VALUES.index(clue.first)]
    if clue.kind == "at":
        return first == clue.house
    if clue.kind == "not":
        return first != clue.house
    second = houses[VALUES.index(clue.second)]
    return first == second if clue.kind == "same" else first + 1 == second


@cache
def allowed(clue: Clue) -> int:
    """The solutions that the clue leaves, as bits."""
    return sum(1 << n for n, houses in enumerate(SOLUTIONS) if holds(clue, houses))


def left_over(clues: list[Clue]) -> int:
    bits = ALL
    for clue in clues:
        bits &= allowed(clue)
    return bits


class Solver:
    """Writes one placement a scan, in the order that docs/method/tasks.md fixes."""

    def __init__(self, clues: list[Clue]):
        self.clues = clues
        self.candidates = {value: {1, 2, 3} for value in VALUES}
        self.placed: dict[str, int] = {}
        # The clues that placed something, in the order of their use.
        self.used: dict[Clue, None] = {}

    def solve(self) -> list[tuple[str, int]] | None:
        """The placements in order, or nothing when the scans come to a standstill."""
        while len(self.placed) < len(VALUES):
            before = sum(map(len, self.candidates.values()))
            value = self.scan()
            if value:
                self.place(value)
            elif sum(map(len, self.candidates.values())) == before:
                return None
        return list(self.placed.items())

    def scan(self) -> str | None:
        for clue in self.clues:
            self.narrow(clue)
            for value in (clue.first, clue.second):
                if value and self.is_single(value):
                    self.used[clue] = None
                    return value
        for value in VALUES:
            if self.is_single(value):
                return value
        for values in CATEGORIES:
            for house in (1, 2, 3):
                if any(self.placed.get(v) == house for v in values):
                    continue
                found = [v for v in values if v not in self.placed and house in self.candidates[v]]
                if len(found) == 1:
                    self.candidates[found[0]] = {house}
                    return found[0]
        return None

    def is_single(self, value: str) -> bool:
        return value not in self.placed and len(self.candidates[value]) == 1

    def place(self, value: str) -> None:
        (house,) = self.candidates[value]
        self.placed[value] = house
        for other in CATEGORIES[category(value)]:
            if other != value:
                self.candidates[other].discard(house)

    def narrow(self, clue: Clue) -> None:
        first, second = self.candidates[clue.first], self.candidates.get(clue.second, set())
        if clue.kind == "at":
            first &= {clue.house}
        elif clue.kind == "not":
            first -= {clue.house}
        elif clue.kind == "same":
            first &= second
            second &= first
        else:
            first &= {h - 1 for h in second}
            second &= {h + 1 for h in first}


@cache
def solved(clues: tuple[Clue, ...]) -> tuple[tuple[str, int], ...] | None:
    """The solver's placements; kept, since one item is asked about many times."""
    found = Solver(list(clues)).solve()
    return tuple(found) if found else None


class Grid(Family):
    """The data of an item are its clues."""

    name = "grid"
    difficulties = ("medium", "easy", "hard")
    weights = {
        # For training only, the way in: the lines follow the clues.
        "direct": {"at": 1},
        "easy": {"at": 2, "same": 3},
        "medium": {"at": 1, "same": 2, "not": 2},
        "hard": {"same": 2, "not": 2, "left": 2, "at": 0.3},
    }

    def draw_data(self, rng: Random, difficulty: str) -> tuple:
        while True:
            clues = self.draw_clues(rng, difficulty)
            grade = "direct" if all(c.kind == "at" for c in clues) else self.difficulty(clues)
            if grade == difficulty and Solver(clues).solve():
                return tuple(clues)

    def in_order(self, item: Item) -> Item:
        """The same puzzle with its clues in the order of their use, for training only."""
        solver = Solver(list(item.data))
        solver.solve()
        idle = [clue for clue in item.data if clue not in solver.used]
        return Item(self, item.difficulty, (*idle, *solver.used))

    def draw_clues(self, rng: Random, difficulty: str) -> list[Clue]:
        houses = rng.choice(SOLUTIONS)
        kinds, weights = zip(*self.weights[difficulty].items())
        clues: list[Clue] = []
        bits = ALL
        while bits & (bits - 1):
            kind = rng.choices(kinds, weights)[0]
            clue = rng.choice(CLUES[kind])
            if difficulty == "hard" and kind == "at" and any(c.kind == "at" for c in clues):
                continue
            if holds(clue, houses) and bits & allowed(clue) != bits:
                clues.append(clue)
                bits &= allowed(clue)
        for clue in clues[:]:
            fewer = [c for c in clues if c != clue]
            rest = left_over(fewer)
            if not rest & (rest - 1):
                clues = fewer
        rng.shuffle(clues)
        return clues

    @staticmethod
    def difficulty(clues: list[Clue] | tuple) -> str:
        kinds = {clue.kind for clue in clues}
        return "hard" if "left" in kinds else "medium" if "not" in kinds else "easy"

    def parse_key(self, rest: str) -> tuple[str, tuple]:
        clues = tuple(SENTENCES[text] for text in rest.split("|"))
        return self.difficulty(clues), clues

    def key(self, data: tuple) -> str:
        return "grid:" + "|".join(map(sentence, data))

    def question(self, data: tuple) -> str:
        return f"{OPENING} {' '.join(map(sentence, data))}"

    def ask(self, rng: Random, item: Item) -> str:
        return f"{rng.choice(OPENINGS)} {' '.join(map(sentence, item.data))}"

    def placements(self, data: tuple) -> tuple[tuple[str, int], ...]:
        found = solved(data)
        if found is None:
            raise ValueError("the clues do not lead to one solution")
        return found

    def steps(self, data: tuple) -> list[str]:
        return [at(value, house) for value, house in self.placements(data)]

    def rows(self, houses: dict[str, int]) -> list[str]:
        return [
            f"{house}: " + ", ".join(v for v in VALUES if houses[v] == house) for house in (1, 2, 3)
        ]

    def answer(self, data: tuple) -> str:
        return "; ".join(self.rows(dict(self.placements(data))))

    def ending(self, data: tuple) -> str:
        return "\n".join([ANSWER, *self.rows(dict(self.placements(data)))])

    # Judging

    def read(self, reply: str) -> tuple[int, dict[int, tuple[str, ...]], list[tuple[int, str]]]:
        """Where the answer begins, its rows by house, and all its rows with their places."""
        lines = [line.strip() for line in reply.split("\n")]
        starts = [n for n, line in enumerate(lines) if line == ANSWER]
        if not starts:
            return len(lines), {}, []
        rows: dict[int, tuple[str, ...]] = {}
        written = []
        for index in range(starts[-1] + 1, len(lines)):
            if match := ROW.fullmatch(lines[index]):
                written.append((index, lines[index]))
                rows.setdefault(int(match[1]), match.groups()[1:])
        return starts[-1], rows, written

    def judge(self, item: Item, reply: str) -> str:
        _, rows, written = self.read(reply)
        if not written:
            return NO_ANSWER
        return RIGHT if self.wrong_cell(item, rows) is None else WRONG

    def cells(self, item: Item, reply: str) -> int:
        """How many of the nine cells are right."""
        _, rows, _ = self.read(reply)
        right = dict(enumerate(self.table(item), 1))
        return sum(a == b for house in rows if house in right for a, b in zip(rows[house], right[house]))

    def table(self, item: Item) -> list[tuple[str, ...]]:
        return [tuple(row[3:].split(", ")) for row in item.answer.split("; ")]

    def wrong_cell(self, item: Item, rows: dict[int, tuple[str, ...]]) -> tuple[int, int] | None:
        """The house and column of the first wrong cell; column -1 when the row is missing."""
        for house, right in enumerate(self.table(item), 1):
            if house not in rows:
                return house, -1
            for column, (a, b) in enumerate(zip(rows[house], right)):
                if a != b:
                    return house, column
        return None

    def first_wrong(self, item: Item, reply: str) -> Fault | None:
        if self.judge(item, reply) == RIGHT:
            return None
        start, rows, written = self.read(reply)
        houses = dict(self.placements(item.data))
        for index, line in enumerate(reply.split("\n")[:start]):
            if match := PLACED.fullmatch(line.strip()):
                value = match[1] or match[2] or match[4]
                if int(match[3] or match[5]) != houses[value]:
                    return Fault(index, line.strip(), at(value, houses[value]))
        right = item.answer.split("; ")
        seen: set[str] = set()
        for index, line in written:
            if line not in right or line[0] in seen:
                known = [r for r in right if r[0] == line.split(":")[0] and r[0] not in seen]
                missing = [r for n, r in enumerate(right, 1) if n not in rows]
                return Fault(index, line, (known or missing or right)[0])
            seen.add(line[0])
        return None

    def directional(self, item: Item, reply: str) -> str | None:
        _, rows, written = self.read(reply)
        cell = self.wrong_cell(item, rows)
        if not written or cell is None:
            return None
        house, column = cell
        if column < 0:
            return f"The row of house {house} is missing."
        return f"In house {house} the {HEADINGS[column]} is wrong."

    # Mistakes

    def slip(self, rng: Random, data: tuple) -> str:
        """From some line on, two values of a category have changed places."""
        placements = self.placements(data)
        houses = dict(placements)
        a, b = rng.sample(rng.choice(CATEGORIES), 2)
        houses[a], houses[b] = houses[b], houses[a]
        begin = rng.randrange(len(placements) + 1)
        lines = [at(v, house if n < begin else houses[v]) for n, (v, house) in enumerate(placements)]
        return "\n".join([*lines, ANSWER, *self.rows(houses)])

    def spoil(self, rng: Random, item: Item, line: str) -> str:
        house = int(line[-2])
        return line[:-2] + f"{rng.choice([h for h in (1, 2, 3) if h != house])}."

    def other_answer(self, rng: Random, item: Item) -> str:
        value, house = rng.choice(self.placements(item.data))
        sentence_ = at(value, rng.choice([h for h in (1, 2, 3) if h != house]))
        return sentence_.removesuffix(".")
