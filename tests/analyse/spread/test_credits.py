"""Credit lines of news agencies as outlets print them, and what only looks like one."""

from __future__ import annotations

import pytest

from probata.analyse.spread.credits import agency_of, is_agency

BODY = (
    "The council met on Monday and put off the vote. Nobody was surprised by that at all, " * 6 + "they said"
)

CREDITED = (
    "PARIS (AFP) - %s",
    "MADRID, 3 Feb. (EUROPA PRESS) - %s",
    "МОСКВА, 3 фев - РИА Новости, Иван Петров. %s",
    "Москва. 14 февраля. ИНТЕРФАКС - %s",
    "By JOHN SMITH, Associated Press\n\n%s",
    "%s Le Figaro avec AFP et Reuters",
    "%s kle/stu (afp, dpa, rtr)",
    "%s © 2017 AFP",
    "%s The Associated Press contributed to this report.",
    "%s (Con información de EFE)",
    "(REUTERS) %s",
    "PARIS, Feb 3 (Reuters) - %s",
    "%s (avec AFP)",
    "МОСКВА, 3 фев - РИА Новости. %s",
    "%s /ТАСС/",
    "%s dpa/afp",
    "MADRID (EFE). %s",
    "%s [ITAR-TASS]",
    "%s (Xinhua)",
    "МОСКВА, 3 февраля. /ТАСС/. %s",
    "NEW YORK (AP) — %s",
    "Berlin/München (dpa) - %s",
    "WASHINGTON, D.C. (AP) _ %s",
    "Headline here\n\nBerlin (dpa/lby) - %s",
    "Macron gewinnt Wahl BERLIN (Reuters) - %s",
    "By Reuters Staff\n%s",
    "Par AFP\n%s",
    "%s. (AFP)",
    "%s. - AFP",
    "%s /dpa/",
    "%s jum/dpa",
    "%s. With files from The Associated Press",
    "%s. Mit Material von dpa",
    "%s. (With inputs from Reuters)",
    "%s Associated Press writer Jane Doe in Paris contributed to this report.",
    "%s Copyright 2017 The Associated Press. All rights reserved.",
    "%s. L'Express.fr avec AFP",
    "ASUNCION, Paraguay (AP) - %s",
    "%s. Fuente: EFE",
    "%s (Reporting by Jo Doe; Editing by Al Roe)",
    "%s. With reporting by Reuters, AFP, and TASS",
    "Reuters - %s",
    "%s. (dpa/AFP)",
    "BRÜSSEL (APA) - %s",
    "Paris (AFP) Le président %s",
    "Par Le Figaro avec AFP\n%s",
    "By The Associated Press\n%s",
    "%s (AP, Reuters)",
    "PARIS, 3 fév 2017 (AFP) - %s",
    "KÖLN (SID) - %s",
    "%s. Le Monde avec AFP",
    "МОСКВА, 14 февраля — РИА Новости. %s",
    "%s Reuters contributed to this report",
    "%s (c) 2017 Reuters",
    "%s (Reuters)",
    "Paris, le 3 février 2017 (AFP) - %s",
    "BERLIN (dpa-AFX) - %s",
    "FRANKFURT (dpa-AFX) - %s",
    "Wien (APA) - %s",
    "Wien/Graz (APA/red) - %s",
    "KYIV. 3 февраля. УНИАН. %s",
    "Киев, 3 февраля (УНИАН) - %s",
    "ROMA, 3 FEB - (ANSA) - %s",
    "(ANSA) - ROMA, 03 FEB - %s",
    "BEIJING, Feb. 3 (Xinhua) -- %s",
    "Bern (sda) - %s",
    "LONDON, Feb 3 (Reuters) – %s",
    "MOSCOW, February 3. /TASS/. %s",
    "%s. (AP)",
    "%s. (APA)",
    "%s (dpa)",
    "%s AFP/Reuters",
    "%s (Quelle: dpa)",
    "%s (ats/afp)",
    "%s. (SDA)",
    "%s (sda/dpa)",
    "%s © Agence France-Presse 2017",
    "%s L'Obs avec AFP",
    "%s (L'Obs avec Reuters)",
    "%s. (Belga)",
    "%s (Source: Belga)",
    "El Paso (EFE).- %s",
    "Washington, 3 feb (EFE).- %s",
    "Madrid, 3 feb (EFE) - %s",
    "BRUSELAS, 3 (EUROPA PRESS) %s",
    "%s mit Agenturen (dpa, afp)",
    "%s. Mit Material der dpa",
    "%s (mit dpa)",
    "By JANE DOE\nAssociated Press\n%s",
    "By Jane Doe Reuters\n%s",
    "WASHINGTON —  (AP) %s",
    "PARIS (Reuters) – %s",
)  # fmt: skip

NOT_CREDITED = (
    "By AP Moller-Maersk officials, %s",
    "Students in the Pre-AP - English %s",
    "In Andhra Pradesh (AP), %s",
    "%s he worked with AP.",
    "%s he worked with AP",
    "Andhra Pradesh (AP) - %s",
    "Advanced Placement (AP) - English %s",
    "%s he told Reuters on Monday",
    "%s he works for the Associated Press (AP).",
    "%s an interview with Reuters",
    "%s. Interview with Reuters",
    "%s. Entrevista con EFE",
    "%s Photo by JOEL SAGET/AFP",
    "%s Foto: Max Muster/dpa",
    "%s (Foto: dpa)",
    "(Photo by JOEL SAGET/AFP) %s",
    "%s he took Pre-AP.",
    "%s the agencies AFP and Reuters.",
    "%s said the agency (ANSA).",
    "By Friday, Reuters had said %s",
    "MOSCOW, 3 Feb - РИА Новости сообщило о %s",
    "МОСКВА, 3 фев - РИА Новости, ссылаясь на источник, сообщает %s",
    "%s a rival of dpa.",
    "%s selon l’AFP",
    "%s a dit le ministre à l’AFP.",
    "%s сообщает РИА Новости.",
    "%s nach Angaben von dpa.",
    "%s dijo a EFE.",
    "%s he read The Associated Press report.",
    "%s Reuters declined to say who contributed to this report.",
    "%s The New York Times contributed to this report.",
    "He studied AP - that is %s",
    "%s im Interview mit Reuters.",
    "%s the talks with AFP and Reuters.",
    "%s en una entrevista con EFE",
    "%s Фото: РИА Новости",
    "%s Getty Images/AFP",
    "%s in 2017",
    "%s по данным ТАСС",
    "%s lives in Vijayawada (AP)",
    "%s lives in Vijayawada (AP).",
    "She teaches French and AP: %s",
    "%s was filed with TASS.",
    "By the time AP - %s",
    "By AP's count %s",
    "%s a spokesman told Ritzau/AP yesterday",
    "The agency Reuters (Reuters, London), %s",
    "%s - he chose between AFP and AP.",
    "%s with the AP",
    "%s Copyright law and AFP",
    "%s wrote AFP in 2017",
    "%s. He had worked with AP.",
    "%s. John met with Reuters",
    "%s. Working with AP",
    "%s © AFP",
    "Los Angeles (AP) is a course, %s",
    "He passed AP (Advanced Placement) %s",
    "The Social Insurance Database (SID) - a register - %s",
    "Alianza Popular (AP) - %s",
    "Alianza del Pacífico (AP). %s",
    "Autoridad Palestina (AP) - %s",
    "The Accident Prevention Association (APA) said %s",
    "American Psychological Association (APA) - %s",
    "Le RER A, ligne ATS - %s",
    "%s nach Informationen der dpa.",
    "%s, berichtet die dpa",
    "%s, berichtet dpa/AFP-Fotograf",
    "%s - the story of Reuters.",
    "%s as a reporter at Reuters",
    "%s source: his friend at AFP",
    "%s Bild: dpa",
    "%s (Bild: AFP)",
    "%s Image: REUTERS",
    "Image: AFP/Getty %s",
    "(Foto: dpa) %s",
    "Foto: dpa\n%s",
    "A SID - %s",
    "%s la agencia EFE",
    "%s l'agence France-Presse (AFP).",
    "%s the news agency dpa.",
    "%s L'homme parle avec AFP.",
    "%s Merkel sprach mit AFP.",
    "%s Putin met with TASS",
    "%s Le ministre a parlé avec AFP",
    "%s, Macron a signé un accord avec Reuters",
    "%s The report was by Reuters",
    "By AP and others, %s",
    "By Maersk, AP and others\n%s",
    "He called, AP - %s",
    "News about AP, Reuters - %s",
    "der dpa. %s",
    "%s In 2017 AFP",
    "%s since 1994 AFP 2017",
    "The Union of Press Information (UPI) - %s",
    "Мы, как РИА Новости, %s",
    "В Москве - РИА Новости, %s",
    "По словам Иванова, РИА Новости - %s",
    "%s contributed to this report, AP said",
    "%s AP did not contribute to this report.",
)  # fmt: skip


@pytest.mark.parametrize("form", CREDITED)
def test_a_credit_at_the_head_or_the_end_is_seen(form: str) -> None:
    """Datelines, bylines, brackets, signatures, copyright and thanks, of several languages and in capitals."""
    assert agency_of(form.replace("%s", BODY))


@pytest.mark.parametrize("form", NOT_CREDITED)
def test_the_name_alone_is_no_credit(form: str) -> None:
    """Sentences that name an agency, abbreviations of other things, other companies, credits of pictures."""
    assert agency_of(form.replace("%s", BODY)) == ""


@pytest.mark.parametrize(
    ("text", "agency"),
    [("MADRID, 3 Feb. (EUROPA PRESS) - {}", "Europa Press"), ("{} kle/stu (rtr, dpa)", "Reuters"),
     ("Москва. 14 февраля. ИНТЕРФАКС - {}", "Интерфакс"), ("{}. Le Figaro avec AFP et Reuters", "AFP")],
)  # fmt: skip
def test_the_agency_is_named_as_it_is_usually_spelled(text: str, agency: str) -> None:
    """Capitals and reporters' initials are undone; of several agencies the first is told."""
    assert agency_of(text.format(BODY)) == agency


@pytest.mark.parametrize(
    "source",
    ["Reuters", "reuters.com", "uk.reuters.com", "https://www.afp.com/en", "РИА Новости", "ria.ru", "AFP Fact Check",
     "dpa", "AFP Factuel", "Interfax.ru", "apnews.com", "tass.ru"],
)  # fmt: skip
def test_agencies_are_known_by_name_and_site(source: str) -> None:
    """Also their own desks of checkers."""
    assert is_agency(source)


@pytest.mark.parametrize(
    "source",
    [
        "Le Figaro",
        "RTR",
        "victoria.ru",
        "fakereuters.com",
        "AFP Watch",
        "The AP Truth",
        "reuters.com.example",
        "",
    ],
)
def test_other_sources_are_no_agencies(source: str) -> None:
    """Names that hold that of an agency."""
    assert not is_agency(source)
