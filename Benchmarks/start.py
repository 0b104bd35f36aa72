"""How soon the first word comes: from starting the program to the first token of a reply; and how fast the rest is.

    python3 Benchmarks/start.py --binary .build/release/terntable

Each round starts the program anew with a question on its standard input and waits for the first bytes of the
reply on its standard output. Prints one JSON object: medians, and the fastest and slowest round. A machine is
noisy: the load average stands beside them, and they mean little where it is not near 0.
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

QUESTION = "What is 47 × 36?\n"


def first_token(binary: str, model: str, home: str) -> float:
    """Milliseconds from starting the program to the first bytes of the reply."""
    command = [binary, "chat", "--plain", "--temperature", "0", "--model", model]
    environment = os.environ | {"XDG_STATE_HOME": home}
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        process.stdin.write(QUESTION.encode())
        process.stdin.close()
        said, header = b"", f"\n{pathlib.Path(model).stem}:\n".encode()
        while header not in said or said.endswith(header):
            part = os.read(process.stdout.fileno(), 1 << 16)
            if not part:
                sys.exit(f"{binary}: no reply: {said.decode()!r}")
            said += part
        passed = time.perf_counter() - start
        # The rest is read so that the program ends as usual.
        while os.read(process.stdout.fileno(), 1 << 16):
            pass
    return passed * 1000


def decode_speed(binary: str, model: str) -> float:
    """Tokens a second of one reply at a time on one thread, behind a prompt of 512 tokens."""
    command = [binary, "model", "bench", model, "--json", "--threads", "1", "--prompt", "512", "--generate", "128"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["decode_tokens_per_second"]


def summary(values: list[float]) -> dict:
    return {"median": statistics.median(values), "low": min(values), "high": max(values), "rounds": len(values)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--models", nargs="+", default=["tutor"])
    parser.add_argument("--rounds", type=int, default=21)
    options = parser.parse_args()
    result = {"cores": os.cpu_count(), "load_before": os.getloadavg()[0], "models": {}}
    with tempfile.TemporaryDirectory() as home:
        for model in options.models:
            # The first start reads the program from the disk and is not counted.
            first_token(options.binary, model, home)
            starts = [first_token(options.binary, model, home) for _ in range(options.rounds)]
            speeds = [decode_speed(options.binary, model) for _ in range(5)]
            result["models"][model] = {
                "first_token_milliseconds": summary(starts), "decode_tokens_per_second": summary(speeds)
            }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
