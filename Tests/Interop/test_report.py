"""The report's page in a browser, and its pictures as files of their own."""

import xml.etree.ElementTree

import pytest
from browser import Browser

EXPERIMENT = """\
terntable: 1
name: page
sampling: { temperature: 0.7, max_tokens: 260 }
seeds: [1]
stop: { max_attempts: 4 }
tasks:
  - { family: subtraction, difficulty: 6, count: 8 }
  - { family: grid, difficulty: medium, count: 4 }
feedback:
  unary:
  critique:
  edit:
  challenge:
  none:
"""

LOOKS = [(1200, 900, False, False), (1200, 900, True, False), (390, 844, False, True)]


@pytest.fixture(scope="module")
def report(terntable, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    (folder / "page.yaml").write_text(EXPERIMENT)
    terntable("measure", folder / "page.yaml", "--out", folder / "out")
    text = terntable(
        "report", folder / "out", "--html", folder / "page.html", "--markdown", folder / "page.md",
        "--csv", folder / "page.csv",
    )  # fmt: skip
    return folder, text


@pytest.fixture(scope="module")
def browser():
    with Browser() as opened:
        yield opened


def luminance(colour):
    """0 for black, 255 for white, of `rgb(1, 2, 3)`."""
    return sum(int(part) for part in colour[4:-1].split(",")[:3]) / 3


@pytest.mark.parametrize("width, height, dark, mobile", LOOKS)
def test_a_browser_shows_the_page_without_a_request_or_a_complaint(
    report, browser, tmp_path, width, height, dark, mobile
):
    page = browser.show((report[0] / "page.html").as_uri(), width, height, dark, mobile)
    page.screenshot(tmp_path / "page.png")
    assert page.requests() == []
    assert page.complaints() == []
    assert (tmp_path / "page.png").stat().st_size > 30_000
    assert page.value("document.scripts.length") == 0
    assert page.value("document.querySelectorAll('img, iframe, object, link').length") == 0
    assert page.value("document.querySelectorAll('.panel svg').length") >= 9
    assert page.value("document.documentElement.scrollWidth") == width
    ground = page.value("getComputedStyle(document.body).backgroundColor")
    assert (luminance(ground) < 128) == dark
    # Plots are drawn: every line has a length, and its colour stands out from the ground.
    assert page.value("[...document.querySelectorAll('.line.a')].every(e => e.getTotalLength() > 20)")
    line = page.value("getComputedStyle(document.querySelector('.line.a')).stroke")
    assert abs(luminance(line) - luminance(ground)) > 60
    assert page.value("document.querySelectorAll('#samples ins').length") > 0


def test_the_page_prints(report, browser, tmp_path):
    page = browser.show((report[0] / "page.html").as_uri(), 1200, 900)
    page.pdf(tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_pictures_are_well_formed_and_shown_by_a_browser(report, browser):
    pictures = sorted(report[0].glob("page-*.svg"))
    assert [picture.stem for picture in pictures] == ["page-e1-accuracy", "page-e1-flows", "page-e1-tokens"]
    for picture in pictures:
        root = xml.etree.ElementTree.parse(picture).getroot()
        assert {element.tag.split("}")[1] for element in root.iter()} <= {
            "svg", "title", "style", "g", "path", "text",
        }  # fmt: skip
        page = browser.show(picture.as_uri(), 1000, 700)
        assert page.requests() == []
        assert page.complaints() == []
        assert picture.name in (report[0] / "page.md").read_text()


def test_the_terminal_page_is_ascii_in_a_pipe_and_fits(report):
    lines = report[1].splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert report[1].isascii() and "\x1b" not in report[1]
    assert "The same as curves; bars are 95 % intervals" in lines
    assert "What it shows" in lines
