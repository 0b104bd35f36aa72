"""What a conversation may teach: never a wrong attempt, never a held-out question."""

import re
from random import Random

import wordings as say
from dialogues import conversation, wrong_solution, some_problem
from problems import compute, is_held_out, solve

PAIR = re.compile(r"(\d+)\D+?(\d+)")
LINE = re.compile(r"(\d+) ([×+-]) (\d+) = (-?\d+)(?=\n|$)")
# User messages that ask a question of the three operations, as prefixes of their templates.
QUESTIONS = [t for t in say.PRODUCT + say.SUM + say.DIFFERENCE]


def conversations(count=3000):
    rng = Random(3)
    return [conversation(rng) for _ in range(count)]


def question_patterns():
    number = r"(\d+)"
    for template in QUESTIONS:
        text = re.escape(template)
        for slot, pattern in {"a": number, "b": number, "t": r"[^\d]+?", "s": "[×*x]"}.items():
            text = text.replace(re.escape("{" + slot + "}"), pattern)
        yield re.compile(text + "$")


def test_learnt_lines_are_true():
    for messages in conversations():
        for message in messages:
            learnt = "".join(p.text for p in message.pieces if p.learn)
            for left, operator, right, value in LINE.findall(learnt):
                # A learnt rest of an edited reply may begin inside a number.
                if all(p.learn for p in message.pieces):
                    assert compute(int(left), operator, int(right)) == int(value)


def test_only_assistant_text_is_learnt():
    for messages in conversations():
        for message in messages:
            assert message.role == "assistant" or not any(p.learn for p in message.pieces)


def test_a_learnt_reply_to_a_question_gives_the_right_answer():
    for messages in conversations():
        for before, message in zip(messages, messages[1:]):
            if not message.pieces[-1].learn or "Answer:" not in message.text:
                continue
            steps = [(int(a), o, int(b), int(v)) for a, o, b, v in LINE.findall(message.text)]
            assert all(compute(a, o, b) == v for a, o, b, v in steps)


def test_wrong_attempts_are_really_wrong():
    rng = Random(4)
    for _ in range(2000):
        problem = some_problem(rng)
        assert wrong_solution(rng, problem).answer != solve(problem).answer


def test_no_held_out_pair_is_ever_asked():
    patterns = list(question_patterns())
    asked = 0
    for messages in conversations():
        for message in messages:
            if message.role != "user":
                continue
            for line in message.text.removeprefix("Question: ").splitlines():
                for pattern in patterns:
                    if match := pattern.match(line.removeprefix("Question: ")):
                        left, right = map(int, match.groups())
                        if max(left, right) >= 10:
                            asked += 1
                            assert not is_held_out(left, right)
    assert asked > 2000

