"""How speed goes as work grows: contexts, sequences at once, threads.

    python Benchmarks/curves.py --binary .build/release/terntable --models tutor
    python Benchmarks/curves.py --models 2b 125m tutor --write

Decoding of one sequence behind contexts of 128 to 8,192 tokens, prefill of as many, and decoding of 1 to 64 sequences
at once, each with 1 and 2 threads; the best of the rounds, since what else runs only makes it slower. Prints one JSON
object, and names every cliff: a step where more work at once takes longer a token than less did, by more than
`--tolerance`. `--write` renders docs/results/curves.md and its plots.
"""

import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import types

from speed import DECODE, PREFILL, ROOT, model_path, ours

# Tokens decoded behind a context; a run decodes as many for every number of sequences.
GENERATED = 16
# The prompt of sequences that are decoded at once.
PROMPT = 64


def context_length(options, path) -> int:
    command = [options.binary, "model", "info", str(path), "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["context_length"]


def best(options, path, threads, prompt, batch=1) -> dict:
    run = types.SimpleNamespace(binary=options.binary, prompt=prompt, generate=GENERATED)
    runs = [ours(run, path, threads, batch) for _ in range(options.rounds)]
    return {field: max(run[field] for run in runs) for field in [PREFILL, DECODE]}


def measure(options, name, threads) -> dict:
    path = model_path(name, pathlib.Path(options.folder))
    longest = context_length(options, path)
    result = {"model": name, "threads": threads, "contexts": {}, "sequences": {}}
    for context in [c for c in options.contexts if c <= longest]:
        print(f"{name}, {threads} threads, context {context}", file=sys.stderr)
        result["contexts"][context] = best(options, path, threads, context - GENERATED)
    for count in options.sequences:
        print(f"{name}, {threads} threads, {count} sequences", file=sys.stderr)
        result["sequences"][count] = best(options, path, threads, PROMPT, count)[DECODE]
    result["cliffs"] = cliffs(result, options.tolerance)
    return result


def cliffs(result, tolerance) -> list[str]:
    """Steps at which a token takes longer than fewer sequences, or the growth of the context, would let it."""
    found, highest = [], 0.0
    for count, rate in result["sequences"].items():
        if rate < highest * (1 - tolerance):
            found.append(f"{count} sequences: {rate:,.0f} tokens/s, fewer reached {highest:,.0f}")
        highest = max(highest, rate)
    contexts = list(result["contexts"])
    for low, middle, high in zip(contexts, contexts[1:], contexts[2:]):
        times = [1 / result["contexts"][context][DECODE] for context in (low, middle, high)]
        slope = max(0.0, times[1] - times[0]) / (middle - low)
        foreseen = times[1] + slope * (high - middle)
        if times[2] > foreseen * (1 + tolerance):
            found.append(f"context {high}: {times[2] * 1e3:.2f} ms a token, {foreseen * 1e3:.2f} foreseen")
    return found


def table(results, kind, field=None) -> list[str]:
    columns = sorted({column for r in results for column in r[kind]})
    lines = ["| Model | Threads | " + " | ".join(f"{c:,}" for c in columns) + " |", "|---|--:" + "|--:" * len(columns) + "|"]
    for r in results:
        cells = []
        for column in columns:
            value = r[kind].get(column)
            value = value[field] if value is not None and field else value
            cells.append("" if value is None else f"{value:,.0f}")
        lines.append(f"| {r['model']} | {r['threads']} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def page(results, options) -> str:
    lines = [
        "# Speed as work grows", "",
        f"Tokens a second, the best of {options.rounds} round{'s' * (options.rounds > 1)}; models as in [speed](speed.md). Written by `make bench-curves`.", "",
        f"{datetime.date.today()}, {os.cpu_count()} processors.", "",
        "![Tokens a second by context and by sequences at once](curves.svg)", "",
        "Decoding one sequence, by context:", "", *table(results, "contexts", DECODE),
        "Prefill, by tokens of the prompt:", "", *table(results, "contexts", PREFILL),
        f"Decoding, all sequences together, by their number (context {PROMPT}):", "", *table(results, "sequences"),
    ]  # fmt: skip
    found = [f"- {r['model']}, {r['threads']} threads: {cliff}" for r in results for cliff in r["cliffs"]]
    title = f"Cliffs, beyond {options.tolerance:.0%}:"
    return "\n".join(lines + ([title, "", *found, ""] if found else [f"No cliff beyond {options.tolerance:.0%}.", ""]))


def plot(results, path):
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "terntable"
    import matplotlib.pyplot as plot

    figure, (left, right) = plot.subplots(1, 2, figsize=(9, 4), sharey=True)
    names = list(dict.fromkeys(r["model"] for r in results))
    for r in results:
        style = {"color": f"C{names.index(r['model'])}", "linestyle": "--" if r["threads"] == 1 else "-", "marker": "o", "markersize": 3}
        label = f"{r['model']}, {r['threads']} thread{'s' * (r['threads'] > 1)}"
        left.plot(list(r["contexts"]), [v[DECODE] for v in r["contexts"].values()], label=label, **style)
        right.plot(list(r["sequences"]), list(r["sequences"].values()), label=label, **style)
    for axes, title in [(left, "context"), (right, "sequences at once")]:
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        axes.set_xlabel(title)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.grid(alpha=0.3)
    left.set_ylabel("tokens decoded a second")
    figure.legend(*left.get_legend_handles_labels(), loc="lower center", ncols=len(names), fontsize="small")
    figure.tight_layout(rect=(0, 0.14, 1, 1))
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=str(ROOT / ".build/release/terntable"))
    parser.add_argument("--models", nargs="+", default=["tutor"])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--contexts", type=int, nargs="+", default=[128, 256, 512, 1024, 2048, 4096, 8192])
    parser.add_argument("--sequences", type=int, nargs="+", default=[1, 2, 3, 4, 6, 8, 12, 16, 32, 64])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tolerance", type=float, default=0.1)
    parser.add_argument("--folder", default=tempfile.gettempdir(), help="where synthetic models are kept")
    parser.add_argument("--write", action="store_true", help="render docs/results/curves.md")
    options = parser.parse_args()
    results = [measure(options, name, threads) for name in options.models for threads in options.threads]
    print(json.dumps(results, indent=2))
    if options.write:
        (ROOT / "docs/results/curves.md").write_text(page(results, options))
        plot(results, ROOT / "docs/results/curves.svg")


if __name__ == "__main__":
    main()
