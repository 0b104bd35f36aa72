"""Phases on a tiny network: they resume, share their data, and end as files that say what training says."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from batches import IGNORED, Chunks, make_chunk, write_chunk
from export import from_checkpoint, load_model, read_gguf, write_gguf
from fused import Attention, Heads, rotary_angles, turn
from model import MATRICES, Matrix, ModelShape, Network, initial_parameters
from optimiser import orthogonal
from recipes import RECIPES
from reference import Cache
from tokenizer import Encoder, load
from worker import attention_mask

SHAPE = ModelShape(1024, 256, 256, 2, 4, 128)
DATA = {"tokens_per_part": 1024, "parts_per_step": 2, "parts_per_chunk": 6, "row_lengths": [256, 512]}
ENCODER = Encoder(load())
TINY = """
seed = 7
directory = "{directory}"
workers = 2
[model]
vocabulary = 1024
width = 256
feed_forward = 256
layers = 2
heads = 4
context = 512
[data]
tokens_per_part = 1024
parts_per_step = 2
parts_per_chunk = 6
row_lengths = [256, 512]
[optimiser]
matrix_rate = 5e-3
other_rate = 2e-3
scale_rate = 2e-3
weight_decay = 0.05
clip = 1.0
[run]
compile = false
log_every = 1
save_every = 2
evaluate_every = 1000
evaluate_items = 1
[phase.trunk]
recipe = "full"
data = "data"
rates = [[0, 1.0], [4, 1.0]]
[phase.ternary]
recipe = "{recipe}"
start = "trunk/last.pt"
data = "branch"
rates = [[0, 1.0], [3, 0.0]]
rounding = [[0, 0.0], [2, 1.0], [3, 1.0]]
"""


def weights_of(recipe: str) -> dict:
    weights = initial_parameters(SHAPE, 1)
    for name in MATRICES:
        for key, value in RECIPES[recipe].initial(weights[name]).items():
            weights[f"{name}.{key}"] = value
    return weights


def training_loss(recipe: str, weights: dict, tokens, targets) -> float:
    layers = []
    for layer in range(SHAPE.layers):
        found = {}
        for name in MATRICES:
            learned = {k.split(".")[1]: v for k, v in weights.items() if k.startswith(name + ".")}
            matrix = RECIPES[recipe].matrix(weights[name], learned, 1.0, 0.0)
            parts = (matrix.codes, matrix.scale, matrix.bias)
            found[name] = Matrix(*(None if part is None else part[layer] for part in parts))
        layers.append(found)
    mask = attention_mask(torch.zeros(tokens.shape, dtype=torch.int32))
    angles = rotary_angles(SHAPE, torch.arange(tokens.shape[1]))
    rounding = torch.tensor(1.0) if RECIPES[recipe].ternary else None
    network = Network(SHAPE, compiled=False)
    return network.loss(layers, weights["token_embd"], tokens, targets, mask, angles, rounding).item()


@pytest.mark.parametrize("recipe", list(RECIPES))
def test_training_the_checkpoint_and_the_file_agree(recipe, tmp_path):
    random = torch.Generator().manual_seed(3)
    tokens, targets = (torch.randint(0, 1024, (2, 64), generator=random) for _ in range(2))
    weights = weights_of(recipe)
    saved = {"shape": dataclasses.asdict(SHAPE), "recipe": recipe, "weights": weights, "step": 0}
    write_gguf(tmp_path / "model.gguf", saved)
    losses = [training_loss(recipe, weights, tokens, targets)]
    for model in (from_checkpoint(saved), read_gguf(tmp_path / "model.gguf")):
        positions = torch.arange(64).expand(2, 64)
        scores = model.logits(tokens, positions, Cache(SHAPE, 2, 64))
        losses.append(float(F.cross_entropy(scores.flatten(0, 1), targets.flatten(), reduction="sum")))
    # The file holds the embedding in 8 bits; the rest is rounding in bfloat16.
    assert losses[1] == pytest.approx(losses[0], rel=1e-3)
    assert losses[2] == pytest.approx(losses[0], rel=2e-3)


def relative(found, wanted) -> float:
    return ((found.float() - wanted).norm() / wanted.norm()).item()


def test_attention_and_its_gradients_are_those_of_the_textbook():
    torch.manual_seed(4)
    inputs = [torch.randn(2, 4, 64, 64).bfloat16().requires_grad_() for _ in range(3)]
    documents = torch.tensor([[0] * 40 + [1] * 24, [0] * 64])
    mask, gradient = attention_mask(documents), torch.randn(2, 4, 64, 64).bfloat16()
    found = Attention.apply(*inputs, mask)
    exact = [i.detach().float().requires_grad_() for i in inputs]
    wanted = F.scaled_dot_product_attention(*exact, attn_mask=mask.float())
    assert relative(found, wanted) < 0.01
    ours = torch.autograd.grad(found, inputs, gradient)
    for mine, theirs in zip(ours, torch.autograd.grad(wanted, exact, gradient.float())):
        assert relative(mine, theirs) < 0.01


def test_heads_are_rotated_and_their_gradients_rotated_back():
    torch.manual_seed(5)
    inputs = [torch.randn(2, 32, 256).requires_grad_() for _ in range(3)]
    angles = rotary_angles(SHAPE, torch.arange(32))
    found = Heads.apply(*inputs, *angles, 4)
    query, key, value = (i.unflatten(-1, (4, -1)).transpose(1, 2) for i in inputs)
    wanted = (turn(query, *angles), turn(key, *angles), value)
    gradients = [torch.randn(2, 4, 32, 64).bfloat16() for _ in range(3)]
    assert all(relative(f, w) < 0.01 for f, w in zip(found, wanted))
    ours = torch.autograd.grad(found, inputs, gradients)
    theirs = torch.autograd.grad(wanted, inputs, [g.float() for g in gradients])
    assert all(relative(f, w) < 0.01 for f, w in zip(ours, theirs))


def test_a_step_of_muon_has_nearly_equal_singular_values():
    matrices = torch.randn(3, 64, 128, generator=torch.Generator().manual_seed(6))
    values = torch.linalg.svdvals(orthogonal(matrices))
    assert values.min() > 0.5 and values.max() < 1.3


def test_a_chunk_is_decided_by_its_seed_and_its_targets_are_the_next_tokens(tmp_path):
    first, again = (make_chunk(ENCODER, "1", DATA) for _ in range(2))
    assert all((first[key] == again[key]).all() for key in first)
    write_chunk(tmp_path, 0, ENCODER, 1, DATA)
    chunks = Chunks(tmp_path, DATA["parts_per_chunk"])
    for index in range(DATA["parts_per_chunk"]):
        tokens, targets, documents = chunks.part(index)
        assert tokens.size == DATA["tokens_per_part"]
        following = targets[:, :-1]
        assert ((following == IGNORED) | (following == tokens[:, 1:])).all()
        assert (documents[targets != IGNORED] != 255).all()


def train(config: Path, *arguments: str) -> str:
    script = Path(__file__).parent.parent / "train.py"
    command = [sys.executable, str(script), *arguments, "--config", str(config)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, env=environment)
    return done.stdout + done.stderr


def test_phases_stop_resume_branch_and_finish(tmp_path):
    config = tmp_path / "config.toml"
    config.write_text(TINY.format(directory=tmp_path / "runs", recipe="learned"))
    assert "stopped early" in train(config, "trunk", "--minutes", "0")
    report = train(config)
    assert '"phase": "ternary", "step": 3' in report, report
    trunk, ternary = (
        torch.load(tmp_path / "runs" / name / "last.pt", weights_only=True) for name in ("trunk", "ternary")
    )
    assert (trunk["step"], ternary["step"]) == (4, 3)
    assert ternary["tokens"] == trunk["tokens"] + 3 * 2048
    assert not torch.equal(trunk["weights"]["qkv"], ternary["weights"]["qkv"])
    assert train(config) == ""


def test_a_file_brings_its_own_tokenizer(tmp_path):
    saved = {
        "shape": dataclasses.asdict(SHAPE), "recipe": "absmean", "weights": weights_of("absmean"), "step": 0,
    }  # fmt: skip
    write_gguf(tmp_path / "model.gguf", saved)
    _, encoder = load_model(tmp_path / "model.gguf")
    for text in ("47 × 36 = 1692\n", "Reverse the word \"planet\".", "naïve ☕ 10 000"):
        assert encoder.text(text) == ENCODER.text(text)
    assert (encoder.start, encoder.end, encoder.padding) == (ENCODER.start, ENCODER.end, ENCODER.padding)
