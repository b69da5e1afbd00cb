"""The tagger: trained on annotated folders of both layouts, loaded by hash, refused where it is none."""

from __future__ import annotations

import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.analyse.claims.attribute import Method, run
from probata.analyse.claims.brat import BadAnnotation, read_folder
from probata.analyse.claims.document import Document
from probata.analyse.claims.linker import Piece, link
from probata.analyse.claims.models import MissingParser, check_files, load_parser
from probata.analyse.claims.tagger import BadModel, load, pieces_of, viterbi
from probata.analyse.claims.train import train
from probata.model import Ask

pytest.importorskip("pycrfsuite")

PEOPLE = (
    "Ann Lee",
    "Bob Kent",
    "Carla Ruiz",
    "Dan Moss",
    "Eva Stern",
    "Finn Hart",
    "Gil Ortega",
    "Hana Weiss",
)
CLAIMS = (
    "the bridge was closed",
    "taxes would rise",
    "the vote was fair",
    "nobody had called",
    "the mill was sold",
)


def annotate(text: str, spans: list[tuple[str, str]]) -> str:
    lines, keys = [], []
    for number, (role, words) in enumerate(spans, 1):
        at = text.index(words)
        lines.append(f"T{number}\t{role} {at} {at + len(words)}\t{words}")
        keys.append(f"{role}:T{number}")
    lines.append(f"E1\tAttribution:T{len(spans)} " + " ".join(keys))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("brat")
    for number, person in enumerate(PEOPLE):
        for other, claim in enumerate(CLAIMS):
            text = f"It rained all day in the town.\n\n{person} whispered that {claim}.\n"
            spans = [("Source", person), ("Content", f"that {claim}"), ("Cue", "whispered")]
            (place / f"n{number}{other}.txt").write_text(text, "utf-8")
            (place / f"n{number}{other}.ann").write_text(annotate(text, spans), "utf-8")
    return place


@pytest.fixture(scope="module")
def model(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "model.npz"
    report = train(folder, path)
    assert report["articles"] == len(PEOPLE) * len(CLAIMS)
    assert report["sha256"] == load(path).sha256
    return path


def test_what_was_annotated_is_found_in_new_text(model: Path) -> None:
    """A cue that no list has, learnt from forty articles, is found with source and content."""
    text = "The sun shone.\n\nIda Brook whispered that the train was late."
    rows, rejected = run([Document("a", text, "en")], Method.of(Ask(options={"model": str(model)})))
    assert [(row["source_text"], row["cue_text"]) for row in rows] == [("Ida Brook", "whispered")]
    assert rows[0]["content_text"] == "that the train was late"
    assert rows[0]["engine"].startswith(f"tagger/{load(model).sha256[:12]}+rules")
    assert rejected == {}


def test_the_same_articles_give_the_same_bytes(folder: Path, model: Path, tmp_path: Path) -> None:
    """Training twice gives one hash."""
    assert train(folder, tmp_path / "again.npz")["sha256"] == load(model).sha256


def test_the_other_layout_reads_the_same(folder: Path, tmp_path: Path) -> None:
    """``text/`` and ``attributions/`` with an annotator's name, the first in name order counts."""
    (tmp_path / "text").mkdir()
    (tmp_path / "attributions").mkdir()
    name = "n00"
    (tmp_path / "text" / f"{name}.txt").write_text((folder / f"{name}.txt").read_text("utf-8"), "utf-8")
    (tmp_path / "attributions" / f"{name}_ab.ann").write_text(
        (folder / f"{name}.ann").read_text("utf-8"), "utf-8"
    )
    (tmp_path / "attributions" / f"{name}_zz.ann").write_text("", "utf-8")
    (article,) = read_folder(tmp_path)
    assert article.attributions == next(iter(read_folder(folder))).attributions


@pytest.mark.parametrize(
    "line", ["T1\tSource 0 999\tx", "T1\tSource a b\tx", "T1\tSource 5 2\tx", "T1", "E1"]
)
def test_a_bad_annotation_names_file_and_line(tmp_path: Path, line: str) -> None:
    """A span outside the text or a torn line stops the reading with one line."""
    (tmp_path / "a.txt").write_text("Ann said no.", "utf-8")
    (tmp_path / "a.ann").write_text(line + "\n", "utf-8")
    with pytest.raises(BadAnnotation, match=r"a\.ann, line 1"):
        list(read_folder(tmp_path))


def test_a_folder_without_annotations_is_told(tmp_path: Path) -> None:
    """Nothing to learn from is an error, not an empty model."""
    with pytest.raises(BadAnnotation, match="no annotated articles"):
        list(read_folder(tmp_path))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04torn"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    """Whatever is in it, the error is one line."""
    path = tmp_path / "model.npz"
    path.write_bytes(content)
    with pytest.raises(BadModel, match=r"model\.npz") as problem:
        load(path)
    assert "\n" not in str(problem.value)


def test_a_model_with_pickled_objects_is_refused(tmp_path: Path) -> None:
    """Objects that would run code when read are not read."""
    path = tmp_path / "model.npz"
    names = ("about", "cues", "names", "transitions", "weights")
    np.savez(path, **{name: np.array([{"a": 1}], dtype=object) for name in names})
    with zipfile.ZipFile(path) as archive:
        assert len(archive.namelist()) == len(names)
    with pytest.raises(BadModel):
        load(path)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_viterbi_finds_the_best_of_all_paths(length: int, seed: int) -> None:
    """On short sequences the path equals the best of every possible one."""
    rng = np.random.default_rng(seed)
    scores, moves = rng.normal(size=(length, 3)), rng.normal(size=(3, 3))
    best, value = [0], -np.inf
    for code in range(3**length):
        path = [code // 3**k % 3 for k in range(length)]
        total = sum(scores[i, k] for i, k in enumerate(path)) + sum(moves[a, b] for a, b in pairwise(path))
        if total > value:
            best, value = path, total
    assert viterbi([scores[:1], scores, scores[:2]], moves)[1] == best


def test_tags_become_spans_and_spans_attributions() -> None:
    """Each cue opens an attribution; the nearer source and content are its own."""
    tags = ["B-Source", "B-Cue", "B-Content", "I-Content", "O", "B-Source", "B-Cue", "I-Content"]
    pieces = pieces_of(tags)
    assert [(p.role, p.first, p.last) for p in pieces][-1] == ("Content", 7, 7)
    document = Document("a", "Ann said it rained . Bob added more", "en")
    from probata.analyse.claims.document import parsed

    tree = next(iter(parsed([document], "en"))).tree
    assert tree is not None
    linked = link(tree, pieces)
    assert [(x.source.first if x.source else -1, x.contents[0].first) for x in linked] == [(0, 2), (5, 7)]
    assert link(tree, [Piece("Cue", 1, 1)]) == []


def test_the_english_parser_is_checked_file_by_file() -> None:
    """The installed package has the recorded hashes; another name is the user's own choice."""
    load_parser("en")
    check_files("json")


def test_a_missing_parser_is_told_with_the_remedy() -> None:
    """The message says what to install."""
    with pytest.raises(MissingParser, match="pip install"):
        load_parser("xx")


def _annotated(folder: Path, annotation: bytes, text: bytes = b"Ann Lee said it rained.") -> Path:
    (folder / "a.txt").write_bytes(text)
    (folder / "a.ann").write_bytes(annotation)
    return folder


def test_order_line_ends_and_byte_order_marks_do_not_matter(tmp_path: Path) -> None:
    """Events before their spans, CRLF, a mark of byte order, split and unknown roles are read."""
    lines = [
        "E1\tAttribution:T2 Source:T1 Content:T3 Mood:T1",
        "T1\tSource 0 7\tAnn Lee",
        "T2\tCue 8 12\tsaid",
    ]
    lines.append("T3\tContent 13 15;16 22\tit rained")
    annotation = ("\ufeff" + "\r\n".join(lines)).encode()
    (article,) = read_folder(_annotated(tmp_path, annotation))
    assert article.attributions[0]["Content"] == [(13, 15), (16, 22)]
    assert article.attributions[0]["Source"] == [(0, 7)]


@pytest.mark.parametrize(
    ("annotation", "text", "told"),
    [
        (b"E1\tAttribution:T2 Source:T1", b"Ann", "line 1: names T2"),
        (b"T1\tSource 0 99\tAnn", b"Ann", "line 1: not a brat annotation"),
        (b"T1\tSource 0 1\t\xff", b"Ann", "a.ann: not UTF-8"),
        (b"", b"\xff\xfe\xff", "a.txt: not UTF-8"),
        (b"", b"Ann", "1 articles and no attribution"),
        (b"T1\tMood 0 3\tAnn\nE1\tMood:T1", b"Ann", "no attribution with a Content"),
    ],
)
def test_what_cannot_be_trained_on_is_one_line(
    tmp_path: Path, annotation: bytes, text: bytes, told: str
) -> None:
    """Each names its file and what is wrong."""
    with pytest.raises(BadAnnotation, match=told) as problem:
        train(_annotated(tmp_path, annotation, text), tmp_path / "model.npz")
    assert "\n" not in str(problem.value)
