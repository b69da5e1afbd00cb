"""textacy's ``direct_quotations`` on the same texts, in a process of its own: ``python FILE PARSER TEXTS.json``.

Prints one JSON line: seconds of CPU, and for each text its attributions as spans by role. It raises on an odd number of
quotation marks; such a text counts as without attributions.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main(parser: str, path: str) -> None:
    import spacy
    from textacy.extract.triples import direct_quotations

    texts = json.loads(Path(path).read_text("utf-8"))
    nlp = spacy.load(parser)
    started = time.process_time()
    found = []
    for doc in nlp.pipe(texts):
        rows = []
        try:
            for quote in direct_quotations(doc):
                roles = {"Source": quote.speaker, "Cue": quote.cue}
                row = {
                    role: [[tokens[0].idx, tokens[-1].idx + len(tokens[-1])]]
                    for role, tokens in roles.items()
                    if len(tokens)
                }
                rows.append({**row, "Content": [[quote.content.start_char, quote.content.end_char]]})
        except ValueError:
            rows = []
        found.append(rows)
    print(json.dumps([time.process_time() - started, found]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
