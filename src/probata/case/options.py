"""The options of the questions that a case may set under ``[options]``, each with one phrase."""

from __future__ import annotations

from collections.abc import Mapping

OPTIONS: Mapping[str, str] = {
    "election_date": "OPINION: day of the vote",
    "election": "OPINION: label of the election, where a file holds several",
    "round": "OPINION: 1 or 2",
    "party": "OPINION: parties to test",
    "parties": "OPINION: parties to test",
    "event": "OPINION: further dates to test",
    "events": "OPINION: further dates to test",
    "hypothesis": "OPINION: which hypothesis of a poll to use",
    "rounding": "OPINION: rounding step of the shares",
    "runoff": "OPINION: pairs of a run-off",
    "shared_error": "OPINION: error that all pollsters share",
    "geo": "ATTACKS: dated tables of addresses by country",
    "rules": "ATTACKS: further detection rules",
    "groups": "ATTACKS: false leaves out the tests of coordination",
    "permutations": "ATTACKS: draws under the null",
    "mask": "ATTACKS: hide addresses in the document",
    "engine": "CLAIMS: rules, tagger or endpoint",
    "model": "CLAIMS: file of a trained tagger",
    "parser": "CLAIMS: name of a parser model",
    "no_parser": "CLAIMS: rules without a parser",
    "endpoint": "CLAIMS: address of a language model's interface",
    "endpoint_model": "CLAIMS: its model",
    "endpoint_key": "CLAIMS: its key",
    "cache": "CLAIMS: folder for its answers",
    "jobs": "CLAIMS, SPREAD: processes that share the work",
    "window_hours": "SPREAD: windows of acting in concert",
    "window_days": "SPREAD: how far apart copies may be",
    "worlds": "SPREAD: draws under the null",
    "min_words": "SPREAD: shortest shared passage, in distinctive words (9 or more)",
    "max_documents": "SPREAD: passages in more documents than this are boilerplate",
    "same_outlet": "SPREAD: pairs within an outlet too",
    "reworded": "SPREAD: false leaves out rewording and translation",
    "judge": "SPREAD: guard, or e5: a cross-encoder reads again what the guard is not sure of",
    "reworded_options": "SPREAD: settings of the search for rewording",
    "fast": "SPREAD: the quicker search",
    "threads": "threads to use",
}
