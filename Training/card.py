"""Writes the measured numbers into the model card and the README; none of them is typed by hand.

    python3 Training/card.py FOLDER      take the measurements in (`make evaluate` does), then write
    python3 Training/card.py             write again what results.json has

FOLDER holds the program's own JSON: `report.json`, `tutor.json` and `tutor-f16.json` (`model info`), and what
split.py, compare.py, mixture.py and Benchmarks/start.py print; beside them the journals. What is measured on other
weights than those of `model info` is dropped, so a section says "not measured" rather than something old.
"""

import argparse
import json
import re
import sys
from pathlib import Path

from card_blocks import BLOCKS

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
PAGES = (HERE / "CARD.md", HERE.parent / "README.md")
MODELS = ("tutor", "tutor-f16")
PHASES = ("trunk", "ternary", "twin")
SECTIONS = ("split", "llama_cpp", "start", "mixture", "example")
BLOCK = re.compile(r"(<!-- make evaluate: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
INTERVAL = ("n", "share", "low", "high")


def read_json(path: Path):
    return json.loads(path.read_text()) if path.exists() and path.stat().st_size else None


def first_attempts(report: dict) -> list[dict]:
    return [
        {k: row[k] for k in ("model", "family", "difficulty", "unanswered")} | row["first"]
        for row in report["families"]
    ]


def other_sizes(report: dict) -> list[dict]:
    return [row for row in first_attempts(report) if row["model"] == "tutor"]


def feedback(report: dict) -> list[dict]:
    """One row a model and kind of feedback: what became of the replies that got it."""
    rows = []
    for arm in report["arms"]:
        of_wrong = arm["error_to_right"]["n"] > 0
        share = arm["error_to_right" if of_wrong else "modification_rate"]
        rows.append(
            {"model": arm["model"], "arm": arm["arm"], "of": "wrong" if of_wrong else "right"}
            | {k: share[k] for k in INTERVAL}
            | {"count": arm["ft" if of_wrong else "tf"], "stuck": arm["stuck"], "leaks": arm["leaks"]}
        )
    return rows


def feedback_by_family(report: dict) -> list[dict]:
    rows = []
    for row in report["families"]:
        arms = {
            arm["arm"]: {"right_after": arm["ft"], "wrong": arm["ft"] + arm["ff"],
                         "lost": arm["tf"], "right": arm["tt"] + arm["tf"]}
            for arm in row["arms"]
        }  # fmt: skip
        rows.append({"model": row["model"], "family": row["family"], "arms": arms})
    return rows


def comparisons(report: dict) -> list[dict]:
    keys = ("a", "b", "measure", "difference", "low", "high", "pairs", "only_a", "only_b", "mcnemar_p", "sentence")
    return [{k: row[k] for k in keys} for row in report["comparisons"]]


def training(runs: Path) -> dict:
    """The last step of each phase: steps, and tokens and seconds since the trunk's first step."""
    found = {}
    for phase in PHASES:
        log = runs / phase / "log.jsonl"
        lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        steps = [line for line in lines if "loss" in line]
        if steps:
            last, tail = steps[-1], [line["loss"] for line in steps[-10:]]
            found[phase] = {k: last[k] for k in ("step", "tokens", "seconds")} | {"loss": sum(tail) / len(tail)}
    return found


def collect(folder: Path, runs: Path) -> dict:
    """results.json with what the folder has put in its place."""
    models = {name: info for name in MODELS if (info := read_json(folder / f"{name}.json"))}
    known = read_json(RESULTS) or {}
    digests = {name: info["sha256"] for name, info in models.items()}
    if digests != {name: info["sha256"] for name, info in known.get("models", {}).items()}:
        known = {}
    results = known | {"models": models}
    if report := read_json(folder / "report.json"):
        results["first"] = first_attempts(report)
        results["feedback"] = feedback(report)
        results["by_family"] = feedback_by_family(report)
        results["comparisons"] = comparisons(report)
        results["sessions"], results["bootstrap"] = report["sessions"], report["bootstrap"]
    if sizes := read_json(folder / "sizes.json"):
        results["sizes"] = other_sizes(sizes)
    for name in SECTIONS:
        if section := read_json(folder / f"{name}.json"):
            results[name] = section
    if found := training(runs):
        results["training"] = found
    return results


def rendered(page: str, results: dict, recipes: dict) -> str:
    """The page with each of its blocks written anew."""

    def block(match: re.Match) -> str:
        return match[1] + "\n".join(BLOCKS[match[2]](results | {"recipes": recipes})) + "\n" + match[3]

    return BLOCK.sub(block, page)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--runs", type=Path, default=HERE / "runs", help="for steps, tokens and time of the training")
    options = parser.parse_args()
    results = collect(options.folder, options.runs) if options.folder else read_json(RESULTS)
    if not results:
        sys.exit(f"{RESULTS}: nothing measured yet; run make evaluate")
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    for page in PAGES:
        page.write_text(rendered(page.read_text(), results, read_json(HERE / "recipes.json")))
        print(f"wrote {page}", file=sys.stderr)


if __name__ == "__main__":
    main()
