"""The program and the training data know the same families: docs/method/tasks.md, two ways.

`Tests/ExperimentsTests/Fixtures/task-families.jsonl` is what Training/families says of items it drew;
the Swift tests hold the program to it. `Tests/ExperimentsTests/Goldens/task-families.jsonl` is what
the program says of items it drew; here Python is held to that. RECORD_FIXTURES=1 writes the former.
"""

import json
import os
import sys
from random import Random

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "Training"))

from families import FAMILIES, from_key, is_held_out, problems  # noqa: E402
from families.__main__ import described, judged, replies  # noqa: E402

TESTS = ROOT / "Tests/ExperimentsTests"
FIXTURE = TESTS / "Fixtures/task-families.jsonl"
GOLDEN = TESTS / "Goldens/task-families.jsonl"
ITEMS = 2


def said_by_python() -> str:
    lines = []
    for name, family in FAMILIES.items():
        for difficulty in family.difficulties:
            for held_out in (True, False):
                for item in problems(name, difficulty, ITEMS, 17, held_out):
                    found = described(item)
                    seed = Random(item.key).randrange(1 << 30)
                    found["replies"] = [record | judged(record) for record in replies([item], seed)]
                    lines.append(json.dumps(found, ensure_ascii=False, sort_keys=True))
    return "\n".join(lines) + "\n"


def test_the_fixture_is_what_the_families_say():
    text = said_by_python()
    if os.environ.get("RECORD_FIXTURES") == "1":
        FIXTURE.write_text(text)
        pytest.fail("recorded; run again")
    assert FIXTURE.read_text() == text, "RECORD_FIXTURES=1 writes it again; then run the Swift tests"


@pytest.mark.parametrize("line", GOLDEN.read_text().splitlines() if GOLDEN.exists() else [])
def test_python_says_the_same_of_what_the_program_drew(line):
    theirs = json.loads(line)
    ours = described(from_key(theirs["key"]))
    assert is_held_out(theirs["key"]) == theirs["held_out"]
    for field in ("family", "difficulty", "held_out", "question", "answer", "lines"):
        assert ours[field] == theirs[field], field
    for record in theirs["replies"]:
        found = judged({"key": theirs["key"], "reply": record["reply"]})
        for field in record:
            if field != "reply":
                assert found.get(field) == record[field], (field, record["reply"])


def test_the_program_drew_from_every_family():
    families = {json.loads(line)["family"] for line in GOLDEN.read_text().splitlines()}
    assert families == set(FAMILIES)
