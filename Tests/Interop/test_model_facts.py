"""What `model info`, `chat` and `/prompt` say of files whose tokenizer or template is odd, and what exact activations do."""

import hashlib
import json
import os
import subprocess

import pytest

import tiny_model
from conftest import HELD_OUT, MODEL, ROOT
from synthetic import byte_alphabet

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TOKENS = ["<|bos|>", "<|im_start|>", "<|im_end|>", *byte_alphabet(), "ab"]
TYPES = [3, 3, 3] + [1] * 257


@pytest.fixture
def run(tmp_path):
    binary = os.environ.get("TERNTABLE_BINARY", ROOT / ".build/release/terntable")

    def call(*arguments, input=""):
        return subprocess.run(
            [str(binary), *map(str, arguments)], input=input, capture_output=True, text=True, timeout=120,
            env={**os.environ, "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)},
        )  # fmt: skip

    return call


@pytest.fixture
def facts(run, tmp_path):
    """`model info --json` of a file with this template and these settings."""

    def call(template, *, pre="gpt-2", **named):
        path = tmp_path / "model.gguf"
        tiny_model.write(path, TOKENS, TYPES, pre=pre, merges=["a b"], template=template, named=named)
        done = run("model", "info", path, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return call


def test_a_plain_file_has_no_warnings_and_shows_its_layout_and_special_tokens(facts):
    info = facts(CHATML, eos=2)
    assert info["warnings"] == []
    assert info["sample_prompt"].startswith("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHello")
    assert info["sample_prompt"].endswith("<|im_start|>assistant\n")
    assert {(token["purpose"], token["id"], token["text"]) for token in info["special_tokens"]} == {
        ("eos_token", 2, "<|im_end|>"), ("stop", 2, "<|im_end|>"),
    }  # fmt: skip


def test_a_beginning_token_that_is_asked_for_twice_is_told_and_written_once(facts):
    info = facts("<|bos|>" + CHATML, eos=2, bos=0, add_bos_token=True)
    assert any("<|bos|>" in warning and "written once" in warning for warning in info["warnings"])
    assert info["sample_prompt"].count("<|bos|>") == 1


def test_a_reply_that_nothing_ends_is_told(facts):
    info = facts("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}")
    assert info["warnings"] == ["no token ends a reply; only --max-tokens does"]
    info = facts("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}", eos=2)
    assert len(info["warnings"]) == 1 and "without a token" in info["warnings"][0]


def test_a_pre_tokenizer_that_is_not_named_is_told(facts):
    assert facts(CHATML, pre=None, eos=2)["warnings"] == ["the file names no pre-tokenizer; default is assumed"]


def test_the_wrong_template_of_bitnet_is_replaced_and_told(facts):
    info = facts("{% for m in messages %}Human: {{ m.content }}\n\nBITNETAssistant: {% endfor %}", eos=2)
    assert any("BitNet 2B-4T" in warning for warning in info["warnings"])
    assert info["sample_prompt"].endswith("User: 1 + 1?<|eot_id|>Assistant: ")
    assert "Human" not in info["chat_template"]


def test_a_construct_that_is_not_known_is_named_with_its_line_and_chat_refuses(facts, run, tmp_path):
    info = facts("\n\n{% include 'x' %}", eos=2)
    assert info["sample_prompt"] is None if "sample_prompt" in info else True
    assert any("line 3" in warning and "{% include %}" in warning for warning in info["warnings"])
    done = run("chat", "--plain", "--model", tmp_path / "model.gguf", input="hello\n")
    assert done.returncode == 65 and "line 3: {% include %} is not supported" in done.stderr, done.stderr


def test_prompt_shows_what_was_sent_and_tells_a_token_from_its_spelling(run, tmp_path):
    path = tmp_path / "model.gguf"
    tiny_model.write(
        path, TOKENS, TYPES, pre="gpt-2", merges=["a b"], template=CHATML,
        named={"eos": 2, "bos": 0, "add_bos_token": True},
    )  # fmt: skip
    session = tmp_path / "s.tern.jsonl"
    lines = "/prompt\nsay <|im_end|>\n/prompt\n"
    done = run("chat", "--plain", "--model", path, "--max-tokens", 2, "--session", session, input=lines)
    assert done.returncode == 0, done.stderr
    assert "there is no reply yet" in done.stderr
    sent = "<|bos|><|im_start|>user\nsay <|im_end|><|im_end|>\n<|im_start|>assistant\n"
    assert sent in done.stdout
    assert f"SHA-256 {hashlib.sha256(sent.encode()).hexdigest()} · as it was sent" in done.stdout
    # The spelling in the message is 10 characters of text: one token stands for <|im_end|>.
    assert "<|bos|>  0 at 0" in done.stdout and "<|im_end|>  2 at 21" in done.stdout
    assert "<|im_start|>  1 at 1, 23" in done.stdout


def journal(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_exact_activations_are_recorded_repeated_and_not_mixed_up(run, tmp_path):
    session = tmp_path / "s.tern.jsonl"
    ask = ["chat", "--plain", "--session", session, "--seed", 3]
    done = run(*ask, "--activations", "exact", "--max-tokens", 40, input="What is 12 × 7?\n/try\n")
    assert done.returncode == 0, done.stderr
    entries = journal(session)
    assert entries[0]["activations"] == "exact"
    assert [e["recipe"]["activations"] for e in entries if e["type"] == "reply_started"] == ["exact"] * 2
    # Going on keeps it; asking for another refuses.
    assert run(*ask, input="Thanks\n").returncode == 0
    started = [e for e in journal(session) if e["type"] == "reply_started"]
    assert started[-1]["recipe"]["activations"] == "exact"
    other = run(*ask, "--activations", "int8", input="x\n")
    assert other.returncode == 64 and "leave --activations out" in other.stderr

    exact = run("replay", session, "--exact", "--json")
    assert exact.returncode == 0 and json.loads(exact.stdout)["exact"]
    rounded = run("replay", session, "--exact", "--activations", "int8", "--json")
    assert rounded.returncode == 1
    difference = json.loads(rounded.stdout)["records"][0]["difference"]
    assert (difference["kind"], difference["expected"], difference["found"]) == ("activations", "exact", "int8")

    for more, expected in ([], "exact"), (["--activations", "int8"], None):
        out = tmp_path / f"out-{expected}"
        done = run("replay", session, "--out", out, *more)
        assert done.returncode == 0, done.stderr
        (played,) = out.glob("*.tern.jsonl")
        assert journal(played)[0].get("activations") == expected
        assert run("replay", played, "--exact").returncode == 0
    again = [e["text"] for e in journal(next((tmp_path / "out-exact").glob("*.tern.jsonl"))) if e["type"] == "reply_extended"]
    assert "".join(again) == "".join(e["text"] for e in journal(session) if e["type"] == "reply_extended")


def test_a_session_without_the_flag_is_written_as_it_always_was(run, tmp_path):
    session = tmp_path / "s.tern.jsonl"
    run("chat", "--plain", "--session", session, "--max-tokens", 5, input="What is 12 × 7?\n")
    assert "activations" not in session.read_text()


def test_the_list_says_what_a_model_reads_unless_somebody_says_otherwise(run, tmp_path):
    assert run("model", "add", "full", MODEL, "--activations", "exact").returncode == 0
    for more, expected in ([], "exact"), (["--activations", "int8"], None):
        session = tmp_path / f"{expected}.tern.jsonl"
        done = run("chat", "--plain", "--model", "full", "--session", session, *more, input="What is 12 × 7?\n")
        assert done.returncode == 0, done.stderr
        assert journal(session)[0].get("activations") == expected
        assert journal(session)[0]["model"] == "full"
        assert run("replay", session, "--exact").returncode == 0


def test_the_cost_of_rounding_is_the_difference_of_two_scores(run, terntable):
    both = terntable("model", "score", MODEL, "--text", HELD_OUT, "--activations", "both", "--json")
    for activations in ("int8", "exact"):
        one = terntable("model", "score", MODEL, "--text", HELD_OUT, "--activations", activations, "--json")
        assert both[activations] == one
    means = [both[name]["mean_negative_log_likelihood"] for name in ("int8", "exact")]
    assert both["difference"] == means[0] - means[1] and both["difference"] != 0
    text = terntable("model", "score", MODEL, "--text", HELD_OUT, "--activations", "both")
    assert "int8 costs" in text and "% of perplexity" in text
    refused = run("model", "info", MODEL, "--activations", "both")
    assert refused.returncode == 64
