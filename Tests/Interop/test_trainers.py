"""The trainers' own readers: `datasets` loads what is exported, TRL prepares it and makes a step."""

import json
import math
import os
import types

import pytest

# No test may look for a model or a data set elsewhere.
os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TRL_EXPERIMENTAL_SILENCE="1")

import datasets
import journals
import tiny_llama
import torch
import transformers
import trl
from trl.experimental.prm import PRMConfig, PRMTrainer

torch.set_num_threads(1)
datasets.disable_progress_bars()
transformers.logging.set_verbosity_error()

LESSONS = 4
JSON_LINES = [
    "messages", "prompt-completion", "preference", "unpaired", "stepwise", "openai",
    "openai-preference", "sharegpt", "feedback-conditional", "hindsight", "refinement", "spans",
    "control-token", "cringe", "oasst", "wildchat", "argilla", "arena",
]  # fmt: skip


@pytest.fixture(scope="module")
def lessons(tmp_path_factory):
    """Lessons with every kind of feedback, and one whose texts are hostile."""
    folder = tmp_path_factory.mktemp("lessons")
    for number in range(LESSONS):
        journals.tutoring(number).write(folder / f"{number}.tern.jsonl")
    journals.hostile().write(folder / "hostile.tern.jsonl")
    return folder


@pytest.fixture
def exported(terntable, lessons, tmp_path):
    """Exports the lessons in a format and gives back the lines and what `datasets` makes of them."""

    def call(form):
        path = tmp_path / f"{form}.jsonl"
        terntable("export", lessons, "--format", form, "-o", path)
        terntable("validate", path, "--as", form)
        # Not splitlines(): a text may hold other ends of lines than ours.
        lines = [json.loads(line) for line in path.read_text().split("\n") if line]
        loaded = datasets.load_dataset(
            "json", data_files=str(path), split="train", cache_dir=str(tmp_path / "cache")
        )
        return types.SimpleNamespace(lines=lines, loaded=loaded)

    return call


@pytest.mark.parametrize("form", JSON_LINES)
def test_datasets_loads_every_line(exported, form):
    export = exported(form)
    assert len(export.loaded) == len(export.lines) > 0
    assert set(export.loaded.column_names) == {key for line in export.lines for key in line}


def trained(trainer, configuration, model, rows, folder, **options):
    """One step with four rows; gives back what the trainer made of its rows."""
    words = tiny_llama.tokenizer()
    settings = configuration(
        output_dir=str(folder), max_steps=1, per_device_train_batch_size=4, use_cpu=True, bf16=False,
        report_to=[], save_strategy="no", logging_steps=1, disable_tqdm=True, seed=1,
        max_length=tiny_llama.CONTEXT,
    )  # fmt: skip
    options = {name: make(words) for name, make in options.items()}
    run = trainer(
        model=model(words), args=settings, train_dataset=rows, processing_class=words, **options
    )
    # Nothing was too long or too empty for it.
    assert len(run.train_dataset) == len(rows)
    before = [weight.detach().clone() for weight in run.model.parameters()]
    result = run.train()
    assert result.global_step == 1
    assert math.isfinite(result.training_loss)
    changed = zip(before, run.model.parameters())
    assert any(not torch.equal(old, new) for old, new in changed)
    return run.train_dataset, words


def learnt(row, words):
    """The text that a row's labels say."""
    return words.decode([label for label in row["labels"] if label >= 0])


def test_sft_learns_from_conversations(exported, tmp_path):
    rows = exported("messages").loaded
    prepared, words = trained(
        trl.SFTTrainer, trl.SFTConfig, tiny_llama.language_model, rows, tmp_path
    )
    for row, source in zip(prepared, rows):
        text = words.decode(row["input_ids"])
        assert text == words.apply_chat_template(source["messages"], tokenize=False)


def test_sft_learns_the_completion_only(exported, tmp_path):
    rows = exported("prompt-completion").loaded
    prepared, words = trained(
        trl.SFTTrainer, trl.SFTConfig, tiny_llama.language_model, rows, tmp_path
    )
    for row, source in zip(prepared, rows):
        assert learnt(row, words) == source["completion"][0]["content"] + "<|im_end|>\n"


def test_dpo_learns_from_preferences(exported, tmp_path):
    rows = exported("preference").loaded
    trained(
        trl.DPOTrainer, trl.DPOConfig, tiny_llama.language_model, rows, tmp_path,
        ref_model=tiny_llama.language_model,
    )  # fmt: skip
    for row in rows:
        (chosen,), (rejected,) = row["chosen"], row["rejected"]
        assert chosen["role"] == rejected["role"] == "assistant"
        assert chosen["content"] != rejected["content"]


def test_kto_learns_from_both_labels(exported, tmp_path):
    rows = exported("unpaired").loaded
    assert set(rows["label"]) == {True, False}
    trained(
        trl.KTOTrainer, trl.KTOConfig, tiny_llama.language_model, rows, tmp_path,
        ref_model=tiny_llama.language_model,
    )  # fmt: skip


def test_a_process_reward_model_learns_from_steps(exported, tmp_path):
    rows = exported("stepwise").loaded
    prepared, _ = trained(PRMTrainer, PRMConfig, tiny_llama.step_judge, rows, tmp_path)
    for row, source in zip(prepared, rows):
        labels = [label for label in row["labels"] if label >= 0]
        assert labels == [int(label) for label in source["labels"]]
