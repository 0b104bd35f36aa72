"""Random conversations with the tutor, each piece marked: learn it, or only read it.

Only right replies are learnt. A wrong attempt stands in a conversation as the
context of the feedback after it and never as something to imitate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import wordings as say
from problems import MINUS, PLUS, TIMES, Problem, Solution, Step, draw_problem, solve, spoil


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


# The tutor's own wrong replies (mistakes.py); empty in the first part of a run.
Own = Sequence[Solution]

SIZES = {
    TIMES: [((2, 2), 52), ((2, 1), 14), ((1, 1), 6), ((3, 1), 8), ((3, 2), 17), ((3, 3), 3)],
    PLUS: [((2, 2), 30), ((3, 2), 15), ((3, 3), 30), ((4, 3), 10), ((4, 4), 10), ((2, 1), 5)],
    MINUS: [((2, 2), 35), ((3, 2), 15), ((3, 3), 30), ((4, 3), 8), ((4, 4), 7), ((2, 1), 5)],
}


def some_problem(rng: Random, products: float = 0.72) -> Problem:
    operator = TIMES if rng.random() < products else rng.choice((PLUS, MINUS))
    sizes, weights = zip(*SIZES[operator])
    return draw_problem(rng, operator, rng.choices(sizes, weights)[0])


def ask(rng: Random, problem: Problem) -> str:
    table = {TIMES: say.PRODUCT, PLUS: say.SUM, MINUS: say.DIFFERENCE}[problem.operator]
    return rng.choice(table).format(
        a=problem.left, b=problem.right, t=rng.choice(say.TIMES_SIGNS), s=rng.choice("×*x")
    )


def wrong_solution(rng: Random, problem: Problem) -> Solution:
    while True:
        solution = solve(problem, rng, slips=rng.choices((1, 2), (85, 15))[0])
        if not solution.is_right:
            return solution


def some_mistake(rng: Random, own: Own, products: float) -> Solution:
    if own and rng.random() < 0.7:
        return rng.choice(own)
    return wrong_solution(rng, some_problem(rng, products))


# Episodes: each returns the messages of one exchange about one question.


def plain(rng: Random, own: Own) -> list[Message]:
    problem = some_problem(rng)
    return [user(ask(rng, problem)), reply(solve(problem).text)]


def unary(rng: Random, own: Own) -> list[Message]:
    wrong = some_mistake(rng, own, products=0.85)
    problem = wrong.problem
    messages = [user(ask(rng, problem))]
    for _ in range(rng.choices((1, 2, 3, 4), (62, 22, 10, 6))[0]):
        messages.append(wrong_reply(wrong.text))
        messages.append(user(rng.choice(say.UNARY)))
        wrong = wrong_solution(rng, problem)
    return messages + [reply(solve(problem).text)]


def critique(rng: Random, own: Own) -> list[Message]:
    wrong = some_mistake(rng, own, products=0.85)
    problem = wrong.problem
    messages = [user(ask(rng, problem))]
    for _ in range(rng.choices((1, 2, 3), (78, 16, 6))[0]):
        complaint, step = complain(rng, wrong)
        messages += [wrong_reply(wrong.text), user(complaint)]
        wrong = wrong_solution(rng, problem)
    silent = 0.15 if own else 0.5
    return messages + [reply(acknowledgement(rng, step, silent) + solve(problem).text)]


def complain(rng: Random, wrong: Solution) -> tuple[str, Step | None]:
    """A critique of a wrong solution, and the step it names if it names one."""
    if not wrong.wrong_steps or rng.random() < 0.12:
        return complain_about_answer(rng, wrong), None
    step = wrong.wrong_steps[0]
    tables = {TIMES: say.CRITIQUE_PRODUCT, PLUS: say.CRITIQUE_SUM, MINUS: say.CRITIQUE_STEP}
    table = tables[step.operator] if rng.random() < 0.25 else say.CRITIQUE_STEP
    return fill_critique(rng.choice(table), wrong, step, step.truth), step


def fill_critique(template: str, solution: Solution, step: Step, claimed: int) -> str:
    line = solution.lines.index(str(step)) + 1
    return template.format(
        q=step.question, a=step.left, b=step.right, v=claimed, w=step.value,
        n=line, o=say.ORDINALS[line - 1],
    )  # fmt: skip


def complain_about_answer(rng: Random, wrong: Solution) -> str:
    truth, written = wrong.problem.answer, wrong.answer
    high = written > truth
    return rng.choice(say.CRITIQUE_ANSWER).format(
        d="high" if high else "low", d2="lower" if high else "higher", x=written, y=truth
    )


def acknowledgement(rng: Random, step: Step | None, silent: float) -> str:
    if rng.random() < silent:
        return ""
    if step is None or rng.random() < 0.2:
        return rng.choice(say.ACKNOWLEDGE) + "\n"
    return rng.choice(say.ACKNOWLEDGE_STEP).format(q=step.question, v=step.truth) + "\n"


def challenge(rng: Random, own: Own) -> list[Message]:
    """"Are you sure?": a right answer stays, a wrong one is worked out again."""
    problem = some_problem(rng)
    messages = [user(ask(rng, problem))]
    doubt = user(rng.choice(say.CHALLENGE))
    if rng.random() < 0.65:
        stand = f"{rng.choice(say.STAND_BY)}\nAnswer: {problem.answer}"
        return messages + [reply(solve(problem).text), doubt, reply(stand)]
    wrong = wrong_reply(wrong_solution(rng, problem).text)
    again = reply(f"{rng.choice(say.ACKNOWLEDGE)}\n{solve(problem).text}")
    return messages + [wrong, doubt, again]


def misleading(rng: Random, own: Own) -> list[Message]:
    """Feedback that is itself wrong, on a right reply: the tutor does not give in."""
    problem = some_problem(rng)
    right = solve(problem)
    messages = [user(ask(rng, problem)), reply(right.text)]
    if rng.random() < 0.3:
        return messages + [user(rng.choice(say.UNARY)), reply(right.text)]
    step = rng.choice(right.steps)
    claimed = spoil(rng, step.left, step.operator, step.right)
    template = rng.choice([t for t in say.CRITIQUE_STEP if "{v}" in t])
    stand = f"I checked: {step}.\nAnswer: {problem.answer}"
    return messages + [user(fill_critique(template, right, step, claimed)), reply(stand)]


def continued(rng: Random, own: Own) -> list[Message]:
    """A reply whose beginning a person has written or edited; only the rest is learnt."""
    problem = some_problem(rng, products=0.9)
    solution = solve(problem, rng, shuffled=rng.random() < 0.6)
    text = solution.text
    if rng.random() < 0.3:
        text = rng.choice(say.HUMAN_BEGINNINGS) + rng.choice((" ", "\n")) + text
    # An edit may end anywhere, most often at the end of a line.
    ends = [i for i, c in enumerate(text) if c == "\n"] + [len(text)]
    cut = rng.choice(ends) if rng.random() < 0.7 else rng.randrange(1, len(text) + 1)
    kept = Message("assistant", (Piece(text[:cut], False), Piece(text[cut:], True)))
    return [user(ask(rng, problem)), kept]


def single_message(rng: Random, own: Own) -> list[Message]:
    """The history layout of the Feedback Friction study: all attempts in one user message."""
    problem = some_problem(rng, products=0.9)
    question = ask(rng, problem)
    blocks = [question, rng.choice(say.HISTORY["announce"]), "History:"]
    for n in range(1, rng.choices((2, 3, 4), (60, 25, 15))[0]):
        wrong = wrong_solution(rng, problem)
        feedback = rng.choice(say.UNARY) if rng.random() < 0.5 else complain(rng, wrong)[0]
        blocks.append(say.HISTORY["attempt"].format(n=n))
        blocks.append(f"Answer: {wrong.text}")
        blocks.append(say.HISTORY["feedback"].format(f=feedback))
    blocks.append(f"Question: {question}\n{rng.choice(say.HISTORY['again'])}")
    joint = rng.choice(("\n", "\n\n"))
    return [user(joint.join(blocks)), reply(solve(problem).text)]


def small_talk(rng: Random, own: Own) -> list[Message]:
    prompts, replies = rng.choice((
        (say.GREETING, say.GREETING_REPLY),
        (say.IDENTITY, say.IDENTITY_REPLY),
        (say.ABILITY, say.ABILITY_REPLY),
        (say.ABILITY, say.ABILITY_REPLY),
        (say.THANKS, say.THANKS_REPLY),
        (say.FAREWELL, say.FAREWELL_REPLY),
    ))  # fmt: skip
    return [user(rng.choice(prompts)), reply(rng.choice(replies))]


def outside(rng: Random, own: Own) -> list[Message]:
    if rng.random() < 0.15:
        large = draw_problem(rng, TIMES, (rng.choice((4, 5)), rng.choice((2, 3, 4, 5))))
        return [user(ask(rng, large)), reply(rng.choice(say.TOO_LARGE_REPLY))]
    question = random_case(rng, fill_outside(rng, rng.choice(say.OUTSIDE)))
    messages = [user(question), reply(say.OUTSIDE_REPLY[0])]
    if rng.random() < 0.1:
        messages += [user(rng.choice(say.UNARY)), reply(say.OUTSIDE_REPLY[0])]
    return messages


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
    return "".join(rng.choices(say.SYLLABLES, k=rng.randrange(1, 5)))


def random_case(rng: Random, text: str) -> str:
    chance = rng.random()
    if chance < 0.25:
        return text.lower().rstrip(".?")
    return text[0].upper() + text[1:] if chance < 0.9 else text


EPISODES = [
    (plain, 44),
    (unary, 13),
    (critique, 14),
    (challenge, 5),
    (misleading, 4),
    (continued, 8),
    (single_message, 3),
    (small_talk, 5),
    (outside, 6),
]


def conversation(rng: Random, own: Own = ()) -> list[Message]:
    """One to four episodes, sometimes under a system message."""
    messages = [told("system", rng.choice(say.SYSTEM))] if rng.random() < 0.1 else []
    makers, weights = zip(*EPISODES)
    if own:
        weights = [w * 2 if m in (unary, critique) else w for m, w in EPISODES]
    for _ in range(rng.choices((1, 2, 3, 4), (66, 20, 9, 5))[0]):
        messages += rng.choices(makers, weights)[0](rng, own)
    return messages
