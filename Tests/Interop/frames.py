"""What the program meant to show: the frames that TERNTABLE_FRAMES makes it write, one after another."""

import os
import select
import time
import unicodedata


class Frame:
    def __init__(self, inputs, columns, rows, cursor, cost, lines):
        self.inputs, self.columns, self.rows = inputs, columns, rows
        self.cursor, self.lines = cursor, lines
        # Microseconds since the frame before: of the processor, and on the clock.
        self.processor, self.wall = cost

    @property
    def text(self):
        return "\n".join(self.lines)


class Frames:
    """The reading end of a FIFO that one run of the program writes to."""

    def __init__(self, path):
        self.path = str(path)
        os.mkfifo(self.path)
        # For reading and writing, so that neither end waits for the other.
        self.descriptor = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)
        self.buffer = b""

    def next(self, seconds=30.0):
        """The next frame; None when none comes in time."""
        deadline = time.monotonic() + seconds
        while (frame := self._parsed()) is None:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.descriptor], [], [], left)[0]:
                return None
            self.buffer += os.read(self.descriptor, 1 << 16)
        return frame

    def _parsed(self):
        head, found, rest = self.buffer.partition(b"\n")
        if not found:
            return None
        word, *numbers = head.split()
        assert word == b"frame", head
        inputs, columns, rows, row, column, *cost = map(int, numbers)
        parts = rest.split(b"\n", rows)
        if len(parts) <= rows:
            return None
        self.buffer = parts[rows]
        lines = [part.decode() for part in parts[:rows]]
        return Frame(inputs, columns, rows, (row, column), cost, lines)

    def close(self):
        os.close(self.descriptor)


def as_drawn(line):
    """A row as a terminal shows it: letters composed as pyte composes them."""
    return unicodedata.normalize("NFC", line)
