"""Five small lexicons: what turns a statement round, what says who speaks, what carries no meaning by itself.

A cue is a regular expression over the lower-cased words of a sentence joined by single spaces. Longer expressions are
tried first and what they match is used up, so that "is not true" is one reversal and not two.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["DENIAL", "NEGATION", "PASSIVE", "SAYING", "STOP", "pattern", "stop_words"]

DENIAL: dict[str, str] = {
    "en": r"(?:is |are |was |were )?not true|not the case|(?:no|not \w+ any|without any) (?:evidence|"
    r"proof|sign)|nothing to (?:suggest|do with)|no truth|not correct|not accurate|"
    r"denie[sd]|deny|denying|denials?|reject(?:s|ed|ing|ion)?|dismiss(?:es|ed|ing|al)?|refut(?:es?|ed|ing)|"
    r"rebuff(?:s|ed)?|rebut(?:s|ted)?|disput(?:es|ed|ing)|disavow(?:s|ed)?|repudiat(?:es?|ed)|"
    r"contradict(?:s|ed)?|"
    r"(?:is|are|was|were|as|be|been|claims?|called?|labell?ed|branded|reports?) (?:\w+ )?(?:false|untrue|"
    r"fake|"
    r"lies?|absurd|nonsense|baseless|unfounded|groundless)|untrue|baseless|unfounded|groundless|absurd|"
    r"hoax|nonsense|"
    r"(?:\w+ ){1,9}false$|false (?:the|a|any|all|reports?|claims?|allegations?) |rul(?:e|es|ed|ing) out|"
    r"debunk(?:s|ed)?|"
    r"oppos(?:es?|ed|ing|ition to)|refus(?:es?|ed|ing)|acquitt(?:ed|al)|fail(?:s|ed)? to|innocent",
    "fr": r"(?:(?:ne|n) )?(?:est )?pas vrai|(?:(?:ne|n) )?(?:est )?pas exacte?s?|(?:(?:ne|"
    r"n) (?:\w+ ){1,4}?)?(?:aucune|pas de) preuve|"
    r"(?:(?:ne|n) (?:\w+ ){0,2}?)?rien à voir|"
    r"dément\w*|démenti\w*|nie|nient|niait|nié|nier|niant|réfut\w+|récus\w+|rejett\w+|rejet(?:er|é|ée|ées|"
    r"a)?|"
    r"contest(?:e|ent|é|ée|er|ait)|(?:est|sont|serait|seraient|était|étaient|comme|jugée?s?|qualifi\w+ de) "
    r"(?:(?!des\b|un\b|une\b|de\b|les?\b)\w+ )?(?:faux|fausses?|mensongère?s?|infondée?s?|absurdes?)|"
    r"absurdes?|infondée?s?|mensong\w+|intox|"
    r"exclu(?:t|ent|re|ait)?|écart(?:e|é|er)|s oppose\w*|oppos(?:ée?s?|ent) à|refus(?:e|ent|é|er|ait)|"
    r"balay(?:e|é|er)|"
    r"acquitt\w+|inexacte?s?",
    "de": r"nicht wahr|nicht zutreffend|nichts zu tun|keine beweise|keinerlei beweise|keine belege|"
    r"bestreite\w*|bestritt\w*|bestritten|dementi\w*|zurückgewiesen|zurückweis\w*|zurückwies\w*|"
    r"wei?st? (?:\w+ )*zurück|"
    r"wies(?:en)? (?:\w+ )*zurück|weisen (?:\w+ )*zurück|widersprich\w*|widersprach\w*|widersprochen|"
    r"widerleg\w+|"
    r"leugne\w*|verneint\w*|falsch|unwahr|erfunden\w*|erlogen\w*|lügen?|haltlos\w*|absurd\w*|unsinn|"
    r"schließ(?:t|en) (?:\w+ )*aus$|schloss(?:en)? (?:\w+ )*aus$|schließ(?:t|en) (?:\w+ )*aus|"
    r"schloss(?:en)? (?:\w+ )*aus|"
    r"ausgeschlossen|ausschließ\w*|lehn(?:t|te|en|ten) (?:\w+ )*ab|abgelehnt|ablehn\w*|dagegen|"
    r"verzichte\w*|weiger\w+|freigesprochen|entkräft\w+",
    "es": r"no (?:es|son|era) (?:verdad|ciert[oa]s?)|(?:no (?:\w+ ){0,4}?)?(?:ninguna prueba|pruebas?)|"
    r"(?:no (?:\w+ ){0,3}?)?nada que ver|sin pruebas|"
    r"niega[ns]?|negó|negaron|negar|negado|negando|desmient\w+|desmint\w+|desmentid\w+|desmentir|"
    r"rechaz\w+|refut\w+|"
    r"(?:es|son|sea|sean|fue|fueron|de|como) (?:\w+ )?(?:fals[oa]s?|mentira|bulo|absurd[oa]s?|"
    r"infundad[oa]s?)|fals[oa]s?$|"
    r"bulos?|mentiras?|absurd[oa]s?|infundad[oa]s?|descart\w+|se opon\w+|opuso|absuelt\w+|absolvió|negativa|"
    r"se neg(?:ó|aron)",
    "ru": r"не соответству\w+(?: действительности)?|не име\w+ (?:\w+ )?отношения|(?:не (?:\w+ ){0,3}?|"
    r"нет (?:\w+ )?)(?:доказательств|подтверждени\w+)|никаких доказательств|"
    r"отрица\w+|опроверг\w*|опроверж\w+|отверг\w*|неправд\w+|ложь\w*|лож(?:ью|ным\w*|ной|ными)|вымыс\w+|"
    r"фейк\w*|"
    r"непричаст\w+|исключ(?:ил\w*|ает|ают|ить|ено|ен)|абсурд\w+|беспочвен\w+|необоснованн\w+|отказал\w*|"
    r"отказыв\w+|"
    r"отклон\w+|выступа\w+ против|оправда(?:л|н|ли)\w*|возраз\w+|оспор\w+|оспарив\w+",
}
"""Words by which somebody says that a statement is not so, or will not have it."""

NEGATION: dict[str, str] = {
    "en": r"not only|no fewer|no less|not a single|no longer|not|no|never|none|nobody|nothing|neither|nor|"
    r"cannot|no one",
    "fr": r"non seulement|ne (?:\w+ ){1,4}?(?:pas|plus|jamais|rien|aucune?|personne|nul)|"
    r"n (?:\w+ ){1,4}?(?:pas|plus|jamais|"
    r"rien|aucune?|personne|nul)|(?:pas|jamais|rien|aucune?|personne|nul) (?:\w+ ){1,7}?(?:ne|n)|ne|n|"
    r"pas un seul|aucune?",
    "de": r"nicht nur|nicht|kein\w*|nie|niemals|niemand\w*|nichts|weder|keinesfalls|keineswegs",
    "es": r"no sólo|no solo|no (?:\w+ ){0,6}?(?:ningun[oa]?|ningún|nadie|nada|nunca|jamás)|no|nunca|jamás|"
    r"ningun[oa]?|ningún|"
    r"nadie|nada|tampoco",
    "ru": r"не только|(?:ни (?:\w+ ){1,3}|никак\w+ (?:\w+ )?|никто |ничего |никогда |"
    r"никем )(?:\w+ ){0,3}?не|не (?:\w+ ){1,4}?"
    r"(?:никак\w+|ничего|ни)|не|нет|никогда|никто|ничего|ничто|никак\w+|нельзя",
}
"""Words that turn a statement round within its own clause."""

NEUTRAL = re.compile(
    r"\b(?:not only|no fewer|no less|non seulement|nicht nur|no sólo|no solo|не только|no longer than|"
    r"if (?:\w+ ){0,6}?not|si (?:\w+ ){0,6}?(?:no|ne|n)|wenn (?:\w+ ){0,8}?nicht|если (?:\w+ ){0,6}?не|"
    r"ne (?:\w+ ){1,3}?que)\b"
)
"""Expressions that look like a reversal and are none; the condition of "unless" among them."""

PASSIVE: dict[str, str] = {
    "en": r"(?:was|were|is|are|been|being|be) (?:\w+ ){0,2}?"
    r"\w+(?:ed|en|wn|ld|de|nt|ught|und|[oeiu]t|on)\b.{0,60}?\bby\b",
    "fr": r"(?:été|est|sont|était|étaient|fut|furent) (?:\w+ ){0,2}?"
    r"\w+(?:é|ée|és|ées|i|is|ie|u|ue|us)\b.{0,60}?\bpar\b",
    "de": r"(?:wurde|wurden|wird|werden|worden)\b",
    "es": r"(?:fue|fueron|sido|es|son) (?:\w+ ){0,2}?\w+(?:ado|ada|ados|adas|ido|ida|idos|idas)\b.{0,60}?\bpor\b",
    "ru": r"\w+(?:ан|ана|ано|аны|ен|ена|ено|ены|ён|нят|нята|нято|няты)\b",
}

SAYING: dict[str, str] = {
    "en": r"according to|said|says?|told|claims?|claimed|insist\w*|stat(?:ed|es)|announc\w+|report(?:s|"
    r"ed)|confirm\w*|warn\w*",
    "fr": r"selon|d après|affirm\w+|déclar\w+|assur\w+|annonc\w+|indiqu\w+|confirm\w+|soutien\w+|"
    r"préven\w+|averti\w*|révèl\w+",
    "de": r"laut|zufolge|nach angaben|sagte\w*|erklär\w+|berichte\w*|teilte\w*|versicher\w+|bestätig\w+|"
    r"warnte\w*|warnung|so",
    "es": r"según|dijo|dice\w*|afirm\w+|asegur\w+|anunci\w+|inform\w+|declar\w+|confirm\w+|advirti\w+|"
    r"denunci\w+|alert\w+",
    "ru": r"по словам|по данным|согласно|заяви\w+|сообщи\w+|утвержда\w+|подтверди\w+|настаива\w+|"
    r"предупреди\w+|говорит\w*",
}

STOP: dict[str, str] = {
    "en": "a an the of to in on at for with by from as and or but if that this these those is are was"
    " were be been being has"
    " have had do does did it its he she his her him they them their there who whom which what when than"
    " then so such will would"
    " can could may might must shall should not no nor n t s any all some more most over into about up"
    " out after before",
    "fr": "le la les l un une des de du d à au aux en dans sur pour par avec sans et ou mais que qu qui"
    " dont où ce cet cette"
    " ces c se s son sa ses leur leurs il elle ils elles on ne n pas plus y a ont été est sont était être"
    " avoir ayant avait lui"
    " même selon chez fait fut aurait serait seraient jamais aucun aucune rien",
    "de": "der die das den dem des ein eine einer einem einen eines und oder aber in im an am auf aus bei"
    " mit nach von vom vor"
    " zu zum zur für über um als wie dass daß ob wenn sich er sie es ihr ihre ihrer ihrem ihren sein"
    " seine seiner seinem seinen"
    " ist sind war waren wird werden wurde wurden worden hat haben habe hatte hatten sei seien nicht kein"
    " keine keiner keinen so"
    " auch nur noch schon mehr durch gegen bis damit dem denen deren dessen man will",
    "es": "el la los las un una unos unas de del a al en con por para sin sobre y e o u pero que quien"
    " cuyo se su sus lo le les"
    " es son era fue fueron ser sido ha han había hubiera haber está están no ni más ya como cuando donde"
    " tras desde hasta entre"
    " este esta estos estas ese esa eso él ella ellos según muy nada nadie nunca",
    "ru": "и в во на с со к ко по о об от до из за у для при под над без через не ни но а или что чтобы"
    " как так же бы ли это этот"
    " эта эти того тот та те его её ее их он она они оно кто который которая которые которого был была"
    " было были есть будет"
    " которой своей свои своих своим свой все всё уже ещё еще том из-за между после перед",
}


WITHOUT: dict[str, str] = {
    "en": r"without|un(?!i|der|til|less)\w{5,}|non|no longer|stops?|stopped|lost|freez\w+|lack\w*|refus\w+|"
    r"fail\w*|only",
    "fr": r"sans|non|in(?:connu|édit)\w*|dépourvu\w*|manqu\w+|renonc\w+|gel\w*|aussi|seulement",
    "de": r"ohne|un(?!d$|ter|ser|gef)\w{5,}|verzicht\w*|einfrier\w*|eingefroren\w*|nur|leer",
    "es": r"sin|des\w{6,}|renunci\w+|congel\w+|falt\w+|sólo|solo",
    "ru": r"без\w*|не(?!го|му|ё|е$|й$|скольк|дел|когда|которы|обходим|медленн)\w{4,}|лиш\w+|заморо\w+|только",
}
"""Words that turn round a part of a statement only, or say by themselves what others say with a negation."""

AGENT: dict[str, frozenset[str]] = {
    "en": frozenset({"by"}),
    "fr": frozenset({"par"}),
    "de": frozenset({"von", "vom", "durch"}),
    "es": frozenset({"por"}),
}
"""Small words before the doer of a passive."""

_MARKED = {
    "en": "to of against from with for at on in about into over after before than as that",
    "fr": "à au aux de du des d contre avec pour sur chez en dans après avant que qu",
    "de": "den dem des einen einem eines gegen mit für an am auf bei zu zum zur aus nach vor über im in als",
    "es": "a al de del contra con para sobre en tras ante que",
    "ru": "в во на к ко с со от у из для против о об по за перед над при под после до чем что",
}
MARKED: dict[str, frozenset[str]] = {lang: frozenset(words.split()) for lang, words in _MARKED.items()}
"""Small words before one who does not act but to, of or against whom something is done."""


_JOINING = {
    "en": "of the a s",
    "fr": "de du des d la le les l",
    "de": "der des von vom",
    "es": "de del la el los las",
    "ru": "и",
}
JOINING: dict[str, frozenset[str]] = {lang: frozenset(words.split()) for lang, words in _JOINING.items()}
"""Small words inside the name of one who acts ("mayor of Lima")."""

ACCUSING: dict[str, str] = {
    "en": r"accus\w+|alleg\w+|blame[sd]?|blaming|demand\w*|urge[sd]?|asked|calls? for|called for|promis\w+|vow\w*|"
    r"pledg\w+|admit\w*|den(?:y|ies|ied)|reject\w*|dismiss\w*|wrote|writes|believes?|argue[sd]?|prais\w+",
    "fr": r"accus\w+|reproch\w+|dénonc\w+|demand\w+|réclam\w+|exig\w+|promet\w*|promis|engag\w+|reconn\w+|"
    r"admet\w*|admis|dément\w*|nie|nient|nié|rejet\w+|pour|estim\w+|écri\w+|salu\w+|appel\w+",
    "de": r"wirft|warf|wirf|vorwirft|vorwarf|beschuldig\w+|verlang\w+|forder\w+|versprach\w*|versprich\w*|gab|räumt\w*|"
    r"bestreit\w*|bestritt\w*|wies\w*|weist|weisen|schreib\w*|schrieb\w*|meint\w*|lobt\w*|bat|bittet",
    "es": r"acus\w+|culp\w+|reclam\w+|exig\w+|pid\w+|pedid\w+|prometi\w+|promet\w+|reconoc\w+|admit\w+|nieg\w+|"
    r"negó|desmint\w+|desmient\w+|rechaz\w+|escrib\w+|cree\w*|sostien\w+|elogi\w+|instó",
    "ru": r"обвин\w+|вин[ия]т|требу\w+|потребова\w+|попроси\w+|обеща\w+|пообеща\w+|призна\w+|отрица\w+|отверг\w*|"
    r"опроверг\w*|пиш\w+|написа\w+|счита\w+|по версии|по мнению|заявля\w+|сказал\w*|назва\w+|похвал\w+",
}
"""Verbs of saying that take a side."""

SPEECH: dict[str, str] = {lang: f"{SAYING[lang]}|{words}" for lang, words in ACCUSING.items()}
BEHIND = re.compile(
    r"according|selon|d après|pour\b|laut\b|nach angaben|según|по (?:словам|данным|версии|мнению)|согласно"
)
"""Expressions of saying that the speaker stands behind."""


@lru_cache(maxsize=64)
def pattern(table: str, lang: str) -> re.Pattern[str]:
    """The expressions of one table for one language; an unknown language has those of all five."""
    rows = {
        "denial": DENIAL,
        "negation": NEGATION,
        "without": WITHOUT,
        "passive": PASSIVE,
        "saying": SAYING,
        "speech": SPEECH,
    }[table]
    chosen = [rows[lang]] if lang in rows else list(rows.values())
    return re.compile(r"\b(?:" + "|".join(chosen) + r")(?!\w)")


@lru_cache(maxsize=8)
def stop_words(lang: str) -> frozenset[str]:
    """Function words of a language; an unknown language has those of all five."""
    chosen = [STOP[lang]] if lang in STOP else list(STOP.values())
    return frozenset(" ".join(chosen).split())
