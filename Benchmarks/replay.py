"""Sessions a minute of the Feedback Friction protocol, beside a llama.cpp server.

    python Benchmarks/replay.py --binary .build/release/terntable          (or: make bench-replay)

100 problems, up to 10 attempts, greedy, "your answer was incorrect" after every wrong one. Terntable plays
it with `measure`; then the server of llama.cpp (PyPI xllamacpp) is given the very same prompts, as tokens,
session by session in the same order, and writes as many tokens for each. It keeps prompts cached and works on
several sessions at once, as `measure` does; both have the same threads. Which sessions there are comes from
Terntable's record, because a reply of llama.cpp may differ in the last bits and with it what is said next.
Both play in turn, round by round. Prints one JSON object: sessions a minute (medians), and their ratio.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
# A file of this folder must not be taken for the package.
sys.path = [entry for entry in sys.path if pathlib.Path(entry or ".").resolve() != ROOT / "Benchmarks"]
sys.path.insert(1, str(ROOT / "Tests/Interop"))

from llama_cpp import Peer  # noqa: E402

EXPERIMENT = """
terntable: 1
name: bench-replay
models: [tutor]
history: chat
sampling: { temperature: 0, max_tokens: 300 }
seed: 14
stop: { max_attempts: 10 }
tasks:
  - { family: subtraction, difficulty: 5, count: 50 }
  - { family: subtraction, difficulty: 6, count: 50 }
feedback:
  binary:
"""


def run(command, **options):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True, **options).stdout


def play(binary, folder):
    """Plays the experiment; seconds, without the time that the program takes to start."""
    experiment = folder / "experiment.yaml"
    experiment.write_text(EXPERIMENT)
    start = time.perf_counter()
    run([binary, "measure", experiment, "--dry-run"])
    begun = time.perf_counter()
    run([binary, "measure", experiment, "--out", folder / "journals"])
    return time.perf_counter() - begun - (begun - start)


def recorded(binary, folder):
    """(sessions) of (attempts) of (ids of the prompt, tokens written)."""
    export = [binary, "export", folder / "journals", "--format"]
    conversations = [json.loads(line)["messages"] for line in run([*export, "messages"]).splitlines()]
    rows = [json.loads(line) for line in run([*export, "jsonl"]).splitlines()]
    attempts = collections.defaultdict(list)
    for row in rows:
        if row["table"] == "attempts":
            attempts[row["session"]].append(row)
    chats = [{"messages": messages[:end]} for messages in conversations
             for end in range(1, len(messages), 2)]  # fmt: skip
    prompts = run([binary, "model", "prompt", "tutor", "--chats", "-", "--json"], input="".join(json.dumps(c) + "\n" for c in chats))
    ids = iter(json.loads(line)["ids"] for line in prompts.splitlines())
    sessions = [[(next(ids), row["generated_tokens"]) for row in rows] for rows in attempts.values()]
    told = [row["prompt_tokens"] for rows in attempts.values() for row in rows]
    assert told == [len(prompt) for session in sessions for prompt, _ in session], "other prompts than recorded"
    return sessions


def replay(peer, sessions, slots):
    """The same through the server, `slots` sessions at a time; seconds."""
    def converse(session):
        for prompt, count in session:
            answer = peer.complete(prompt, count, cache_prompt=True)
            # Where the context ends, it ends a token sooner.
            assert answer["tokens_predicted"] >= count - 1

    start = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(slots) as clients:
        list(clients.map(converse, sessions))
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / ".build/release/terntable")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slots", type=int, default=8, help="sessions at a time on the server")
    options = parser.parse_args()
    model = ROOT / "Sources/Inference/Resources/tutor.gguf"
    threads = os.cpu_count()
    ours, theirs = [], []
    peer = Peer(str(model), context=1024, threads=threads, slots=options.slots)
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            seconds = play(options.binary, folder)
            sessions = recorded(options.binary, folder)
        ours.append(60 * len(sessions) / seconds)
        theirs.append(60 * len(sessions) / replay(peer, sessions, options.slots))
    first, second = statistics.median(ours), statistics.median(theirs)
    print(json.dumps({
        "threads": threads, "sessions": len(sessions), "attempts": sum(map(len, sessions)),
        "tokens_written": sum(count for session in sessions for _, count in session),
        "sessions_per_minute": {"terntable": first, "llama.cpp": second}, "ratio": first / second,
    }, indent=2))  # fmt: skip


if __name__ == "__main__":
    main()
