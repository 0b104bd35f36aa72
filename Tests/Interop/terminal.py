"""A terminal for the program, drawn by pyte: types into it and waits until it is quiet."""

import copy
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
import unicodedata

import pyte


class Screen(pyte.Screen):
    """With what xterm has and the program uses, and pyte lacks: scrolling within margins, repeating, the alternate
    screen, marks on wide characters."""

    last = " "
    main = None

    def set_mode(self, *modes, **options):
        if options.get("private") and 1049 in modes and self.main is None:
            self.main = copy.deepcopy(self.buffer), copy.copy(self.cursor)
            self.erase_in_display(2)
        super().set_mode(*modes, **options)

    def reset_mode(self, *modes, **options):
        if options.get("private") and 1049 in modes and self.main:
            self.buffer, self.cursor = self.main
            self.main = None
        super().reset_mode(*modes, **options)

    def draw(self, data):
        super().draw(data)
        self.last = data[-1]

    @property
    def display(self):
        """The rows. A mark on a wide character is in the character's second cell with pyte, which does not show it."""
        return ["".join(self.buffer[row][column].data for column in range(self.columns)) for row in range(self.lines)]

    def repeat(self, count=1):
        """REP, `CSI n b`."""
        super().draw(self.last * (count or 1))

    def _scroll(self, count, edge, step):
        margins = self.margins or pyte.screens.Margins(0, self.lines - 1)
        row = self.cursor.y
        for _ in range(count or 1):
            self.cursor.y = getattr(margins, edge)
            step()
        self.cursor.y = row

    def scroll_up(self, count=1):
        """SU, `CSI n S`."""
        self._scroll(count, "bottom", self.index)

    def scroll_down(self, count=1):
        """SD, `CSI n T`."""
        self._scroll(count, "top", self.reverse_index)


class Stream(pyte.ByteStream):
    csi = pyte.ByteStream.csi | {"S": "scroll_up", "T": "scroll_down", "b": "repeat"}


class Terminal:
    """One run of the program on a screen of its own."""

    def __init__(self, arguments, environment, columns=80, rows=24):
        self.screen = Screen(columns, rows)
        self.stream = Stream(self.screen)
        self.raw = bytearray()
        self.fed = 0
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.execve(arguments[0], arguments, environment)
        self.resize(columns, rows)

    def resize(self, columns, rows):
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, size)
        self.screen.resize(rows, columns)

    def type(self, keys: bytes):
        os.write(self.descriptor, keys)

    def read_raw(self, seconds) -> bool:
        """Takes what came, and leaves the drawing to `feed_raw`: drawing costs more than reading."""
        if not select.select([self.descriptor], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.descriptor, 1 << 16)
        except OSError:
            return False
        self.raw += data
        return bool(data)

    def feed_raw(self):
        self.stream.feed(bytes(self.raw[self.fed :]))
        self.fed = len(self.raw)

    def _read(self, seconds) -> bool:
        if not self.read_raw(seconds):
            return False
        self.feed_raw()
        return True

    def wait_for(self, text, seconds=30.0):
        """Until the screen shows `text`."""
        deadline = time.monotonic() + seconds
        while not any(text in row for row in self.screen.display):
            assert time.monotonic() < deadline, "\n".join(self.screen.display)
            self._read(0.1)

    def drain(self):
        """All that has been written so far."""
        while self._read(0):
            pass

    def settle(self, quiet=0.15):
        """Until nothing has come for a while; frames come at most every 33 ms."""
        while self._read(quiet):
            pass

    def first_answer(self, seconds=30.0) -> float:
        """Seconds until something comes."""
        start = time.perf_counter()
        assert self.read_raw(seconds), "nothing came"
        passed = time.perf_counter() - start
        self.feed_raw()
        return passed

    @property
    def rows(self):
        return [unicodedata.normalize("NFC", row.rstrip()) for row in self.screen.display]

    def ended(self, seconds=60.0) -> int:
        """The exit code, once the program has left. What it writes until then is taken, or it would wait for that."""
        deadline = time.monotonic() + seconds
        while not (left := os.waitpid(self.pid, os.WNOHANG))[0]:
            assert time.monotonic() < deadline, "it does not end"
            self.read_raw(0.05)
        self.drain()
        self.feed_raw()
        os.close(self.descriptor)
        return os.waitstatus_to_exitcode(left[1])

    def close(self):
        os.kill(self.pid, signal.SIGTERM)
        self.ended()
