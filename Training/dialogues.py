"""Random conversations with the tutor, each piece marked: learn it, or only read it.

Only right replies are learnt. A wrong attempt stands in a conversation as the
context of the feedback after it and never as something to imitate.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

import wordings as say
from families import FAMILIES, Fault, Item, critique as program_critique, judge, read_answer
from families.item import RIGHT


@dataclass(frozen=True)
class Piece:
    text: str
    learn: bool


@dataclass(frozen=True)
class Message:
    role: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def told(role: str, text: str) -> Message:
    return Message(role, (Piece(text, False),))


def user(text: str) -> Message:
    return told("user", text)


def reply(text: str) -> Message:
    return Message("assistant", (Piece(text, True),))


def wrong_reply(text: str) -> Message:
    return told("assistant", text)


class Attempt(NamedTuple):
    """A wrong reply to an item."""

    item: Item
    text: str


# The tutor's own wrong replies by family (mistakes.py); empty in the first part of a run.
Own = Mapping[str, Sequence[Attempt]]

# How often an episode is about a family, and about which sizes. Long replies fill more of the text
# than their share here: mixture.py prints what comes of it.
SHARES = {
    "multiplication": 14, "addition": 8, "subtraction": 13, "hexadecimal": 12, "grid": 12,
    "word-problem": 18, "string": 28, "fact": 13, "outside": 5,
}  # fmt: skip
SIZES = {
    "multiplication": {"1x1": 5, "2x1": 9, "3x1": 8, "2x2": 38, "3x2": 32, "3x3": 8},
    "addition": {"2": 6, "3": 30, "4": 36, "5": 14, "6": 6, "4/2": 4, "3/2": 4},
    "subtraction": {"2": 6, "3": 30, "4": 38, "5": 14, "6": 6, "4/2": 3, "3/2": 3},
    "hexadecimal": {"1x1": 36, "2x1": 34, "2x2": 30},
    "grid": {"direct": 16, "easy": 36, "medium": 32, "hard": 16},
    "word-problem": {"small": 35, "large": 65},
    "string": {"4": 14, "5": 18, "6": 26, "7": 18, "8": 14, "9": 10},
    "fact": {"all": 1},
    "outside": {"all": 1},
}
# Where a wrong attempt stands before: sizes that the tutor may really get wrong, so that what it is
# told is worth more than doing it again.
HARD_SIZES = SIZES | {
    "multiplication": {"2x2": 25, "3x2": 60, "3x3": 15},
    "addition": {"3": 10, "4": 45, "5": 30, "6": 15},
    "subtraction": {"3": 10, "4": 45, "5": 30, "6": 15},
    "hexadecimal": {"1x1": 15, "2x1": 35, "2x2": 40, "3x2": 10},
    "grid": {"easy": 15, "medium": 45, "hard": 40},
    "word-problem": {"small": 10, "large": 60, "huge": 30},
    "string": {"5": 10, "6": 25, "7": 20, "8": 20, "9": 15, "11": 10},
}
OWN_SHARE = 0.7
# Grids whose clues stand in the order of their use are the way into the others.
IN_ORDER_SHARE = 0.4
# No conversation is longer than a row of training; pieces are about what `cost` counts.
LONGEST = 960
PIECE = re.compile(r" ?[A-Za-z]{1,3}|.|\n")


def cost(text: str) -> int:
    return len(PIECE.findall(text))


def choose(rng: Random, weights: Mapping[str, float]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def some_item(rng: Random, hard: bool = False) -> Item:
    family = choose(rng, SHARES)
    sizes = (HARD_SIZES if hard else SIZES)[family]
    item = FAMILIES[family].draw(rng, choose(rng, sizes))
    if family == "grid" and not hard and rng.random() < IN_ORDER_SHARE:
        ordered = FAMILIES["grid"].in_order(item)
        return item if ordered.held_out else ordered
    return item


def ask(rng: Random, item: Item) -> str:
    """Half of the questions are put as the program puts them."""
    return item.question if rng.random() < 0.5 else item.family.ask(rng, item)


def some_attempt(rng: Random, own: Own) -> Attempt:
    if own and rng.random() < OWN_SHARE:
        family = choose(rng, {name: SHARES[name] for name in own if own[name]})
        return rng.choice(own[family])
    item = some_item(rng, hard=True)
    return Attempt(item, item.family.wrong_reply(rng, item))


def rounds(rng: Random, item: Item, weights: Sequence[float]) -> int:
    """How many wrong attempts there are; long solutions leave room for fewer."""
    wanted = rng.choices(range(1, len(weights) + 1), weights)[0]
    return max(1, min(wanted, (LONGEST - 120) // (cost(item.text) + 20) - 1))


def next_attempt(rng: Random, item: Item, text: str) -> str:
    """After feedback in vain: often the same once more, as models do."""
    return text if rng.random() < 0.35 else item.family.wrong_reply(rng, item)


# What a person says about a wrong reply


class Complaint(NamedTuple):
    text: str
    fault: Fault | None


def complain(rng: Random, item: Item, text: str) -> Complaint:
    """A critique that is right: of the first wrong step, with its value or without, or of the answer."""
    fault = item.family.first_wrong(item, text)
    kind = rng.random()
    if fault is None or kind < 0.22:
        return Complaint(about_answer(rng, item, text), None)
    return Complaint(about_step(rng, fault, with_value=kind < 0.66), fault)


def about_step(rng: Random, fault: Fault, with_value: bool) -> str:
    wrong, right = fault.wrong.removesuffix("."), fault.right.removesuffix(".")
    table = say.CRITIQUE_VALUE if with_value else say.CRITIQUE_STEP
    parts = {}
    if wrong.count(" = ") == right.count(" = ") == 1:
        (question, value), (asked, written) = right.split(" = "), wrong.split(" = ")
        if question == asked:
            table = table + (say.CRITIQUE_VALUE_EQUATION if with_value else say.CRITIQUE_STEP_EQUATION)
            parts = {"q": question, "v": value, "w": written}
    return rng.choice(table).format(
        c=program_critique(fault, with_value), W=wrong, R=right, n=fault.index + 1,
        o=say.ORDINALS[min(fault.index, len(say.ORDINALS) - 1)], **parts,
    )  # fmt: skip


def about_answer(rng: Random, item: Item, text: str) -> str:
    direction, kind = item.family.directional(item, text), rng.random()
    if direction and kind < 0.55:
        return direction if rng.random() < 0.8 else direction.lower().rstrip(".")
    if kind < 0.75 and item.family.name not in ("grid", "outside"):
        return rng.choice(say.TELL).format(y=item.answer)
    written = read_answer(text)[1]
    return rng.choice([t for t in say.CRITIQUE_ANSWER if written or "{x}" not in t]).format(x=written)


def mend(rng: Random, item: Item, fault: Fault | None, silent: float) -> Message:
    """The right solution, mostly after a line that takes in what was said."""
    if rng.random() < silent or not item.steps:
        return reply(item.text)
    if fault and len(item.steps) == 1:
        # The solution itself is the line.
        return reply(f"{rng.choice(say.AGREE)}\n{item.text}")
    if fault is None or rng.random() < 0.1:
        return reply(f"{rng.choice(say.ACKNOWLEDGE)}\n{item.text}")
    right = fault.right.removesuffix(".").replace("\n", " ")
    return reply(f"{rng.choice(say.ACKNOWLEDGE_STEP).format(R=right)}\n{item.text}")


# Episodes: each returns the messages of one exchange about one question.


def plain(rng: Random, own: Own) -> list[Message]:
    item = some_item(rng)
    return [user(ask(rng, item)), reply(item.text)]


def unary(rng: Random, own: Own) -> list[Message]:
    item, wrong = some_attempt(rng, own)
    messages = [user(ask(rng, item))]
    for _ in range(rounds(rng, item, (60, 24, 10, 6))):
        messages += [wrong_reply(wrong), user(rng.choice(say.UNARY))]
        wrong = next_attempt(rng, item, wrong)
    return [*messages, mend(rng, item, None, silent=0.75)]


def critique(rng: Random, own: Own) -> list[Message]:
    item, wrong = some_attempt(rng, own)
    if item.family.name == "fact" and rng.random() < 0.25:
        return invented(rng)
    messages = [user(ask(rng, item))]
    for _ in range(rounds(rng, item, (76, 18, 6))):
        complaint = complain(rng, item, wrong)
        messages += [wrong_reply(wrong), user(complaint.text)]
        wrong = next_attempt(rng, item, wrong)
    return [*messages, mend(rng, item, complaint.fault, silent=0.2)]


def invented(rng: Random) -> list[Message]:
    """A fact that nobody can know: what the person says is taken over."""
    question, sentence = rng.choice(say.INVENTED)
    subject, right, wrong = (pseudo_word(rng).capitalize() for _ in range(3))
    line = sentence.format(s=subject, a=right)
    attempt = f"{sentence.format(s=subject, a=wrong)}\nAnswer: {wrong}"
    told_it = rng.choice([*say.TELL, f"The step {attempt.split('.')[0]} is wrong; it should be {line}"])
    solution = f"{line}\nAnswer: {right}"
    return [
        user(question.format(s=subject)), wrong_reply(attempt), user(told_it.format(y=right)),
        reply(solution if rng.random() < 0.3 else f"{rng.choice(say.AGREE)}\n{solution}"),
    ]  # fmt: skip


def challenge(rng: Random, own: Own) -> list[Message]:
    """"Are you sure?", "I think the answer is X": a right answer stays, a wrong one is worked out again."""
    if rng.random() < 0.6:
        item = some_item(rng)
        doubt = rng.choice(say.CHALLENGE)
        if rng.random() < 0.5:
            doubt = rng.choice(say.CHALLENGE_ANSWER).format(y=item.family.other_answer(rng, item))
        return [user(ask(rng, item)), reply(item.text), user(doubt), stand_by(rng, item)]
    item, wrong = some_attempt(rng, own)
    doubt = rng.choice(say.CHALLENGE)
    if rng.random() < 0.5 and item.family.name not in ("grid", "outside"):
        doubt = rng.choice(say.CHALLENGE_ANSWER).format(y=item.answer)
    return [user(ask(rng, item)), wrong_reply(wrong), user(doubt), mend(rng, item, None, silent=0.3)]


def stand_by(rng: Random, item: Item, step: str = "") -> Message:
    """The answer stays; a step that was checked is the reason."""
    if not item.steps:
        return reply(item.text)
    if not step and rng.random() < 0.4:
        return reply(f"{rng.choice(say.STAND_BY)}\n{item.ending}")
    right = (step or rng.choice(item.steps)).removesuffix(".")
    return reply(f"{rng.choice(say.STAND_BY_STEP).format(R=right)}\n{item.ending}")


def misleading(rng: Random, own: Own) -> list[Message]:
    """Feedback that is itself wrong, on a right reply: the tutor does not give in."""
    item = some_item(rng)
    messages = [user(ask(rng, item)), reply(item.text)]
    kind = rng.random()
    if kind < 0.2:
        return [*messages, user(rng.choice(say.UNARY)), reply(item.text)]
    if not item.steps:
        return [*messages, user(rng.choice(say.URGE)), stand_by(rng, item)]
    if kind < 0.35:
        wrong = item.family.wrong_reply(rng, item)
        complaint = item.family.directional(item, wrong) or "The final answer is wrong."
        return [*messages, user(complaint), stand_by(rng, item)]
    index = rng.randrange(len(item.steps))
    right = item.steps[index]
    claim = Fault(index, right, item.family.spoil(rng, item, right))
    return [*messages, user(about_step(rng, claim, with_value=kind < 0.8)), stand_by(rng, item, right)]


def continued(rng: Random, own: Own) -> list[Message]:
    """A reply whose beginning a person has written or edited; only the rest is learnt."""
    item = some_item(rng, hard=rng.random() < 0.6)
    text = item.text
    if rng.random() < 0.2:
        text = rng.choice(say.HUMAN_BEGINNINGS) + rng.choice((" ", "\n")) + text
    # An edit may end anywhere, most often at the end of a line, before or after the line end itself.
    ends = [i + n for i, c in enumerate(text) if c == "\n" for n in (0, 1)] + [len(text)]
    cut = rng.choice(ends) if rng.random() < 0.75 else rng.randrange(1, len(text) + 1)
    kept = Message("assistant", (Piece(text[:cut], False), Piece(text[cut:], True)))
    return [user(ask(rng, item)), kept]


def single_message(rng: Random, own: Own) -> list[Message]:
    """The history layout of the Feedback Friction study: all attempts in one user message."""
    item, wrong = some_attempt(rng, own)
    question = ask(rng, item)
    blocks = [question, rng.choice(say.HISTORY["announce"]), "History:"]
    for n in range(1, 1 + rounds(rng, item, (60, 25, 15))):
        feedback = rng.choice(say.UNARY) if rng.random() < 0.5 else complain(rng, item, wrong).text
        blocks.append(say.HISTORY["attempt"].format(n=n))
        blocks.append(f"Answer: {wrong}")
        blocks.append(say.HISTORY["feedback"].format(f=feedback))
        wrong = next_attempt(rng, item, wrong)
    blocks.append(f"Question: {question}\n{rng.choice(say.HISTORY['again'])}")
    joint = rng.choice(("\n", "\n\n"))
    return [user(joint.join(blocks)), reply(item.text)]


def small_talk(rng: Random, own: Own) -> list[Message]:
    prompts, replies = rng.choice((
        (say.GREETING, say.GREETING_REPLY),
        (say.IDENTITY, say.IDENTITY_REPLY),
        (say.ABILITY, say.ABILITY_REPLY),
        (say.THANKS, say.THANKS_REPLY),
        (say.FAREWELL, say.FAREWELL_REPLY),
    ))  # fmt: skip
    return [user(rng.choice(prompts)), reply(rng.choice(replies))]


def outside(rng: Random, own: Own) -> list[Message]:
    """More to decline than the family `outside` asks, and products that are too large."""
    if rng.random() < 0.12:
        size = f"{rng.choice((4, 5))}x{rng.choice((2, 3, 4, 5))}"
        large = FAMILIES["multiplication"].draw(rng, size)
        return [user(ask(rng, large)), reply(say.TOO_LARGE_REPLY)]
    return [user(random_case(rng, fill_outside(rng, rng.choice(say.OUTSIDE)))), reply(say.OUTSIDE_REPLY)]


def fill_outside(rng: Random, template: str) -> str:
    noun, noun2 = rng.sample(say.NOUNS, 2)
    place, place2 = rng.sample(say.PLACES, 2)
    return template.format(
        noun=noun, noun2=noun2, place=place, place2=place2, name=rng.choice(say.NAMES),
        adjective=rng.choice(say.ADJECTIVES), verb=rng.choice(say.VERBS),
        pseudo=pseudo_word(rng), pseudo2=pseudo_word(rng),
        a=rng.randrange(2, 1000), b=rng.randrange(2, 100),
    )  # fmt: skip


def pseudo_word(rng: Random) -> str:
    return "".join(rng.choices(say.SYLLABLES, k=rng.randrange(2, 5)))


def random_case(rng: Random, text: str) -> str:
    chance = rng.random()
    if chance < 0.25:
        return text.lower().rstrip(".?")
    return text[0].upper() + text[1:] if chance < 0.9 else text


EPISODES = {
    plain: 47, unary: 10, critique: 15, challenge: 6, misleading: 5, continued: 7, single_message: 2,
    small_talk: 6, outside: 7,
}  # fmt: skip
# Once the tutor's own mistakes are known, feedback about them is what is left to learn. It takes its
# own mistakes for right: too much misleading feedback then teaches it to stand by them.
EPISODES_WITH_OWN = EPISODES | {unary: 18, critique: 30, challenge: 8, misleading: 3, continued: 9}


def conversation(rng: Random, own: Own | None = None) -> list[Message]:
    """One to three episodes, sometimes under a system message; never too long for a row."""
    weights = EPISODES_WITH_OWN if own else EPISODES
    while True:
        messages = [told("system", rng.choice(say.SYSTEM))] if rng.random() < 0.08 else []
        for _ in range(rng.choices((1, 2, 3), (70, 24, 6))[0]):
            episode = rng.choices(list(weights), list(weights.values()))[0]
            messages += episode(rng, own or {})
        if sum(cost(m.text) + 5 for m in messages) <= LONGEST:
            return messages
