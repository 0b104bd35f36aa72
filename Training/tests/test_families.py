"""The families as docs/method/tasks.md has them: right when it should be, wrong when it should be."""

import json
import re
import subprocess
import sys
from itertools import product
from pathlib import Path
from random import Random

import pytest

from families import (
    FAMILIES,
    NO_ANSWER,
    RIGHT,
    WRONG,
    Item,
    critique,
    from_key,
    is_held_out,
    judge,
    mended,
    problems,
)
from families.grid import SOLUTIONS, VALUES, left_over
from families.item import head

ROOT = Path(__file__).parents[2]
DIFFICULTIES = [(f, d) for f in FAMILIES for d in FAMILIES[f].difficulties]


def drawn(count: int = 60):
    rng = Random(7)
    for family, difficulty in DIFFICULTIES:
        for _ in range(count):
            yield rng, FAMILIES[family].draw(rng, difficulty)


def test_every_worked_example_of_the_specification_is_what_the_code_writes():
    text = (ROOT / "docs/method/tasks.md").read_text()
    blocks = re.findall(r"^```\n(.*?)\n```$", text, re.MULTILINE | re.DOTALL)
    keys = [
        "multiplication:36,47", "hexadecimal:3C,A7", "addition:387,456", "subtraction:503,178",
        "word-problem:boxes-minus:4,12,15", "fact:capital-france:0.0",
    ]  # fmt: skip
    grid = next(b for b in blocks if b.startswith("Fill"))
    clues = re.findall(r"[^.]+\.", grid.splitlines()[0].split("fish.", 1)[1])
    keys.append("grid:" + "|".join(clue.strip() for clue in clues))
    for key in keys:
        item = from_key(key)
        assert f"{item.question}\n{item.text}" in blocks
    assert from_key("multiplication:40,105").lines == [
        "105 = 100 + 5", "100 × 40 = 4000", "5 × 40 = 200", "4000 + 200 = 4200", "Answer: 4200"
    ]
    assert from_key("addition:8,95").lines == [
        "8 + 5 = 13, write 3, carry 1", "0 + 9 + 1 = 10, write 0, carry 1", "carry 1, write 1", "Answer: 103"
    ]
    assert from_key("string:count:tree:e").lines == ["t r e e", "t 0, r 0, e 1, e 2", "Answer: 2"]


def test_a_key_determines_its_item():
    for _, item in drawn():
        again = from_key(item.key)
        assert (again.key, again.difficulty, again.answer) == (item.key, item.difficulty, item.answer)


def test_the_reference_solution_is_right_and_has_no_wrong_line():
    for _, item in drawn():
        assert judge(item, item.text) == RIGHT
        assert item.family.first_wrong(item, item.text) is None


def test_every_step_of_a_reference_solution_has_a_step_form():
    for _, item in drawn():
        if item.family.name != "grid":
            assert all(item.family.is_step(item.data, step) for step in item.steps)


def test_every_slip_is_judged_wrong_and_its_first_wrong_line_is_found():
    for rng, item in drawn():
        reply = item.family.wrong_reply(rng, item)
        assert judge(item, reply) == WRONG
        fault = item.family.first_wrong(item, reply)
        assert fault and fault.wrong != fault.right
        lines = reply.split("\n")
        assert lines[fault.index] == fault.wrong
        if item.family.name != "grid":
            assert lines[: fault.index] == item.lines[: fault.index]
        assert fault.right in item.text


def test_a_mended_beginning_leads_to_the_right_answer():
    for rng, item in drawn(20):
        reply = item.family.wrong_reply(rng, item)
        start = mended(reply, item.family.first_wrong(item, reply))
        if item.family.name != "grid":
            assert start.splitlines() == item.lines[: start.count("\n")]
            rest = item.lines[start.count("\n") :]
        else:
            rest = [line for line in item.ending.splitlines() if line not in start.splitlines()]
        assert judge(item, start + "\n".join(rest)) == RIGHT


def test_critiques_are_the_sentences_of_the_specification():
    item = from_key("multiplication:36,47")
    text = item.text.replace("1200 + 240 = 1440", "1200 + 240 = 1450")
    wrong = text.replace("1440 + 210 = 1650", "1450 + 210 = 1660").replace("1692", "1702")
    fault = item.family.first_wrong(item, wrong)
    assert critique(fault, False) == "The step 1200 + 240 = 1450 is wrong."
    assert critique(fault, True) == "The step 1200 + 240 = 1450 is wrong; it should be 1200 + 240 = 1440."
    strange = wrong.replace("1200 + 240 = 1450", "1200 + 250 = 1450")
    assert critique(item.family.first_wrong(item, strange), True) == (
        "The step 1200 + 250 = 1450 does not belong there; it should be 1200 + 240 = 1440."
    )
    copied = item.text.replace("Answer: 1692", "Answer: 1629")
    assert critique(item.family.first_wrong(item, copied), True) == (
        "The step Answer: 1629 is wrong; it should be Answer: 1692."
    )
    assert item.family.directional(item, copied) == "The answer is too low."


def test_a_directional_critique_never_says_the_answer():
    for rng, item in drawn():
        reply = item.family.wrong_reply(rng, item)
        said = item.family.directional(item, reply)
        if said and item.family.name not in ("grid", "string", "outside"):
            assert item.answer.lower() not in re.findall(r"\w+", said.lower())


def test_replies_that_keep_to_no_format_are_judged_too():
    for _, item in drawn(5):
        assert judge(item, "") == NO_ANSWER
        assert item.family.first_wrong(item, "") is None
        nonsense = "Hm.\nAnswer: ?!\n1: a, b, c\n9: x, y, z"
        assert judge(item, nonsense) == WRONG or item.family.name == "grid"
        item.family.directional(item, nonsense)
        item.family.first_wrong(item, nonsense + "\n" + item.text.replace("Answer", "Ans"))


@pytest.mark.parametrize("answer", ["1692.", " 1692 ", "01692"])
def test_a_number_is_read_as_a_number(answer):
    assert judge(from_key("multiplication:36,47"), f"Answer: {answer}") == RIGHT


def test_the_split_takes_about_a_tenth_and_ignores_the_order():
    keys = [f"multiplication:{a},{b}" for a in range(10, 100) for b in range(a, 100)]
    assert 0.08 < sum(map(is_held_out, keys)) / len(keys) < 0.12
    family = FAMILIES["multiplication"]
    assert all(family.key((a, b)) == family.key((b, a)) for a in range(30) for b in range(30))


@pytest.mark.parametrize(
    "family", ["multiplication", "addition", "subtraction", "hexadecimal", "grid", "word-problem", "string", "outside", "fact"]
)  # fmt: skip
def test_there_are_five_hundred_held_out_items_of_the_default_difficulty(family):
    found = problems(family, FAMILIES[family].difficulties[0], 500, seed=3, held_out=True)
    assert len({item.key for item in found}) == 500
    assert all(is_held_out(item.key) for item in found)


def test_a_grid_has_one_solution_and_needs_every_clue():
    for _, item in drawn():
        if item.family.name == "grid":
            assert left_over(item.data).bit_count() == 1
            for clue in item.data:
                assert left_over([c for c in item.data if c != clue]).bit_count() > 1
            houses = dict(item.family.placements(item.data))
            assert tuple(houses[value] for value in VALUES) == SOLUTIONS[left_over(item.data).bit_length() - 1]


def test_a_grid_with_its_clues_in_the_order_of_use_is_the_same_puzzle():
    rng, family = Random(16), FAMILIES["grid"]
    for grade in ("direct", *family.difficulties):
        for _ in range(40):
            item = family.draw(rng, grade)
            ordered = family.in_order(item)
            assert sorted(ordered.data) == sorted(item.data) and ordered.answer == item.answer
            if grade == "direct":
                assert ordered.steps[:6] == ordered.key.removeprefix("grid:").split("|")


def test_every_fact_is_learnt_through_most_of_its_wordings():
    family = FAMILIES["fact"]
    for fact in family.all_facts:
        wordings = product(range(len(family.kinds[fact.kind].forms)), range(len(family.frames)))
        held = [is_held_out(family.key((fact.id, *wording))) for wording in wordings]
        assert sum(held) < len(held) / 2


def test_items_are_drawn_by_seed():
    for family in FAMILIES:
        difficulty = FAMILIES[family].difficulties[0]
        first, second = (problems(family, difficulty, 20, seed=5) for _ in range(2))
        assert [i.key for i in first] == [i.key for i in second]
        assert [i.key for i in first] != [i.key for i in problems(family, difficulty, 20, seed=6)]


def test_the_command_prints_items_and_verdicts_as_json_lines():
    def run(*arguments, text=""):
        command = [sys.executable, str(ROOT / "Training/families"), *arguments]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    items = run("--family", "grid", "--count", "3", "--held-out", "--jsonl")
    assert len(items) == 3 and all(item["held_out"] for item in items)
    assert run("--keys", text="\n".join(item["key"] for item in items)) == items
    attempts = run("--family", "grid", "--count", "3", "--held-out", "--replies")
    verdicts = run("--judge", text="\n".join(map(json.dumps, attempts)))
    assert [v["verdict"] for v in verdicts[::4]] == ["right"] * 3
    assert [v["verdict"] for v in verdicts[2::4]] == ["wrong"] * 3
    record = json.dumps({"key": "addition:387,456", "reply": "7 + 6 = 13, write 3, carry 1\nAnswer: 3"})
    (verdict,) = run("--judge", text=record)
    assert verdict["verdict"] == "wrong" and verdict["right"] == "8 + 5 + 1 = 14, write 4, carry 1"


def test_every_fact_has_one_answer_and_a_place_in_the_file():
    family = FAMILIES["fact"]
    assert len(family.all_facts) >= 150
    assert all(f.answer and f.subject and len(f.answer.split()) <= 4 for f in family.all_facts)
    questions = {}
    for fact in family.all_facts:
        for form in range(len(family.kinds[fact.kind].forms)):
            questions.setdefault(family.put(fact, form, 0), set()).add(fact.id)
    assert all(len(ids) == 1 for ids in questions.values())


def test_the_head_of_a_line_is_what_it_is_about():
    assert head("40 × 30 = 120") == "40 × 30"
    assert head("Answer: 7") == "Answer"
    assert head("Ann is in house 1.") == ""


def test_an_asked_order_is_worked_in_that_order():
    item = Item(FAMILIES["multiplication"], "2x2", (36, 47))
    assert item.key == "multiplication:36,47"
    assert item.lines[0] == "36 = 30 + 6, 47 = 40 + 7"
