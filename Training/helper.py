"""What the parent process does while workers train: data ahead of time, and now and then an observer.

The observer is a process of its own that loads the last checkpoint, measures
held-out accuracy, and collects the model's own mistakes when they are due.
"""

import torch
import torch.multiprocessing as processes

import mistakes
import tokenizer
from batches import chunk_path, write_chunk
from export import from_checkpoint
from phase import Phase
from skills import right_replies

CHUNKS_AHEAD = 2


class Helper:
    def __init__(self, phase: Phase):
        self.phase = phase
        self.encoder = tokenizer.Encoder(tokenizer.load())
        self.own, self.own_changed = {}, 0.0
        self.own_path = phase.runs / "mistakes.jsonl"
        self.observer, self.seen = None, 0.0

    def write_data(self, step: int) -> None:
        """The chunk of this step and the next ones, with the mistakes known by now."""
        data = self.phase.config["data"]
        directory = self.phase.runs / self.phase.settings["data"]
        now = step * self.phase.parts_per_step // data["parts_per_chunk"]
        last = (self.phase.steps * self.phase.parts_per_step - 1) // data["parts_per_chunk"]
        for number in range(now, min(now + CHUNKS_AHEAD, last + 1)):
            if not chunk_path(directory, number).exists():
                self.refresh_own()
                seed = f"{self.phase.config['seed']} {self.phase.settings['data']}"
                write_chunk(directory, number, self.encoder, seed, data, self.own)
                counts = {name: len(found) for name, found in self.own.items()}
                self.phase.log(step=step, chunk=number, own_mistakes=counts)
                return

    def refresh_own(self) -> None:
        changed = self.own_path.stat().st_mtime if self.own_path.exists() else 0.0
        if changed != self.own_changed:
            self.own, self.own_changed = mistakes.load(self.own_path), changed

    def observe(self, wait: bool = False) -> None:
        """Starts an observer for a new checkpoint unless one is still at work."""
        if wait and self.observer:
            self.observer.join()
        if not self.phase.checkpoint.exists() or (self.observer and self.observer.is_alive()):
            return
        changed = self.phase.checkpoint.stat().st_mtime
        if changed != self.seen:
            self.seen = changed
            self.observer = processes.get_context("spawn").Process(target=observe, args=(self.phase,))
            self.observer.start()
        if wait:
            self.observer.join()


def observe(phase: Phase) -> None:
    torch.set_num_threads(1)
    saved, settings = phase.load(), phase.config["run"]
    step, encoder = saved["step"], tokenizer.Encoder(tokenizer.load())
    regular = range(0, phase.steps, settings["evaluate_every"])
    if phase.is_due("measured", step, [*regular, phase.steps]):
        count = settings["evaluate_items"]
        right = right_replies(from_checkpoint(saved), encoder, count)
        skills = {name: round(found / count, 4) for name, found in right.items()}
        phase.log(step=step, tokens=saved["tokens"], skills=skills)
        phase.mark("measured", step)
    if phase.is_due("mistakes", step, phase.settings.get("collect_mistakes_at", ())):
        path, count = phase.runs / "mistakes.jsonl", phase.config["data"]["mistakes"]
        mistakes.collect(from_checkpoint(saved), encoder, path, count, step)
        phase.mark("mistakes", step)
