"""Tokenizers: the tokens that Hugging Face's `tokenizers` makes of random and adversarial texts.

`TERNTABLE_TEXTS` sets the number of texts a pre-tokenizer is tried with (100,000 for a full count). Texts
hold characters of Unicode 14 only: the two sides know different versions of it, and a character that one
does not know yet is no letter to it.
"""

import json
import os
import random
import unicodedata

import pytest
from conftest import HELD_OUT
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

import tiny_model

TEXTS = int(os.environ.get("TERNTABLE_TEXTS", "5000"))
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
    r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace("{1,3}", "")


def split(pattern):
    return pre_tokenizers.Split(Regex(pattern), "isolated")


BYTES = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
PRE = {
    "gpt-2": [split(GPT2), BYTES],
    "llama-bpe": [split(LLAMA3), BYTES],
    "falcon3": [split(LLAMA3), BYTES],
    "falcon_e": [split(LLAMA3), BYTES],
    "qwen2": [split(QWEN2), BYTES],
    "smollm": [
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False),
    ],
    "default": [
        split(r"[\p{P}\$\+<=>\^~\|]+"), split(GPT2), split(r"\p{N}+"), split(r"[0-9][0-9][0-9]"), BYTES,
    ],
}  # fmt: skip
IGNORES_MERGES = {"llama-bpe", "falcon3", "falcon_e"}
PIECES = [
    "'s", "'S", "'ſ", "'re", "'LL", "'Ve", "'m", " ", "  ", "   ", "\n", "\n\n", "\r\n", "\t", "\u00a0",
    "\u2003", "\u3000", "\u0085", "\u2028", "\u001c", "\u200b", "1", "12", "123", "4567", "٣", "½", "Ⅷ", "²",
    "七", "a", "the", "Hello", " world", "é", "e\u0301", "ß", "ſ", "İ", "漢字", "かな", "한국어", "русский",
    "עברית", "العربية", "हिन्दी", "ไทย", "🙂", "👩‍👩‍👧", "🏽", "!", "?!", "...", "_", "-", "--", "$", "+", "<", "=",
    "|", "~", "^", "`", "«", "»", "—", "“", "€", "©", "∑", "<|im_end|>", "<|x|>", "\u0000", "\u007f",
    "\ufeff", "\ufffd", "\u0300", "ʰ", "ª", "ǅ", "𝟘", "𐌀", "\U0010ffff", "<tool>", "</tool>", " xyzzyq", "qqzz",
]  # fmt: skip


def known(value):
    return chr(value) if unicodedata.category(chr(value)) != "Cn" else ""


def texts(count, seed):
    """Pieces of many scripts, random characters, and random bytes read as UTF-8."""
    generator = random.Random(seed)
    for index in range(count):
        length = generator.randint(0, 30)
        if index % 5 == 4:
            ranges = [(0, 0x80), (0, 0x800), (0, 0xD800), (0xE000, 0x110000)]
            yield "".join(known(generator.randrange(*generator.choice(ranges))) for _ in range(length))
        elif index % 5 == 3:
            wild = bytes(generator.randrange(256) for _ in range(length)).decode("utf-8", "replace")
            yield "".join(known(ord(character)) for character in wild)
        else:
            yield "".join(generator.choice(PIECES) for _ in range(length))


def byte_level(name):
    tokenizer = Tokenizer(models.BPE(ignore_merges=name in IGNORES_MERGES))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(PRE[name])
    trainer = trainers.BpeTrainer(
        vocab_size=4000, special_tokens=["<|x|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
    )  # fmt: skip
    tokenizer.train_from_iterator([HELD_OUT.read_text(), *texts(3000, 99)], trainer)
    if name in IGNORES_MERGES:
        # Words that no merge reaches.
        data = json.loads(tokenizer.to_str())
        for word in ["Ġxyzzyq", "qqzz", "ĠHelloworld"]:
            data["model"]["vocab"].setdefault(word, len(data["model"]["vocab"]))
        tokenizer = Tokenizer.from_str(json.dumps(data))
    tokenizer.add_tokens([AddedToken(text, normalized=False) for text in ["<tool>", "</tool>"]])
    tokenizer.encode_special_tokens = True
    tokens = vocabulary(tokenizer)
    types = [{"<|x|>": 3, "<tool>": 4, "</tool>": 4}.get(token, 1) for token in tokens]
    merges = [" ".join(merge) for merge in json.loads(tokenizer.to_str())["model"]["merges"]]
    return tokenizer, {"tokens": tokens, "types": types, "pre": name, "merges": merges}


def vocabulary(tokenizer):
    return [token for token, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]


def sentence_piece():
    """A vocabulary with scores, and the merges that Hugging Face makes of such a file."""
    options = {"byte_fallback": True, "unk_token": "<unk>", "fuse_unk": True}
    normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    specials = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    tokenizer = Tokenizer(models.BPE(**options))
    tokenizer.normalizer = normalizer
    trainer = trainers.BpeTrainer(
        vocab_size=3000, special_tokens=specials, show_progress=False, max_token_length=12
    )
    words = [word for text in [HELD_OUT.read_text(), *texts(3000, 99)] for word in text.split(" ")]
    tokenizer.train_from_iterator([word for word in words if len(word) < 40], trainer)
    tokens = vocabulary(tokenizer)
    ids = {token: index for index, token in enumerate(tokens)}
    merges = [
        (token[:cut], token[cut:])
        for token in tokens[len(specials) :]
        for cut in range(1, len(token))
        if token[:cut] in ids and token[cut:] in ids
    ]
    tokenizer = Tokenizer(models.BPE(vocab=ids, merges=merges, **options))
    tokenizer.normalizer = normalizer
    types = [2, 3, 3] + [6] * 256 + [1] * (len(tokens) - len(specials))
    scores = [-float(index) for index in range(len(tokens))]
    return tokenizer, {"tokens": tokens, "types": types, "model": "llama", "scores": scores}


@pytest.mark.parametrize("name", [*PRE, "llama"])
def test_tokens_are_those_of_tokenizers(name, terntable_lines, tmp_path):
    tokenizer, definition = sentence_piece() if name == "llama" else byte_level(name)
    model = tiny_model.write(tmp_path / "model.gguf", **definition)
    tried = list(texts(TEXTS, name))
    lines = "".join(json.dumps(text) + "\n" for text in tried)
    printed = terntable_lines("model", "tokenize", model, "--file", "-", "--lines", input=lines)
    expected = tokenizer.encode_batch(tried, add_special_tokens=False)
    assert len(printed) == len(tried)
    for text, ours, theirs in zip(tried, printed, expected):
        assert ours["ids"] == theirs.ids, repr(text)
