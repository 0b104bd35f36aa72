"""The report's metric families, recomputed from the journals, with scipy and statsmodels where they
have the statistic."""

import collections
import itertools
import json
import math

import numpy
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

EXPERIMENT = """\
terntable: 1
name: families
sampling: { temperature: 1, max_tokens: 260 }
seeds: [1, 2, 3, 4, 5]
stop: { max_attempts: 4 }
tasks: [{ family: multiplication, difficulty: 3x2, count: 6 }]
feedback:
  unary:
  edit:
  critique:
  constructive: { source: judge, intent: constructive, knowledge: parametric, rounds: 3 }
  malicious: { source: judge, intent: malicious, knowledge: parametric, rounds: 3 }
"""


class Session:
    """One line of attempts of a journal."""

    def __init__(self, path):
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        head = lines[0]
        self.arm = head["provenance"]["arm"]
        self.task = head["provenance"]["problem"]
        self.seed = head["seed"]
        verdicts = [line for line in lines if line["type"] == "judged"]
        self.right = [line["outcome"] == "right" for line in verdicts]
        self.answers = [line["answer"] for line in verdicts if line.get("answer") is not None]
        self.starts = [line for line in lines if line["type"] == "reply_started"]
        self.statistics = [line["statistics"] for line in lines if line["type"] == "reply_finished"]
        self.texts = []
        for line in lines:
            if line["type"] == "reply_started":
                self.texts.append(line.get("kept", ""))
            if line["type"] == "reply_extended":
                self.texts[-1] += line["text"]

    def first_right(self):
        return self.right.index(True) if True in self.right else None


@pytest.fixture(scope="module")
def measured(terntable, tmp_path_factory):
    folder = tmp_path_factory.mktemp("families")
    file = folder / "families.yaml"
    file.write_text(EXPERIMENT)
    terntable("measure", file, "--out", folder / "out")
    report = terntable("report", folder / "out", "--json")
    sessions = [Session(path) for path in sorted((folder / "out").glob("*.tern.jsonl"))]
    assert len(sessions) == 150
    arms = collections.defaultdict(list)
    for session in sessions:
        arms[session.arm].append(session)
    return {row["arm"]: (row, arms[row["arm"]]) for row in report["arms"]}, report, folder / "out"


def check(row, name, parts):
    """`parts`: task, numerator, denominator. The value, and scipy's clustered bootstrap of it."""
    found = row["estimates"][name]
    sums = collections.defaultdict(lambda: [0.0, 0.0])
    for task, top, bottom in parts:
        sums[task][0] += top
        sums[task][1] += bottom
    top, bottom = (numpy.array([each[i] for each in sums.values()]) for i in (0, 1))
    assert found["value"] == pytest.approx(top.sum() / bottom.sum(), rel=1e-9, abs=1e-12)
    assert found["tasks"] == (bottom > 0).sum()
    if found["low"] is None or (bottom == 0).any():
        return

    def quotient(a, b, axis=-1):
        return a.sum(axis) / b.sum(axis)

    interval = stats.bootstrap(
        (top, bottom), quotient, paired=True, vectorized=True, method="percentile",
        n_resamples=20_000, random_state=3,
    ).confidence_interval  # fmt: skip
    width = max(interval.high - interval.low, 1e-9)
    assert found["low"] == pytest.approx(interval.low, abs=0.15 * width + 1e-9)
    assert found["high"] == pytest.approx(interval.high, abs=0.15 * width + 1e-9)


def test_friction_and_improvement(measured):
    for arm, (row, sessions) in measured[0].items():
        if arm == "malicious":
            continue
        solved = [(s.task, s.first_right() is not None, s.right[0]) for s in sessions]
        check(row, "friction", [(task, 1 - end, 1) for task, end, _ in solved])
        check(row, "absolute_improvement", [(task, end - first, 1 - first) for task, end, first in solved])
        check(row, "normalised_friction", [(task, 1 - end, 1 - first) for task, end, first in solved])


def test_turns_answers_and_collisions(measured):
    for row, sessions in measured[0].values():
        check(row, "average_turns", [(s.task, len(s.right), 1) for s in sessions])
        check(
            row, "effective_answer_ratio",
            [(s.task, len(set(s.answers)) / len(s.answers), 1) for s in sessions if s.answers],
        )  # fmt: skip
        pairs = [
            (s.task, numpy.mean([a == b for a, b in itertools.combinations(s.answers, 2)]), 1)
            for s in sessions if len(s.answers) > 1
        ]  # fmt: skip
        check(row, "collision_probability", pairs)
        entropies = [
            (s.task, stats.entropy(list(collections.Counter(s.answers).values())), 1)
            for s in sessions if len(s.answers) > 1
        ]  # fmt: skip
        check(row, "answer_entropy", entropies)


def test_success_slope(measured):
    for row, sessions in measured[0].values():
        rates = [
            100 * numpy.mean([s.first_right() is not None and s.first_right() <= k for s in sessions])
            for k in range(max(len(s.right) for s in sessions))
        ]
        line = stats.linregress(range(1, len(rates) + 1), rates)
        assert row["estimates"]["success_slope"]["value"] == pytest.approx(line.slope)
        assert row["success_slope_r2"] == pytest.approx(line.rvalue**2)


def test_rewards_and_flips(measured):
    for row, sessions in measured[0].values():
        decay = [0.0 if s.first_right() is None else 0.5 ** s.first_right() for s in sessions]
        check(row, "reward_exponential", [(s.task, r, 1) for s, r in zip(sessions, decay)])
        check(
            row, "reward_penalised",
            [
                (s.task, r - 0.5 * (1 - len(set(s.answers)) / len(s.right)), 1)
                for s, r in zip(sessions, decay)
            ],
        )  # fmt: skip
        check(
            row, "flips",
            [
                (s.task, sum(a != b for a, b in itertools.pairwise(s.right)), 1)
                for s in sessions if len(s.right) > 1
            ],
        )  # fmt: skip


def edit_distance(old, new):
    """Words removed and added, by the longest common subsequence."""
    table = numpy.zeros((len(old) + 1, len(new) + 1), int)
    for i, j in itertools.product(range(len(old)), range(len(new))):
        same = table[i, j] + 1 if old[i] == new[j] else 0
        table[i + 1, j + 1] = max(same, table[i, j + 1], table[i + 1, j])
    return len(old) + len(new) - 2 * table[-1, -1]


def test_edit_distance_and_words(measured):
    row, sessions = measured[0]["critique"]
    words = [[text.split() for text in s.texts] for s in sessions]
    check(row, "words_per_reply", [(s.task, len(r), 1) for s, w in zip(sessions, words) for r in w])
    check(
        row, "edit_distance",
        [
            (s.task, edit_distance(a, b) / (len(a) + len(b)), 1)
            for s, w in zip(sessions, words) for a, b in itertools.pairwise(w)
        ],
    )  # fmt: skip


def test_semantic_entropy(measured):
    for row, sessions in measured[0].values():
        draws = collections.defaultdict(dict)
        for s in sessions:
            key = (s.task, s.starts[0]["recipe"]["prompt_digest"])
            answer = s.answers[0] if s.answers else ""
            draws[key][s.starts[0]["recipe"]["seed"]] = answer
        found = [
            stats.entropy(list(collections.Counter(d.values()).values()))
            for d in draws.values() if len(d) >= 5
        ]  # fmt: skip
        first = next(e for e in row["semantic_entropy"] if e["moment"] == "first")
        assert len(found) == 6
        assert first["mean"]["value"] == pytest.approx(numpy.mean(found))


def test_confidence_is_a_probability_that_was_recorded(measured):
    row, sessions = measured[0]["unary"]
    recorded = [s.statistics[0]["confidence"] for s in sessions]
    assert all(0 < value <= 1 for value in recorded)
    check(row, "initial_confidence", [(s.task, value, 1) for s, value in zip(sessions, recorded)])


def test_selectivity(measured):
    rows, report, _ = measured
    taken, lost = [], []
    for arm, (_, sessions) in rows.items():
        for before, after in itertools.chain(*(itertools.pairwise(s.right) for s in sessions)):
            if arm == "malicious" and before:
                lost.append(not after)
            if arm != "malicious" and not before:
                taken.append(after)
    found = report["selectivity"][0]
    assert (found["uptake"]["n"], found["flips"]["n"]) == (len(taken), len(lost))
    if lost:
        assert found["difference"] == pytest.approx(numpy.mean(taken) - numpy.mean(lost))


def test_saving(measured):
    rows, report, _ = measured
    costs = {
        arm: {
            (s.task, s.seed): (sum(t["prompt_tokens"] + t["generated_tokens"] for t in s.statistics), len(s.right))
            for s in sessions
        }
        for arm, (_, sessions) in rows.items()
    }
    found = next(s for s in report["savings"] if s["against"] == "critique")
    pairs = [
        (edit, costs["critique"][key][0])
        for key, (edit, count) in costs["edit"].items()
        if max(count, costs["critique"][key][1]) > 1
    ]
    assert found["pairs"] == len(pairs)
    value = 1 - sum(a for a, _ in pairs) / sum(b for _, b in pairs)
    assert found["tokens"]["value"] == pytest.approx(value)


def test_score_appends_and_goes_back(measured, terntable):
    """`score` needs no model: the numbers of `number` are those of a reading of our own."""
    _, before, out = measured
    dry = terntable("score", out, "--checker", "regex:{answer}", "--dry-run", "--json")
    assert (dry["written"], dry["sessions"]) == (False, 150)
    first = terntable("score", out, "--checker", "regex:{answer}", "--json")
    assert first["new_verdicts"] == dry["new_verdicts"] > 0
    assert terntable("score", out, "--checker", "regex:{answer}", "--json")["new_verdicts"] == 0
    terntable("score", out, "--checker", "recorded")
    assert terntable("report", out, "--json")["arms"] == before["arms"]


def test_another_feedback_at_one_turn(measured, terntable):
    """`replay --at`: Newcombe's interval is statsmodels'."""
    _, _, out = measured
    sessions = [path for path in sorted(out.glob("*.tern.jsonl")) if Session(path).arm == "critique"]
    path = next(path for path in sessions if len(Session(path).starts) > 1)
    found = terntable(
        "replay", path, "--at", 3, "--feedback", "The answer is wrong. Try again.", "--seeds", 12, "--json"
    )
    recorded, instead = found["recorded"], found["instead"]
    low, high = confint_proportions_2indep(
        instead["right"], instead["draws"], recorded["right"], recorded["draws"],
        method="newcomb", compare="diff",
    )  # fmt: skip
    assert (found["low"], found["high"]) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))
    assert math.isclose(found["difference"], (instead["right"] - recorded["right"]) / 12)
