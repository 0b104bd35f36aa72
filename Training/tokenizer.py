"""The tutor's byte-level BPE: GPT-2's alphabet and splitting, and every digit a token of its own.

No merge holds a digit, so a reader that knows only GPT-2's splitting rule
(llama.cpp's `gpt-2`) cuts text exactly as this one does.

tokenizer.json stays as it is while a model trained with it is in use; made
anew it follows the wordings of the day.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from dialogues import Message, conversation

START, END, PADDING = "<|im_start|>", "<|im_end|>", "<|endoftext|>"
CONTROL = [START, END, PADDING]
GPT2_SPLIT = (
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
)
RANDOM_LETTERS = re.compile(r'"|hex|base 16|Hello [a-z]|\b[a-z] [a-z] [a-z]\b')
PATH = Path(__file__).parent / "tokenizer.json"


def with_splitting(model: models.BPE) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(GPT2_SPLIT), "isolated"),
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def from_pieces(pieces: Sequence[str], merges: Sequence[str]) -> Tokenizer:
    """The tokenizer of a model file, which may be another than the one that training uses now."""
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = with_splitting(models.BPE(vocabulary, [tuple(merge.split(" ")) for merge in merges]))
    tokenizer.add_special_tokens(CONTROL)
    return tokenizer


def train(seed: int, vocabulary: int, conversations: int = 20000) -> Tokenizer:
    tokenizer = with_splitting(models.BPE())
    texts = (m.role + "\n" + m.text for c in plain_conversations(seed, conversations) for m in c)
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=CONTROL,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def plain_conversations(seed: int, count: int) -> Iterator[list[Message]]:
    """Few with random words and hexadecimal digits: pieces learnt from chance would hide their letters."""
    rng = Random(f"{seed} tokenizer")
    for _ in range(count):
        messages = conversation(rng)
        if rng.random() < 0.05 or not any(RANDOM_LETTERS.search(m.text) for m in messages):
            yield messages


def load() -> Tokenizer:
    return Tokenizer.from_file(str(PATH))


class Encoder:
    """Turns messages into ids and a flag for each id: is it learnt?"""

    def __init__(self, tokenizer: Tokenizer):
        # One core is enough for encoding; the others train.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        self.tokenizer = tokenizer
        self.start, self.end, self.padding = map(tokenizer.token_to_id, CONTROL)
        self.newline = self.text("\n")
        roles = ("system", "user", "assistant")
        self.headers = {role: [self.start, *self.text(role + "\n")] for role in roles}

    def text(self, text: str) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def prompt(self, messages: list[Message], beginning: str = "") -> list[int]:
        """A chat up to the assistant's header, plus the kept beginning of a reply."""
        ids, _ = self.messages(messages)
        return ids + self.headers["assistant"] + self.text(beginning)

    def messages(self, messages: list[Message]) -> tuple[list[int], list[bool]]:
        return self.conversations([messages])[0]

    def conversations(self, all_messages: Sequence[list[Message]]) -> list[tuple[list[int], list[bool]]]:
        """Ids and flags of each conversation; all of them in one call is several times as fast."""
        texts = [p.text for messages in all_messages for m in messages for p in m.pieces]
        encoded = iter(self.tokenizer.encode_batch_fast(texts, add_special_tokens=False))
        return [self.joined(messages, encoded) for messages in all_messages]

    def joined(self, messages: list[Message], encoded: Iterator) -> tuple[list[int], list[bool]]:
        ids: list[int] = []
        learn: list[bool] = []
        for message in messages:
            header = self.headers[message.role]
            ids += header
            learn += [False] * len(header)
            for piece in message.pieces:
                found = next(encoded).ids
                ids += found
                learn += [piece.learn] * len(found)
            ids.append(self.end)
            ids += self.newline
            learn.append(message.pieces[-1].learn)
            learn += [False] * len(self.newline)
        return ids, learn


if __name__ == "__main__":
    config = tomllib.loads((PATH.parent / "config.toml").read_text())
    train(config["seed"], config["model"]["vocabulary"]).save(str(PATH))
