"""How many sessions a second an export handles, and that its memory does not grow with them.

    python3 Benchmarks/exports.py --binary .build/release/terntable --sessions 1000 100000
    python3 Benchmarks/exports.py --formats html preference --sessions 1 --questions 2500

Writes that many journals (one question or more, each with a wrong attempt, "Try again.", a right
one) into a temporary folder, exports the folder, and prints sessions a second and the most memory that was
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
    second = sequence % 86_400
    clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    head = {"seq": sequence, "time": f"2026-01-01T{clock}.000Z", "type": kind}
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


def exchange(sequence, turn, text):
    """Ten lines, four turns: a question, a wrong attempt, feedback, a right attempt."""
    feedback = {
        "kind": "feedback", "feedback": "unary", "author": "script", "on": turn + 1, "round": 1,
        "used_gold": False, "masked": [],
    }
    above = {"parent": turn - 1} if turn > 1 else {}
    asked = {"kind": "asked", "expectation": {"number": "1692"}}
    lines = [line(sequence, "prompt_added",
                  {**above, "role": "user", "origin": asked, "text": text})]
    lines += reply(
        sequence + 1, turn + 1, turn, "47 = 40 + 7\n40 × 36 = 1440\nAnswer: 1440", "wrong")
    lines += [line(sequence + 5, "prompt_added", {
        "parent": turn + 1, "role": "user", "origin": feedback, "text": "Try again."})]
    lines += reply(
        sequence + 6, turn + 3, turn + 2,
        "47 = 40 + 7\n7 × 36 = 252\n1440 + 252 = 1692\nAnswer: 1692", "right")
    return lines


def write_journals(folder, count, questions):
    rest = "".join(
        line for number in range(1, questions)
        for line in exchange(2 + 10 * number, 1 + 4 * number, f"What is 36 × {number}?"))
    for number in range(count):
        below = folder / f"{number // 1000:03d}"
        below.mkdir(exist_ok=True)
        header = line(1, "session", {
            "schema": 1, "id": f"{number:032x}", "title": "Products", "seed": "7",
            "sampling": SAMPLING, "history": "chat", "model": "tutor",
            "application": "terntable 0.1.0"})
        first = "".join(exchange(2, 1, f"What is 47 × {number}?"))
        (below / f"{number:06d}.tern.jsonl").write_text(header + first + rest, "utf-8")


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
    parser.add_argument("--questions", type=int, default=1, help="a session's; four turns each")
    parser.add_argument("--formats", nargs="+", default=["messages", "preference"])
    parser.add_argument("--scrub", action="store_true")
    arguments = parser.parse_args()
    print(f"{'format':<12} {'sessions':>9} {'seconds':>8} {'sessions/s':>11} {'MiB':>7}")
    for count in arguments.sessions:
        scratch = pathlib.Path(tempfile.mkdtemp(prefix="terntable-exports-"))
        try:
            (scratch / "in").mkdir()
            write_journals(scratch / "in", count, arguments.questions)
            for kind in arguments.formats:
                extra = ["--scrub"] if arguments.scrub else []
                seconds, peak, _ = export(arguments.binary, scratch / "in", kind, extra)
                print(f"{kind:<12} {count:>9} {seconds:>8.1f} {count / seconds:>11.0f} "
                      f"{peak / 1024:>7.1f}", flush=True)
        finally:
            shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
