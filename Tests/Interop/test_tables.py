"""The real readers open the tables: pandas, sqlite3, duckdb, inspect_ai."""

import hashlib
import json
import sqlite3

import duckdb
import pandas
import pytest

HOSTILE = 'a,"b"\r\nline two\n=1+1\t漢字 🙂 \u2028 \x1b[31m NULL '
# The second is beyond the bundled model: some attempts are wrong.
SCRIPT = """
terntable: 1
name: small
model: tutor
seed: 1
stop: { max_attempts: 3 }
problems:
  - { prompt: "What is 12 × 7?", answer: 84 }
  - { prompt: "What is 98765 × 4321?", answer: 426763565 }
arms:
  unary:
    - prompt: "{prompt}"
    - unary:
      repeat: 2
  none:
    - prompt: "{prompt}"
    - regenerate:
      repeat: 2
"""


@pytest.fixture(scope="module")
def sessions(terntable, tmp_path_factory):
    """A played script with verdicts, and an imported talk that wants to break every format."""
    folder = tmp_path_factory.mktemp("tables") / "sessions"
    script = folder.parent / "script.yaml"
    script.write_text(SCRIPT)
    terntable("replay", script, "--out", folder)
    talk = folder.parent / "talk.jsonl"
    messages = [
        {"role": role, "content": HOSTILE} for role in ["system", "user", "assistant", "user"]
    ]
    talk.write_text(json.dumps({"messages": messages}) + "\n")
    terntable("import", talk, "--from", "messages", "--out", folder / "imported")
    return folder


@pytest.fixture(scope="module")
def database(terntable, sessions):
    path = sessions.parent / "all.sqlite"
    terntable("export", sessions, "--format", "sqlite", "-o", path)
    return path


@pytest.fixture(scope="module")
def tables(terntable, sessions):
    """The folder of CSV files."""
    folder = sessions.parent / "csv"
    terntable("export", sessions, "--format", "csv", "-o", folder)
    return folder


def read_csv(path):
    return pandas.read_csv(path, keep_default_na=False, na_values=[""], dtype={"seed": str})


def test_pandas_reads_every_table_with_the_rows_that_sqlite_has(tables, database):
    connection = sqlite3.connect(database)
    for name in ["runs", "turns", "attempts", "feedback", "votes"]:
        ours = read_csv(tables / f"{name}.csv")
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
        assert list(ours.columns) == columns
        (count,) = connection.execute(f"SELECT count(*) FROM {name}").fetchone()
        assert len(ours) == count and (count > 0 or name == "votes")


def test_text_survives_every_table_byte_for_byte(terntable, sessions, tables, database):
    from_csv = read_csv(tables / "turns.csv")
    rows = sqlite3.connect(database).execute("SELECT text FROM turns").fetchall()
    lines = terntable("export", sessions, "--format", "jsonl", "--table", "turns").split("\n")
    duck = duckdb.sql(
        f"SELECT text FROM read_csv('{tables / 'turns.csv'}', header=true, quote='\"', escape='\"',"
        " all_varchar=true, new_line='\\r\\n', strict_mode=false)"
    )
    for texts in [
        list(from_csv["text"]), [text for (text,) in rows],
        [json.loads(line)["text"] for line in lines if line],
        [text for (text,) in duck.fetchall()],
    ]:
        assert texts.count(HOSTILE) == 4
        assert sorted(texts) == sorted(text for (text,) in rows)


def test_sqlite_is_whole_and_its_views_agree_with_the_report(terntable, sessions, database):
    connection = sqlite3.connect(database)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    report = terntable("report", sessions, "--json")
    judged = sum(row["judged_attempts"] for row in report["arms"])
    assert judged == connection.execute(
        "SELECT sum(judged) FROM accuracy_by_attempt").fetchone()[0]
    steps = connection.execute(
        "SELECT count(*) FROM steps WHERE outcome_before <> 'right' AND outcome_after = 'right'"
    ).fetchone()[0]
    assert steps == sum(row["recovered"] for row in report["arms"])
    assert connection.execute("SELECT count(*) FROM conversation").fetchone()[0] > 0


def test_duckdb_reads_the_lines_and_the_database(terntable, sessions, database):
    lines = sessions.parent / "rows.jsonl"
    terntable("export", sessions, "--format", "jsonl", "-o", lines)
    counts = dict(
        duckdb.sql(
            f"SELECT \"table\", count(*) FROM read_json('{lines}', format='newline_delimited',"
            " union_by_name=true) GROUP BY 1"
        ).fetchall()
    )
    connection = sqlite3.connect(database)
    for name in ["runs", "turns", "attempts", "feedback"]:
        (count,) = connection.execute(f"SELECT count(*) FROM {name}").fetchone()
        assert counts[name] == count


def test_inspect_reads_the_log_and_finds_the_same_accuracy(terntable, sessions, database):
    from inspect_ai.log import read_eval_log, read_eval_log_sample

    path = sessions.parent / "log.json"
    terntable("export", sessions, "--format", "inspect", "-o", path)
    log = read_eval_log(str(path))
    assert log.version == 2 and log.status == "success"
    assert len(log.samples) == log.results.total_samples
    judged = [sample for sample in log.samples if sample.scores]
    right = [sample for sample in judged if sample.scores["verdict"].value == "C"]
    accuracy = log.results.scores[0].metrics["accuracy"].value
    assert accuracy == pytest.approx(len(right) / len(judged))
    first = read_eval_log_sample(str(path), id=log.samples[0].id)
    assert first.messages[-1].text == first.output.completion
    assert HOSTILE in [message.text for sample in log.samples for message in sample.messages]
    header = read_eval_log(str(path), header_only=True)
    assert header.eval.model == log.eval.model and not header.samples


def test_harness_samples_have_the_hashes_that_lm_eval_makes(terntable, sessions):
    lines = terntable("export", sessions, "--format", "lm-eval").split("\n")
    samples = [json.loads(line) for line in lines if line]
    assert samples

    def sha(text):
        return hashlib.sha256(text.encode()).hexdigest()

    for number, sample in enumerate(samples):
        assert sample["doc_id"] == number
        document = json.dumps(sample["doc"], indent=2, ensure_ascii=False)
        assert sample["doc_hash"] == sha(document)
        assert sample["prompt_hash"] == sha(sample["arguments"]["gen_args_0"]["arg_0"])
        assert sample["target_hash"] == sha(sample["target"])
        assert json.loads(sample["arguments"]["gen_args_0"]["arg_0"])[-1]["role"] == "user"
        assert sample["exact_match"] in (0.0, 1.0)


def test_validate_takes_what_export_writes(terntable, sessions, tmp_path):
    for name in ["jsonl", "inspect", "lm-eval", "sqlite"]:
        file = tmp_path / name
        terntable("export", sessions, "--format", name, "-o", file)
        assert terntable("validate", file, "--as", name, "--json")["records"] > 1


def test_validate_reads_tables_that_pandas_wrote_again(terntable, refused, tables, tmp_path):
    for name in ["runs", "turns", "attempts", "feedback"]:
        terntable("validate", tables / f"{name}.csv", "--as", "csv")
        again = pandas.read_csv(
            tables / f"{name}.csv", keep_default_na=False, na_values=[""], dtype=str
        )
        copy = tmp_path / f"{name}.csv"
        again.to_csv(copy, index=False)
        terntable("validate", copy, "--as", "csv")
    again.loc[1, "round"] = "first"
    again.to_csv(copy, index=False)
    assert f"{copy}:3: round: wanted is a whole number" in refused(65, "validate", copy, "--as", "csv")


def test_validate_finds_what_was_changed_in_a_database(terntable, refused, database, tmp_path):
    changes = {
        "UPDATE attempts SET question = 'x' WHERE rowid = 2": "attempts[2].question: wanted is a whole",
        "DELETE FROM runs WHERE rowid = 1": "turns[1].session: there is no such row in runs",
        "ALTER TABLE turns DROP COLUMN rating": "turns.column 11: ",
        "DROP VIEW steps": "steps: the field is missing",
        "DROP TABLE feedback; CREATE VIEW feedback AS SELECT * FROM turns": "feedback: the field is missing",
    }  # fmt: skip
    for number, (change, complaint) in enumerate(changes.items()):
        copy = tmp_path / f"{number}.sqlite"
        copy.write_bytes(database.read_bytes())
        connection = sqlite3.connect(copy)
        connection.executescript(change)
        connection.close()
        assert complaint in refused(65, "validate", copy, "--as", "sqlite")
    assert "not a database" in refused(65, "validate", __file__, "--as", "sqlite")
    assert "no text" in refused(64, "validate", "-", "--as", "sqlite")
