"""Names of dependency relations: spaCy's English models follow ClearNLP, the others Universal Dependencies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scheme:
    """Relation names of one annotation scheme, by what the rules ask of them."""

    subject: frozenset[str]
    clause: frozenset[str]
    infinitive: frozenset[str]
    object: frozenset[str]
    phrase: frozenset[str]
    parataxis: frozenset[str]
    auxiliary: frozenset[str]
    climb: frozenset[str]
    noun_clause: frozenset[str]
    """Clauses below a noun: the noun is their speaker (participles), or they are its content."""
    relative: frozenset[str]
    negation: frozenset[str]
    passive: frozenset[str]
    agent: frozenset[str]


CLEAR = Scheme(
    subject=frozenset({"nsubj", "nsubjpass", "csubj"}),
    clause=frozenset({"ccomp"}),
    infinitive=frozenset({"xcomp"}),
    object=frozenset({"dobj", "attr"}),
    phrase=frozenset({"prep", "oprd", "acomp", "dative"}),
    parataxis=frozenset({"parataxis"}),
    auxiliary=frozenset({"aux", "auxpass", "neg", "prt"}),
    climb=frozenset({"conj", "xcomp", "advcl"}),
    noun_clause=frozenset({"acl"}),
    relative=frozenset({"relcl"}),
    negation=frozenset({"neg"}),
    passive=frozenset({"auxpass"}),
    agent=frozenset({"agent"}),
)

UNIVERSAL = Scheme(
    subject=frozenset({"nsubj", "nsubj:pass", "csubj", "nsubj:caus", "expl:subj"}),
    clause=frozenset({"ccomp"}),
    infinitive=frozenset({"xcomp"}),
    object=frozenset({"obj", "dobj"}),
    phrase=frozenset({"obl", "obl:arg", "obl:mod", "iobj"}),
    parataxis=frozenset({"parataxis"}),
    auxiliary=frozenset({"aux", "aux:tense", "aux:pass", "aux:caus", "expl:comp", "expl:subj", "expl:pass"}),
    climb=frozenset({"conj", "xcomp", "advcl"}),
    noun_clause=frozenset({"acl"}),
    relative=frozenset({"acl:relcl"}),
    negation=frozenset({"neg"}),
    passive=frozenset({"aux:pass"}),
    agent=frozenset({"obl:agent"}),
)

SCHEMES = {"en": CLEAR}


def scheme_of(lang: str) -> Scheme:
    """The scheme of the default parser of a language."""
    return SCHEMES.get(lang, UNIVERSAL)
