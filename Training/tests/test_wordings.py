"""Every wording says what it must: the whole question, a feedback that can be filled in."""

import re
from random import Random
from string import Formatter

import wordings as say
from dialogues import SIZES, ask, choose, fill_outside, pseudo_word
from families import FAMILIES

NEEDED = re.compile(r"[0-9A-F]*[0-9][0-9A-F]*|\"\w+\"")


def test_every_wording_of_a_question_holds_all_its_numbers_and_words():
    rng = Random(12)
    for name, family in FAMILIES.items():
        if name in ("grid", "fact"):
            continue
        for _ in range(300):
            item = family.draw(rng, choose(rng, SIZES[name]))
            asked = ask(rng, item)
            for part in NEEDED.findall(item.question):
                assert part.lower() in asked.lower()


def test_every_wording_of_a_grid_holds_all_its_clues():
    rng = Random(13)
    for _ in range(200):
        item = FAMILIES["grid"].draw(rng, choose(rng, SIZES["grid"]))
        clues = item.key.removeprefix("grid:").split("|")
        asked = ask(rng, item)
        assert all(clue in asked for clue in clues)


def test_the_slots_of_feedback_are_those_that_dialogues_fill():
    known = {
        "CRITIQUE_VALUE": "cWRn", "CRITIQUE_VALUE_EQUATION": "qvw", "CRITIQUE_STEP": "cWno",
        "CRITIQUE_STEP_EQUATION": "qw", "CRITIQUE_ANSWER": "x", "TELL": "y", "ACKNOWLEDGE_STEP": "R",
        "CHALLENGE_ANSWER": "y", "STAND_BY_STEP": "R", "UNARY": "", "CHALLENGE": "", "STAND_BY": "",
        "URGE": "", "AGREE": "", "ACKNOWLEDGE": "",
    }  # fmt: skip
    for name, slots in known.items():
        for template in getattr(say, name):
            assert {field for _, field, _, _ in Formatter().parse(template) if field} <= set(slots)


def test_a_question_to_decline_is_none_that_a_family_asks():
    rng = Random(14)
    fact = FAMILIES["fact"]
    asked = {fact.put(f, form, 0) for f in fact.all_facts for form in range(len(fact.kinds[f.kind].forms))}
    for template in say.OUTSIDE:
        for _ in range(20):
            assert fill_outside(rng, template) not in asked


def test_made_up_words_are_words():
    rng = Random(15)
    assert all(re.fullmatch("[a-z]{3,}", pseudo_word(rng)) for _ in range(500))
