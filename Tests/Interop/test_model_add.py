"""`model add URL` against a server on this machine that does what servers do, also the bad ones."""

import hashlib
import json
import os
import resource
import signal
import socket
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from conftest import MODEL, ROOT

DATA = MODEL.read_bytes()
DIGEST = hashlib.sha256(DATA).hexdigest()
TAG = '"v1"'


class Server:
    """What it does is set by its fields; what it was asked is kept."""

    def __init__(self, secure=None):
        self.ranges, self.tag, self.cut, self.slow, self.answer = True, TAG, None, 0, None
        self.asked = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                outer.asked.append((self.path, dict(self.headers)))
                try:
                    (outer.answer or outer.file)(self)
                except (BrokenPipeError, ConnectionResetError):
                    pass
                self.close_connection = True

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.scheme = "http"
        if secure:
            self.http.socket = secure.wrap_socket(self.http.socket, server_side=True)
            self.scheme = "https"
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    def url(self, path="/model.gguf"):
        return f"{self.scheme}://127.0.0.1:{self.http.server_port}{path}"

    def file(self, request):
        start = 0
        wanted = request.headers.get("Range")
        if wanted and self.ranges and request.headers.get("If-Range", self.tag) == self.tag:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            if start >= len(DATA):
                request.send_response(416)
                request.send_header("Content-Range", f"bytes */{len(DATA)}")
                request.send_header("Content-Length", "0")
                return request.end_headers()
            request.send_response(206)
            request.send_header("Content-Range", f"bytes {start}-{len(DATA) - 1}/{len(DATA)}")
        else:
            request.send_response(200)
        if self.tag:
            request.send_header("ETag", self.tag)
        request.send_header("Content-Length", str(len(DATA) - start))
        request.end_headers()
        end = len(DATA) if self.cut is None else self.cut
        for at in range(start, end, 1 << 16):
            request.wfile.write(DATA[at : min(at + (1 << 16), end)])
            time.sleep(self.slow)
        if end < len(DATA):
            # Without this the client would wait for the rest.
            request.wfile.flush()
            request.connection.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def server():
    server = Server()
    yield server
    server.http.shutdown()


class Home:
    """A person's folders, and the program run in them."""

    binary = os.environ.get("TERNTABLE_BINARY", ROOT / ".build/release/terntable")

    def __init__(self, folder):
        self.folder = folder
        self.models = folder / ".local/share/terntable/models"
        self.list = folder / ".config/terntable/models.yaml"
        keep = {name: value for name, value in os.environ.items() if "XDG" not in name and "proxy" not in name.lower()}
        self.environment = {**keep, "HOME": str(folder)}

    def run(self, *arguments, **more):
        return subprocess.run(
            [str(self.binary), "model", *map(str, arguments)],
            env=self.environment, capture_output=True, text=True, timeout=120, **more,
        )  # fmt: skip

    def start(self, *arguments):
        return subprocess.Popen(
            [str(self.binary), "model", *map(str, arguments)],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def refused(self, code, *arguments, **more):
        """The one line that a failing run says."""
        done = self.run(*arguments, **more)
        assert done.returncode == code, (done.returncode, done.stderr)
        lines = [line for line in done.stderr.splitlines() if line.startswith("terntable: ")]
        assert len(lines) == 1 and done.stdout == ""
        assert not self.list.exists()
        return lines[0]

    @property
    def files(self):
        return sorted(path.name for path in self.models.iterdir()) if self.models.exists() else []


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def test_a_download_is_whole_pinned_and_at_hand_by_its_name_and_alias(home, server):
    done = home.run("add", "little", server.url("/a/b.gguf?token=secret"), "--alias", "lt", "--json")
    assert done.returncode == 0, done.stderr
    entry = json.loads(done.stdout)
    assert (entry["name"], entry["sha256"], entry["present"]) == ("little", DIGEST, True)
    assert (home.models / "little.gguf").read_bytes() == DATA and home.files == ["little.gguf"]
    assert "secret" not in home.list.read_text() and server.url("/a/b.gguf") in home.list.read_text()
    assert len(server.asked) == 1
    info = json.loads(home.run("info", "lt", "--json").stdout)
    assert info["sha256"] == DIGEST
    names = [model["name"] for model in json.loads(home.run("list", "--json").stdout)["models"]]
    assert names[0] == "tutor" and "little" in names


def test_a_broken_connection_keeps_what_came_and_the_next_run_asks_for_the_rest_only(home, server):
    server.cut = 300_000
    message = home.refused(75, "add", "little", server.url())
    assert f"300000 of {len(DATA)} bytes" in message and home.files == ["little.gguf.part", "little.gguf.part.from"]
    server.cut = None
    done = home.run("add", "little", server.url())
    assert done.returncode == 0, done.stderr
    assert "went on after 300000 bytes" in done.stderr
    _, headers = server.asked[-1]
    assert (headers["Range"], headers["If-Range"]) == ("bytes=300000-", TAG)
    assert (home.models / "little.gguf").read_bytes() == DATA and home.files == ["little.gguf"]


def test_another_version_of_the_file_is_fetched_from_its_beginning(home, server):
    server.cut, server.tag = 300_000, '"v0"'
    home.refused(75, "add", "little", server.url())
    # Not the bytes of this version: they must not stay.
    (home.models / "little.gguf.part").write_bytes(b"GGUF" + bytes(299_996))
    server.cut, server.tag = None, TAG
    assert home.run("add", "little", server.url()).returncode == 0
    assert (home.models / "little.gguf").read_bytes() == DATA


@pytest.mark.parametrize("ranges,tag", [(False, TAG), (True, "")])
def test_without_ranges_or_a_mark_of_the_version_it_begins_again(home, server, ranges, tag):
    server.cut, server.ranges, server.tag = 200_000, ranges, tag
    home.refused(75, "add", "little", server.url())
    server.cut = None
    assert home.run("add", "little", server.url()).returncode == 0
    assert (home.models / "little.gguf").read_bytes() == DATA
    assert ("Range" in server.asked[-1][1]) == bool(tag)


def test_a_checksum_is_mark_enough_to_go_on(home, server):
    server.cut, server.tag = 200_000, ""
    home.refused(75, "add", "little", server.url(), "--sha256", DIGEST)
    server.cut = None
    assert home.run("add", "little", server.url(), "--sha256", DIGEST.upper()).returncode == 0
    assert server.asked[-1][1]["Range"] == "bytes=200000-"


def test_a_file_that_was_whole_already_is_not_fetched_again(home, server):
    server.cut = 1000
    home.refused(75, "add", "little", server.url())
    (home.models / "little.gguf.part").write_bytes(DATA)
    server.cut = None
    assert home.run("add", "little", server.url()).returncode == 0
    assert (home.models / "little.gguf").read_bytes() == DATA


def test_a_wrong_checksum_leaves_nothing(home, server):
    message = home.refused(65, "add", "little", server.url(), "--sha256", "0" * 64)
    assert DIGEST in message and home.files == []


@pytest.mark.parametrize("status,code", [(404, 66), (403, 69), (500, 69), (304, 69)])
def test_an_answer_that_is_no_file_is_told_by_its_number(home, server, status, code):
    def answer(request):
        request.send_response(status)
        request.send_header("Content-Length", "0" if status == 304 else "5")
        request.end_headers()
        if status != 304:
            request.wfile.write(b"sorry")

    server.answer = answer
    assert str(status) in home.refused(code, "add", "little", server.url())


def redirect_to(target):
    def answer(request):
        request.send_response(302)
        request.send_header("Location", target(request.path) if callable(target) else target)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


def test_redirects_are_followed_also_when_a_download_goes_on(home, server):
    def answer(request):
        if request.path == "/first":
            redirect_to("/second?signature=x")(request)
        else:
            server.file(request)

    server.answer, server.cut = answer, 100_000
    home.refused(75, "add", "little", server.url("/first"))
    server.cut = None
    assert home.run("add", "little", server.url("/first")).returncode == 0
    assert [path for path, _ in server.asked] == ["/first", "/second?signature=x"] * 2
    assert server.asked[-1][1]["Range"] == "bytes=100000-"
    assert "signature" not in home.list.read_text()


@pytest.mark.parametrize("target,words", [
    ("http://example.org/x.gguf", "for this machine only"), ("file:///etc/passwd", "not"), ("gopher://127.0.0.1/", "gopher"),
    ("//user:secret@127.0.0.1/x", "password"), (lambda path: path + "x", "more than 10 redirects"),
])  # fmt: skip
def test_redirects_elsewhere_are_not_followed(home, server, target, words):
    server.answer = redirect_to(target)
    message = home.refused(64, "add", "little", server.url())
    assert words in message and "secret" not in message


def test_a_redirect_without_a_place_is_refused(home, server):
    def answer(request):
        request.send_response(302)
        request.send_header("Content-Length", "0")
        request.end_headers()

    server.answer = answer
    home.refused(69, "add", "little", server.url())


def test_a_page_instead_of_a_model_is_thrown_away_at_once(home, server):
    def answer(request):
        request.send_response(200)
        request.send_header("Content-Length", str(10**9))
        request.end_headers()
        request.wfile.write(b"<!doctype html><title>Sign in</title>" * 100)
        time.sleep(20)

    server.answer = answer
    assert "not a GGUF model file" in home.refused(65, "add", "little", server.url())
    assert home.files == []


def test_a_part_that_was_not_asked_for_is_refused(home, server):
    server.cut = 100_000
    home.refused(75, "add", "little", server.url())

    def answer(request):
        request.send_response(206)
        request.send_header("Content-Range", f"bytes 5-{len(DATA) - 1}/{len(DATA)}")
        request.send_header("Content-Length", str(len(DATA) - 5))
        request.end_headers()
        request.wfile.write(DATA[5:])

    server.answer = answer
    assert "another part" in home.refused(69, "add", "little", server.url())


def test_more_bytes_than_the_part_was_to_have_are_refused(home, server):
    server.cut = 100_000
    home.refused(75, "add", "little", server.url())

    def answer(request):
        request.send_response(206)
        request.send_header("Content-Range", f"bytes 100000-100009/100010")
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        for _ in range(1000):
            request.wfile.write(b"400\r\n" + bytes(1024) + b"\r\n")

    server.answer = answer
    assert "more than 100010 bytes" in home.refused(65, "add", "little", server.url())


def test_a_file_larger_than_the_disk_is_not_begun(home, server):
    def answer(request):
        request.send_response(200)
        request.send_header("Content-Length", str(10**12))
        request.end_headers()
        request.wfile.write(DATA[:1000])
        time.sleep(20)

    server.answer = answer
    free = os.statvfs(home.folder)
    if free.f_bavail * free.f_frsize >= 10**12:
        pytest.skip("this disk has a terabyte free")
    assert "the disk has" in home.refused(74, "add", "little", server.url())


def test_a_disk_that_fills_up_keeps_what_came(home, server):
    def limits():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    message = home.refused(74, "add", "little", server.url(), preexec_fn=limits, restore_signals=False)
    assert "little.gguf.part: cannot write" in message
    assert (home.models / "little.gguf.part").stat().st_size == 1_000_000
    assert home.run("add", "little", server.url()).returncode == 0
    assert server.asked[-1][1]["Range"] == "bytes=1000000-"


@pytest.mark.parametrize("number,code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_it_and_the_next_run_goes_on(home, server, number, code):
    server.slow = 0.05
    running = home.start("add", "little", server.url())
    part = home.models / "little.gguf.part"
    for _ in range(400):
        if part.exists() and part.stat().st_size > 100_000:
            break
        time.sleep(0.02)
    running.send_signal(number)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == code and "run again to go on" in errors, errors
    came = part.stat().st_size
    assert 0 < came < len(DATA)
    server.slow = 0
    assert home.run("add", "little", server.url()).returncode == 0
    assert server.asked[-1][1]["Range"] == f"bytes={came}-"


def test_two_downloads_of_one_name_do_not_mix(home, server):
    server.slow = 0.2
    first = home.start("add", "little", server.url())
    part = home.models / "little.gguf.part"
    for _ in range(400):
        if part.exists() and part.stat().st_size > 0:
            break
        time.sleep(0.02)
    assert "another program" in home.refused(69, "add", "little", server.url())
    first.terminate()
    first.communicate(timeout=60)


@pytest.mark.parametrize("name", ["../evil", "a/b", "", "-x", ".x", "tutor", "x.gguf", "a\x1b[2J", "é", "x" * 65])
def test_a_hostile_or_taken_name_is_refused_before_anything_is_asked(home, server, name):
    message = home.refused(64, "add", "--", name, server.url())
    assert server.asked == [] and home.files == [] and "\x1b" not in message


@pytest.mark.parametrize("url", [
    "http://example.org/x.gguf", "ftp://127.0.0.1/x", "https://user:secret@127.0.0.1/x", "https://a b/x", "://x",
])  # fmt: skip
def test_other_addresses_are_refused_without_a_request(home, url):
    assert "secret" not in home.refused(64, "add", "little", url)


def test_nobody_at_the_address_is_said_in_one_line(home):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert str(port) in home.refused(69, "add", "little", f"http://127.0.0.1:{port}/x.gguf")


def test_a_server_that_nobody_vouches_for_is_not_believed(home, tmp_path):
    key = tmp_path / "key.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1",
         "-keyout", key, "-out", tmp_path / "cert.pem"], capture_output=True,
    )  # fmt: skip
    if made.returncode != 0:
        pytest.skip("no openssl")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", key)
    server = Server(context)
    assert "certificate" in home.refused(69, "add", "little", server.url())
    assert server.asked == []
    server.http.shutdown()


def test_a_name_is_given_once_and_its_file_is_watched(home, server, tmp_path):
    assert home.run("add", "little", MODEL).returncode == 0
    before = home.list.read_text()
    done = home.run("add", "little", server.url())
    assert done.returncode == 64 and "models.yaml:3" in done.stderr and server.asked == []
    assert home.run("add", "little", server.url(), "--replace").returncode == 0
    assert home.list.read_text() != before
    # Changed behind our back: another model's bytes under the pinned name.
    path = home.models / "little.gguf"
    changed = bytearray(DATA)
    changed[-1] ^= 1
    path.write_bytes(changed)
    done = home.run("info", "little")
    assert done.returncode == 65 and DIGEST in done.stderr and "pins little" in done.stderr


def test_a_file_that_does_not_run_here_gets_no_name(home, tmp_path):
    path = tmp_path / "broken.gguf"
    path.write_bytes(DATA[:5000])
    home.refused(65, "add", "little", path)
    home.refused(66, "add", "little", tmp_path / "absent.gguf")


def test_a_hostile_list_is_told_with_its_line_and_tutor_still_runs(home):
    home.list.parent.mkdir(parents=True)
    home.list.write_text("little:\n  path: x.gguf\n  sha256: \x1b[2J\n")
    for arguments in (["list"], ["info", "little"], ["add", "other", MODEL]):
        done = home.run(*arguments)
        assert done.returncode == 78 and "models.yaml:3:" in done.stderr, done.stderr
        assert "\x1b" not in done.stderr and len(done.stderr.splitlines()) == 1
    assert home.run("info", "tutor").returncode == 0
    assert home.run("info", MODEL).returncode == 0
