"""A short talk with the tutor for the README: a wrong product, its first wrong line put right in place.

    python3 Training/example.py --binary .build/release/terntable --journals out/evaluate

The first product of the evaluation is taken that was wrong at first, wrong before its last three lines, and right after
one edit. What is printed is what the program says to it now.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

LINES_AFTER = 3


def mended(journal: Path) -> tuple[str, str, str] | None:
    """The question, the first wrong line and the right one, of a session that fits."""
    question, replies, kept, verdicts = "", [], None, []
    for event in map(json.loads, journal.read_text().splitlines()):
        match event["type"]:
            case "prompt_added":
                question = question or event["text"]
            case "reply_started":
                replies.append(event.get("kept", ""))
                kept = event.get("kept", kept)
            case "reply_extended":
                replies[-1] += event["text"]
            case "judged":
                verdicts.append(event["outcome"])
    if verdicts != ["wrong", "right"] or not kept:
        return None
    right = kept.rstrip("\n").split("\n")
    lines = replies[0].split("\n")
    wrong = lines[len(right) - 1]
    fits = len(lines) - len(right) >= LINES_AFTER and replies[0].count(wrong) == 1
    return (question, wrong, right[-1]) if fits else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--journals", type=Path, required=True)
    options = parser.parse_args()
    journals = sorted(options.journals.glob("*.tutor.edit.multiplication-*.tern.jsonl"))
    found = next(filter(None, map(mended, journals)), None)
    if not found:
        sys.exit(f"{options.journals}: no product that one edit put right")
    question, wrong, right = found
    with tempfile.TemporaryDirectory() as home:
        command = [options.binary, "chat", "--plain", "--temperature", "0", "--session", f"{home}/talk.tern.jsonl"]
        lines = f"{question}\n/edit {wrong} => {right}\n"
        said = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout
    print(json.dumps({"text": said}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
