"""The screen as pyte, another terminal, shows it; widths as Unicode and wcwidth have them."""

import base64
import importlib.util
import os
import pathlib
import re
import unicodedata

import pytest
import wcwidth

from journals import Journal
from journeys import Journeys
from terminal import Terminal

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("TERNTABLE_BINARY", str(ROOT / ".build/release/terntable"))
# Escape, boxes, braille.
NOT_PLAIN = re.compile("[\x1b\u2500-\u257f\u2800-\u28ff]")
JOURNEYS = int(os.environ.get("JOURNEYS", "300"))


def test_the_table_of_widths_and_its_fixture_are_what_the_script_writes():
    path = ROOT / "Tests/TerminalUITests/generate/widths.py"
    specification = importlib.util.spec_from_file_location("widths", path)
    widths = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(widths)
    assert widths.TABLE.read_text(encoding="utf-8") == widths.table()
    assert widths.FIXTURE.read_text(encoding="utf-8") == widths.fixture()
    # Lines and blocks apart, which are drawn in ASCII where ambiguous characters take two cells.
    for value in [*range(0xA0, 0x2500), *range(0x25A0, 0xD800), *range(0xE000, widths.LAST + 1)]:
        if widths.unicodedata2.category(chr(value)) not in ("Cn", "Cc", "Mc"):
            cells = [wcwidth.wcwidth(chr(value), ambiguous_width=columns) for columns in (1, 2)]
            assert widths.ambiguous(value) == (cells == [1, 2]), hex(value)


def conversation(folder):
    """Wide, combining and long text, branches, feedback."""
    journal = Journal()
    journal.ask("漢字かな交じり文 e\u0301 naïve Привет 한국어 ไทย")
    first = journal.reply("漢字とmixed text " * 12 + "\n```\ncode = 1\n```\n**strong** end")
    journal.feedback("unary")
    journal.reply("second try\n" + "row\n" * 30 + "last row")
    journal.feedback("critique", "no", on=first)
    journal.reply("third")
    for number in range(12):
        journal.ask(f"question {number}")
        journal.reply(f"reply {number} 全角 e\u0301 end\n" * 3)
    return journal.write(folder / "session.tern.jsonl")


@pytest.fixture
def chat(tmp_path):
    opened = []

    def open_chat(session, columns=80, rows=24):
        environment = {
            "PATH": os.environ["PATH"], "TERM": "xterm-256color", "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        arguments = [BINARY, "chat", "--session", str(session), "--model", "tutor"]
        terminal = Terminal(arguments, environment, columns, rows)
        opened.append(terminal)
        terminal.wait_for("ready")
        terminal.settle()
        return terminal

    yield open_chat
    for terminal in opened:
        terminal.close()


def body(rows):
    """Rows above the rule: the status line knows the model's context, a dump does not."""
    end = next(index for index, row in enumerate(rows) if row.startswith("── "))
    return rows[:end]


def test_what_pyte_shows_is_what_dump_screen_writes(chat, terntable, tmp_path):
    for columns, rows in [(80, 24), (40, 12), (120, 40)]:
        # One writer a journal: each screen has its own.
        folder = tmp_path / str(columns)
        folder.mkdir()
        session = conversation(folder)
        dump = folder / "screen.txt"
        terntable(
            "chat", "--session", session, "--size", f"{columns}x{rows}", "--dump-screen", dump)
        terminal = chat(session, columns, rows)
        # pyte composes letters and their accents.
        expected = unicodedata.normalize("NFC", dump.read_text(encoding="utf-8"))
        assert [row.rstrip() for row in body(terminal.rows)] == body(expected.split("\n"))


def test_random_journeys_leave_no_cell_dropped_or_garbled(tmp_path):
    """JOURNEYS sets how many; Benchmarks/terminal.py plays ten thousand."""
    environment = {
        "PATH": os.environ["PATH"], "TERM": "xterm-256color", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    arguments = [BINARY, "chat", "--session", str(conversation(tmp_path)), "--model", "tutor"]
    journeys = Journeys(arguments, environment, tmp_path / "frames", int(os.environ.get("TEST_SEED", "7")))
    try:
        for _ in range(JOURNEYS):
            journeys.play()
        assert journeys.compared == JOURNEYS
    finally:
        journeys.close()


def test_a_copy_reaches_the_clipboard_without_control_bytes(chat, tmp_path):
    journal = Journal()
    journal.ask("Q")
    journal.reply("one \x1b]0;title\x07 two")
    terminal = chat(journal.write(tmp_path / "session.tern.jsonl"))
    terminal.type(b"\x1b")
    terminal.settle()
    terminal.type(b"y")
    terminal.wait_for("copied")
    copied = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", terminal.raw)
    assert [base64.b64decode(text).decode() for text in copied] == ["one ␛]0;title␇ two"]


def test_no_escape_byte_and_no_box_in_the_plain_front(terntable, tmp_path):
    session = conversation(tmp_path)
    output = terntable(
        "chat", "--plain", "--session", session, input="/tree\n/diff\n/find 全角\n/help\n/quit\n")
    assert not NOT_PLAIN.search(output)
    assert "reply 11" in output
