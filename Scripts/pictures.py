"""Draws the pictures for which a model has to work, with the key S of a chat in a terminal of its own: the tokens of
a reply, and two replies that wait for a vote.

    python Scripts/pictures.py --binary .build/release/terntable --session out/pictures/three-ways.tern.jsonl
"""

import argparse
import os
import pathlib
import shutil
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/Interop"))

from terminal import Terminal  # noqa: E402

# What is typed, and what the screen shows before the next is typed.
STEPS = {
    "inspect": [(b"\x1b", "try again"), (b"p", "token 1 "), (b"lllll", "token 6 ")],
    "duel": [(b"/duel temperature=1.5 | try-again\r", "a A is better")],
}


def draw(binary, session, name, folder):
    """Writes docs/pictures/NAME.svg."""
    journal = shutil.copy(session, folder / f"{name}.tern.jsonl")
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    os.chdir(folder)
    terminal = Terminal([binary, "chat", "--session", str(journal)], environment, 90, 24)
    terminal.wait_for(" · ready")
    for keys, shown in STEPS[name]:
        terminal.settle()
        terminal.type(keys)
        terminal.wait_for(shown)
    terminal.settle(1)
    terminal.type(b"S")
    terminal.wait_for("written: ")
    terminal.close()
    (picture,) = folder.glob("terntable-screen-*.svg")
    shutil.move(picture, ROOT / f"docs/pictures/{name}.svg")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", type=pathlib.Path, required=True)
    parser.add_argument("--session", type=pathlib.Path, required=True)
    options = parser.parse_args()
    binary, session = options.binary.resolve(), options.session.resolve()
    for name in STEPS:
        with tempfile.TemporaryDirectory() as folder:
            draw(binary, session, name, pathlib.Path(folder))
