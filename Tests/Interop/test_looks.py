"""The screen's other looks, as another terminal (pyte) shows them: the last rows only, characters of other widths,
the mouse."""

import os
import pathlib

import pyte.screens
import pytest
import wcwidth

from journeys import Journeys
from terminal import Terminal
from test_screen import conversation

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("TERNTABLE_BINARY", str(ROOT / ".build/release/terntable"))
JOURNEYS = int(os.environ.get("JOURNEYS", "300")) // 10


def environment(folder):
    return {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "HOME": str(folder), "LC_ALL": "C.UTF-8"}


@pytest.fixture
def chat(tmp_path):
    opened = []

    def open_chat(*flags, columns=80, rows=24):
        terminal = Terminal([BINARY, "chat", "--model", "tutor", *flags], environment(tmp_path), columns, rows)
        opened.append(terminal)
        terminal.wait_for("ready")
        terminal.settle()
        return terminal

    yield open_chat
    for terminal in opened:
        if terminal.pid:
            terminal.close()


def leave(terminal):
    """The exit code; the terminal is not closed again."""
    terminal.type(b"\x1b")
    terminal.settle()
    terminal.type(b"q")
    code, terminal.pid = terminal.ended(), None
    return code


def ask(terminal, question):
    terminal.type(question.encode() + b"\r")
    terminal.wait_for("tokens/s")
    terminal.wait_for(" · ready")
    terminal.settle()


def count(terminal, text):
    return sum(text in row for row in terminal.rows)


def test_an_inline_chat_leaves_the_conversation_where_the_shell_goes_on(chat):
    terminal = chat("--inline", "--seed", "7")
    ask(terminal, "What is 2 + 3?")
    ask(terminal, "/try")
    assert b"\x1b[?1049h" not in terminal.raw
    assert count(terminal, "What is 2 + 3?") == 1
    assert count(terminal, "attempt 1") + count(terminal, "Answer: ") >= 2
    before = terminal.rows
    terminal.type(b"\x1b")
    terminal.settle()
    terminal.type(b"?")
    terminal.wait_for("Commands")
    assert terminal.raw.count(b"\x1b[?1049h") == 1
    terminal.type(b"\x1b")
    terminal.settle()
    # The hints of the last row are other ones now.
    assert [row for row in terminal.rows if row][:-1] == [row for row in before if row][:-1]
    assert leave(terminal) == 0
    assert count(terminal, "What is 2 + 3?") == 1 and count(terminal, "── ") == 0, "\n".join(terminal.rows)
    assert terminal.screen.cursor.x == 0 and not terminal.screen.cursor.hidden
    assert terminal.rows[terminal.screen.cursor.y] == ""


def test_another_size_leaves_an_inline_conversation_whole(chat, tmp_path):
    terminal = chat("--inline", "--session", str(conversation(tmp_path)), columns=100, rows=30)
    for columns, rows in [(60, 20), (40, 10), (120, 40)]:
        terminal.resize(columns, rows)
        terminal.settle(0.4)
        status = [row for row in terminal.rows if row.startswith("── tutor")]
        assert len(status) == 1, "\n".join(terminal.rows)
        assert count(terminal, "reply 11 ") >= 1


def test_where_the_terminal_has_no_second_screen_the_inline_look_still_works(chat, tmp_path):
    terminal = Terminal(
        [BINARY, "chat", "--model", "tutor", "--inline", "--seed", "7"],
        environment(tmp_path) | {"TERM": "linux"}, 80, 24)
    terminal.wait_for("ready")
    ask(terminal, "What is 2 + 3?")
    assert count(terminal, "What is 2 + 3?") == 1
    assert leave(terminal) == 0


@pytest.mark.parametrize(("flags", "columns"), [
    (["--ambiguous-width", "2"], 2), (["--emoji", "name"], 1),
])  # fmt: skip
def test_random_journeys_are_right_with_characters_of_other_widths(tmp_path, monkeypatch, flags, columns):
    def cells(character):
        return wcwidth.wcwidth(character, ambiguous_width=columns)

    monkeypatch.setattr(pyte.screens, "wcwidth", cells)
    arguments = [BINARY, "chat", "--session", str(conversation(tmp_path)), "--model", "tutor", *flags]
    journeys = Journeys(arguments, environment(tmp_path), tmp_path / "frames", 11)
    try:
        for _ in range(JOURNEYS):
            journeys.play()
    finally:
        journeys.close()


def test_the_mouse_is_taken_only_by_who_asks_and_freed_at_the_end(chat, tmp_path):
    session = str(conversation(tmp_path))
    terminal = chat("--session", session)
    assert b"\x1b[?1000h" not in terminal.raw
    # F6 takes it.
    terminal.type(b"\x1b[17~")
    terminal.wait_for("the mouse is taken")
    assert terminal.raw.count(b"\x1b[?1000h\x1b[?1006h") == 1
    terminal.type(b"\x1b[<64;5;5M")
    terminal.wait_for("more below")
    terminal.type(b"\x1b[<65;5;5M")
    terminal.settle()
    terminal.type(b"ab\x1b[<0;3;23M")
    terminal.settle()
    assert (terminal.screen.cursor.y, terminal.screen.cursor.x) == (22, 2)
    terminal.type(b"c")
    terminal.wait_for("> cab")
    assert leave(terminal) == 0
    assert terminal.raw.rstrip().count(b"\x1b[?1006l\x1b[?1000l") == 1


@pytest.mark.parametrize(("flags", "variables", "isColoured"), [
    ([], {}, True), ([], {"NO_COLOR": "1"}, False), (["--color", "always"], {"NO_COLOR": "1"}, True),
    (["--color", "never"], {}, False), (["--theme", "dark"], {"NO_COLOR": "1"}, True),
    (["--theme", "dark", "--color", "never"], {}, False), ([], {"NO_COLOR": "", "CLICOLOR_FORCE": "1"}, True),
])  # fmt: skip
def test_a_flag_comes_before_no_color(tmp_path, flags, variables, isColoured):
    arguments = [BINARY, "chat", "--session", str(conversation(tmp_path)), "--model", "tutor", *flags]
    terminal = Terminal(arguments, environment(tmp_path) | variables, 80, 24)
    terminal.wait_for("ready")
    terminal.settle()
    colours = {terminal.screen.buffer[row][column].fg for row in range(24) for column in range(80)}
    assert (colours != {"default"}) == isColoured
    terminal.close()
