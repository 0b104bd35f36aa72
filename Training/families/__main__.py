"""Prints items, or judges replies, as JSON Lines: what the program is compared with.

    python Training/families --family grid --difficulty easy --count 5 --seed 1 --held-out --jsonl
    python Training/families --keys < keys.txt                      one item for each key
    python Training/families --family grid --count 5 --replies      {"key": …, "reply": …} a line: right,
                                                                    mistaken and mangled replies
    python Training/families --judge < replies.jsonl                verdicts, first wrong lines, critiques
"""

import argparse
import json
import sys
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from families import FAMILIES, critique, fallback, from_key, judge, mended, problems  # noqa: E402
from families.item import Item  # noqa: E402


def described(item: Item) -> dict:
    return {
        "family": item.family.name, "difficulty": item.difficulty, "key": item.key,
        "held_out": item.held_out, "question": item.question, "answer": item.answer, "lines": item.lines,
    }  # fmt: skip


def replies(items: list[Item], seed: int) -> list[dict]:
    """To each item the right reply, a mistaken one, and both in the shapes that models give them."""
    rng = Random(f"{seed} replies")
    found = []
    for item in items:
        for reply in (item.text, item.family.wrong_reply(rng, item)):
            found += [{"key": item.key, "reply": text} for text in (reply, mangle(rng, reply))]
    return found


def mangle(rng: Random, reply: str) -> str:
    lines = reply.split("\n")
    place = rng.randrange(len(lines))
    kind = rng.randrange(8)
    if kind == 0:
        del lines[place]
    elif kind == 1:
        lines.insert(place, lines[place])
    elif kind == 2:
        other = rng.randrange(len(lines))
        lines[place], lines[other] = lines[other], lines[place]
    elif kind == 3:
        lines[-1] += "."
    elif kind == 4:
        lines[place] = f"  {lines[place]} "
    elif kind == 5:
        lines.insert(0, f"You are right: {lines[place]}.")
    elif kind == 6:
        lines = lines[:place]
    else:
        lines.append("Answer: 12")
    return "\n".join(lines)


def judged(record: dict) -> dict:
    item, reply = from_key(record["key"]), record["reply"]
    verdict, fault = judge(item, reply), item.family.first_wrong(item, reply)
    found = {"key": item.key, "verdict": verdict, "line": None, "wrong": None, "right": None}
    if verdict != "right":
        found["directional"] = item.family.directional(item, reply)
        found["critique"] = critique(fault, False) if fault else fallback(verdict)
        found["critique_with_value"] = critique(fault, True) if fault else fallback(verdict)
    if fault:
        found |= {"line": fault.index, "wrong": fault.wrong, "right": fault.right}
        found["mended"] = mended(reply, fault)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--family", choices=FAMILIES, default="multiplication")
    parser.add_argument("--difficulty")
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a line instead of plain text")
    parser.add_argument("--keys", action="store_true", help="items of the keys on standard input, as JSON Lines")
    parser.add_argument("--replies", action="store_true", help="right and wrong replies to the items, as JSON Lines")
    parser.add_argument("--judge", action="store_true", help="verdicts on the replies on standard input")
    options = parser.parse_args()
    if options.judge:
        for line in sys.stdin:
            print(json.dumps(judged(json.loads(line)), ensure_ascii=False))
        return
    if options.keys:
        items = [from_key(line.rstrip("\n")) for line in sys.stdin if line.strip()]
    else:
        difficulty = options.difficulty or FAMILIES[options.family].difficulties[0]
        items = problems(options.family, difficulty, options.count, options.seed, options.held_out)
    if options.replies:
        for record in replies(items, options.seed):
            print(json.dumps(record, ensure_ascii=False))
        return
    for item in items:
        if options.jsonl or options.keys:
            print(json.dumps(described(item), ensure_ascii=False))
        else:
            print(f"{item.question}\n{item.text}\n")


if __name__ == "__main__":
    main()
