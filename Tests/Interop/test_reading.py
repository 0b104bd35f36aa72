"""The readers of the formats for people: a browser, and asciinema."""

import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import time
import xml.etree.ElementTree
import zlib

import journals
import pyte
import pytest
from browser import Browser
from conftest import ROOT

LOOKS = [(1200, 900, False, False), (1200, 900, True, False), (390, 844, False, True)]


@pytest.fixture(scope="module")
def browser():
    with Browser() as opened:
        yield opened


@pytest.fixture
def exported(terntable, tmp_path):
    """Exports journals in a format; gives back the file."""

    def call(form, *sessions, options=()):
        for number, session in enumerate(sessions):
            session.write(tmp_path / f"{number}.tern.jsonl")
        path = tmp_path / f"export.{form}"
        files = sorted(tmp_path.glob("*.tern.jsonl"))
        terntable("export", *files, "--format", form, "-o", path, *options)
        return path

    return call


def luminance(colour):
    """0 for black, 255 for white, of `rgb(1, 2, 3)`."""
    return sum(int(part) for part in colour[4:-1].split(",")[:3]) / 3


@pytest.mark.parametrize("width, height, dark, mobile", LOOKS)
@pytest.mark.parametrize("form", ["html", "svg"])
def test_a_browser_shows_it_without_a_request_or_a_complaint(
    exported, browser, tmp_path, form, width, height, dark, mobile
):
    sessions = [journals.hostile()] + ([journals.tutoring()] if form == "html" else [])
    path = exported(form, *sessions)
    page = browser.show(path.as_uri(), width, height, dark, mobile)
    picture = tmp_path / "page.png"
    page.screenshot(picture)
    assert page.requests() == []
    assert page.complaints() == []
    assert picture.stat().st_size > 10_000
    assert page.value("document.scripts.length") == 0
    assert page.value("document.querySelectorAll('img, iframe, object, link').length") == 0
    shown = page.value("document.documentElement.textContent")
    assert "<script>alert(1)</script>" in shown
    if form == "html":
        assert page.value("document.documentElement.scrollWidth") == width
        ground = page.value("getComputedStyle(document.body).backgroundColor")
        assert (luminance(ground) < 128) == dark


def test_a_page_folds_and_prints(exported, browser, tmp_path):
    page = browser.show(exported("html", journals.tutoring()).as_uri(), 1200, 900)
    branch = "document.querySelector('details.branch')"
    opened = page.value(f"{branch}.offsetHeight")
    page.value(f"{branch}.querySelector('summary').click()")
    assert page.value(f"{branch}.offsetHeight") < opened / 2
    texts = "[...document.querySelectorAll('.column .text')].map(e => e.innerText)"
    assert [text.split()[-1] for text in page.value(texts)] == ["74", "84"] + ["74", "82", "84", "85"]
    page.pdf(tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_a_picture_is_well_formed_xml(exported):
    root = xml.etree.ElementTree.parse(exported("svg", journals.hostile())).getroot()
    assert {element.tag.split("}")[1] for element in root.iter()} == {
        "svg", "title", "style", "rect", "text",
    }  # fmt: skip


@pytest.mark.parametrize("form", ["markdown", "html", "text", "svg", "asciicast"])
def test_validate_takes_what_export_writes(terntable, refused, exported, form):
    path = exported(form, journals.hostile())
    assert terntable("validate", path, "--as", form, "--json")["records"] == 1
    path.write_text(path.read_text().replace("alert", "\x1b", 1))
    assert f"{path}:" in refused(65, "validate", path, "--as", form)


def test_the_documented_command_makes_a_png_of_a_picture(exported, tmp_path):
    document = (ROOT / "docs/formats/exports.md").read_text()
    command = re.search(r"^ +(chromium .*--screenshot=session.png .*session.svg)$", document, re.M)
    _, *arguments = command[1].split()
    exported("svg", journals.tutoring()).rename(tmp_path / "session.svg")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    subprocess.run(
        [program, "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile", *arguments],
        cwd=tmp_path, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    data = (tmp_path / "session.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert struct.unpack(">II", data[16:24]) == (700, 460)
    pixels, place = b"", 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        if data[place + 4 : place + 8] == b"IDAT":
            pixels += data[place + 8 : place + 8 + length]
        place += length + 12
    # Paper, ink of several colours and the greys of their edges: an empty picture has a few.
    assert len(set(zlib.decompress(pixels))) > 100


def test_an_export_that_is_stopped_leaves_nothing(tmp_path):
    sessions = tmp_path / "in"
    sessions.mkdir()
    # Enough that no machine has written them all before it is told to stop.
    for number in range(1500):
        written = journals.tutoring(number).write(sessions / f"{number}.tern.jsonl")
        for copy in range(9):
            os.link(written, sessions / f"{number}-{copy}.tern.jsonl")
    binary = os.environ.get("TERNTABLE_BINARY", ROOT / ".build/release/terntable")
    run = subprocess.Popen(
        [str(binary), "export", "in", "--format", "html", "-o", "out.html.gz"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not any(name.endswith(".part") for name in os.listdir(tmp_path)):
        assert run.poll() is None
        time.sleep(0.005)
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 130, errors
    assert os.listdir(tmp_path) == ["in"]


def test_a_picture_of_two_sessions_is_refused_before_a_byte_of_it(tmp_path):
    files = [journals.tutoring(n).write(tmp_path / f"{n}.tern.jsonl") for n in range(2)]
    binary = os.environ.get("TERNTABLE_BINARY", ROOT / ".build/release/terntable")
    done = subprocess.run(
        [str(binary), "export", *map(str, files), "--format", "svg"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (64, "")
    assert len(done.stderr.splitlines()) == 1


def played(path, *options):
    """What a terminal shows after `asciinema play`, which wants a terminal of its own."""
    program = [sys.executable, "-m", "asciinema", "play", *options, str(path)]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, program)
    screen = pyte.Screen(80, 200)
    stream = pyte.ByteStream(screen)
    while True:
        try:
            data = os.read(terminal, 1 << 16)
        except OSError:  # the other end is closed
            break
        if not data:
            break
        stream.feed(data)
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0
    return [line.rstrip() for line in screen.display]


def test_asciinema_plays_a_session(exported):
    cast = exported("asciicast", journals.tutoring(), options=["--idle-limit", "0.05"])
    screen = played(cast, "--speed", "20")
    for line in ["12 times 7, three ways", "[2] Question (expects the number 84)", "Answer: 85"]:
        assert line in screen
    assert screen.count("Answer: 84") == 2


def test_hostile_text_is_not_obeyed_by_the_terminal_that_plays_it(exported):
    cast = exported("asciicast", journals.hostile(), options=["--idle-limit", "0.01"])
    screen = played(cast, "--speed", "50")
    assert any("nul ␀ esc ␛]0;title␇␛[2J␛[31m csi ⟨U+009B⟩31m" in line for line in screen)


def test_the_times_are_those_of_the_record(exported):
    header, *events = map(json.loads, exported("asciicast", journals.tutoring()).read_text().splitlines())
    assert header["version"] == 2 and header["timestamp"] == 1767225600
    assert [time for time, code, _ in events if code == "m"] == [1.0, 5.95, 15.9, 19.85, 20.6]
    assert next(time for time, _, text in events if text == "Answer: 74") == 1.9
