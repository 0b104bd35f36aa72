"""The JSON Schemas of scripts and experiments, tried by an implementation that is not ours."""

import json
import re

import jsonschema
import pytest
import yaml

from conftest import ROOT

SCHEMA = json.loads((ROOT / "docs/formats/script.schema.json").read_text())
EXPERIMENT = json.loads((ROOT / "docs/formats/experiment.schema.json").read_text())
HEAD = "terntable: 1\nname: x\n"
TURNS = "turns:\n  - prompt: Hi\n"


def errors(text, schema=SCHEMA):
    validator = jsonschema.Draft202012Validator(schema)
    return list(validator.iter_errors(yaml.safe_load(text)))


@pytest.mark.parametrize("schema", [SCHEMA, EXPERIMENT], ids=["script", "experiment"])
def test_the_schema_is_one(schema):
    jsonschema.Draft202012Validator.check_schema(schema)


SHIPPED = sorted((ROOT / "sessions").glob("**/*.yaml")) + sorted((ROOT / "Training").glob("*.yaml"))


@pytest.mark.parametrize(
    "path", [p for p in SHIPPED if "critics" not in p.parts], ids=lambda p: p.name
)
def test_shipped_scripts_and_experiments_are_valid(path):
    text = path.read_text()
    assert errors(text, EXPERIMENT if "tasks" in yaml.safe_load(text) else SCHEMA) == []


def test_examples_of_the_experiment_page_are_valid():
    page = (ROOT / "docs/formats/experiment.md").read_text()
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.S)
    assert len(blocks) == 4
    for block in blocks:
        if "critic:" not in block:
            assert errors(block, EXPERIMENT) == []


def test_examples_of_the_page_are_valid():
    page = (ROOT / "docs/formats/script.md").read_text()
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.S)
    assert len(blocks) == 4
    for block in blocks:
        assert errors(block) == []


@pytest.mark.parametrize(
    "text",
    [
        HEAD,
        "terntable: 2\nname: x\n" + TURNS,
        "terntable: 1\nname: a/b\n" + TURNS,
        HEAD + "turnz: []\n" + TURNS,
        HEAD + "sampling: { temprature: 1 }\n" + TURNS,
        HEAD + "sampling: { top_p: 1.5 }\n" + TURNS,
        HEAD + "seed: -1\n" + TURNS,
        HEAD + "seed: 1\nseeds: [1]\n" + TURNS,
        HEAD + "seeds: [1, 1]\n" + TURNS,
        HEAD + "history: chatty\n" + TURNS,
        HEAD + "turns: []\n",
        HEAD + TURNS + "arms: { a: [ { prompt: Hi } ] }\n",
        HEAD + TURNS + "  - { unary: No, critique: Why }\n",
        HEAD + TURNS + "  - { repeat: 2 }\n",
        HEAD + TURNS + "  - { unary: No, repeat: 0 }\n",
        HEAD + TURNS + "    repeat: 2\n",
        HEAD + TURNS + "  - edit: { find: a }\n",
        HEAD + TURNS + "  - edit: { auto: first-step }\n",
        HEAD + TURNS + "  - critique: { auto: first-wrong-step, otherwise: { note: x } }\n",
        HEAD + TURNS + "  - regenerate: now\n",
        HEAD + "problems: [ { prompt: A, answer: 1, expect: { exact: 1 } } ]\n" + TURNS,
    ],
)  # fmt: skip
def test_mistakes_are_refused(text, terntable_refuses):
    assert errors(text)
    terntable_refuses(text)


@pytest.fixture
def terntable_refuses(tmp_path):
    """Checks that the program refuses the same script, with code 65 and one line."""
    import os
    import subprocess

    binary = os.environ.get("TERNTABLE_BINARY", ROOT / ".build/release/terntable")

    def call(text):
        path = tmp_path / "script.yaml"
        path.write_text(text)
        done = subprocess.run(
            [str(binary), "replay", str(path)], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 65, done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert "script.yaml:" in done.stderr

    return call
