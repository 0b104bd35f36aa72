"""The screen is there before the record and the model are. What is seen is read from the frames that the
program itself writes down, so that nothing depends on how fast the machine is."""

import os
import pathlib

import pytest

from frames import Frames
from journals import Journal, tutoring
from terminal import Terminal

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("TERNTABLE_BINARY", str(ROOT / ".build/release/terntable"))


@pytest.fixture(scope="module")
def long_record(tmp_path_factory):
    """Many short conversations: long enough that no machine reads them before the screen is shown."""
    many = Journal()
    for number in range(40_000):
        many.rounds = 0
        many._add("prompt_added", {"role": "user", "origin": {"kind": "asked"}, "text": f"question {number}"})
        many.turns += 1
        many._add("reply_started", {"parent": many.turns, "origin": {"kind": "answered"}})
        many._add("reply_extended", {"text": f"reply {number}", "tokens": [1, 2]})
        many._add("reply_finished", {"end": "end_of_turn"})
        many.turns += 1
    return many.write(tmp_path_factory.mktemp("long") / "long.tern.jsonl")


class Run:
    def __init__(self, folder, *arguments):
        folder.mkdir(exist_ok=True)
        self.frames = Frames(folder / "frames")
        environment = {
            "PATH": os.environ["PATH"], "TERM": "xterm-256color", "HOME": str(folder), "LC_ALL": "C.UTF-8",
            "TERNTABLE_FRAMES": self.frames.path,
        }  # fmt: skip
        self.terminal = Terminal([BINARY, "chat", *map(str, arguments)], environment)
        self.seen = []

    def until(self, text):
        """All frames up to the first that shows `text`; the last one seen may be it."""
        if self.seen and text in self.seen[-1].text:
            return self.seen
        for _ in range(3000):
            frame = self.frames.next(0.05)
            self.terminal.drain()
            if frame:
                self.seen.append(frame)
                if text in frame.text:
                    return self.seen
        raise AssertionError(f"never saw {text}:\n{self.seen[-1].text if self.seen else ''}")

    def close(self):
        self.terminal.close()
        self.frames.close()


def test_the_screen_comes_first_then_the_record_then_the_model(tmp_path, long_record):
    run = Run(tmp_path, "--session", long_record, "--model", "tutor")
    try:
        frames = run.until(" · ready")
        # A record as long as this is begun when the first screen is out.
        assert "reading the record 0 %" in frames[0].text
        assert sum(frame.processor for frame in frames) > 0 and sum(frame.wall for frame in frames) > 0
        assert "reply 39999" in frames[-1].text
    finally:
        run.close()


def test_a_message_typed_while_the_record_is_read_goes_out_afterwards(tmp_path, long_record):
    copy = tmp_path / "long.tern.jsonl"
    copy.write_bytes(long_record.read_bytes())
    run = Run(tmp_path, "--session", copy, "--model", "tutor")
    try:
        run.until("── ")
        run.terminal.type("What is 2 + 2?\r".encode())
        run.until("1 waiting")
        frames = run.until(" · ready")
        assert any("you" in line and "2 + 2" in frame.text for frame in frames for line in frame.lines)
    finally:
        run.close()
    # Nobody may have had to type it twice.
    assert copy.read_text().count("What is 2 + 2?") == 1


def test_leaving_while_the_record_is_read_leaves_it_as_it_was(tmp_path, long_record):
    before = long_record.read_bytes()
    run = Run(tmp_path, "--session", long_record, "--model", "tutor")
    run.until("── ")
    run.terminal.type(b"\x03")
    assert run.terminal.ended() == 0
    run.frames.close()
    assert long_record.read_bytes() == before


def test_a_model_that_is_not_there_is_told_in_one_line_and_the_record_stays_as_it_was(tmp_path, long_record):
    for session in [long_record, tutoring().write(tmp_path / "short.tern.jsonl")]:
        before = session.read_bytes()
        run = Run(tmp_path / session.stem, "--session", session, "--model", "/nowhere/m.gguf")
        if session == long_record:
            # The old session can be read, though nobody answers.
            run.until("reply 39999")
            run.until("/nowhere/m.gguf")
            run.terminal.type(b"\x1b")
            run.until("no model")
            run.terminal.type(b"q")
        assert run.terminal.ended() == 66
        run.frames.close()
        assert b"terntable: " in run.terminal.raw
        assert session.read_bytes() == before
