"""Draws the runs' logs to curves.png: loss over tokens, the recipe comparison, accuracy of each family.

    python Training/plot.py
"""

import argparse
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

HERE = Path(__file__).parent
PHASES = ("trunk", "ternary", "twin")


def read(runs: Path, phase: str) -> list[dict]:
    path = runs / phase / "log.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def smooth(values: list[float], share: float) -> list[float]:
    """An exponential average, so that the noise of single steps does not hide the curve."""
    found: list[float] = []
    for value in values:
        found.append(value if not found else share * found[-1] + (1 - share) * value)
    return found


def draw_loss(axes, lines: list[dict], label: str, share: float) -> None:
    lines = [line for line in lines if "loss" in line]
    if not lines:
        return
    losses = smooth([line["loss"] for line in lines], share)
    axes.plot([line["tokens"] / 1e6 for line in lines], losses, label=label, linewidth=1.2)


def draw_skills(axes, lines: list[dict], phase: str, style: str, colours: dict) -> None:
    lines = [line for line in lines if "skills" in line]
    for family in lines[0]["skills"] if lines else ():
        colour = colours.setdefault(family, f"C{len(colours)}")
        axes.plot(
            [line["tokens"] / 1e6 for line in lines], [line["skills"][family] for line in lines], style,
            color=colour, label=family if phase == "trunk" else None, markersize=4, linewidth=1,
        )  # fmt: skip


def finish(axes, title: str, y: str) -> None:
    axes.set_title(title, fontsize=9)
    axes.set_xlabel("million tokens", fontsize=8)
    axes.set_ylabel(y, fontsize=8)
    axes.tick_params(labelsize=7)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=6, loc="upper left" if len(axes.lines) > 4 else "best", framealpha=0.6)


def draw(runs: Path, output: Path) -> None:
    figure, (left, middle, right) = pyplot.subplots(1, 3, figsize=(12, 3.8), dpi=90)
    colours: dict = {}
    for phase, style in zip(PHASES, ("-o", "--s", ":^")):
        draw_loss(left, read(runs, phase), phase, 0.6)
        draw_skills(right, read(runs, phase), phase, style, colours)
    for directory in sorted(runs.glob("recipe-*")):
        draw_loss(middle, read(runs, directory.name), directory.name.removeprefix("recipe-"), 0.0)
    left.set_yscale("log")
    finish(left, "trunk and branches", "loss, nats a learnt token")
    finish(middle, "recipes, from the same checkpoint on the same data", "loss, nats a learnt token")
    finish(right, "held out, right at first (○ trunk, □ ternary, △ twin)", "share")
    figure.tight_layout()
    figure.savefig(output)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=Path, default=HERE / "runs")
    parser.add_argument("--output", type=Path, default=HERE / "curves.png")
    options = parser.parse_args()
    draw(options.runs, options.output)


if __name__ == "__main__":
    main()
