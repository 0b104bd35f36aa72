"""The report's statistics, recomputed from the journals by scipy and statsmodels."""

import itertools
import json

import numpy
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

EXPERIMENT = """\
terntable: 1
name: interop
sampling: { temperature: 1, max_tokens: 260 }
seeds: [1, 2]
stop: { max_attempts: 3 }
tasks: [{ family: multiplication, difficulty: 3x2, count: 15 }]
feedback:
  none:
  unary:
  edit:
"""


def outcomes(path):
    """Arm, problem, seed, and the outcomes of a session's attempts in their order."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    head = lines[0]
    verdicts = [line["outcome"] == "right" for line in lines if line["type"] == "judged"]
    origin = head["provenance"]
    return origin["arm"], origin["problem"], head["seed"], verdicts


@pytest.fixture(scope="module")
def measured(terntable, tmp_path_factory):
    folder = tmp_path_factory.mktemp("statistics")
    file = folder / "interop.yaml"
    file.write_text(EXPERIMENT)
    terntable("measure", file, "--out", folder / "out")
    report = terntable("report", folder / "out", "--json")
    sessions = [outcomes(path) for path in sorted((folder / "out").glob("*.tern.jsonl"))]
    assert len(sessions) == 90
    return report, sessions


def pairs(sessions, a, b):
    """By problem, the pairs that began wrong and got feedback: right in the end under a, under b."""
    ends = {(arm, problem, seed): v for arm, problem, seed, v in sessions if not v[0] and len(v) > 1}
    found = {}
    for (arm, problem, seed), verdicts in ends.items():
        if arm == a and (b, problem, seed) in ends:
            found.setdefault(problem, []).append((verdicts[-1], ends[b, problem, seed][-1]))
    return found


def test_arms_begin_with_the_same_first_attempt(measured):
    _, sessions = measured
    firsts = {}
    for _, problem, seed, verdicts in sessions:
        firsts.setdefault((problem, seed), set()).add(verdicts[0])
    assert all(len(values) == 1 for values in firsts.values())


def test_wilson(measured):
    report, sessions = measured
    for row in report["arms"]:
        own = [v for arm, _, _, v in sessions if arm == row["arm"]]
        right = sum(v[0] for v in own)
        low, high = proportion_confint(right, len(own), method="wilson")
        first = row["accuracy_at"][0]
        assert (first["right"], first["n"]) == (right, len(own))
        assert first["low"] == pytest.approx(low, abs=1e-9)
        assert first["high"] == pytest.approx(high, abs=1e-9)


def recoveries(report):
    return [c for c in report["comparisons"] if c["measure"].startswith("wrong at first")]


def test_mcnemar_and_holm(measured):
    report, sessions = measured
    found = recoveries(report)
    assert len(found) == 3
    for comparison in found:
        by_task = pairs(sessions, comparison["a"]["arm"], comparison["b"]["arm"])
        own = list(itertools.chain(*by_task.values()))
        table = numpy.zeros((2, 2))
        for a, b in own:
            table[int(not a), int(not b)] += 1
        assert comparison["pairs"] == len(own)
        assert comparison["mcnemar_p"] == pytest.approx(mcnemar(table, exact=True).pvalue, rel=1e-9)
    adjusted = multipletests([c["mcnemar_p"] for c in found], method="holm")[1]
    assert [c["holm_p"] for c in found] == pytest.approx(list(adjusted))


def test_permutation(measured):
    report, sessions = measured
    for comparison in recoveries(report):
        by_task = pairs(sessions, comparison["a"]["arm"], comparison["b"]["arm"])
        differences = numpy.array([sum(a - b for a, b in own) for own in by_task.values()])
        if not differences.any():
            assert comparison["permutation_p"] == 1
            continue
        exact = stats.permutation_test(
            (differences,), numpy.sum, permutation_type="samples", n_resamples=100_000,
            random_state=1,
        ).pvalue
        assert comparison["permutation_p"] == pytest.approx(exact, abs=0.02)


def test_clustered_bootstrap(measured):
    report, sessions = measured
    for comparison in recoveries(report):
        by_task = list(pairs(sessions, comparison["a"]["arm"], comparison["b"]["arm"]).values())
        a = numpy.array([sum(x for x, _ in own) for own in by_task])
        b = numpy.array([sum(y for _, y in own) for own in by_task])
        n = numpy.array([len(own) for own in by_task])

        def difference(a, b, n, axis=-1):
            return (a.sum(axis) - b.sum(axis)) / n.sum(axis)

        interval = stats.bootstrap(
            (a, b, n), difference, paired=True, vectorized=True, method="percentile",
            n_resamples=20_000, random_state=2,
        ).confidence_interval
        assert comparison["difference"] == pytest.approx(difference(a, b, n))
        assert comparison["low"] == pytest.approx(interval.low, abs=0.05)
        assert comparison["high"] == pytest.approx(interval.high, abs=0.05)
