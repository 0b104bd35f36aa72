"""Prints what share of the training tokens each family and each kind of episode has, and how much is learnt.

python Training/mixture.py
"""

from collections import Counter
from random import Random
from unittest.mock import patch

import dialogues
from dialogues import EPISODES, SHARES, outside, small_talk
from tokenizer import Encoder, load

SAMPLES = 60


def main() -> None:
    encoder, rng = Encoder(load()), Random(1)
    families, kinds = Counter(), Counter()
    learnt = 0.0
    for episode, weight in EPISODES.items():
        for family, share in SHARES.items():
            # Some kinds of episode are about no family: then the turn of each counts for `talk`.
            with patch.dict(dialogues.SHARES, {family: 1}, clear=True):
                drawn = encoder.conversations([episode(rng, {}) for _ in range(SAMPLES)])
            part = weight * share / sum(SHARES.values()) / SAMPLES
            tokens = part * sum(len(ids) for ids, _ in drawn)
            families["talk" if episode in (small_talk, outside) else family] += tokens
            kinds[episode.__name__] += tokens
            learnt += part * sum(sum(flags) for _, flags in drawn)
    total = kinds.total()
    for title, counts in (("Family", families), ("Episode", kinds)):
        print(title)
        for name, tokens in counts.most_common():
            print(f"  {name:16}{tokens / total:7.1%}")
    print(f"Learnt{learnt / total:19.1%}")


if __name__ == "__main__":
    main()
