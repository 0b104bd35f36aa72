"""A held-out problem that stood in the training data would be found."""

from random import Random

import numpy as np
import pytest

from batches import make_chunk
from dialogues import Message, Piece, reply, user, wrong_reply
from families import FAMILIES, from_key
from split import MESSAGE, Search, texts
from tokenizer import Encoder, load

ENCODER = Encoder(load())
DATA = {"tokens_per_part": 2048, "row_lengths": [512, 1024], "parts_per_chunk": 2}
KEYS = ["multiplication:36,47", "subtraction:503,178", "string:reverse:planet", "fact:capital-france:1.3"]


def search(path, keys=KEYS):
    found = Search(keys)
    for text in texts(path):
        for role, message, mark in MESSAGE.findall(text):
            found.read(role, message, mark == "<|endoftext|>")
    return found


def planted(path, messages):
    """A chunk of generated conversations with one of ours in front."""
    chunk = make_chunk(ENCODER, "test", DATA)
    ids, learn = ENCODER.messages(messages)
    chunk["t0"][0, : len(ids)], chunk["l0"][0, : len(ids)] = ids, learn
    np.savez(path, **chunk)
    return path


@pytest.mark.parametrize("key", KEYS)
def test_a_question_is_found(tmp_path, key):
    path = planted(tmp_path / "chunk.npz", [user(f"Hm.\n{from_key(key).question}"), reply("Yes.")])
    assert search(path).found == {key: 1}


def test_a_solution_that_is_learnt_is_found_under_any_wording(tmp_path):
    product = from_key("multiplication:36,47")
    asked = [user("Please tell me, how much is thirty-six times forty-seven?")]
    path = planted(tmp_path / "a.npz", [*asked, reply("Let me try again.\n" + product.text)])
    assert search(path).found == {"multiplication:36,47": 1}
    continued = Message("assistant", (Piece(product.text[:20], False), Piece(product.text[20:], True)))
    assert search(planted(tmp_path / "b.npz", [*asked, continued])).found == {"multiplication:36,47": 1}
    # Only read, as an attempt at another question: not asked, and not learnt.
    assert not search(planted(tmp_path / "c.npz", [*asked, wrong_reply(product.text)])).found


def test_new_data_holds_none_of_many_held_out_problems(tmp_path):
    np.savez(tmp_path / "chunk.npz", **make_chunk(ENCODER, "other", DATA | {"parts_per_chunk": 40}))
    rng, keys = Random(4), []
    for family in FAMILIES.values():
        keys += [family.draw(rng, family.difficulties[0], held_out=True).key for _ in range(100)]
    found = search(tmp_path / "chunk.npz", keys)
    assert found.messages > 300
    assert not found.found
