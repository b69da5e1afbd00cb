"""The only network client of the questions: one POST to an address that the user has named, and no other.

Used by the optional engine ``endpoint`` alone; nothing is sent unless an address is given.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request  # noqa: TID251 - the one client, see the module's first line
from typing import Any
from urllib.parse import urlsplit

LARGEST = 4_000_000
"""Bytes of an answer that are read."""


class EndpointError(RuntimeError):
    """The endpoint did not answer as it should; one line."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):  # noqa: TID251
    """A key must not travel to where the named server points."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Refuse every redirect."""
        return None


def post(address: str, body: dict[str, Any], key: str = "", timeout: float = 120.0) -> dict[str, Any]:
    """POST JSON and return the JSON object answered.

    Raises:
        EndpointError: another scheme than http(s), no answer, an error status, or no JSON object.
    """
    if urlsplit(address).scheme not in ("http", "https"):
        raise EndpointError(f"{address}: an endpoint is an http or https address")
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)  # noqa: S310, TID251 - scheme checked
    try:
        opener = urllib.request.build_opener(_NoRedirect)  # noqa: TID251
        with opener.open(request, timeout=timeout) as answer:
            read = json.loads(answer.read(LARGEST))
    except (urllib.error.URLError, OSError, ValueError) as problem:
        raise EndpointError(f"{address}: no usable answer ({problem})") from None
    if not isinstance(read, dict):
        raise EndpointError(f"{address}: answered something else than a JSON object")
    return read
