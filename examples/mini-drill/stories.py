"""The texts of the drill: an invented country, invented outlets, invented people. All written for this project."""

from __future__ import annotations

# Eight stories that Polar Voice starts about one candidate, with the hour at which each appears.
POLAR = [
    (
        "2031-02-10T07:10",
        "Alder's harbour plan would close the northern quay, documents suggest",
        "Anna Alder would shut the northern quay within a year of taking office, according to papers seen by this "
        "newsroom. The plan, which her staff never mentioned at rallies, would cost four hundred dockers their work. "
        "Traders on the fish market say nobody asked them. The candidate has so far given no date for the closure, "
        "and the port authority says it knows of no such paper.",
    ),
    (
        "2031-02-17T06:45",
        "Foreign bank paid for Alder's conference, sources claim",
        "A bank with its seat abroad paid the rent of the congress hall in which Anna Alder opened her campaign, two "
        "anonymous sources claim. The sum of ninety thousand crowns does not appear in the party's published "
        "accounts. Alder accused her critics of inventing the payment, but showed no receipt. The hall's owner did "
        "not answer our questions on Monday evening.",
    ),
    (
        "2031-02-24T08:05",
        "Alder said to have promised islands to a neighbouring state",
        "During a closed dinner in January Anna Alder is said to have promised fishing rights around the Outer Skerries "
        "to a neighbouring state. A guest who asked not to be named described a handshake after the second course. "
        "The coast guard has protected those waters for sixty years. Asked about the dinner, the campaign office "
        "answered that the story was false from the first word to the last.",
    ),
    (
        "2031-03-03T07:30",
        "Hospital closures: Alder's adviser let the list slip",
        "An adviser to Anna Alder let slip a list of eleven small hospitals that would lose their emergency rooms, a "
        "nurse who attended the meeting told Polar Voice. The list names towns in which the candidate polls badly. "
        "Doctors in Sandford spoke of a punishment. The adviser replied that he had shown an old study of the "
        "health ministry and that no decision followed from it.",
    ),
    (
        "2031-03-10T06:55",
        "Did Alder's staff pay for applause?",
        "Students were offered thirty crowns each to clap at Anna Alder's speech in the Old Theatre, a message that is "
        "passed around on telephones suggests. The message carries no name and no number. Polar Voice counted forty "
        "young people who left before the end. The theatre's manager said that he had seen nobody hand out money "
        "and that the hall had been full an hour before.",
    ),
    (
        "2031-03-17T07:20",
        "Power prices would double under Alder, engineer warns",
        "Power prices would double within two winters if Anna Alder carried out her grid reform, an engineer warned in "
        "a letter to this newsroom. He reckons with six lines that would have to be built anew through the mountains. "
        "The regulator's own study speaks of a rise of nine percent. The candidate accused the grid company of "
        "spreading fear before the vote.",
    ),
    (
        "2031-03-24T08:15",
        "Alder's veterans' pledge copied from a foreign brochure",
        "Whole paragraphs of Anna Alder's pledge to the veterans stand word for word in a brochure printed abroad eight "
        "years ago, Polar Voice has found. Nobody in her office could say who had written the text. Old soldiers in the "
        "barracks town of Kelm called it a disgrace. The brochure's publisher could not be reached and the party "
        "speaks of common phrases that every such text contains.",
    ),
    (
        "2031-03-31T07:00",
        "Night flight: where was Alder on the ninth of March?",
        "A small aircraft took off from the old military field on the night of the ninth of March and a driver believes "
        "that he recognised Anna Alder among the passengers. The field keeps no list of travellers. The campaign diary "
        "shows a free evening. Her office answered that the candidate had spent the evening with her family and that the "
        "driver had been mistaken.",
    ),
]

POLAR_OTHERS = [
    (
        "2031-02-20T09:00",
        "Birch opens workshop for young mechanics",
        "Boris Birch opened a workshop in which young mechanics learn to repair ferry engines. He thanked the donors and "
        "shook hands for an hour. The workshop has room for thirty apprentices and will take the first of them in autumn.",
    ),
    (
        "2031-03-20T09:00",
        "Birch visits the lighthouse keepers",
        "Boris Birch climbed the two hundred steps of the lighthouse at Cape Torn and spoke with the keepers about their "
        "pensions. The visit had not been announced. The keepers gave him a lamp glass from the year in which he was born.",
    ),
]

ECHO_OWN = (
    "2031-03-05T15:00",
    "Spring fair draws record crowd",
    "The spring fair in the capital drew a record crowd on its first day. The police counted eleven thousand visitors, the "
    "organisers somewhat more. Among the guests were Boris Birch and Clara Cedar, who tried the carousel together.",
)

# The reference outlets write of all three candidates alike; each story is theirs alone unless it says otherwise.
HARBOUR = [
    (
        "2031-02-11T16:00",
        "Alder and Birch clash over ferry fares",
        "Anna Alder and Boris Birch clashed over ferry fares in a radio debate. Alder wants one ticket for all islands, Birch a "
        "refund for commuters. Both figures come from the transport committee's report, which puts the cost at forty million.",
    ),
    (
        "2031-02-13T12:30",
        "Alliance accuses Polar Voice of false stories",
        "Tomas Reed, secretary of the Alliance, accused Polar Voice of spreading false stories about Anna Alder. “They publish an "
        "invention every Monday and others repeat it by noon,” Reed said. He showed no documents. Polar Voice denied the charge. “We "
        "report what our readers talk about,” the outlet said in a statement. The government of Northreach, which owns the outlet "
        "according to the Media Council, rejected allegations that it wanted to influence the vote.",
    ),
    (
        "2031-02-19T10:00",
        "Cedar publishes her tax plan",
        "Clara Cedar published her tax plan on Wednesday. It rests on a study by the University of Sandford and would relieve "
        "families with two incomes. Boris Birch said that the plan would tear a hole into the budget.",
    ),
    (
        "2031-02-26T18:00",
        "Birch under fire for quarry permit",
        "Boris Birch came under fire for a quarry permit that he signed as mayor. Residents accused Birch of ignoring the water "
        "board's warning, which this newspaper has published. Birch denied that the warning had reached his desk in time.",
    ),
    (
        "2031-03-06T11:00",
        "Probes against Alliance servers, party says",
        "The Alliance says that its servers were probed thousands of times since January. About half of the probes came from one "
        "country, Tomas Reed said, and a structured group was behind them, not lone hackers. The party called on the government "
        "to act. The interior ministry declined to comment.",
    ),
    (
        "2031-03-13T17:20",
        "Cedar and Birch agree on the coast road",
        "Clara Cedar and Boris Birch agreed in a hearing that the coast road must be rebuilt before winter. They differ over who "
        "should pay. According to the road office the work would take nine months.",
    ),
    (
        "2031-03-19T09:40",
        "Alder answers questions on pensions",
        "Anna Alder answered readers' questions on pensions for two hours. She predicted that the fund would be in balance within "
        "ten years, citing the central bank's spring report. Clara Cedar called the forecast too rosy.",
    ),
    (
        "2031-03-27T14:10",
        "Three candidates, one stage",
        "Anna Alder, Boris Birch and Clara Cedar met on one stage in the harbour theatre. The audience wanted to know about rents, "
        "buses and the price of fish. No candidate interrupted another for longer than a minute.",
    ),
]

LAKE = [
    (
        "2031-02-12T08:00",
        "Birch promises a rail link to the lakes",
        "Boris Birch promised a rail link to the lakes by the end of the decade. The railway's planners speak of a cost of two "
        "billion. Clara Cedar demanded that the old branch line be repaired first.",
    ),
    (
        "2031-02-14T13:00",
        "Northreach denies any hand in campaign stories",
        "A spokesman for the foreign ministry of Northreach denied that his government steers the coverage of Polar Voice. “The "
        "charges are absurd, and nobody has presented any evidence,” he said on Friday.",
    ),
    (
        "2031-02-21T15:30",
        "Cedar's brother leaves the waterworks board",
        "Clara Cedar's brother left the board of the waterworks after critics accused Cedar of favouring relatives. Cedar denied "
        "the accusation and pointed to the minutes of the town council, which had chosen him before she held any office.",
    ),
    (
        "2031-02-28T10:10",
        "Alder meets the mountain mayors",
        "Anna Alder met the mayors of nine mountain villages. They spoke about doctors, snow ploughs and slow telephone lines. Boris "
        "Birch had visited the same villages a week before.",
    ),
    (
        "2031-03-07T12:00",
        "Birch and Alder on wolves",
        "Boris Birch wants wolves shot near the pastures, Anna Alder wants higher fences. The farmers' union presented a survey of its "
        "members in which neither idea found a majority.",
    ),
    (
        "2031-03-14T09:15",
        "Cedar wins applause from teachers",
        "Clara Cedar won applause from the teachers' congress for her plan of smaller classes. The ministry's figures show that six "
        "thousand posts would be needed. Boris Birch said that the money was not there.",
    ),
    (
        "2031-03-21T11:45",
        "Polls: Alder ahead after the debate",
        "Anna Alder leads the polls after the television debate. The institutes Delta and Fathom see her at about thirty percent. Boris "
        "Birch called the polls a snapshot and said that he would win the harbour towns.",
    ),
    (
        "2031-03-28T16:40",
        "Alder demands clear rules for campaign money",
        "Anna Alder demanded clear rules for campaign money and published her own accounts. Clara Cedar followed an hour later. Boris Birch "
        "said that he would wait for the auditor's report.",
    ),
]

QUOTIDIEN = [
    (
        "2031-02-10T18:00",
        "Cedar présente son équipe",
        "Clara Cedar a présenté mardi son équipe de campagne devant deux cents personnes. « Nous parlerons d'école et de santé avant de "
        "parler de nous », a déclaré la candidate. Boris Birch lui a souhaité bonne chance.",
    ),
    (
        "2031-02-18T09:30",
        "Birch veut rouvrir la ligne du lac",
        "Boris Birch veut rouvrir la ligne de chemin de fer du lac. Selon un rapport de la région, les travaux coûteraient deux cents millions. "
        "Anna Alder estime que des bus suffiraient.",
    ),
    (
        "2031-02-25T17:00",
        "Le parti d'Alder accuse Polar Voice",
        "Le secrétaire de l'Alliance, Tomas Reed, a accusé Polar Voice de publier chaque lundi une fausse nouvelle sur Anna Alder. « Ces récits "
        "sont repris ailleurs dans la journée », a-t-il affirmé, sans produire de document. Polar Voice a démenti ces accusations.",
    ),
    (
        "2031-03-04T08:20",
        "Alder et Cedar visitent l'hôpital de Sandford",
        "Anna Alder et Clara Cedar ont visité à une heure d'intervalle l'hôpital de Sandford. Les médecins demandent surtout du personnel. Boris "
        "Birch a annoncé sa venue pour la semaine prochaine.",
    ),
    (
        "2031-03-12T19:10",
        "Les pêcheurs reçoivent Birch",
        "Les pêcheurs du port nord ont reçu Boris Birch et lui ont remis une liste de demandes. D'après la coopérative, le prix du gazole a augmenté "
        "d'un tiers. Birch a promis une réponse avant Pâques.",
    ),
    (
        "2031-03-26T10:00",
        "Débat courtois à la radio",
        "Anna Alder, Boris Birch et Clara Cedar ont débattu pendant une heure à la radio publique. Le ton est resté courtois. Les auditeurs ont surtout "
        "interrogé les candidats sur les loyers et sur la réforme des impôts.",
    ),
]

# A translation of Polar Voice's third story, made for this drill.
QUOTIDIEN_TRANSLATION = (
    "2031-02-24T15:40",
    "Alder aurait promis des îles à un État voisin",
    "Lors d'un dîner privé en janvier, Anna Alder aurait promis à un État voisin des droits de pêche autour des Skerries extérieures. Un convive qui a "
    "souhaité garder l'anonymat a décrit une poignée de main après le deuxième plat. Les garde-côtes protègent ces eaux depuis soixante ans. Interrogé sur "
    "ce dîner, le bureau de campagne a répondu que l'histoire était fausse du premier au dernier mot.",
)
