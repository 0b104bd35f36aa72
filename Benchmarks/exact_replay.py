"""How much faster a record is proved exact than it was drawn.

    python3 Benchmarks/exact_replay.py --binary .build/release/terntable

Plays a script one session at a time, as `terntable` draws a reply for a person, then proves the
journals with `replay --exact`; prints tokens a second of both and their ratio, medians over the
rounds, without the time that the program takes to start and to load the model. Nothing but the
standard library.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]


def seconds(command):
    start = time.monotonic()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.monotonic() - start, done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=".build/release/terntable")
    parser.add_argument("--script", default=str(ROOT / "sessions/three-ways.yaml"))
    parser.add_argument("--model", default="tutor")
    parser.add_argument("--seeds", default="1..5")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    model = ["--model", options.model]
    drawn, proved = [], []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            text = pathlib.Path(folder) / "text"
            text.write_text("One line.")
            start, _ = seconds([options.binary, "model", "score", options.model, "--text", text])
            play = [options.binary, "replay", options.script, "--seed", options.seeds]
            once, _ = seconds([*play, "--jobs", "1", "--out", folder, *model])
            journals = sorted(map(str, pathlib.Path(folder).rglob("*.jsonl")))
            again, found = seconds(
                [options.binary, "replay", *journals, "--exact", "--json", *model])
        reports = json.loads(found)["records"]
        assert all(report["exact"] for report in reports)
        tokens = sum(report["tokens_equal"] for report in reports)
        drawn.append(tokens / (once - start))
        proved.append(tokens / (again - start))
    first, second = statistics.median(drawn), statistics.median(proved)
    print(f"drawn one session at a time {first:8.0f} tokens/s")
    print(f"proved exact                {second:8.0f} tokens/s, {second / first:.1f} times")


if __name__ == "__main__":
    main()
