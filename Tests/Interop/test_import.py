"""What other tools write is imported, and what is exported comes back the same."""

import json

import llm
import pytest
import sqlite_utils
from llm.migrations import migrate


class Echo(llm.Model):
    """A model that needs nothing from elsewhere."""

    model_id = "echo-1"

    def execute(self, prompt, stream, response, conversation):
        yield f"reply to {prompt.prompt}"


@pytest.fixture
def logs(tmp_path):
    """A database that llm itself made, with a conversation of before 0.32 beside a new one."""
    path = tmp_path / "logs.db"
    database = sqlite_utils.Database(path)
    migrate(database)
    conversation = Echo().conversation()
    for text in ["first", "second 🙂"]:
        system = "Be brief." if text == "first" else None
        response = conversation.prompt(text, system=system)
        response.text()
        response.log_to_db(database)
    response = Echo().prompt("alone", fragments=["a fragment"])
    response.text()
    response.log_to_db(database)
    database["conversations"].insert({"id": "old", "name": "An old talk", "model": "old-1"})
    for number, text in enumerate(["one", "two"]):
        database["responses"].insert(
            {
                "id": f"0{number}", "model": "old-1", "prompt": text, "system": None,
                "response": text.upper(), "conversation_id": "old",
                "datetime_utc": f"2024-01-01T00:00:0{number}",
            }
        )
    database.close()
    return path


def conversations(terntable, folder):
    lines = terntable("export", folder, "--format", "messages").split("\n")
    return [
        [(message["role"], message["content"]) for message in json.loads(line)["messages"]]
        for line in lines if line
    ]


def test_the_database_of_llm_is_read_old_tables_and_new(terntable, logs, tmp_path):
    result = terntable("import", logs, "--from", "llm", "--out", tmp_path / "out", "--json")
    assert result["conversations"] == 3
    assert conversations(terntable, tmp_path / "out") == [
        [
            ("system", "Be brief."), ("user", "first"), ("assistant", "reply to first"),
            ("user", "second 🙂"), ("assistant", "reply to second 🙂"),
        ],
        [("user", "a fragment\nalone"), ("assistant", "reply to a fragment\nalone")],
        [("user", "one"), ("assistant", "ONE"), ("user", "two"), ("assistant", "TWO")],
    ]


def test_an_imported_talk_goes_on_is_replayed_and_reported(terntable, logs, tmp_path):
    folder = tmp_path / "out"
    terntable("import", logs, "--from", "llm", "--out", folder)
    first = sorted(folder.glob("*.tern.jsonl"))[0]
    said = terntable("chat", "--plain", "--session", first, "--model", "tutor", input="What is 2 × 3?\n")
    assert "reply to second" in said
    assert len(conversations(terntable, first)[0]) == 7
    assert terntable("report", folder, "--json")["sessions"] == 3
    terntable("replay", first, "--model", "tutor", "--out", tmp_path / "again")
    again = conversations(terntable, tmp_path / "again")[0]
    assert [text for role, text in again if role == "user"] == ["first", "second 🙂", "What is 2 × 3?"]


def test_sharegpt_and_wildchat_of_other_hands_become_the_same_conversation(terntable, tmp_path):
    talk = [("user", "?\n\"\\ 漢"), ("assistant", "!"), ("user", "more"), ("assistant", "")]
    names = {"user": "human", "assistant": "gpt"}
    files = {
        "sharegpt": {"conversations": [{"from": names[r], "value": t} for r, t in talk]},
        "messages": {"messages": [{"role": r, "content": t} for r, t in talk]},
        "wildchat": {
            "conversation_hash": "h", "model": "gpt-4",
            "conversation": [{"role": r, "content": t, "toxic": False} for r, t in talk],
        },
    }
    for name, record in files.items():
        for text in [json.dumps(record), json.dumps([record], indent=1, ensure_ascii=False)]:
            file = tmp_path / "talk.json"
            file.write_text(text)
            out = tmp_path / f"{name}-{len(text)}"
            terntable("import", file, "--from", name, "--out", out)
            assert conversations(terntable, out) == [talk[:2]]
