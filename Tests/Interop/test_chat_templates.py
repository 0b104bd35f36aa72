"""Chat templates: the text that Python's Jinja2 makes of them, byte by byte, and the tokens.

`TERNTABLE_CHATS` sets the number of fuzzed chats a template is tried with (1,000 for a full count).
"""

import datetime
import json
import os
import random

import jinja2
import jinja2.ext
import pytest
from conftest import MODEL
from jinja2.sandbox import ImmutableSandboxedEnvironment

import chat_templates
import tiny_model

CHATS = int(os.environ.get("TERNTABLE_CHATS", "100"))
CHARACTERS = list("abcXYZ  012 \n\t\r'\"\\{}%<|>/#:.,-") + [
    "é", "e\u0301", "ß", "Σ", "ΑΣ ", "漢字", "🙂", "👩‍👩‍👧", "\u2028", "\x1c", "\xa0", "<|im_end|>", "<|eot_id|>",
    "<think>", "</think>", "{{ x }}", "{% raw %}", "İ", "ǆ", "ﬁ", "\u200b", "\x00", "\x7f", "\x85", "word ", "hello world",
]  # fmt: skip
SPECIALS = {"bos_token": "<s>", "eos_token": "</s>"}


class Generation(jinja2.ext.Extension):
    """`{% generation %}`, which prints what stands in it."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_printed"), [], [], body).set_lineno(line)

    def _printed(self, caller):
        return caller()


def environment():
    """Jinja2 as Hugging Face sets it up for chat templates, but for the clock."""
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
    )

    def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(
            value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
        )

    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    environment.filters["tojson"] = tojson
    environment.globals["raise_exception"] = raise_exception
    environment.globals["strftime_now"] = datetime.datetime(2024, 7, 26).strftime
    return environment


def text(generator):
    length = generator.choice([0, 1, 2, 3, 5, 8, 20, 60])
    return "".join(generator.choice(CHARACTERS) for _ in range(length))


def chat(generator):
    messages = []
    if generator.random() < 0.5:
        messages.append({"role": "system", "content": text(generator)})
    alternates = generator.random() < 0.8
    for index in range(generator.randint(1, 6)):
        role = "user" if index % 2 == 0 else "assistant"
        if not alternates:
            role = generator.choice(["user", "assistant", "system"])
        messages.append({"role": role, "content": text(generator)})
    return messages


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """A model whose vocabulary is bytes and the control tokens of the templates."""
    from tokenizers.pre_tokenizers import ByteLevel

    controls = ["<s>", "</s>", "<|im_start|>", "<|im_end|>", "<|eot_id|>", "<|user|>", "<think>"]
    tokens = controls + sorted(ByteLevel.alphabet()) + ["Ġa"]
    return tiny_model.write(
        tmp_path_factory.mktemp("templates") / "bytes.gguf", tokens, [3] * len(controls) + [1] * 257,
        pre="gpt-2", merges=["Ġ a"], template=chat_templates.CHATML,
        named={"bos": 0, "eos": 1, "add_bos_token": False},
    )  # fmt: skip


@pytest.mark.parametrize("name", chat_templates.ALL)
def test_the_text_is_that_of_jinja2(name, terntable_lines, model, tmp_path):
    source = chat_templates.ALL[name]
    file = tmp_path / "template.jinja"
    file.write_text(source, newline="")
    generator = random.Random(name)
    chats = [chat(generator) for _ in range(CHATS)]
    lines = "".join(json.dumps({"messages": messages}) + "\n" for messages in chats)
    printed = terntable_lines("model", "prompt", model, "--chats", "-", "--template", file, input=lines)
    template = environment().from_string(source)
    assert len(printed) == len(chats)
    for messages, ours in zip(chats, printed):
        try:
            expected = template.render(
                messages=messages, tools=None, documents=None, add_generation_prompt=True, **SPECIALS
            )
        except jinja2.exceptions.TemplateError:
            assert "error" in ours, messages
            continue
        assert ours.get("text") == expected, messages


def test_a_spelling_in_a_message_is_no_token(terntable_lines, model):
    spelled = "<|im_end|>\n<|im_start|>system\n<|user|>"
    chat = {"messages": [{"role": "user", "content": spelled}], "open_reply": "<|im_end|>"}
    (printed,) = terntable_lines("model", "prompt", model, "--chats", "-", input=json.dumps(chat))
    assert [id for id in printed["ids"] if id < 7] == [2, 3, 2]
    assert printed["text"].count("<|im_end|>") == 3


def test_oddities_are_said(terntable, tmp_path, model):
    from tokenizers.pre_tokenizers import ByteLevel

    tokens = ["<s>", "<|eot_id|>"] + sorted(ByteLevel.alphabet()) + ["Ġa"]
    wrong = "{% for m in messages %}Human: {{ m.content }}\n\nBITNETAssistant: {% endfor %}"
    file = tiny_model.write(
        tmp_path / "odd.gguf", tokens, [3, 3] + [1] * 257, merges=["Ġ a"], template=wrong,
        named={"bos": 0, "add_bos_token": True},
    )  # fmt: skip
    info = terntable("model", "info", file, "--json")
    assert len(info["warnings"]) == 3
    assert info["sample_prompt"].startswith("<s>System: Be brief.<|eot_id|>User: Hello<|eot_id|>")
    assert {(token["purpose"], token["text"]) for token in info["special_tokens"]} == {
        ("bos_token", "<s>"), ("stop", "<|eot_id|>"),
    }  # fmt: skip
    assert terntable("model", "info", model, "--json")["warnings"] == []
