"""The command line as a user meets it: a real process, its output, its exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest


def probata(*words: str, cwd: Path | None = None, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the program in a process of its own."""
    environment = {**os.environ, "COLUMNS": "100"}
    command = [sys.executable, "-m", "probata", *words]
    return subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, check=False, env=environment)


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One short text."""
    path = tmp_path_factory.mktemp("cli") / "note.txt"
    path.write_text('The mayor said: "The bridge will open in May, and nobody was told."\n', encoding="utf-8")
    return path


def test_the_version_is_told() -> None:
    """``--version`` prints name and version and ends well."""
    done = probata("--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, b"probata")


@pytest.mark.parametrize("verb", ["run", "init", "spread", "claims", "slant", "attacks", "opinion"])
def test_every_verb_helps_with_an_example(verb: str) -> None:
    """``--help`` shows how the verb is used."""
    done = probata(verb, "--help")
    assert done.returncode == 0
    assert b"Example: probata " + verb.encode() in done.stdout


def test_a_file_that_does_not_exist_is_one_line_and_exit_two() -> None:
    """The message names the path; there is no traceback."""
    done = probata("claims", "nowhere.txt")
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"nowhere.txt" in done.stderr


def test_a_damaged_kept_file_is_one_line_and_the_same_answer(article: Path, tmp_path: Path) -> None:
    """What was kept and cannot be trusted is made again; the answer does not change and one line tells it."""
    words = ("claims", str(article), "--keep", str(tmp_path / "keep"), "--format", "json")
    whole = probata(*words)
    (part,) = (tmp_path / "keep" / "attributions").iterdir()
    part.write_bytes(part.read_bytes()[:-40])
    again = probata(*words)
    assert (whole.returncode, whole.stderr, again.returncode, again.stdout) == (0, b"", 0, whole.stdout)
    assert again.stderr.startswith(
        b"probata: 1 kept file was damaged and worked out anew (first: attributions/"
    )
    assert again.stderr.count(b"\n") == 1


def test_a_folder_to_keep_in_that_is_a_file_is_refused(article: Path) -> None:
    """The message names the option and the path, before any work is done."""
    done = probata("claims", str(article), "--keep", str(article))
    assert done.returncode == 2
    assert done.stderr.startswith(b"probata: --keep ")
    assert done.stderr.count(b"\n") == 1


def test_json_on_standard_output_is_nothing_but_json(article: Path) -> None:
    """A machine can read the output as it comes."""
    done = probata("claims", str(article), "--format", "json")
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert document["schema"] == "probata/1"
    assert document["articles"][0]["path"] == str(article)


def test_standard_input_is_read_where_a_dash_is_given(article: Path) -> None:
    """A pipe is as good as a file."""
    done = probata("claims", "-", "--format", "json", stdin=article.read_bytes())
    assert json.loads(done.stdout)["attributions"]


def test_an_empty_file_is_a_clear_line_and_exit_two(tmp_path: Path) -> None:
    """Nothing to read is said, not hidden."""
    (tmp_path / "empty.jsonl").write_bytes(b"")
    done = probata("spread", str(tmp_path / "empty.jsonl"))
    assert done.returncode == 2
    assert b"no record could be read" in done.stderr
    assert b"Traceback" not in done.stderr


def test_strict_turns_a_set_aside_line_into_exit_three(tmp_path: Path) -> None:
    """One good line, one broken line: counted, and 3 under --strict."""
    path = tmp_path / "mixed.jsonl"
    path.write_text('{"source": "a", "text": "one two three four five six"}\n{broken\n', encoding="utf-8")
    assert probata("spread", str(path), "--format", "json").returncode == 0
    done = probata("spread", str(path), "--strict", "--format", "json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["rejects"]["count"] == 1


def test_out_writes_tables_that_another_engine_reads(article: Path, tmp_path: Path) -> None:
    """``--out`` leaves Parquet that pyarrow opens."""
    import pyarrow.parquet as pq

    done = probata("claims", str(article), "--out", str(tmp_path / "o"), "--format", "json")
    assert done.returncode == 0
    assert pq.read_table(tmp_path / "o" / "attributions.parquet").num_rows >= 1
    assert pq.read_table(tmp_path / "o" / "rejects.parquet").column_names == ["file", "line", "reason"]


def test_a_cell_that_a_spreadsheet_would_run_is_defused() -> None:
    """CSV of hostile text does not start a formula."""
    from probata.export.tables import csv_text

    assert csv_text([{"a": "=cmd|!A0"}]).endswith('"\'=cmd|!A0"\n')


def test_init_writes_a_case_that_says_what_to_fill_in(tmp_path: Path) -> None:
    """The template is there and comments on itself."""
    done = probata("init", str(tmp_path / "new"))
    assert done.returncode == 0
    assert (tmp_path / "new" / "case.toml").read_text(encoding="utf-8").count("#") > 10


def test_an_unknown_option_is_bad_usage() -> None:
    """Exit code 2 with the option named."""
    done = probata("run", "x", "--nonsense")
    assert done.returncode == 2
    assert b"--nonsense" in done.stderr


def test_bad_usage_is_one_line() -> None:
    """An unknown verb, a seed below nought and a number out of range: one line each, exit code 2."""
    for words in (
        ("nonsense",),
        ("claims",),
        ("opinion", "x", "--seed", "-1"),
        ("spread", "x", "--min-words", "0"),
    ):
        done = probata(*words)
        assert done.returncode == 2
        assert done.stderr.startswith(b"probata: ")
        assert done.stderr.count(b"\n") == 1


def test_a_file_in_place_of_the_result_folder_is_told_before_the_work(tmp_path: Path, article: Path) -> None:
    """``--out`` that cannot be written to is the user's to mend: one line, nothing on standard output."""
    taken = tmp_path / "taken"
    taken.write_text("x")
    done = probata("claims", str(article), "--out", str(taken))
    assert (done.returncode, done.stdout) == (2, b"")
    assert str(taken).encode() in done.stderr
    assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_full_disk_is_one_line_and_exit_one(article: Path) -> None:
    """The answer could not be written: that is said once, without a traceback."""
    command = [sys.executable, "-m", "probata", "claims", str(article), "--format", "json"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"cannot be written" in done.stderr


def test_a_closed_standard_output_is_one_line(article: Path) -> None:
    """A process started without standard output says so."""
    line = f"exec {sys.executable} -m probata claims '{article}' >&-"
    done = subprocess.run(["sh", "-c", line], stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr == b"probata: standard output is closed; give it a file or a pipe\n"


@pytest.mark.parametrize("format", ["json", "jsonl", "table"])
def test_a_reader_that_goes_away_is_no_failure(article: Path, tmp_path: Path, format: str) -> None:
    """``| head``: exit code 0 and no message; what is written to files is written to the end."""
    command = [sys.executable, "-m", "probata", "claims", str(article), "--format", format]
    read, write = os.pipe()
    os.close(read)
    with open(write, "wb") as gone:
        done = subprocess.run(
            [*command, "--out", str(tmp_path)], stdout=gone, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads((tmp_path / "claims.json").read_bytes())["articles"]


def test_two_readings_of_standard_input_give_the_same_bytes(article: Path) -> None:
    """No scratch folder's name reaches the output."""
    first, second = (
        probata("claims", "-", "--format", "json", stdin=article.read_bytes()).stdout for _ in range(2)
    )
    assert first == second
    assert json.loads(first)["articles"][0]["path"] == "stdin"


def test_a_record_that_repeats_another_is_set_aside_and_counted(tmp_path: Path) -> None:
    """Rows given are rows shown plus rows set aside."""
    row = json.dumps(
        {"source": "a", "text": "The mayor said that the bridge was open.", "url": "https://a.example/1"}
    )
    path = tmp_path / "twice.jsonl"
    other = row.replace("open", "shut")
    path.write_text(f"{row}\n{row}\n{other}\n{other}\n", encoding="utf-8")
    document = json.loads(probata("claims", str(path), "--format", "json").stdout)
    assert len(document["articles"]) == 2
    reason = "repeats a record that was read before"
    assert document["rejects"] == {
        "count": 2,
        "reasons": {reason: 2},
        "first": [
            {"path": str(path), "line": 2, "reason": f"{reason} (line 1)"},
            {"path": str(path), "line": 4, "reason": f"{reason} (line 3)"},
        ],
    }


def test_an_interrupted_verb_says_so_in_one_line() -> None:
    """Ctrl-C: exit code 1 and one line, no traceback."""
    code = (  # a shell that runs the tests in the background has them ignore the signal: here it counts again
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "sys.argv = ['probata', 'claims', '-']; from probata.cli import main; main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdin is not None
        running.stdin.write(
            b"word " * 100_000
        )  # more than a pipe holds: once it is written, it is being read
        running.stdin.flush()
        running.send_signal(signal.SIGINT)
        told = running.communicate(timeout=30)[1]
    assert running.returncode == 1
    assert told.count(b"\n") == 1
    assert b"interrupted" in told


def test_a_parser_that_is_not_installed_is_told(article: Path) -> None:
    """A parser asked for by name is never silently replaced by another engine."""
    done = probata("claims", str(article), "--parser", "no_such_model")
    assert done.returncode == 2
    assert b"no_such_model" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_what_was_set_aside_is_shown_with_its_line(tmp_path: Path) -> None:
    """A reason comes with the place where it was met first."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"source": "a", "text": "A text of some words."}\n[1]\n[2]\n', encoding="utf-8")
    done = probata("spread", str(path), "--quiet")
    told = done.stdout.decode().replace("\n", "")
    assert "2 x a list where an object is expected (first" in told.replace("  ", " ")
    assert "a.jsonl:2)" in told


def test_a_file_without_a_record_is_named_with_its_line(tmp_path: Path) -> None:
    """The one line of the error says where."""
    path = tmp_path / "cut.jsonl"
    path.write_text('{"source": "a", "text": "Ann sai', encoding="utf-8")
    done = probata("spread", str(path), "--quiet")
    assert done.returncode == 2
    assert b"cut.jsonl:1: not JSON" in done.stderr
