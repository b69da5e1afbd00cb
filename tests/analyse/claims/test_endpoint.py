"""The optional language model: a fake server on this machine, schema, cache, offsets checked."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from probata.analyse.claims import analyse
from probata.analyse.claims.document import Document
from probata.analyse.claims.endpoint import EndpointError, post
from probata.analyse.claims.llm import PATIENCE, SCHEMA, Endpoint
from probata.model import Ask
from probata.store import open_store

TEXT = "Ann Lee said that it rained. Nobody else spoke.\n\nBob denied it."
ANSWER = {
    "attributions": [
        {"source": "Ann Lee", "cue": "said", "content": ["that it rained"]},
        {"source": "Ann Lee", "cue": "said", "content": ["that the moon is made of cheese"]},
        {"source": "Invented Person", "cue": "said", "content": ["it rained"]},
        {"source": None, "cue": None, "content": []},
        "no object",
    ]
}


class Handler(BaseHTTPRequestHandler):
    seen: list[dict[str, Any]]
    answer: bytes
    status = 200
    fails_at = 0
    """Which request, counted from 1, gets an error status whatever ``status`` is."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).seen.append({"path": self.path, "key": self.headers.get("Authorization"), **body})
        self.send_response(500 if len(type(self).seen) == type(self).fails_at else type(self).status)
        if type(self).status == 302:
            self.send_header("Location", "http://192.0.2.1/")
        self.end_headers()
        self.wfile.write(type(self).answer)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, type[Handler]]]:
    content = {"choices": [{"message": {"content": json.dumps(ANSWER)}}]}
    handler = type("Fake", (Handler,), {"seen": [], "answer": json.dumps(content).encode()})
    http = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}/v1", handler
    http.shutdown()
    http.server_close()


def test_only_words_that_stand_in_the_text_are_taken(
    server: tuple[str, type[Handler]], tmp_path: Path
) -> None:
    """Of five proposals, two paragraphs each, the one whose words are all in its paragraph remains."""
    address, handler = server
    engine = Endpoint(address, "m1", "secret", tmp_path)
    ((_, proposals),) = engine.extract([Document("a", TEXT, "en")])
    assert [TEXT[a:b] for p in proposals for a, b in p.content] == ["that it rained"]
    assert [TEXT[slice(*p.source)] for p in proposals if p.source] == ["Ann Lee"]
    sent = handler.seen[0]
    assert sent["path"] == "/v1/chat/completions"
    assert sent["key"] == "Bearer secret"
    assert sent["response_format"]["json_schema"]["schema"] == SCHEMA


def test_answers_are_cached_by_model_prompt_and_text(
    server: tuple[str, type[Handler]], tmp_path: Path
) -> None:
    """A second engine on the same folder asks nothing; another model asks again."""
    address, handler = server
    list(Endpoint(address, "m1", "", tmp_path).extract([Document("a", TEXT, "en")]))
    asked = len(handler.seen)
    list(Endpoint(address, "m1", "", tmp_path).extract([Document("a", TEXT, "en")]))
    assert len(handler.seen) == asked == 2
    list(Endpoint(address, "m2", "", tmp_path).extract([Document("a", TEXT, "en")]))
    assert len(handler.seen) == 2 * asked


@pytest.mark.parametrize(
    ("status", "answer"),
    [(500, b"{}"), (200, b"no json"), (200, b"[]"), (200, b'{"choices": []}'), (302, b"")],
)
def test_a_bad_answer_is_one_line(server: tuple[str, type[Handler]], status: int, answer: bytes) -> None:
    """Error status, no JSON, another shape, a redirect, again and again: one line that names the address."""
    address, handler = server
    handler.status, handler.answer = status, answer
    with pytest.raises(EndpointError, match=r"127\.0\.0\.1") as problem:
        list(Endpoint(address, "m1").extract([Document(name, TEXT, "en") for name in "abc"]))
    assert "\n" not in str(problem.value)
    assert len(handler.seen) == PATIENCE


def test_a_single_failure_leaves_out_one_article_and_is_counted(server: tuple[str, type[Handler]]) -> None:
    """After one bad answer the rest is read; the article is left out, counted as a gap, and asked again later."""
    address, handler = server
    good = handler.answer
    store = open_store(None)
    articles = {"id": ["a", "b"], "text": [TEXT, TEXT.replace("rained", "snowed")], "lang": ["en", "en"]}
    more = {name: ["", ""] for name in ("source", "published", "title", "path", "given_id")}
    times = np.array(["2030-05-01", "2030-05-01"], "datetime64[us]")
    store.add("articles", "part", articles | more | {"published_earliest": times, "line": [1, 2]})
    ask = Ask(options={"engine": "endpoint", "endpoint": address, "endpoint_model": "once"})
    handler.fails_at = 2
    answer = analyse(store, ask)
    assert set(answer.tables["attributions"]["article"]) <= {"b"}
    assert [gap.what for gap in answer.gaps if "endpoint" in gap.what] == [
        "answers of the endpoint on 1 paragraphs: 1 articles are left out"
    ]
    assert good == handler.answer


def test_no_answer_in_time_is_one_line() -> None:
    """A server that accepts and says nothing is given up after the time set."""
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(EndpointError, match="no usable answer"),
    ):
        post(f"http://127.0.0.1:{silent.getsockname()[1]}/v1", {}, timeout=0.3)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.org/", "example.org"])
def test_other_schemes_are_refused(address: str) -> None:
    """Only http and https addresses are asked."""
    with pytest.raises(EndpointError, match="http"):
        post(address, {})


@pytest.mark.parametrize("options", [{}, {"endpoint": "http://127.0.0.1:1"}, {"endpoint_model": "m"}])
def test_address_and_model_must_be_named(options: dict[str, str]) -> None:
    """Nothing is asked by default."""
    with pytest.raises(ValueError, match="needs an address and a model"):
        Endpoint.of(options)
