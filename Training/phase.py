"""A phase of training as config.toml describes it: where it starts, its recipe, its schedule, its files."""

import json
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from model import MATRICES, ModelShape, initial_parameters
from recipes import RECIPES

HERE = Path(__file__).parent


class Phase:
    def __init__(self, config: dict, name: str):
        self.config, self.name = config, name
        self.settings = config["phase"][name]
        self.runs = HERE / config["directory"]
        self.directory = self.runs / name
        self.directory.mkdir(parents=True, exist_ok=True)
        self.shape = ModelShape(**config["model"])
        self.recipe = RECIPES[self.settings["recipe"]]
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    @property
    def checkpoint(self) -> Path:
        return self.directory / "last.pt"

    @property
    def log_path(self) -> Path:
        return self.directory / "log.jsonl"

    @cached_property
    def steps(self) -> int:
        return self.settings["rates"][-1][0]

    @property
    def tokens_per_step(self) -> int:
        return self.parts_per_step * self.config["data"]["tokens_per_part"]

    @property
    def parts_per_step(self) -> int:
        return self.config["data"]["parts_per_step"]

    @property
    def is_complete(self) -> bool:
        return self.checkpoint.exists() and self.load()["step"] >= self.steps

    def load(self) -> dict:
        return torch.load(self.checkpoint, weights_only=True)

    def rate(self, step: int) -> float:
        """The share of the peak learning rates: the points of `rates` joined by straight lines."""
        return self.at("rates", step)

    def amount(self, step: int) -> float:
        """How far weights and activations are rounded: 0 full precision, 1 ternary and int8."""
        return self.at("rounding", step) if self.recipe.ternary else 0.0

    def share_left(self, step: int) -> float:
        return 1 - step / self.steps

    def at(self, key: str, step: int) -> float:
        steps, values = zip(*self.settings[key])
        return float(np.interp(step, steps, values))

    def state(self) -> dict:
        """The tensors, step, tokens and seconds to start from: own checkpoint, another phase's, or none."""
        if self.checkpoint.exists():
            return self.load()
        start = self.settings.get("start")
        if start is None:
            weights = initial_parameters(self.shape, self.config["seed"])
            return self.with_optimiser(weights, step=0, tokens=0, seconds=0.0)
        saved = torch.load(self.runs / start, weights_only=True)
        weights = {name: saved["weights"][name] for name in saved["weights"] if "." not in name}
        for name in MATRICES:
            for key, value in self.recipe.initial(weights[name]).items():
                weights[f"{name}.{key}"] = value
        found = self.with_optimiser(weights, step=0, tokens=saved["tokens"], seconds=saved["seconds"])
        for kind in ("first", "second"):
            for name, value in saved[kind].items():
                if name in found[kind]:
                    found[kind][name] = value
        found["adam_steps"] = saved["adam_steps"]
        return found

    def with_optimiser(self, weights: dict[str, Tensor], **numbers) -> dict:
        second = {n: torch.zeros_like(w) for n, w in weights.items() if n not in MATRICES}
        first = {n: torch.zeros_like(w) for n, w in weights.items()}
        return {"weights": weights, "first": first, "second": second, "adam_steps": 0, **numbers}

    def is_due(self, what: str, step: int, at: Iterable[int]) -> bool:
        """Whether a step named in `at` has come since `what` was last marked as done."""
        path = self.directory / f"{what}.step"
        done = int(path.read_text()) if path.exists() else 0
        return any(done < wanted <= step for wanted in at)

    def mark(self, what: str, step: int) -> None:
        (self.directory / f"{what}.step").write_text(str(step))

    def log(self, **values) -> None:
        line = json.dumps({"phase": self.name, **values})
        print(line, flush=True)
        with self.log_path.open("a") as file:
            file.write(line + "\n")
