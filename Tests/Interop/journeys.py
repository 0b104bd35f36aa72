"""Random journeys over the real screen: after every one, what a terminal (pyte) shows is compared with what
the program meant to draw, cell by cell and with the cursor. Nothing waits for the clock: the program says when
a frame that knows all keys is out."""

import random
import unicodedata
from itertools import zip_longest

from frames import Frames
from terminal import Terminal

# None of them asks the model for anything, in whatever mode it comes; with the number of keys the program sees.
KEYS = [
    (key, 1) for key in [
        b"\x1b", b"\t", b"j", b"k", b"h", b"l", b"g", b"G", b"\x15", b"\x1b[5~", b"\x1b[6~", b"<", b">", b" ",
        b"Z", b"f", b"?", b"d", b"\x10", b"n", b"N", b"i", b"\x01", b"\x05", b"\x1bOD", b"\x1b[1;2D", b"\x00",
        b"\n", b"\x1bOA", b"\x1bOB", b"\x0c",
    ]
] + [
    (b"\x1b\x06reply 3\r", 10), ("漢字 e\u0301 全角".encode(), 8),
    (b"\x1b[200~pasted\nin rows\n\x1b[201~", 1),
]  # fmt: skip
SIZES = [(40, 10), (63, 17), (80, 24), (120, 40), (200, 50)]


class Journeys:
    """One program, many journeys."""

    def __init__(self, arguments, environment, fifo, seed, size=(80, 24)):
        self.frames = Frames(fifo)
        self.chance = random.Random(seed)
        self.terminal = Terminal(
            arguments, environment | {"TERNTABLE_FRAMES": self.frames.path}, *size)
        self.size = size
        self.inputs = 0
        self.compared = 0
        self.cells = 0
        self.trail = []
        self._wait(lambda frame: "ready" in frame.text)

    def _wait(self, is_it):
        """The first frame that is what is waited for. Meanwhile the terminal is read: it must not fill up."""
        while True:
            frame = self.frames.next(0.05)
            self.terminal.drain()
            if frame is None:
                self.patience -= 1
                assert self.patience > 0, f"no such frame after {self.trail}\n" + "\n".join(self.terminal.rows)
            elif is_it(frame):
                return frame
            else:
                self.patience = 600

    def _is_settled(self, frame):
        """All keys are in it, and nothing is under way that would change it again."""
        status = next((line for line in frame.lines if line.startswith(("── ", "-- "))), "")
        return frame.inputs == self.inputs and " · ready" in status

    patience = 600

    def play(self):
        """One journey: up to eight keys, now and then another size; then the comparison."""
        self.trail = []
        frame = None
        for key, count in self.chance.choices(KEYS, k=self.chance.randint(1, 8)):
            self.trail.append(key)
            self.inputs += count
            self.terminal.type(key)
            # Escape and the next key at once would be Alt.
            if key == b"\x1b":
                frame = self._wait(self._is_settled)
        if frame is None or frame.inputs != self.inputs:
            frame = self._wait(self._is_settled)
        if self.chance.random() < 0.1:
            self.size = self.chance.choice([size for size in SIZES if size != self.size])
            self.trail.append(self.size)
            self.terminal.drain()
            self.terminal.resize(*self.size)
            frame = self._wait(
                lambda frame: (frame.columns, frame.rows) == self.size and self._is_settled(frame))
        self.compare(frame)

    def compare(self, frame):
        """What a key leads to may come after the frame that knows the key, such as a complaint: then another frame
        says so, and is the one to compare with. What is garbled stays so, and no frame follows."""
        while fault := self._fault(frame):
            frame = self.frames.next(2)
            assert frame, f"after {self.compared} journeys and then {self.trail}\n{fault}"
        self.compared += 1
        self.cells += frame.columns * frame.rows

    def _fault(self, frame):
        """What the terminal shows otherwise than the frame has it, in words; None when nothing."""
        self.terminal.drain()
        meant = [unicodedata.normalize("NFC", line) for line in frame.lines]
        shown = self.terminal.rows
        if shown != meant:
            return "\n".join(
                f"row {row}\n  meant {line}\n  shown {other}"
                for row, (line, other) in enumerate(zip_longest(meant, shown)) if line != other)
        cursor = self.terminal.screen.cursor
        place = (-1, -1) if cursor.hidden else (cursor.y, cursor.x)
        return None if place == frame.cursor else f"the cursor is at {place} and not at {frame.cursor}"

    def close(self):
        self.terminal.close()
        self.frames.close()
