"""Output for screen readers and pipes: from no command an escape byte, a box or a braille dot."""

import os
import pathlib
import re
import subprocess

import pytest

from journals import tutoring
from terminal import Terminal

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("TERNTABLE_BINARY", str(ROOT / ".build/release/terntable"))
# Escape, box drawing and block elements, braille.
NOT_PLAIN = re.compile("[\x1b\u2500-\u259f\u2800-\u28ff]")
CHAT = "What is 12 × 7?\n/try\n/critique 2 × 7 is 14.\n/edit Answer => The answer\n/regen\n/undo\n/redo\n" \
    "/rate 4\n/note good\n/tag sums\n/bookmark\n/diff\n/tree\n/prompt\n/find 12\n/friction\n/set\n/set seed 3\n/model\n/model tutor-f16\n/preset\n/go 1\n/copy\n/help\n/frob\n"
# One way at least to call every command; {…} are files that the test makes.
CALLS = {
    "chat": [["--plain", "--seed", "7", "--max-tokens", "24"], ["--seed", "7", "--max-tokens", "24"]],
    "replay": [["{script}", "--out", "{out}/replay"], ["{script}", "--json"]],
    "measure": [["{script}", "--dry-run"]],
    "export": [["{lesson}", "--format", name] for name in [
        "markdown", "text", "html", "csv", "jsonl", "messages", "preference", "asciicast", "sharegpt"]],
    "import": [["{chat}", "--from", "messages", "--out", "{out}/import"]],
    "validate": [["{chat}", "--as", "messages"]],
    "report": [["{folder}"], ["{folder}", "--json"]],
    "score": [["--dry-run", "--checker", "number", "{lesson}"]],
    "model": [["list"], ["info", "tutor"], ["tokenize", "tutor", "--text", "12 × 7"]],
    "doctor": [[]],
    "ask": [["What is 2 + 2?", "--seed", "7"], ["What is 2 + 2?", "--seed", "7", "--json"]],
}


def environment(home, **more):
    return {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"} | more


def run(home, *arguments, input="", **more):
    return subprocess.run(
        [BINARY, *arguments], input=input.encode(), capture_output=True, timeout=300, env=environment(home, **more),
        cwd=home)


def commands(home):
    """As the help lists them."""
    text = run(home, "--help").stdout.decode()
    listed = text.split("SUBCOMMANDS:")[1].split("\n\n")[0]
    return [line.split()[0] for line in listed.splitlines() if re.match(r"  \w", line)]


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "journals"
    folder.mkdir()
    chat = tmp_path / "chats.jsonl"
    chat.write_text('{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]}\n')
    return {
        "lesson": str(tutoring().write(folder / "lesson.tern.jsonl")), "folder": str(folder), "out": str(tmp_path),
        "script": str(ROOT / "sessions/try-again.yaml"), "chat": str(chat),
    }  # fmt: skip


def test_no_command_writes_an_escape_byte_a_box_or_braille_into_a_pipe(tmp_path, files):
    named = [name for name in commands(tmp_path) if name != "help"]
    assert "chat" in named
    missing = set(named) - set(CALLS)
    assert not missing, f"no call of {missing} here"
    for name in named:
        for arguments in CALLS[name] + [["--help"]]:
            words = [word.format(**files) for word in arguments]
            done = run(tmp_path, name, *words, input=CHAT if name == "chat" else "")
            for text in (done.stdout.decode(), done.stderr.decode()):
                # What an asciicast holds is a screen, escaped as JSON; a log of colours is its purpose.
                found = NOT_PLAIN.search(text)
                assert not found or "asciicast" in words, f"{name} {words}: {text[max(0, found.start() - 80):][:160]!r}"
            assert done.returncode in (0, 1), f"{name} {words}: {done.stderr.decode()}"


@pytest.mark.parametrize("more", [{"TERM": "dumb"}, {"TERM": ""}, {"TERNTABLE_PLAIN": "1"}])
def test_on_a_terminal_without_a_screen_no_escape_byte_is_written(tmp_path, more):
    terminal = Terminal([BINARY, "chat", "--seed", "7", "--max-tokens", "12"], environment(tmp_path, **more))
    try:
        terminal.wait_for("> ")
        terminal.type(b"What is 2 + 2?\n/tree\n")
        terminal.wait_for("you are here")
        assert b"\x1b" not in terminal.raw
    finally:
        terminal.close()


def test_the_first_line_says_what_chose_the_plain_front(tmp_path):
    config = tmp_path / ".config/terntable"
    config.mkdir(parents=True)
    (config / "screen.yaml").write_text("plain: true\n")
    for more, words in [({}, "screen.yaml: plain"), ({"TERNTABLE_PLAIN": "yes"}, "TERNTABLE_PLAIN=yes")]:
        terminal = Terminal([BINARY, "chat"], environment(tmp_path, **more))
        try:
            terminal.wait_for("> ")
            assert words in " ".join(terminal.rows)
        finally:
            terminal.close()
    # An explicit no wins.
    for arguments, more in [(["--no-plain"], {"TERNTABLE_PLAIN": "1"}), ([], {"TERNTABLE_PLAIN": "0"})]:
        terminal = Terminal([BINARY, "chat", *arguments], environment(tmp_path, **more))
        try:
            terminal.wait_for(" · ready")
        finally:
            terminal.close()


COLOUR = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7])(?:;[0-9;]*)?m")


def colours(tmp_path, *arguments, **more):
    """The colour orders that a screen of a whole lesson sends."""
    folder = tmp_path / f"run-{len(list(tmp_path.iterdir()))}"
    folder.mkdir()
    lesson = tutoring().write(folder / "lesson.tern.jsonl")
    terminal = Terminal(
        [BINARY, "chat", "--session", str(lesson), "--model", "tutor", *arguments], environment(tmp_path, **more))
    try:
        terminal.wait_for(" · ready")
        terminal.drain()
        return COLOUR.findall(terminal.raw)
    finally:
        terminal.close()


def test_colours_are_base_colours_by_default_and_none_where_nobody_wants_any(tmp_path):
    assert b"\x1b[36m" in colours(tmp_path) or any(b"36" in order for order in colours(tmp_path))
    assert colours(tmp_path, NO_COLOR="1") == []
    assert colours(tmp_path, "--theme", "none") == []
    assert colours(tmp_path, NO_COLOR="") != []


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_themes_use_256_colours_where_there_are_so_many_and_never_a_background(tmp_path, theme):
    found = colours(tmp_path, "--theme", theme)
    assert any(b"38;5;" in order for order in found)
    assert all(re.search(rb"[\[;]4[0-8](?:;|m)", order.replace(b"38;5;", b"")) is None for order in found)
    # Which cells are sent anew depends on how soon the model was there.
    assert set(colours(tmp_path, TERNTABLE_THEME=theme)) == set(found)
    few = colours(tmp_path, "--theme", theme, TERM="xterm-color")
    assert few and not any(b"38;" in order for order in few)


def test_true_colours_where_colorterm_promises_them_and_terminfo_knows_how(tmp_path):
    source = tmp_path / "direct.ti"
    source.write_text(
        "xterm-direct|for this test,\n\tRGB, colors#0x1000000, pairs#0x10000, op=\\E[39;49m,\n"
        "\tsetaf=\\E[%?%p1%{8}%<%t3%p1%d%e38:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m,\n"
        "\tsetab=\\E[%?%p1%{8}%<%t4%p1%d%e48:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m,\n"
        "\tuse=xterm-256color,\n")
    if subprocess.run(["tic", "-x", "-o", str(tmp_path / "terminfo"), str(source)]).returncode:
        pytest.skip("no tic here")
    folder = tmp_path / "true"
    folder.mkdir()
    lesson = tutoring().write(folder / "lesson.tern.jsonl")
    terminal = Terminal(
        [BINARY, "chat", "--session", str(lesson), "--model", "tutor", "--theme", "dark"],
        environment(tmp_path, COLORTERM="truecolor", TERMINFO_DIRS=f"{tmp_path}/terminfo:/usr/share/terminfo:/lib/terminfo"))
    try:
        terminal.wait_for("ready")
        assert b"38:2::135:215:255m" in terminal.raw
    finally:
        terminal.close()


def test_where_the_locale_has_only_ascii_only_ascii_is_drawn(tmp_path):
    lesson = tutoring().write(tmp_path / "lesson.tern.jsonl")
    for arguments, more in [([], {"LC_ALL": "C"}), (["--ascii"], {})]:
        terminal = Terminal(
            [BINARY, "chat", "--session", str(lesson), "--model", "tutor", *arguments], environment(tmp_path, **more))
        try:
            terminal.wait_for("ready")
            terminal.drain()
            assert all(byte < 0x80 for byte in terminal.raw)
            assert any(row.startswith("-- ") for row in terminal.rows)
            assert any(" x 7 = " in row for row in terminal.rows)
        finally:
            terminal.close()


def test_a_fault_in_screen_yaml_is_told_with_its_line(tmp_path):
    config = tmp_path / ".config/terntable"
    config.mkdir(parents=True)
    for text, words in [
        ("theme: pink\n", 'screen.yaml:1: there is no theme "pink"'),
        ("plain: true\ncolour: red\n", 'screen.yaml:2: unknown is "colour"'),
        ("plain: maybe\n", "screen.yaml:1: true or false"),
        ("tags:\n  - good\n  - two words\n", "screen.yaml:3: a tag is one word"),
        ("tags: hard\n", "screen.yaml:1: a list of tags"),
    ]:
        (config / "screen.yaml").write_text(text)
        done = run(tmp_path, "chat")
        assert done.returncode == 78
        assert words in done.stderr.decode()
