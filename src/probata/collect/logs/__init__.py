"""Server and sensor logs to events with flat ECS columns.

``read`` takes any log file (gzip, zstd, bzip2), tells its formats by content, line by line where they mix, and
yields batches of kind ``events``: ``@timestamp`` (UTC), ``source.address`` (the host as written),
``source.ip`` (where it is an address), ``event.dataset`` (the format), ``event.action``, ``event.outcome`` and
the rest of ``columns.TEXT`` and ``NUMBERS``. Every line is an event or a counted reject; blank lines are
neither. Options: ``year`` and ``zone`` (what a syslog head lacks), ``mapping`` (ECS field to column name, for CSV).
"""

from __future__ import annotations

from collections.abc import Iterator

from probata.collect import Incoming
from probata.model import Batch

VERSION = "2"

__all__ = ["VERSION", "read"]


def read(incoming: Incoming) -> Iterator[Batch]:
    """Yield the events of one file in batches of bounded size, with what had to be set aside.

    Raises:
        UnreadableFile: the file cannot be opened, is no text, or an option cannot be understood.
    """
    from probata.collect.logs.reader import read as read_file

    yield from read_file(incoming)
