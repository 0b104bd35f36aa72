"""Where the program, the model and the held-out text are."""

import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = ROOT / "Sources/Inference/Resources/tutor.gguf"
TWIN = MODEL.with_name("tutor-f16.gguf")
HELD_OUT = ROOT / "Training/heldout.txt"


@pytest.fixture(scope="session")
def terntable():
    """Calls the program; gives back its standard output, parsed when `--json` was asked for."""
    binary = os.environ.get("TERNTABLE_BINARY", ROOT / ".build/release/terntable")

    def call(*arguments, input=""):
        done = subprocess.run(
            [str(binary), *map(str, arguments)],
            input=input, capture_output=True, text=True, timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if "--json" in arguments else done.stdout

    return call


@pytest.fixture(scope="session")
def refused():
    """Calls the program, which has to end with that exit code; gives back its one line about it."""
    binary = os.environ.get("TERNTABLE_BINARY", ROOT / ".build/release/terntable")

    def call(code, *arguments):
        done = subprocess.run(
            [str(binary), *map(str, arguments)], capture_output=True, text=True, timeout=300
        )
        assert (done.returncode, done.stdout) == (code, ""), done.stderr
        (line,) = done.stderr.splitlines()
        return line

    return call


@pytest.fixture(scope="session")
def terntable_lines():
    """Calls the program with `--json`; gives back the objects of its lines."""
    binary = os.environ.get("TERNTABLE_BINARY", ROOT / ".build/release/terntable")

    def call(*arguments, input=""):
        done = subprocess.run(
            [str(binary), *map(str, arguments), "--json"],
            input=input.encode(), capture_output=True, timeout=1200,
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.split(b"\n") if line]

    return call
