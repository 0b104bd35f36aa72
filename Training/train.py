"""Trains the tutor as config.toml says, and resumes where it stopped.

    python Training/train.py                 train, or go on training
    python Training/train.py --minutes 5     stop early, at a checkpoint
"""

import argparse
import dataclasses
import json
import os
import sys
import time
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
# With glibc's defaults every large tensor is mapped and unmapped anew, and
# page faults take most of the time. Both must be set before the process starts.
MALLOC = {"MALLOC_MMAP_THRESHOLD_": "8000000000", "MALLOC_TRIM_THRESHOLD_": "8000000000"}
if __name__ == "__main__" and "MALLOC_MMAP_THRESHOLD_" not in os.environ:
    os.environ.update(MALLOC, OMP_WAIT_POLICY="passive")
    os.execv(sys.executable, [sys.executable, *sys.argv])

import numpy as np  # noqa: E402
import torch  # noqa: E402

import families  # noqa: E402
import mistakes  # noqa: E402
import tokenizer as bpe  # noqa: E402
from batches import batch  # noqa: E402
from dialogues import user  # noqa: E402
from export import from_state  # noqa: E402
from model import ModelShape, Tutor  # noqa: E402
from reference import generate  # noqa: E402


class Run:
    def __init__(self, config: dict):
        self.config = config
        self.directory = HERE / config["directory"]
        self.directory.mkdir(parents=True, exist_ok=True)
        self.mistakes = mistakes.load()
        self.encoder = bpe.Encoder(bpe.load())
        torch.manual_seed(config["seed"])
        torch.set_num_threads(config["threads"])
        self.shape = ModelShape(**config["model"])
        self.model = Tutor(self.shape)
        self.optimisers = self.make_optimisers()
        self.step, self.seconds = 0, 0.0
        if self.checkpoint.exists():
            self.resume()
        self.loss = torch.compile(self.model.loss, dynamic=False)

    @property
    def checkpoint(self) -> Path:
        return self.directory / "last.pt"

    def make_optimisers(self) -> list[torch.optim.Optimizer]:
        """Muon for the ternary matrices, AdamW for norms and the embedding.

        Muon costs more for each step and less for each thing learnt; on two
        busy cores tokens are the scarcer good.
        """
        settings = self.config["optimiser"]
        matrices = [p for n, p in self.model.named_parameters() if n.startswith("blk") and p.dim() == 2]
        chosen = set(map(id, matrices))
        others = [p for p in self.model.parameters() if id(p) not in chosen]
        muon = torch.optim.Muon(
            matrices, lr=settings["matrix_rate"], weight_decay=settings["weight_decay"],
            adjust_lr_fn="match_rms_adamw",
        )  # fmt: skip
        adam = torch.optim.AdamW(
            others, lr=settings["other_rate"], betas=(0.9, 0.98), weight_decay=0.0, fused=True
        )
        for optimiser in (muon, adam):
            for group in optimiser.param_groups:
                group["peak"] = group["lr"]
        return [muon, adam]

    def rate(self, step: int) -> float:
        """The share of the peak learning rates: the schedule's points joined by straight lines."""
        steps, rates = zip(*self.config["optimiser"]["schedule"])
        return float(np.interp(step, steps, rates))

    def train(self, minutes: float) -> None:
        deadline = time.monotonic() + 60 * minutes
        steps = self.config["optimiser"]["schedule"][-1][0]
        settings = self.config["run"]
        while self.step < steps and time.monotonic() < deadline:
            started = time.monotonic()
            loss = self.train_step()
            elapsed = time.monotonic() - started
            self.seconds += elapsed
            self.step += 1
            if self.step % settings["log_every"] == 0:
                speed = self.config["data"]["tokens_per_step"] / elapsed
                rate = round(self.rate(self.step), 4)
                self.log(loss=round(loss, 4), rate=rate, tokens_per_second=round(speed))
            if self.step % settings["evaluate_every"] == 0:
                self.log(held_out_products=self.accuracy(settings["evaluate_problems"]))
            if self.step % settings["save_every"] == 0:
                self.save()
        self.save()

    def train_step(self) -> float:
        data = self.config["data"]
        own = self.mistakes if self.step >= data["mistakes_from_step"] else ()
        arrays = batch(self.encoder, self.config["seed"], self.step, data, own)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * self.rate(self.step)
        loss = self.loss(*map(torch.from_numpy, arrays))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.config["optimiser"]["clip"])
        for optimiser in self.optimisers:
            optimiser.step()
        self.model.zero_grad()
        return loss.item()

    def accuracy(self, count: int) -> float:
        """The share of held-out two-digit products whose greedy reply ends in the right answer."""
        problems = families.problems("multiplication", "2x2", count, seed=1, held_out=True)
        prompts = [self.encoder.prompt([user(p.question)]) for p in problems]
        model = from_state(self.shape, self.model.state_dict())
        replies = generate(model, prompts, self.encoder.end, most=200)
        texts = [self.encoder.tokenizer.decode(reply) for reply in replies]
        return sum(t.endswith(f"Answer: {p.answer}") for t, p in zip(texts, problems)) / count

    def log(self, **values) -> None:
        tokens = self.step * self.config["data"]["tokens_per_step"]
        line = json.dumps({"step": self.step, "tokens": tokens, "seconds": round(self.seconds), **values})
        print(line, flush=True)
        with (self.directory / "log.jsonl").open("a") as file:
            file.write(line + "\n")

    def save(self) -> None:
        temporary = self.checkpoint.with_suffix(".part")
        torch.save({
            "step": self.step, "seconds": self.seconds, "shape": dataclasses.asdict(self.shape),
            "model": self.model.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
        }, temporary)  # fmt: skip
        temporary.rename(self.checkpoint)

    def resume(self) -> None:
        saved = torch.load(self.checkpoint, weights_only=True)
        self.model.load_state_dict(saved["model"])
        for optimiser, state in zip(self.optimisers, saved["optimisers"]):
            optimiser.load_state_dict(state)
        self.step, self.seconds = saved["step"], saved["seconds"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--config", type=Path, default=HERE / "config.toml")
    options = parser.parse_args()
    config = tomllib.loads(options.config.read_text())
    if not bpe.PATH.exists():
        bpe.train(config["seed"], config["model"]["vocabulary"]).save(str(bpe.PATH))
    Run(config).train(options.minutes)


if __name__ == "__main__":
    main()
