"""Pieces and flags: digits stand alone, and only what may be imitated is learnt."""

import json
from random import Random

from dialogues import conversation
from tokenizer import PATH, Encoder, load

ENCODER = Encoder(load())


def test_no_merge_holds_a_digit():
    merges = json.loads(PATH.read_text())["model"]["merges"]
    assert merges and not any(c.isdigit() for pair in merges for piece in pair for c in piece)


def test_the_size_and_the_control_pieces():
    assert ENCODER.tokenizer.get_vocab_size() == 1024
    assert (ENCODER.start, ENCODER.end, ENCODER.padding) == (0, 1, 2)


def test_any_text_comes_back():
    for text in ("47 × 36 = 1692\n", "naïve  café\t☕ 👍🏽", "a\n\n b"):
        assert ENCODER.tokenizer.decode(ENCODER.text(text)) == text


def test_the_flags_cut_out_exactly_the_learnt_pieces():
    rng = Random(5)
    for _ in range(300):
        messages = conversation(rng)
        ids, learn = ENCODER.messages(messages)
        learnt = ENCODER.tokenizer.decode([i for i, flag in zip(ids, learn) if flag])
        assert learnt == "".join(p.text for m in messages for p in m.pieces if p.learn)
