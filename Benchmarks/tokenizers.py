"""How fast text becomes tokens, beside Hugging Face's `tokenizers` (PyPI), one thread each.

    python Benchmarks/tokenizers.py --binary .build/release/terntable

Both cut the same 10 MB of text with the vocabulary of SmolLM2-135M-Instruct, in turn, in one run, and
have to give the same tokens. `tokenizers` is timed in its fastest way: `encode_batch_fast` on lines
with RAYON_NUM_THREADS=1 (which gives other tokens at the ends of lines, so those compared are of the
whole text). Prints one JSON object: megabytes a second, medians over the rounds, and the ratio.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
# A file of this folder must not be taken for the package.
sys.path = [entry for entry in sys.path if pathlib.Path(entry or ".").resolve() != pathlib.Path(__file__).resolve().parent]
ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(1, str(ROOT / "Tests/Interop"))

import gguf  # noqa: E402
from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: E402

import smollm2  # noqa: E402


def text(megabytes):
    """This repository's own prose and code, repeated with a number before each line so that words differ."""
    paths = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "Sources").rglob("*.swift"), ROOT / "Training/heldout.txt"]
    lines = [line for path in sorted(paths) for line in path.read_text().splitlines(keepends=True)]
    parts, size, number = [], 0, 0
    while size < megabytes * 1e6:
        line = f"{number * 7919 % 1000003} {lines[number % len(lines)]}"
        parts.append(line)
        size += len(line.encode())
        number += 1
    return "".join(parts)


def theirs(model):
    fields = gguf.GGUFReader(model).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(rule.split(" ")) for rule in fields["tokenizer.ggml.merges"].contents()]
    made = Tokenizer(models.BPE(vocab={token: number for number, token in enumerate(tokens)}, merges=merges))
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])  # fmt: skip
    return made


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--megabytes", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    model = smollm2.path()
    content = text(options.megabytes)
    peer = theirs(model)
    lines = content.splitlines(keepends=True)
    count = len(peer.encode(content, add_special_tokens=False).ids)
    own, whole, batch = [], [], []
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(content)
        file.flush()
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
            command = [options.binary, "model", "tokenize", str(model), "--file", file.name, "--count", "--json"]
            said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            assert said["tokens"] == count, (said, count)
            own.append(said["seconds"])
            whole.append(seconds(lambda: peer.encode(content, add_special_tokens=False)))
            batch.append(seconds(lambda: peer.encode_batch_fast(lines, add_special_tokens=False)))
    size = len(content.encode()) / 1e6
    speed = {name: size / statistics.median(times) for name, times in
             [("terntable", own), ("tokenizers", whole), ("tokenizers_lines", batch)]}  # fmt: skip
    best = max(speed["tokenizers"], speed["tokenizers_lines"])
    print(json.dumps({
        "megabytes": size, "tokens": count, "threads": 1, "rounds": options.rounds,
        "megabytes_per_second": speed, "ratio": speed["terntable"] / best,
    }, indent=2))  # fmt: skip


if __name__ == "__main__":
    main()
