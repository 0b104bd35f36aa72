"""Writes journals as docs/formats/journal.md says, so that tests know what is in them to the byte
and to the millisecond; the program has to read what somebody else wrote by its document."""

import datetime
import json


def _crc_table():
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
        yield byte


_TABLE = list(_crc_table())


def crc32c(data: bytes) -> int:
    """Castagnoli's, RFC 3720."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


SAMPLING = {
    "temperature": 0.6, "top_k": 40, "top_p": 0.95, "min_p": 0.05,
    "repetition_penalty": 1.0, "repetition_window": 64, "max_tokens": 512,
}  # fmt: skip


class Journal:
    """One session, written step by step; a step gives back the number of its turn."""

    START = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)

    def __init__(self, identity="s1", title="A session", model="tutor", **provenance):
        self.lines = []
        self.clock = 0
        self.turns = 0
        self.rounds = 0
        self.model = model
        header = {
            "schema": 1, "id": identity, "title": title, "seed": "7", "sampling": SAMPLING,
            "history": "chat", "model": model, "application": "terntable 0.1.0",
        }  # fmt: skip
        self._add("session", header | ({"provenance": provenance} if provenance else {}))

    def _add(self, kind, fields):
        time = self.START + datetime.timedelta(milliseconds=self.clock)
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"
        entry = {"seq": len(self.lines) + 1, "time": stamp, "type": kind} | fields
        text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        # Of the control characters json escapes only the first 32.
        text = "".join(f"\\u{ord(c):04x}" if "\x7f" <= c <= "\x9f" else c for c in text)
        content = text[:-1].encode()
        self.lines.append(content + b',"crc32c":"%08x"}\n' % crc32c(content))

    def _prompt(self, parent, role, origin, text):
        above = {"parent": parent} if parent else {}
        self._add("prompt_added", above | {"role": role, "origin": origin, "text": text})
        self.turns += 1
        return self.turns

    def wait(self, milliseconds):
        self.clock += milliseconds

    def instruct(self, text):
        return self._prompt(None, "system", {"kind": "asked"}, text)

    def ask(self, text, number=None, under=None):
        self.rounds = 0
        origin = {"kind": "asked"} | ({"expectation": {"number": number}} if number else {})
        return self._prompt(under or self.turns or None, "user", origin, text)

    def feedback(self, kind, text="Try again.", on=None, author="person"):
        self.rounds += 1
        on = on or self.turns
        origin = {
            "kind": "feedback", "feedback": kind, "author": author, "on": on,
            "round": self.rounds, "used_gold": False, "masked": [],
        }  # fmt: skip
        return self._prompt(on, "user", origin, text)

    def reply(self, *pieces, parent=None, origin=None, kept="", spans=None, pace=200):
        """Pieces of text, `pace` milliseconds apart, the first after half a second."""
        recipe = {
            "model": {"name": self.model, "digest": "a" * 64, "template_digest": "b" * 64},
            "sampling": SAMPLING, "seed": str(1000 + self.turns), "history": "chat",
            "prompt_digest": "c" * 64, "prompt_tokens": 9, "kernel": "reference",
            "application": "terntable 0.1.0",
        }  # fmt: skip
        start = {"parent": parent or self.turns, "origin": origin or {"kind": "answered"}}
        if kept:
            start |= {"kept": kept, "spans": spans}
        self._add("reply_started", start | {"recipe": recipe})
        self.wait(500 - pace)
        for piece in pieces:
            self.wait(pace)
            self._add("reply_extended", {"text": piece, "tokens": [1] * len(piece.split())})
        self.wait(50)
        tokens = sum(len(piece.split()) for piece in pieces)
        statistics = {
            "prompt_tokens": 9, "cached_tokens": 0, "generated_tokens": tokens,
            "prefill_milliseconds": 500.0, "decode_milliseconds": float(pace * len(pieces)),
        }  # fmt: skip
        self._add("reply_finished", {"end": "end_of_turn", "statistics": statistics})
        self.turns += 1
        return self.turns

    def edit(self, reply, parent, before, typed, *pieces):
        """Goes on in place from `before` (the model's) and `typed` (a person's)."""
        spans = [
            {"writer": writer, "bytes": len(text.encode())}
            for writer, text in [("model", before), ("person", typed)] if text
        ]  # fmt: skip
        kept = before + typed
        origin = {"kind": "continued", "edit_of": reply, "kept_bytes": len(kept.encode())}
        return self.reply(*pieces, parent=parent, origin=origin, kept=kept, spans=spans)

    def again(self, reply, parent, *pieces):
        return self.reply(*pieces, parent=parent, origin={"kind": "resampled", "of": reply})

    def go(self, turn):
        self._add("head_moved", {"move": "go", "to": turn})

    def judge(self, turn, outcome, answer):
        self._add("judged", {"turn": turn, "outcome": outcome, "answer": answer, "checker": "number"})

    def rate(self, turn, rating):
        self._add("rated", {"turn": turn, "rating": rating, "author": "person"})

    def note(self, turn, text):
        self._add("noted", {"turn": turn, "text": text, "author": "person"})

    def write(self, path):
        path.write_bytes(b"".join(self.lines))
        return path


def tutoring(number=0):
    """A whole lesson: every kind of feedback, a flip from wrong to right, an edit, two branches."""
    a, b = 12 + number, 7
    ones, tens, right = (a % 10) * b, (a - a % 10) * b, a * b
    lesson = Journal(
        f"tutoring-{number}", f"{a} times {b}, three ways",
        script="three-ways", arm="mixed", problem=f"{a}x{b}",
    )  # fmt: skip
    lesson.instruct("You are a tutor. Show your steps.")
    lesson.wait(1000)
    question = lesson.ask(f"What is {a} × {b}?", number=str(right))
    opening = f"Split {a} into {a - a % 10} and {a % 10}.\n{a - a % 10} × {b} = {tens}\n"

    def steps(product):
        return f"{a % 10} × {b} = {product}\n{tens} + {product} = {tens + product}\n", (
            f"Answer: {tens + product}"
        )

    wrong = lesson.reply(opening, *steps(ones - 10))
    lesson.judge(wrong, "wrong", str(right - 10))
    lesson.rate(wrong, "down")
    lesson.wait(4000)
    lesson.feedback("unary")
    again = lesson.reply(opening, *steps(ones - 2))
    lesson.judge(again, "wrong", str(right - 2))
    lesson.note(again, "The second product moved,\nbut is still wrong.")
    lesson.wait(9000)
    critique = lesson.feedback("critique", f"{a % 10} × {b} is not {ones - 2}.", author={"model": "critic"})
    solved = lesson.reply(opening, *steps(ones))
    lesson.judge(solved, "right", str(right))
    lesson.rate(solved, 5)
    lesson.wait(3000)
    lesson.go(wrong)
    before = opening + f"{a % 10} × {b} = "
    edited = lesson.edit(wrong, question, before, str(ones), f"\n{tens} + {ones} = {right}", f"\nAnswer: {right}")
    lesson.judge(edited, "right", str(right))
    lesson.rate(edited, "up")
    redrawn = lesson.again(solved, critique, opening, *steps(ones + 1))
    lesson.judge(redrawn, "wrong", str(right + 1))
    lesson.rate(redrawn, "down")
    lesson.go(solved)
    return lesson


HOSTILE = (
    "</div></style><script>alert(1)</script><img src=http://evil.invalid/x.png onerror=alert(2)>\n"
    "\" onmouseover=\"alert(3)\" x='\u0301 <b> &amp; {{{title}}} ]]> <!-- -->\n"
    "nul \0 esc \x1b]0;title\x07\x1b[2J\x1b[31m csi \x9b31m del \x7f rlo \u202eabc\u202c sep \u2028\r\n"
    "```\n# heading\n[link](javascript:alert(4)) ![i](http://evil.invalid/y.png)\n"
    "漢字 👩\u200d👩\u200d👧 e\u0301 שלום"
)


def hostile():
    """A session whose every text wants to be something else than text."""
    session = Journal("<id>", '</title><script>"x"', model='"><script>', arm="<arm>")
    session.instruct(HOSTILE)
    session.ask(HOSTILE)
    first = session.reply(*[HOSTILE[i : i + 7] for i in range(0, len(HOSTILE), 7)], pace=20)
    session.judge(first, "wrong", "<b>1</b>")
    session.note(first, HOSTILE)
    session.feedback("critique", HOSTILE, author={"judge_intent": "<i>", "judge_knowledge": '"k"'})
    session.reply("x " + HOSTILE)
    return session
