"""How many sessions a second an export handles, and that its memory does not grow with them.

    python3 Benchmarks/exports.py --binary .build/release/terntable --sessions 1000 100000

Writes that many small journals (one question, a wrong attempt, "Try again.", a right one) into a
temporary folder, exports the folder, and prints sessions a second and the most memory that was
resident. Nothing but the standard library.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ 0x82F63B78 if byte & 1 else byte >> 1
    TABLE.append(byte)

SAMPLING = {
    "temperature": 0.6, "top_k": 40, "top_p": 0.95, "min_p": 0.05, "repetition_penalty": 1.0,
    "repetition_window": 64, "max_tokens": 512,
}


def line(sequence, kind, fields):
    """One line of a journal, with its checksum (docs/formats/journal.md)."""
    head = {"seq": sequence, "time": f"2026-01-01T00:00:{sequence:02d}.000Z", "type": kind}
    content = json.dumps({**head, **fields}, separators=(",", ":"), ensure_ascii=False)[:-1]
    crc = 0xFFFFFFFF
    for byte in content.encode():
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 0xFF]
    return f'{content},"crc32c":"{crc ^ 0xFFFFFFFF:08x}"}}\n'


def reply(sequence, turn, parent, text, outcome):
    recipe = {
        "model": {"name": "tutor", "digest": "a" * 64, "template_digest": "b" * 64},
        "sampling": SAMPLING, "seed": "1", "history": "chat", "prompt_digest": "c" * 64,
        "prompt_tokens": 9, "kernel": "avx2", "application": "terntable 0.1.0",
    }
    statistics = {"prompt_tokens": 9, "cached_tokens": 0, "generated_tokens": 9}
    judged = {"turn": turn, "outcome": outcome, "answer": "1", "checker": "number"}
    return [
        line(sequence, "reply_started",
             {"parent": parent, "origin": {"kind": "answered"}, "recipe": recipe}),
        line(sequence + 1, "reply_extended", {"text": text, "tokens": list(range(9))}),
        line(sequence + 2, "reply_finished", {"end": "end_of_turn", "statistics": statistics}),
        line(sequence + 3, "judged", judged),
    ]


def write_journals(folder, count):
    schema = 1
    feedback = {
        "kind": "feedback", "feedback": "unary", "author": "script", "on": 2, "round": 1,
        "used_gold": False, "masked": [],
    }
    rest = "".join(
        reply(3, 2, 1, "47 = 40 + 7\n40 × 36 = 1440\nAnswer: 1440", "wrong")
        + [line(7, "prompt_added",
                {"parent": 2, "role": "user", "origin": feedback, "text": "Try again."})]
        + reply(8, 4, 3, "47 = 40 + 7\n7 × 36 = 252\n1440 + 252 = 1692\nAnswer: 1692", "right"))
    for number in range(count):
        below = folder / f"{number // 1000:03d}"
        below.mkdir(exist_ok=True)
        header = line(1, "session", {
            "schema": schema, "id": f"{number:032x}", "title": "Products", "seed": "7",
            "sampling": SAMPLING, "history": "chat", "model": "tutor",
            "application": "terntable 0.1.0"})
        question = line(2, "prompt_added", {
            "role": "user", "origin": {"kind": "asked", "expectation": {"number": "1692"}},
            "text": f"What is 47 × {number}?"})
        (below / f"{number:06d}.tern.jsonl").write_text(header + question + rest, "utf-8")


def export(binary, folder, kind, extra):
    """Seconds and most resident KiB of one export."""
    out = folder.parent / "out.jsonl"
    start = time.monotonic()
    process = subprocess.Popen(
        [binary, "export", str(folder), "--format", kind, "-o", str(out), *extra],
        stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"export ended with {process.returncode}")
    return time.monotonic() - start, usage.ru_maxrss, out.stat().st_size


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=".build/release/terntable")
    parser.add_argument("--sessions", type=int, nargs="+", default=[1000, 100_000])
    parser.add_argument("--formats", nargs="+", default=["messages", "preference"])
    parser.add_argument("--scrub", action="store_true")
    arguments = parser.parse_args()
    print(f"{'format':<12} {'sessions':>9} {'seconds':>8} {'sessions/s':>11} {'MiB':>7}")
    for count in arguments.sessions:
        scratch = pathlib.Path(tempfile.mkdtemp(prefix="terntable-exports-"))
        try:
            (scratch / "in").mkdir()
            write_journals(scratch / "in", count)
            for kind in arguments.formats:
                extra = ["--scrub"] if arguments.scrub else []
                seconds, peak, _ = export(arguments.binary, scratch / "in", kind, extra)
                print(f"{kind:<12} {count:>9} {seconds:>8.1f} {count / seconds:>11.0f} "
                      f"{peak / 1024:>7.1f}", flush=True)
        finally:
            shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
