"""What a key, a frame and a session of many turns cost on the screen.

    python Benchmarks/terminal.py --binary .build/release/terntable --turns 1000 100000

Writes a journal of that many turns, opens it in a terminal of its own (a pty), and prints: start
to the first screen (the model is loaded by then), resident memory, and the time from a key to the
first byte of its frame, over several hundred keys. Frames come at most every 33 ms, so keys are
sent no faster. Nothing but the standard library and, for the terminal, pyte.
"""

import argparse
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/Interop"))

from journals import Journal  # noqa: E402
from terminal import Terminal  # noqa: E402


def journal(path, turns):
    """Question and reply in turn."""
    many = Journal()
    for number in range(turns // 2):
        many.ask(f"What is {number} × 7? Say it in steps.")
        many._add("reply_started", {"parent": many.turns, "origin": {"kind": "answered"}})
        text = f"{number} × 7\n= {number * 7}\nAnswer: {number * 7}"
        many._add("reply_extended", {"text": text, "tokens": [1, 2, 3]})
        many._add("reply_finished", {"end": "end_of_turn"})
        many.turns += 1
    many.write(pathlib.Path(path))


def resident(pid) -> float:
    for row in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if row.startswith("VmRSS"):
            return int(row.split()[1]) / 1024
    return float("nan")


def measure(binary, turns, presses):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "many.tern.jsonl")
        journal(path, turns)
        size = os.path.getsize(path) / 1e6
        environment = {
            "PATH": os.environ["PATH"], "TERM": "xterm-256color", "HOME": folder,
            "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        start = time.perf_counter()
        terminal = Terminal(
            [binary, "chat", "--session", path, "--model", "tutor"], environment, 200, 50)
        terminal.wait_for("ready", seconds=300)
        first = time.perf_counter() - start
        terminal.settle()
        terminal.type(b"\x1b")
        terminal.settle()
        times = []
        for press in range(presses):
            terminal.type(b"\x1b[5~" if press % 4 < 3 else b"\x1b[6~")
            times.append(terminal.first_answer())
            terminal.settle(0.05)
        times.sort()
        memory = resident(terminal.pid)
        terminal.close()
    print(
        f"{turns:>7} turns, {size:6.1f} MB: first screen {first:6.2f} s, {memory:6.1f} MiB, "
        f"key to frame median {times[len(times) // 2] * 1e3:5.2f} ms, "
        f"99th percentile {times[int(len(times) * 0.99) - 1] * 1e3:5.2f} ms ({presses} keys)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=str(ROOT / ".build/release/terntable"))
    parser.add_argument("--turns", type=int, nargs="+", default=[1000, 100_000])
    parser.add_argument("--presses", type=int, default=200)
    options = parser.parse_args()
    for count in options.turns:
        measure(options.binary, count, options.presses)
