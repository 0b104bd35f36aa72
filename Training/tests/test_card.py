"""The card's numbers are those that were measured."""

import pytest

import card
from card_blocks import BLOCKS, NOT_MEASURED, between_arms, points, share

PAGES = [path.read_text() for path in card.PAGES]


def test_the_pages_say_what_results_json_says():
    results = card.read_json(card.RESULTS)
    recipes = card.read_json(card.HERE / "recipes.json")
    for page in PAGES:
        assert card.rendered(page, results, recipes) == page


def test_every_block_stands_in_a_page():
    assert {name for page in PAGES for _, name, _ in card.BLOCK.findall(page)} == set(BLOCKS)


def test_what_is_not_measured_is_called_so():
    for name, block in BLOCKS.items():
        assert list(block({})) == [NOT_MEASURED], name


def test_what_is_measured_on_other_weights_is_dropped(tmp_path, monkeypatch):
    monkeypatch.setattr(card, "RESULTS", tmp_path / "results.json")
    nowhere = tmp_path / "runs"
    model = tmp_path / "tutor.json"
    model.write_text('{"sha256": "a"}')
    card.RESULTS.write_text('{"models": {"tutor": {"sha256": "a"}}, "split": {"found": {}}}')
    assert set(card.collect(tmp_path, nowhere)) == {"models", "split"}
    model.write_text('{"sha256": "b"}')
    assert set(card.collect(tmp_path, nowhere)) == {"models"}


def test_a_comparison_is_turned_the_way_it_is_asked_for():
    row = {
        "a": {"model": "tutor", "arm": "critique"}, "b": {"model": "tutor", "arm": "unary"},
        "difference": 0.125, "low": 0.05, "high": 0.2,
    }  # fmt: skip
    results = {"comparisons": [row]}
    assert points(*between_arms(results, "tutor", "critique", "unary")) == "+12.5 [+5.0, +20.0]"
    assert points(*between_arms(results, "tutor", "unary", "critique")) == "-12.5 [-20.0, -5.0]"
    assert between_arms(results, "tutor", "edit", "unary") is None


@pytest.mark.parametrize("row", [None, {"n": 0, "share": None}])
def test_a_share_of_nothing_is_a_dash(row):
    assert share(row) == "-"
