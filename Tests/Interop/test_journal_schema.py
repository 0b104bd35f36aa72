"""The JSON Schema of a journal's lines, tried by an implementation that is not ours."""

import json
import re

import journals
import jsonschema
import pytest
from conftest import ROOT

SCHEMA = json.loads((ROOT / "docs/formats/journal.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
KEPT = sorted(ROOT.glob("Tests/JournalingTests/*/*.tern.jsonl"))


def lines(text):
    return [json.loads(line) for line in text.split("\n") if line]


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_every_journal_that_is_kept_is_valid(path):
    records = lines(path.read_text())
    assert len(records) > 3
    for record in records:
        assert list(VALIDATOR.iter_errors(record)) == []


def test_every_record_type_is_in_the_journals_that_are_kept():
    found = {record["type"] for path in KEPT for record in lines(path.read_text())}
    assert found == {branch["$ref"].split("/")[-1] for branch in SCHEMA["oneOf"]}


def test_examples_of_the_page_are_valid():
    page = (ROOT / "docs/formats/journal.md").read_text()
    blocks = re.findall(r"```json\n(.*?)```", page, re.S)
    assert len(blocks) > 10
    for block in blocks:
        assert list(VALIDATOR.iter_errors(json.loads(block))) == []


def test_what_the_program_writes_is_valid(terntable, tmp_path):
    path = tmp_path / "session.tern.jsonl"
    said = "What is 12 × 7?\n/try\n/critique 2 × 7 is 14.\n/rate 4\n/note so\n/regen\n/undo\n"
    said += "/duel\na\n/set temperature 0.2\n/model tutor-f16\n/try\n"
    terntable("chat", "--plain", "--session", path, "--seed", 1, input=said)
    records = lines(path.read_text())
    assert {"rated", "noted", "head_moved", "voted", "settings_changed"} <= {record["type"] for record in records}
    for record in records:
        assert list(VALIDATOR.iter_errors(record)) == []


def test_what_a_reader_would_refuse_is_not_valid():
    for record in lines(b"".join(journals.tutoring().lines).decode()):
        assert list(VALIDATOR.iter_errors(record)) == []
        for change in [{"type": "other"}, {"extra": 1}, {"seq": 0}, {"time": "now"}, {"crc32c": "x"}]:
            assert list(VALIDATOR.iter_errors(record | change)) != []
        for name in record:
            if name in ["parent", "kept", "spans", "kept_tokens", "provenance", "answer", "statistics", "recipe", "to"]:
                continue
            rest = {key: value for key, value in record.items() if key != name}
            assert list(VALIDATOR.iter_errors(rest)) != [], name
