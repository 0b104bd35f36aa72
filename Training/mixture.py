"""Prints what share of the training tokens each family and each kind of episode has, and how much is learnt.

    python Training/mixture.py --json
"""

import argparse
import json
from collections import Counter
from random import Random
from unittest.mock import patch

import dialogues
from dialogues import EPISODES, SHARES, outside, small_talk
from tokenizer import Encoder, load

SAMPLES = 60


def shares() -> dict:
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
    return {
        "families": {name: tokens / total for name, tokens in families.most_common()},
        "episodes": {name: tokens / total for name, tokens in kinds.most_common()},
        "learnt": learnt / total,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    found = shares()
    if parser.parse_args().json:
        print(json.dumps(found, indent=1))
        return
    for title in ("families", "episodes"):
        print(title)
        for name, share in found[title].items():
            print(f"  {name:16}{share:7.1%}")
    print(f"learnt{found['learnt']:19.1%}")


if __name__ == "__main__":
    main()
