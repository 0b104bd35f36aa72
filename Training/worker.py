"""One training process: takes parts of a step, sums gradients, and updates the layers it owns."""

import dataclasses
import time

import torch
from torch import Tensor

from batches import Chunks
from fused import rotary_angles
from model import MATRICES, Matrix, Network
from optimiser import adam, muon
from phase import Phase

HIDDEN = -1e9


class Shared:
    """Tensors that every worker sees. A worker owns some layers of every stack of matrices."""

    def __init__(self, phase: Phase, workers: int):
        self.state = phase.state()
        self.saved_step = self.state["step"]
        for group in ("weights", "first", "second"):
            for name, tensor in self.state[group].items():
                self.state[group][name] = share(tensor, phase.device)
        self.matrices = self.make_matrices(phase)
        # What gradients are taken of: the parts of the matrices, and the weights outside them.
        outside = [n for n in self.state["weights"] if n not in MATRICES and "." not in n]
        sources = {f"{n}/{k}": v for n, parts in self.matrices.items() for k, v in parts.items()}
        sources |= {n: self.state["weights"][n] for n in outside}
        wanted = [n for n in sources if not n.endswith("/scale") or phase.recipe.scale_is_learned]
        self.gradients = [
            {n: share(torch.zeros(sources[n].shape), phase.device) for n in wanted}
            for _ in range(workers)
        ]
        # For even and odd steps and each worker: the sum of losses and the number of targets.
        self.totals = share(torch.zeros(2, workers, 2, dtype=torch.float64), torch.device("cpu"))

    def make_matrices(self, phase: Phase) -> dict[str, dict[str, Tensor]]:
        found = {}
        for name in MATRICES:
            latent = self.state["weights"][name].detach()
            matrix = phase.recipe.matrix(latent, self.learned(name), 0.0, 1.0)
            parts = {f.name: getattr(matrix, f.name) for f in dataclasses.fields(matrix)}
            found[name] = {
                k: share(v.detach().clone(), phase.device) for k, v in parts.items() if v is not None
            }
        return found

    def learned(self, name: str) -> dict[str, Tensor]:
        """The recipe's own parameters for a stack of matrices."""
        weights = self.state["weights"]
        return {k.split(".")[1]: v for k, v in weights.items() if k.startswith(name + ".")}


def share(tensor: Tensor, device: torch.device) -> Tensor:
    return tensor.contiguous().to(device) if device.type == "cuda" else tensor.contiguous().share_memory_()


def work(phase: Phase, shared: Shared, signals, index: int) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(phase.config["seed"])
    Worker(phase, shared, signals, index).train()


class Worker:
    def __init__(self, phase: Phase, shared: Shared, signals, index: int):
        self.phase, self.shared, self.signals, self.index = phase, shared, signals, index
        self.workers, layers = len(shared.gradients), phase.shape.layers
        self.owned = slice(index * layers // self.workers, (index + 1) * layers // self.workers)
        self.is_last = index == self.workers - 1
        data = phase.config["data"]
        self.chunks = Chunks(phase.runs / phase.settings["data"], data["parts_per_chunk"])
        self.angles = {
            n: rotary_angles(phase.shape, torch.arange(n, device=phase.device)) for n in data["row_lengths"]
        }
        self.network = Network(phase.shape, phase.config["run"]["compile"])
        self.adam_steps = shared.state["adam_steps"]
        self.step = shared.saved_step
        self.seconds, self.tokens = shared.state["seconds"], shared.state["tokens"]

    def train(self) -> None:
        settings = self.phase.config["run"]
        began, begun_at, loss_sum, count_sum = time.monotonic(), self.step, 0.0, 0
        stopping = False
        while self.step < self.phase.steps and not stopping:
            loss, count, stopping = self.one_step()
            loss_sum, count_sum = loss_sum + loss, count_sum + count
            self.step += 1
            self.tokens += self.phase.tokens_per_step
            last = stopping or self.step == self.phase.steps
            if self.index == 0 and (self.step % settings["log_every"] == 0 or last):
                elapsed = time.monotonic() - began
                self.seconds += elapsed
                self.log(loss_sum / max(1, count_sum), self.step - begun_at, elapsed)
                began, begun_at, loss_sum, count_sum = time.monotonic(), self.step, 0.0, 0
            if self.step % settings["save_every"] == 0 or last:
                self.signals.barrier.wait()
                if self.index == 0:
                    self.save()
                self.signals.barrier.wait()

    def log(self, loss: float, steps: int, elapsed: float) -> None:
        phase = self.phase
        phase.log(
            step=self.step, tokens=self.tokens, seconds=round(self.seconds), loss=round(loss, 5),
            rate=round(phase.rate(self.step), 4), rounding=round(phase.amount(self.step), 4),
            tokens_per_second=round(steps * phase.tokens_per_step / elapsed),
        )  # fmt: skip

    def one_step(self) -> tuple[float, int, bool]:
        """Two meetings of all workers a step: when the matrices are ready, and when the gradients are."""
        phase, signals, gradients = self.phase, self.signals, self.shared.gradients[self.index]
        amount, totals = phase.amount(self.step), self.shared.totals[self.step % 2]
        traced = self.refresh_matrices(amount, phase.share_left(self.step))
        totals[self.index] = 0
        if self.index == 0:
            signals.step.value, signals.taken.value = self.step, 0
            signals.stopping.value = signals.stop.value
        signals.barrier.wait()
        stopping = bool(signals.stopping.value)
        rounding = torch.tensor(amount, device=phase.device) if phase.recipe.ternary else None
        while (part := self.take()) is not None:
            self.add_gradients(part, gradients, totals, rounding)
        signals.barrier.wait()
        loss, count = totals.sum(0).tolist()
        self.update(traced, max(count, 1))
        return loss, int(count), stopping

    def take(self) -> int | None:
        """The number of a part of this step that no other worker has."""
        with self.signals.taken.get_lock():
            place = self.signals.taken.value
            self.signals.taken.value += 1
        if place >= self.phase.parts_per_step:
            return None
        return self.step * self.phase.parts_per_step + place

    def refresh_matrices(self, amount: float, share_left: float) -> dict:
        """Writes this worker's layers of the matrices; keeps their graph for the update."""
        traced = {}
        for name in MATRICES:
            latent = self.shared.state["weights"][name][self.owned].detach().requires_grad_()
            learned = {
                k: v[self.owned].detach().requires_grad_() for k, v in self.shared.learned(name).items()
            }
            matrix = self.phase.recipe.matrix(latent, learned, amount, share_left)
            with torch.no_grad():
                for key, target in self.shared.matrices[name].items():
                    target[self.owned] = getattr(matrix, key)
            traced[name] = (latent, learned, matrix)
        return traced

    def add_gradients(self, part: int, gradients: dict, totals: Tensor, rounding: Tensor | None) -> None:
        while not self.chunks.ready(part):
            time.sleep(0.02)
        phase, device = self.phase, self.phase.device
        tokens, targets, documents = (torch.from_numpy(a).to(device) for a in self.chunks.part(part))
        embedding = self.shared.state["weights"]["token_embd"].detach().requires_grad_()
        wanted, sums = [embedding], [gradients["token_embd"]]
        layers = []
        for layer in range(phase.shape.layers):
            matrices = {}
            for name, parts in self.shared.matrices.items():
                leaves = {key: value[layer].detach() for key, value in parts.items()}
                for key in leaves:
                    if f"{name}/{key}" in gradients:
                        wanted.append(leaves[key].requires_grad_())
                        sums.append(gradients[f"{name}/{key}"][layer])
                matrices[name] = Matrix(*(leaves.get(f.name) for f in dataclasses.fields(Matrix)))
            layers.append(matrices)
        mask, angles = attention_mask(documents), self.angles[tokens.shape[1]]
        loss = self.network.loss(layers, embedding, tokens, targets, mask, angles, rounding)
        torch._foreach_add_(sums, [g.float() for g in torch.autograd.grad(loss, wanted)])
        totals[self.index] += torch.tensor([loss.item(), int((targets >= 0).sum())], dtype=torch.float64)

    def summed(self, name: str, layers: slice, count: float) -> Tensor:
        """All workers' gradients of these layers, which begin again at zero."""
        parts = [gradients[name][layers] for gradients in self.shared.gradients]
        total = sum(parts[1:], parts[0].clone()) / count
        for part in parts:
            part.zero_()
        return total

    def update(self, traced: dict, count: float) -> None:
        """Optimiser steps: every worker its own layers, the last one also what is outside the layers."""
        optimiser, share = self.phase.config["optimiser"], self.phase.rate(self.step)
        state = self.shared.state
        self.adam_steps += 1
        for name, (latent, learned, matrix) in traced.items():
            keys = [k for k in self.shared.matrices[name] if f"{name}/{k}" in self.shared.gradients[0]]
            sums = [self.summed(f"{name}/{k}", self.owned, count) for k in keys]
            outputs = [getattr(matrix, k) for k in keys]
            sums = [s.to(o.dtype) for s, o in zip(sums, outputs)]
            leaves = [latent, *learned.values()]
            slope, *others = torch.autograd.grad(outputs, leaves, sums)
            muon(
                state["weights"][name][self.owned], slope, state["first"][name][self.owned],
                optimiser["matrix_rate"] * share, optimiser["weight_decay"],
            )  # fmt: skip
            for key, gradient in zip(learned, others):
                self.adam(f"{name}.{key}", gradient, self.owned, optimiser["scale_rate"] * share)
        if self.is_last:
            for name in self.shared.gradients[0]:
                if "/" not in name:
                    gradient = self.summed(name, slice(None), count)
                    size = gradient.norm()
                    gradient *= min(1.0, optimiser["clip"] / (float(size) + 1e-9))
                    self.adam(name, gradient, slice(None), optimiser["other_rate"] * share)

    def adam(self, name: str, gradient: Tensor, owned: slice, rate: float) -> None:
        state = self.shared.state
        first, second = state["first"][name][owned], state["second"][name][owned]
        adam(state["weights"][name][owned], gradient, first, second, self.adam_steps, rate)

    def save(self) -> None:
        state = {
            group: {n: t.detach().cpu().clone() for n, t in self.shared.state[group].items()}
            for group in ("weights", "first", "second")
        }
        state |= {
            "step": self.step, "tokens": self.tokens, "seconds": self.seconds,
            "adam_steps": self.adam_steps, "shape": dataclasses.asdict(self.phase.shape),
            "recipe": self.phase.settings["recipe"],
        }  # fmt: skip
        temporary = self.phase.checkpoint.with_suffix(".part")
        torch.save(state, temporary)
        temporary.rename(self.phase.checkpoint)


def attention_mask(documents: Tensor) -> Tensor:
    """(B, 1, T, T): 0 where a position sees an earlier one of its own document, else HIDDEN."""
    length = documents.shape[1]
    same = documents[:, None, :, None] == documents[:, None, None, :]
    causal = torch.ones(length, length, dtype=torch.bool, device=documents.device).tril()
    zero = torch.zeros((), dtype=torch.bfloat16, device=documents.device)
    return torch.where(same & causal, zero, HIDDEN).bfloat16()
