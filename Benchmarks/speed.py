"""Speed beside stock llama.cpp (PyPI xllamacpp), on the same file, in turn, in one run.

    python Benchmarks/speed.py --binary .build/release/terntable

Prints one JSON object: tokens a second of both, medians over the rounds, and their ratios.
A machine is noisy: read the ratios, and run it when nothing else runs.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/Interop"))

from llama_cpp import Peer  # noqa: E402


def ours(binary: str, model: str, options) -> dict:
    """One run of `terntable model bench`."""
    command = [binary, "model", "bench", model, "--json", "--threads", str(options.threads)]
    command += ["--prompt", str(options.prompt), "--generate", str(options.generate)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def theirs(peer: Peer, options) -> dict:
    """The same work through llama.cpp, with its own timings."""
    # Tokens that differ in every round and position, so that no prompt cache can answer.
    prompt = [10 + (7 * position) % 200 for position in range(options.prompt)]
    prefill = peer.complete(prompt, 1, cache_prompt=False)["timings"]
    decode = peer.complete(prompt[:1], options.generate, cache_prompt=False)["timings"]
    return {
        "prefill_tokens_per_second": prefill["prompt_per_second"],
        "decode_tokens_per_second": decode["predicted_per_second"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--model", default=str(ROOT / "Sources/Inference/Resources/tutor.gguf"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--generate", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()

    peer = Peer(options.model, threads=options.threads)
    rounds = []
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
        rounds.append((ours(options.binary, options.model, options), theirs(peer, options)))

    result = {"threads": options.threads, "rounds": options.rounds, "kernel": rounds[0][0]["kernel"]}
    for name in ["prefill_tokens_per_second", "decode_tokens_per_second"]:
        mine = statistics.median(first[name] for first, _ in rounds)
        peers = statistics.median(second[name] for _, second in rounds)
        result[name] = {"terntable": mine, "llama_cpp": peers, "ratio": mine / peers}
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
