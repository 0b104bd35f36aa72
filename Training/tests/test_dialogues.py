"""What a conversation may teach: never a wrong attempt, never a held-out question."""

import re
from collections import Counter
from random import Random

import dialogues
from dialogues import EPISODES, EPISODES_WITH_OWN, Attempt, conversation
from families import FAMILIES, WRONG, from_key, is_held_out, judge
from mistakes import attempt, draw_questions, gather, record
from tokenizer import Encoder, load

ENCODER = Encoder(load())
EQUATION = re.compile(r"^(\d+) ([×+-]) (\d+) = (\d+)$", re.MULTILINE)


def conversations(count=2000, seed=3, own=None):
    rng = Random(seed)
    return [conversation(rng, own) for _ in range(count)]


def own_mistakes():
    """Stands in for the model: slips of the generator, some of them cut short or garbled."""
    rng = Random(11)
    lines = []
    for item, _ in draw_questions(rng, 900):
        reply = item.family.wrong_reply(rng, item)
        if rng.random() < 0.1:
            reply = "Hm.\n" + reply.replace(" ", "  ", 1)
        if line := record(item, reply):
            lines.append(line)
    return gather(lines)


def watch(monkeypatch):
    """Collects every item that the episodes draw."""
    seen = []
    ask = dialogues.ask
    monkeypatch.setattr(dialogues, "ask", lambda rng, item: seen.append(item) or ask(rng, item))
    return seen


def test_only_assistant_text_is_learnt():
    for messages in conversations():
        for message in messages:
            assert message.role == "assistant" or not any(p.learn for p in message.pieces)


def test_a_learnt_solution_is_right_and_its_equations_are_true(monkeypatch):
    seen = watch(monkeypatch)
    sums = {"×": lambda a, b: a * b, "+": lambda a, b: a + b, "-": lambda a, b: a - b}
    # Nobody can judge a made-up fact.
    monkeypatch.setattr(dialogues, "invented", lambda rng: [])
    judged = 0
    for seed in range(1500):
        seen.clear()
        messages = conversation(Random(seed))
        learnt = [m.text for m in messages if m.pieces[-1].learn]
        if not any(item.family.name == "hexadecimal" for item in seen):
            for text in learnt:
                for a, sign, b, value in EQUATION.findall(text):
                    assert sums[sign](int(a), int(b)) == int(value)
        if len(seen) == 1 and len(messages) in (2, 4, 6) and messages[0].role == "user":
            sign = "outside what" if seen[0].family.name == "outside" else "Answer:"
            answered = [text for text in learnt if sign in text]
            judged += len(answered)
            assert all(judge(seen[0], text) == "right" for text in answered)
    assert judged > 900


def test_no_held_out_item_is_ever_asked(monkeypatch):
    seen = watch(monkeypatch)
    own = own_mistakes()
    rng = Random(8)
    for n in range(20000):
        conversation(rng, own if n % 2 else None)
    assert len(seen) > 18000
    assert not any(is_held_out(item.key) for item in seen)
    asked = Counter(item.family.name for item in seen)
    assert all(asked[name] > 300 for name in FAMILIES)


def test_no_held_out_question_of_the_program_stands_in_a_conversation():
    """The same by the text: the questions as the program asks them, read back into keys."""
    patterns = [
        (r"What is (\d+) × (\d+)\?", lambda a, b: FAMILIES["multiplication"].key((int(a), int(b)))),
        (r"What is (\d+) \+ (\d+)\?", lambda a, b: FAMILIES["addition"].key((int(a), int(b)))),
        (r"What is (\d+) - (\d+)\?", lambda a, b: f"subtraction:{a},{b}"),
        (r"What is (\w+) × (\w+) in hexadecimal\?",
         lambda a, b: FAMILIES["hexadecimal"].key((int(a, 16), int(b, 16)))),
        (r'Reverse the word "(\w+)"\.', lambda w: f"string:reverse:{w}"),
        (r'Sort the letters of "(\w+)"\.', lambda w: f"string:sort:{w}"),
        (r'How many times is "(\w)" in "(\w+)"\?', lambda x, w: f"string:count:{w}:{x}"),
        (r"Fill the grid .* Pets: cat, dog, fish\. (.*)", lambda c: "grid:" + c.replace(". ", ".|")),
    ]  # fmt: skip
    found = 0
    for messages in conversations(6000):
        for message in messages:
            for line in message.text.splitlines() if message.role == "user" else []:
                for pattern, key in patterns:
                    if match := re.fullmatch(pattern, line.removeprefix("Question: ")):
                        found += 1
                        assert not is_held_out(key(*match.groups()))
    assert found > 2000


def test_every_family_meets_every_kind_of_feedback(monkeypatch):
    rng = Random(9)
    own = own_mistakes()
    assert set(own) == set(FAMILIES)
    for pool in ({}, own):
        for episode in (
            dialogues.unary, dialogues.critique, dialogues.challenge, dialogues.misleading,
            dialogues.continued, dialogues.single_message,
        ):  # fmt: skip
            seen = watch(monkeypatch)
            for _ in range(700):
                episode(rng, pool)
            assert {item.family.name for item in seen} >= set(FAMILIES)
            monkeypatch.undo()


def test_own_mistakes_are_kept_with_the_order_that_was_asked():
    item = from_key("multiplication:36,47")
    swapped = type(item)(item.family, item.difficulty, (36, 47))
    line = record(swapped, "36 = 30 + 6, 47 = 40 + 7\nAnswer: 5")
    assert line and attempt(line) == Attempt(swapped, "36 = 30 + 6, 47 = 40 + 7\nAnswer: 5")
    assert record(item, item.text) is None
    assert all(judge(*a) == WRONG for pool in own_mistakes().values() for a in pool)


def test_no_conversation_is_longer_than_the_context():
    own = own_mistakes()
    for pool in (None, own):
        lengths = [len(ids) for ids, _ in ENCODER.conversations(conversations(4000, own=pool))]
        assert max(lengths) <= 1024


def test_a_seed_decides_a_conversation():
    assert conversations(200, seed=5) == conversations(200, seed=5)
    assert conversations(200, seed=5) != conversations(200, seed=6)


def test_after_a_critique_of_a_step_the_reply_has_the_right_line():
    rng = Random(10)
    named = 0
    for _ in range(2000):
        item = dialogues.some_item(rng, hard=True)
        wrong = item.family.wrong_reply(rng, item)
        complaint = dialogues.complain(rng, item, wrong)
        text = dialogues.mend(rng, item, complaint.fault, silent=0.2).text
        assert judge(item, text) == "right"
        if complaint.fault:
            named += 1
            assert complaint.fault.right in text
    assert named > 1000


def test_the_weights_know_every_episode():
    assert set(EPISODES) == set(EPISODES_WITH_OWN)
