"""Speed beside stock llama.cpp (PyPI xllamacpp), on the same files, in turn, in one run.

    python Benchmarks/speed.py --binary .build/release/terntable
    python Benchmarks/speed.py --binary .build/release/terntable --models 2b 125m tutor --write

Models: `tutor` (bundled), `2b` and `125m` (random ternary weights of the shapes of BitNet b1.58 2B-4T and of a
llama, written once to the folder for temporary files; 812 and 67 MB), or a path. Prints one JSON object: tokens a
second of both, medians over the rounds, their ratios, and what the machine reads and multiplies at most, measured in
the same rounds. `--write` renders docs/results/speed.md and its plot. A machine is noisy: read the ratios.
"""

import argparse
import datetime
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUNDLED = ROOT / "Sources/Inference/Resources/tutor.gguf"
PREFILL, DECODE = "prefill_tokens_per_second", "decode_tokens_per_second"
# Ternary multiplications of one token.
TERNARY = {"2b": 2_083_921_920, "125m": 125_829_120, "tutor": 5_111_808}


def model_path(name: str, folder: pathlib.Path) -> pathlib.Path:
    if name == "tutor":
        return BUNDLED
    if "/" in name or name.endswith(".gguf"):
        return pathlib.Path(name)
    import synthetic

    return synthetic.model(name, folder)


def ours(options, path, threads, batch=1, prompt=None, generate=None) -> dict:
    """One run of `terntable model bench`, which decodes behind its prompt."""
    command = [options.binary, "model", "bench", str(path), "--json", "--threads", str(threads), "--batch", str(batch)]
    command += ["--prompt", str(prompt or options.prompt), "--generate", str(generate or options.generate)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def as_theirs(options, path, threads) -> dict:
    """What `theirs` measures: prefill of a prompt, and decoding behind a single token."""
    prefill = ours(options, path, threads, generate=1)
    return ours(options, path, threads, prompt=1) | {PREFILL: prefill[PREFILL]}


def theirs(options, path, threads) -> dict:
    """The same work through llama.cpp, with its own timings; a process of its own, so that two models never share memory."""
    command = [sys.executable, __file__, "--peer", str(path), "--threads", str(threads)]
    command += ["--prompt", str(options.prompt), "--generate", str(options.generate)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def peer(path: str, threads: int, options) -> dict:
    sys.path.insert(0, str(ROOT / "Tests/Interop"))
    from llama_cpp import Peer

    server = Peer(path, threads=threads)
    # Tokens that differ in every position, and no prompt cache; the first run touches all weights.
    prompt = [10 + (7 * position) % 200 for position in range(options.prompt)]
    server.complete(prompt[:8], 1, cache_prompt=False)
    prefill = server.complete(prompt, 1, cache_prompt=False)["timings"]
    decode = server.complete(prompt[:1], options.generate, cache_prompt=False)["timings"]
    return {PREFILL: prefill["prompt_per_second"], DECODE: decode["predicted_per_second"]}


def measure(options, name, threads) -> dict:
    path = model_path(name, pathlib.Path(options.folder))
    first, second = [], []
    for number in range(options.rounds):
        print(f"{name}, {threads} threads, round {number + 1} of {options.rounds}", file=sys.stderr)
        first.append(as_theirs(options, path, threads))
        second.append(theirs(options, path, threads))
    middle = lambda runs, field: statistics.median(run[field] for run in runs)  # noqa: E731
    result = {
        "model": name, "threads": threads, "rounds": options.rounds, "kernel": first[0]["kernel"],
        "read_gigabytes_per_second": middle(first, "read_bytes_per_second") / 1e9,
        "multiply_peak_giga_per_second": middle(first, "multiply_peak_per_second") / 1e9,
        "decode_gigabytes_per_second": middle(first, DECODE) * first[0]["weight_bytes_per_token"] / 1e9,
    }  # fmt: skip
    for field in [PREFILL, DECODE]:
        mine, peers = middle(first, field), middle(second, field)
        ratios = [a[field] / b[field] for a, b in zip(first, second)]
        result[field] = {"terntable": mine, "llama_cpp": peers, "ratio": statistics.median(ratios)}
    if name in TERNARY:
        result["prefill_ternary_giga_per_second"] = result[PREFILL]["terntable"] * TERNARY[name] / 1e9
    if options.batches and threads == max(options.threads):
        result["batched_decode_tokens_per_second"] = {
            str(batch): ours(options, path, threads, batch, prompt=1)[DECODE] for batch in options.batches
        }
    return result


def page(results, options) -> str:
    lines = [
        "# Speed", "",
        f"Terntable and stock llama.cpp (PyPI xllamacpp, TQ2_0) on the same files, in turn, {options.rounds} rounds, medians; prefill of {options.prompt}",
        f"tokens, and greedy decoding of {options.generate} behind a single one. Written by `make bench`; `2b` and `125m` hold random weights. *Reads* and *multiplies* are what one",
        "thread of the machine did at most in the same runs, in GB/s and in 10⁹ int8 products a second. This machine is virtual and was shared:",
        "both engines suffer from what else runs, the ratios less than the figures.", "",
        f"{datetime.date.today()}, {os.cpu_count()} processors.", "",
        "| Model | Threads | Prefill | llama.cpp | Ratio | Decode | llama.cpp | Ratio | Reads | Multiplies |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]  # fmt: skip
    for r in results:
        cells = [r["model"], str(r["threads"])]
        for field in [PREFILL, DECODE]:
            cells += [f"{r[field]['terntable']:,.0f}", f"{r[field]['llama_cpp']:,.0f}", f"**{r[field]['ratio']:.2f}**"]
        cells += [f"{r['read_gigabytes_per_second']:.1f}", f"{r['multiply_peak_giga_per_second']:.0f}"]
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "![Tokens a second, as multiples of llama.cpp](speed.svg)", ""]
    batched = [r for r in results if r.get("batched_decode_tokens_per_second")]
    if batched:
        lines += ["Sequences decoded at once, tokens a second of all of them together:", ""]
        sizes = list(batched[0]["batched_decode_tokens_per_second"])
        lines += ["| Model | Threads | " + " | ".join(sizes) + " |", "|---|--:" + "|--:" * len(sizes) + "|"]
        for r in batched:
            values = [f"{value:,.0f}" for value in r["batched_decode_tokens_per_second"].values()]
            lines.append(f"| {r['model']} | {r['threads']} | " + " | ".join(values) + " |")
        lines.append("")
    return "\n".join(lines)


def plot(results, path):
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "terntable"
    import matplotlib.pyplot as plot

    figure, axes = plot.subplots(figsize=(7, 0.6 + 0.6 * len(results)))
    names = [f"{r['model']}, {r['threads']} thread{'s' * (r['threads'] > 1)}" for r in results]
    for offset, field, colour in [(-0.18, PREFILL, "#4c78a8"), (0.18, DECODE, "#f58518")]:
        places = [index + offset for index in range(len(results))]
        bars = axes.barh(places, [r[field]["ratio"] for r in results], 0.34, label=field.split("_")[0], color=colour)
        axes.bar_label(bars, fmt="%.1f", padding=3)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_yticks(range(len(results)), names)
    axes.invert_yaxis()
    axes.set_xlabel("times llama.cpp (TQ2_0) on the same file")
    axes.legend(loc="best")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=str(ROOT / ".build/release/terntable"))
    parser.add_argument("--models", nargs="+", default=["tutor"])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--generate", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batches", type=int, nargs="*", default=[], help="sequences decoded at once")
    parser.add_argument("--folder", default=tempfile.gettempdir(), help="where synthetic models are kept")
    parser.add_argument("--write", action="store_true", help="render docs/results/speed.md")
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        print(json.dumps(peer(options.peer, options.threads[0], options)))
        return
    results = [measure(options, name, threads) for name in options.models for threads in options.threads]
    print(json.dumps(results, indent=2))
    if options.write:
        (ROOT / "docs/results/speed.md").write_text(page(results, options))
        plot(results, ROOT / "docs/results/speed.svg")


if __name__ == "__main__":
    main()
