"""lm-evaluation-harness itself runs on recorded replies; what it logs is what is exported."""

import json
import os

# No task, model or data set is looked for elsewhere.
os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1")

import datasets
import journals
import lm_eval.api.model
import lm_eval.api.task
import lm_eval.evaluator
import lm_eval.loggers
import pytest


class Recorded(lm_eval.api.model.LM):
    """A model that says what was said."""

    def __init__(self, samples):
        super().__init__()
        self.replies = {name(sample["doc"]): sample["resps"][0][0] for sample in samples}

    def generate_until(self, requests, disable_tqdm=False):
        return [self.replies[name(request.doc)] for request in requests]

    def loglikelihood(self, requests):
        raise NotImplementedError

    def loglikelihood_rolling(self, requests):
        raise NotImplementedError


def name(document):
    return document["session"], document["turn"]


@pytest.fixture
def exported(terntable, tmp_path):
    for number in range(2):
        journals.tutoring(number).write(tmp_path / f"{number}.tern.jsonl")
    text = terntable("export", tmp_path, "--format", "lm-eval")
    return [json.loads(line) for line in text.split("\n") if line]


def logged(samples, folder):
    """What the harness writes with `--log_samples` for a task of the same documents."""
    by_name = {name(sample["doc"]): sample for sample in samples}
    settings = samples[0]["arguments"]["gen_args_0"]["arg_1"]

    def read(replies, documents):
        return [by_name[name(document)]["filtered_resps"] for document in documents]

    task = lm_eval.api.task.ConfigurableTask(
        config={
            "task": "sessions", "test_split": "test", "output_type": "generate_until",
            "custom_dataset": lambda **_: {
                "test": datasets.Dataset.from_list([sample["doc"] for sample in samples])
            },
            "doc_to_text": lambda doc: by_name[name(doc)]["arguments"]["gen_args_0"]["arg_0"],
            "doc_to_target": lambda doc: by_name[name(doc)]["target"],
            "generation_kwargs": dict(settings),
            "metric_list": [
                {"metric": "exact_match", "aggregation": "mean", "higher_is_better": True}
            ],
            "filter_list": [
                {
                    "name": samples[0]["filter"],
                    "filter": [
                        {"function": "custom", "filter_fn": read}, {"function": "take_first"},
                    ],
                }
            ],
        }
    )  # fmt: skip
    results = lm_eval.evaluator.evaluate(
        lm=Recorded(samples), task_dict={"sessions": task}, bootstrap_iters=0
    )
    tracker = lm_eval.loggers.EvaluationTracker(output_path=str(folder))
    tracker.general_config_tracker.model_name_sanitized = "recorded"
    tracker.date_id = "now"
    tracker.save_results_samples("sessions", results["samples"]["sessions"])
    (file,) = folder.glob("recorded/samples_sessions_*.jsonl")
    lines = [json.loads(line) for line in file.read_text().split("\n") if line]
    return sorted(lines, key=lambda line: line["doc_id"]), results["results"]["sessions"]


def test_the_harness_logs_the_same_samples_field_by_field(exported, tmp_path):
    assert {sample["filter"] for sample in exported} == {"number"}
    theirs, results = logged(exported, tmp_path / "log")
    assert len(theirs) == len(exported) > 4
    for ours, own in zip(exported, theirs):
        # The harness adds where to stop and whether to sample; what was recorded stays.
        settings = own["arguments"]["gen_args_0"].pop("arg_1")
        recorded = ours["arguments"]["gen_args_0"].pop("arg_1")
        assert recorded.items() <= settings.items()
        assert ours == own
        assert list(ours) == list(own)
    accuracy = sum(sample["exact_match"] for sample in exported) / len(exported)
    assert results["exact_match,number"] == pytest.approx(accuracy)
