"""The 18 items by which a public attribution of blame is judged (Foreign Interference Attribution Tracker, DFRLab).

Wording is ours. An item is answered yes (it speaks for the attribution) or no. ``shows`` are the words in a text that
answer it, with the answer they give; items without any are for a person to answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PARTS = ("credibility", "objectivity", "evidence", "transparency")


@dataclass(frozen=True, slots=True)
class Item:
    """One item: column name without prefix, part, what it asks, and what words in a text tell."""

    id: str
    part: str
    asks: str
    yes: re.Pattern[str] | None = None
    """Words of the accuser that answer yes."""
    no: re.Pattern[str] | None = None
    """Words about or of the accuser that answer no."""
    weigh: re.Pattern[str] | None = None
    """Words that a person should weigh; they answer nothing by themselves."""
    where: str = "words"
    """Where to look: the accuser's ``words`` or how the ``source`` is described."""


def _p(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


_CAMPAIGN = (
    r"campaign (?:manager|chief|chair\w*|director|team|spokes\w+|adviser|treasurer)|"
    r"party (?:chief|leader|chair\w*|secretary|spokes\w+|official|treasurer)|"
    r"secretary[- ]general of [^.;]{0,60}?(?:party|movement)|(?:\w+[’']s|the) campaign|candidate|nominee|"
    r"[^.;,]{0,30} party|directeur de campagne|directrice de campagne|équipe de campagne|"
    r"porte-parole du parti|chef(?:fe)? d[ue] parti|secrétaire général[e]? d[ue] (?:parti|mouvement)|"
    r"candidate?|tête de liste|trésorier du parti"
)
_EMOTIVE = (
    r"hysteri\w+|outrageous\w*|disgrace\w*|shameful\w*|shocking\w*|scandal\w*|evil|traitors?|treason\w*|"
    r"monstrous|vile|despicable|absurd|ridiculous|fake news|scandaleu\w+|honteu\w+|traîtres?|monstrueu\w+|"
    r"ignoble\w*|hystéri\w+"
)
_TACTIC = (
    r"false reports|fake (?:news|accounts|sites?|articles|profiles)|phishing|probing|"
    r"denial[- ]of[- ]service|ddos|hack\w*|leak\w*|bots?|trolls?|malware|forg\w+|spoof\w*|intrusions?|"
    r"cyber ?attacks?|hameçonnage|piratage|faux comptes?|fausses nouvelles|faux articles?|rumeurs?"
)
_PLATFORM = (
    r"web ?sites?|servers?|computer systems?|information systems?|social (?:media|networks?)|facebook|"
    r"twitter|telegram|youtube|tiktok|e-?mails?|database|televisions?|radio|newspapers?|news agenc\w+|"
    r"media outlets?|serveurs?|sites? internet|réseaux sociaux|bases? de données|courriels?|médias"
)
_REACH = (
    r""
    r"\d[\d,. ]* (?:million |thousand |millions de )?(?:shares|views|readers|followers|"
    r"likes|users|accounts|visits|clicks|voters|partages|vues|lecteurs|abonnés|visites)|"
    r"shared (?:more than |about |over )?[\d,. ]+ times|partagée?s? (?:plus de )?[\d,. ]+ fois"
)
_WHY = (
    r"with the aim of|aim(?:ed|s|ing)? (?:at|to)|in order to|so as to|intended to|intention|attempt to|"
    r"to destabili[sz]e|dans le but de|afin de|pour déstabiliser|visant à"
)
_PRIVILEGED = (
    r"our (?:own )?(?:logs|servers|records|systems?|data|sensors|investigation|telemetry)|"
    r"intelligence (?:services?|assessment|report|agenc\w+|sources)|classified|"
    r"internal (?:logs|records|documents|investigation)|intercept\w+|"
    r"nos (?:propres )?(?:serveurs|journaux|données|systèmes)|services de renseignement|classifiée?s?"
)
_OPEN = (
    r"https?://\S+|www\.\S+|"
    r"(?:published|released|posted|made available) (?:the |its |all |our )?(?:raw |full )?"
    r"(?:data|dataset|records|logs|documents|list)|"
    r"archived|data (?:are|is) available|a publié (?:les |ses )?(?:données|documents|relevés)"
)
_METHOD = (
    r"method\w*|we (?:analy[sz]ed|examined|compared|measured|counted|traced)|"
    r"by (?:comparing|analy[sz]ing|tracing|counting)|(?:analysis|study) (?:covered|of|based on)|"
    r"based on (?:an )?analys\w+|méthod\w*|nous avons (?:analysé|comparé|examiné|mesuré)|en comparant|"
    r"en analysant"
)
_OPEN_SOURCE = (
    r"open[- ]source|publicly available|public(?:ly)? (?:records|data|registers?)|"
    r"anyone can (?:check|verify|repeat)|sources? ouvertes?|accessibles? au public|registres? publics?"
)
_LIMITS = (
    r""
    r"(?:we |i |they )?(?:can ?not|can[’']t|could not|are unable to) (?:say|tell|prove|rule out|be certain|know)|"
    r"(?:do|does|did)(?: not|n[’']t) know|no (?:direct |hard )?proof that|"
    r"not (?:yet )?(?:certain|clear|proven)|limitations?|"
    r"(?:ne (?:pouvons|peut|savons|sait|peuvent) pas|sans pouvoir) (?:dire|affirmer|prouver|exclure)?|"
    r"pas de preuve"
)
_CORROBORATED = (
    r"(?:independently |also |since )?(?:confirmed|corroborated|verified) by|"
    r"independent(?:ly)? (?:confirm\w*|analysis|experts?)|confirmée?s? (?:par|de source indépendante)|"
    r"corroborée?s? par"
)

ITEMS: tuple[Item, ...] = (
    Item("financial_incentive", "credibility", "Does the source gain no money from the outcome?"),
    Item("financial_transparency", "credibility", "Is the source's funding diverse and open?"),
    Item(
        "endorse_political",
        "credibility",
        "Does the source push no strong ideology?",
        weigh=_p(_CAMPAIGN),
        where="source",
    ),
    Item(
        "campaign_affiliation",
        "credibility",
        "Does the source belong to no political campaign?",
        no=_p(_CAMPAIGN),
        where="source",
    ),
    Item("published_mis_disinfo", "credibility", "Has the source no record of spreading falsehoods?"),
    Item("language", "objectivity", "Is the wording neutral, not emotive?", weigh=_p(_EMOTIVE)),
    Item("convey_content", "objectivity", "Does the headline match the content?"),
    Item("factual_argument", "objectivity", "Is fact kept apart from argument?"),
    Item(
        "clarity", "evidence", "Are method, tactics and platforms shown?", weigh=_p(f"{_TACTIC}|{_PLATFORM}")
    ),
    Item("context", "evidence", "Are engagement and impact put in context?", yes=_p(_REACH)),
    Item("identified_responsibility", "evidence", "Are actors and states named?"),
    Item("strategic_rationale", "evidence", "Are goal and rationale explained?", yes=_p(_WHY)),
    Item(
        "privileged_evidence",
        "evidence",
        "Does it rest on information that only the source can have?",
        yes=_p(_PRIVILEGED),
    ),
    Item(
        "open_access",
        "transparency",
        "Are data or archived links open?",
        yes=re.compile(_OPEN, re.IGNORECASE),
    ),
    Item("methodology", "transparency", "Is the method explained?", yes=_p(_METHOD)),
    Item("open_source", "transparency", "Can it be repeated from open sources?", yes=_p(_OPEN_SOURCE)),
    Item("acknowledge_limitations", "transparency", "Are limits admitted?", yes=_p(_LIMITS)),
    Item("corroboration", "transparency", "Does a third party confirm it?", yes=_p(_CORROBORATED)),
)
