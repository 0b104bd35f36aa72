"""What a start, a key, a frame and a session of many turns cost on the screen, and whether every cell is right.

    python Benchmarks/terminal.py --binary .build/release/terntable --turns 1000 100000
    python Benchmarks/terminal.py --journeys 10000

Writes a journal of that many turns, opens it in a terminal of its own (a pty, 200 by 50), and prints as one JSON
object a line: start to the first screen, to the record on the screen and to a model that answers; resident
memory; the time from a key to the first byte of its frame; what each frame costs while a reply streams, as the
program counts it. With --journeys: random keys and sizes, compared frame by frame with what another
terminal (pyte) shows. The machine's load stands beside the times: they mean little where it is not near 0.
"""

import argparse
import json
import os
import pathlib
import re
import sys
import tempfile
import time

# Before the tests are to be found, which have another module of this name.
import synthetic

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/Interop"))

from frames import Frames  # noqa: E402
from journals import Journal  # noqa: E402
from journeys import Journeys  # noqa: E402
from terminal import Terminal  # noqa: E402

RULE = "── ".encode()
ELSEWHERE = re.compile("([0-9]+) turns elsewhere")


def journal(path, turns):
    """Question and reply in turn, every fifth tried again, every seventh drawn again."""
    many = Journal()
    number = 0
    while many.turns < turns:
        number += 1
        asked = many.ask(f"What is {number} × 7? Say it in steps.")
        text = f"{number} × 7\n= {number * 7}\nAnswer: {number * 7}"
        reply = many.reply(text)
        if number % 5 == 0:
            many.feedback("unary")
            many.reply(text)
        elif number % 7 == 0:
            many.again(reply, asked, text)
    return many.write(pathlib.Path(path))


def environment(home):
    return {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "HOME": home, "LC_ALL": "C.UTF-8"}


def resident(pid) -> float:
    for row in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if row.startswith("VmRSS"):
            return int(row.split()[1]) / 1024
    return float("nan")


def since(start) -> float:
    """Milliseconds."""
    return round((time.perf_counter() - start) * 1e3, 1)


def percentile(values, share):
    values = sorted(values)
    return round(values[min(len(values) - 1, int(len(values) * share))], 2)


def keys(terminal, presses):
    """Milliseconds from a key to the first byte of its frame."""
    times = []
    for press in range(presses):
        # Up and down among the newest turns, page by page and row by row; each moves the view.
        terminal.type([b"\x1b[5~", b"k", b"\x1b[6~", b"j"][press % 4])
        times.append(terminal.first_answer() * 1e3)
        terminal.settle(0.05)
    return times


def measure(binary, turns, presses):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "many.tern.jsonl")
        journal(path, turns)
        start = time.perf_counter()
        terminal = Terminal([binary, "chat", "--session", path, "--model", "tutor"], environment(folder), 200, 50)
        # Read only, not drawn: drawing takes pyte longer than the program.
        while RULE not in terminal.raw:
            terminal.read_raw(10)
        result = {
            "turns": turns, "journal_megabytes": round(os.path.getsize(path) / 1e6, 1),
            "first_screen_milliseconds": since(start),
        }  # fmt: skip
        for seen, name in [(b"Answer: ", "record_shown_milliseconds"), (b"ready", "ready_milliseconds")]:
            while seen not in terminal.raw:
                terminal.read_raw(10)
            result[name] = since(start)
        terminal.settle()
        terminal.type(b"\x1b")
        terminal.settle()
        times = keys(terminal, presses)
        result |= {
            "key_to_frame_milliseconds": {"median": percentile(times, 0.5), "p99": percentile(times, 0.99)},
            "keys": presses, "resident_mebibytes": round(resident(terminal.pid), 1),
        }  # fmt: skip
        # The first thing recorded takes the session over for good.
        terminal.type(b"+")
        terminal.wait_for("rated good")
        result["resident_mebibytes_after_a_rating"] = round(resident(terminal.pid), 1)
        result["load"] = os.getloadavg()[0]
        terminal.close()
    print(json.dumps(result))


def stream(binary, turns):
    """What a frame costs the thread that draws it, while a long reply streams into a session of so many turns, most
    of them on another branch: no model reads them all.

    The model has random weights: its words mean nothing, but they come as fast as words of a real one of that size,
    and it does not stop before it is told to. The program counts its own time, frame by frame (TERNTABLE_FRAMES).
    """
    model = synthetic.model("125m", pathlib.Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory() as folder:
        frames = Frames(os.path.join(folder, "frames"))
        path = journal(os.path.join(folder, "many.tern.jsonl"), turns)
        arguments = [binary, "chat", "--session", str(path), "--model", str(model)]
        terminal = Terminal(arguments, environment(folder) | {"TERNTABLE_FRAMES": frames.path}, 200, 50)

        def until(is_it, seen=lambda frame: None):
            while True:
                frame = frames.next(0.005)
                # Read only, not drawn: drawing takes pyte longer than the program.
                terminal.read_raw(0)
                if frame is None:
                    continue
                status = next((line for line in frame.lines if line.startswith("── ")), "")
                if is_it(status):
                    return status
                seen(frame)

        until(lambda status: " · ready" in status)
        terminal.type(b"/go 2\r")
        until(lambda status: (found := ELSEWHERE.search(status)) and int(found[1]) >= turns - 2 and "ready" in status)
        terminal.type("What is 4739 × 3616? Show every step.\r".encode())
        costs, start = [], None
        until(lambda status: " · writing" in status)
        start = time.perf_counter()
        last = until(lambda status: " · ready" in status, lambda frame: costs.append((frame.processor / 1e3, frame.wall / 1e3)))
        seconds = time.perf_counter() - start
        terminal.close()
        frames.close()
    processor, wall = zip(*costs)
    print(json.dumps({
        "turns": turns, "columns": 200, "rows": 50, "frames": len(costs),
        "seconds": round(seconds, 2), "frames_a_second": round(len(costs) / seconds, 1),
        "processor_milliseconds_a_frame": {"median": percentile(processor, 0.5), "p99": percentile(processor, 0.99)},
        "wall_milliseconds_a_frame": {"median": percentile(wall, 0.5), "p99": percentile(wall, 0.99)},
        "status": last, "load": os.getloadavg()[0],
    }, ensure_ascii=False))  # fmt: skip


def play(binary, count, seed):
    """Journeys; a thousand for each program."""
    start = time.perf_counter()
    compared = cells = 0
    while compared < count:
        with tempfile.TemporaryDirectory() as folder:
            from test_screen import conversation

            session = conversation(pathlib.Path(folder))
            arguments = [binary, "chat", "--session", str(session), "--model", "tutor"]
            journeys = Journeys(arguments, environment(folder), os.path.join(folder, "frames"), seed + compared)
            for _ in range(min(1000, count - compared)):
                journeys.play()
            compared += journeys.compared
            cells += journeys.cells
            journeys.close()
        print(f"{compared} of {count} journeys, {time.perf_counter() - start:.0f} s", file=sys.stderr)
    print(json.dumps({
        "journeys": compared, "cells_compared": cells, "cells_dropped_or_garbled": 0,
        "seconds": round(time.perf_counter() - start, 1),
    }))  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=str(ROOT / ".build/release/terntable"))
    parser.add_argument("--turns", type=int, nargs="*", default=[1000, 100_000])
    parser.add_argument("--presses", type=int, default=400)
    parser.add_argument("--journeys", type=int, default=0, help="play these, and measure nothing else")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.journeys:
        play(options.binary, options.journeys, options.seed)
    else:
        for many in options.turns:
            measure(options.binary, many, options.presses)
            stream(options.binary, many)
