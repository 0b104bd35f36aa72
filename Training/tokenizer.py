"""The tutor's byte-level BPE: GPT-2's alphabet and splitting, and every digit a token of its own.

No merge holds a digit, so a reader that knows only GPT-2's splitting rule
(llama.cpp's `gpt-2`) cuts text exactly as this one does.
"""

import tomllib
from pathlib import Path
from random import Random

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from dialogues import Message, conversation

START, END, PADDING = "<|im_start|>", "<|im_end|>", "<|endoftext|>"
CONTROL = [START, END, PADDING]
GPT2_SPLIT = (
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
)
PATH = Path(__file__).parent / "tokenizer.json"


def train(seed: int, vocabulary: int, conversations: int = 20000) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(GPT2_SPLIT), "isolated"),
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    rng = Random(f"{seed} tokenizer")
    texts = (m.role + "\n" + m.text for _ in range(conversations) for m in conversation(rng))
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=CONTROL,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def load() -> Tokenizer:
    return Tokenizer.from_file(str(PATH))


class Encoder:
    """Turns messages into ids and a flag for each id: is it learnt?"""

    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer = tokenizer
        self.start, self.end, self.padding = map(tokenizer.token_to_id, CONTROL)
        self.newline = self.text("\n")

    def text(self, text: str) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def prompt(self, messages: list[Message], beginning: str = "") -> list[int]:
        """A chat up to the assistant's header, plus the kept beginning of a reply."""
        ids, _ = self.messages(messages)
        return ids + [self.start] + self.text("assistant\n") + self.text(beginning)

    def messages(self, messages: list[Message]) -> tuple[list[int], list[bool]]:
        ids: list[int] = []
        learn: list[bool] = []
        for message in messages:
            header = [self.start] + self.text(message.role + "\n")
            ids += header
            learn += [False] * len(header)
            for piece in message.pieces:
                found = self.text(piece.text)
                ids += found
                learn += [piece.learn] * len(found)
            ids += [self.end] + self.newline
            learn += [message.pieces[-1].learn] + [False] * len(self.newline)
        return ids, learn


if __name__ == "__main__":
    config = tomllib.loads((PATH.parent / "config.toml").read_text())
    train(config["seed"], config["model"]["vocabulary"]).save(str(PATH))
