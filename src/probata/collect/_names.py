"""The name under which a text counts that states no source: tidied, else its address's, its file's or its folder's."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import PurePath
from typing import Any

import numpy as np

from probata.collect import Incoming
from probata.collect._when import MONTHS, read_when
from probata.store.lettered import Lettered
from probata.text.buffers import laid_out

_SUFFIXES = re.compile(
    r"(?:\.(?:gz|zst|zstd|bz2|jsonl?|ndjson|[ct]sv|tab|parquet|txt|text|md|x?html?))+$", re.I
)
_EDGES = re.compile(
    r"^[\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+"
    r"|[\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+$"
)
"""Spaces and marks without width, which nobody sees at the ends of a name."""

HOST = re.compile(r"^(?:[a-z][a-z0-9+.\-]*:)?//(?:[^/?#@]*@)?([^/?#:]+)", re.I)
"""The host of an absolute address."""


def tidy(name: str) -> str:
    """A name as it is read: composed letters, no space or invisible mark at the ends, one space where several are."""
    return " ".join(_EDGES.sub("", unicodedata.normalize("NFC", name)).split())


def sources(given: Any, urls: Any, incoming: Incoming) -> Any:
    """The source stated, else that of the options, else the registered host of the address, else the file's name."""
    given = _tidied(given)
    if isinstance(given, Lettered) and not given.absent.any():
        return given
    if None not in given:
        return [*filter(None, given)]
    otherwise = tidy(str(incoming.options.get("source") or ""))
    name = tidy(incoming.name or _stem(incoming.path.name)) or incoming.path.name
    pairs = zip(given, urls, strict=True)
    return [source or otherwise or registered_host(url or "") or name for source, url in pairs]


def _tidied(names: Any) -> Any:
    """A column of names, each distinct one tidied once; nothing left of one counts as absent."""
    if isinstance(names, Lettered):
        return _tidied_letters(names)
    wanted = {name: tidy(name) for name in set(names) if name is not None}
    if all(name == tidied for name, tidied in wanted.items()):
        return names
    return [wanted[name] or None if name is not None else None for name in names]


def _tidied_letters(names: Lettered) -> Lettered:
    if not len(names):
        return names
    distinct, numbers = names.numbered()
    wanted = [tidy(name) for name in distinct]
    if wanted == distinct:
        return names
    laid = laid_out([name.encode("utf-8", "surrogatepass") for name in wanted])
    edges = np.append(laid.starts[:1], laid.ends)
    return Lettered([(laid.data, edges, laid.ends == laid.starts)]).only(numbers)


def _stem(name: str) -> str:
    """A file's name without the suffixes of its form: "site.example.csv.gz" is of site.example."""
    return _SUFFIXES.sub("", name) or name


def folder_names(shown: Iterable[str]) -> Mapping[str, str]:
    """By path the name of its folder, for files that their own names do not tell apart.

    Where files of one name lie in several folders, it is the folders that are named after the outlets; then that
    counts for every file in these folders. Of folders in folders the nearest ones count whose names differ. Folders
    that are named after dates or numbers are no outlets.
    """
    parents: dict[str, set[PurePath]] = defaultdict(set)
    paths = {name: PurePath(name) for name in shown}
    for path in paths.values():
        parents[_stem(path.name)].add(path.parent)
    named: dict[PurePath, str] = {}
    for folders in parents.values():
        if len(folders) > 1:
            named |= _nearest(sorted(folders))
    return {name: named[path.parent] for name, path in paths.items() if path.parent in named}


def _nearest(folders: list[PurePath]) -> dict[PurePath, str]:
    """The names of folders at the nearest depth at which they differ; none where these are no names of outlets."""
    reversed_parts = [folder.parts[::-1] for folder in folders]
    for depth in range(min(map(len, reversed_parts))):
        names = [parts[depth] for parts in reversed_parts]
        if len(set(names)) > 1:
            return dict(zip(folders, names, strict=True)) if all(map(_names_an_outlet, names)) else {}
    return {}


def _names_an_outlet(name: str) -> bool:
    if name in ("", ".", "..") or not any(map(str.isalpha, name)):
        return False
    return name.lower() not in MONTHS and read_when(name)[0] is None


def registered_host(url: str) -> str:
    """The registered domain of an address ("news.bbc.co.uk" -> "bbc.co.uk"), or "" where there is none."""
    match = HOST.match(url)
    return _registered(match[1].lower().rstrip(".")) if match else ""


@lru_cache(maxsize=1 << 16)
def _registered(host: str) -> str:
    from tld import get_fld

    try:
        found = get_fld(f"http://{host}/", fail_silently=True)
    except (ValueError, IndexError):  # what no address can be
        found = None
    return str(found or host.removeprefix("www."))
