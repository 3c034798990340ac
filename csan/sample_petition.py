"""The sample's petition: its text and points, and the bill's line through the Congresses.

Numbers, dates and names are those of congress.gov; every sentence is ours.
"""

from datetime import date

from petitions import publishing
from petitions.models import Measure, MeasureEvent, Petition, PetitionPoint, PetitionVersion, Provision

SLUG = "save-call-center-jobs"
ASK = "Tell callers where they are calling, let them choose a U.S. call center, and stop public money for offshoring."
ASK_ES = (
    "Que quien llama sepa adónde llama, que pueda pedir un centro de llamadas en EE. UU., "
    "y que no haya dinero público para llevarse los empleos."
)
TEXT = """
To the Congress of the United States:

Customer-service workers solve problems for millions of people every day. Company after company closes call centers
here and opens them abroad, with lower pay, weaker protection for your private data and no word to the communities left
behind. We ask you to pass the call-center bill, which says three things:

1. **Tell callers the truth.** Whoever answers tells you where the call center is.
2. **Let callers choose.** You may ask to be helped by somebody in the United States.
3. **No reward for leaving.** A company that moves call-center jobs abroad goes on a public list and loses certain
   federal grants and taxpayer-funded loans.

Keep good jobs in our communities. Pass the bill.
"""
TEXT_ES = """
Al Congreso de los Estados Unidos:

Quienes trabajamos en servicio al cliente resolvemos cada día los problemas de millones de personas. Una empresa tras
otra cierra sus centros de llamadas aquí y los abre en el extranjero, con salarios más bajos, menos protección para sus
datos privados y ni una palabra para las comunidades que deja atrás. Les pedimos que aprueben la ley de los centros de
llamadas, que dice tres cosas:

1. **Decir la verdad.** Quien contesta le dice dónde está el centro de llamadas.
2. **Dejar elegir.** Usted puede pedir que le atienda alguien en los Estados Unidos.
3. **No premiar a quien se va.** La empresa que se lleva estos empleos entra en una lista pública y pierde ciertas ayudas
   federales y préstamos pagados con impuestos.

Conserven los buenos empleos en nuestras comunidades. Aprueben la ley.
"""
POINTS = (
    (
        PetitionPoint.Icon.WHERE,
        "Tell callers the truth",
        "Whoever answers your call tells you where the call center is.",
        "Decir la verdad",
        "Quien contesta su llamada le dice dónde está el centro de llamadas.",
    ),
    (
        PetitionPoint.Icon.CHOOSE,
        "Let callers choose",
        "You may ask to talk with somebody in the United States, and they have to pass you on.",
        "Dejar elegir",
        "Usted puede pedir que le atienda alguien en los Estados Unidos, y tienen que pasarle la llamada.",
    ),
    (
        PetitionPoint.Icon.MONEY,
        "No reward for leaving",
        "A company that moves call-center jobs abroad goes on a public list and loses certain federal grants and loans.",
        "No premiar a quien se va",
        "La empresa que se lleva estos empleos entra en una lista pública y pierde ciertas ayudas y préstamos federales.",
    ),
)
ACT = "United States Call Center Worker and Consumer Protection Act of {year}"
CASEY = "Sen. Bob Casey (PA)"
# Congress, title, the House's number and lead, the Senate's number and lead.
LINE = (
    (115, ACT.format(year=2017), 1300, "Rep. Gene Green (TX), Rep. David McKinley (WV)", 515, CASEY),
    (116, ACT.format(year=2019), 3219, "Rep. David McKinley (WV), Rep. Mark Pocan (WI)", 1792, CASEY),
    (
        117,
        ACT.format(year=2021),
        4603,
        "Rep. David McKinley (WV), Rep. Mark Pocan (WI), Rep. Brian Fitzpatrick (PA), Rep. Sharice Davids (KS)",
        2409,
        CASEY,
    ),
    (118, ACT.format(year=2024), 8301, "Rep. Sharice Davids (KS)", 4300, CASEY),
    (
        119,
        "Keep Call Centers in America Act of 2025",
        4954,
        "Rep. Kristen McDonald Rivet (MI), Rep. Brian Fitzpatrick (PA)",
        2495,
        "Sen. Ruben Gallego (AZ), Sen. Jim Justice (WV)",
    ),
)
HR, S = Measure.Kind.HR, Measure.Kind.S
# Congress, chamber, day, what happened; in English, in Spanish.
EVENTS = (
    (
        115, HR, date(2017, 3, 2),
        "Introduced in the House and, on the same day, in the Senate.",
        "Se presenta en la Cámara de Representantes y, el mismo día, en el Senado.",
    ),
    (
        115, HR, date(2017, 3, 17),
        "The House sends it to the subcommittee for digital commerce and consumer protection. It gets no vote there.",
        "La Cámara lo envía a la subcomisión de comercio digital y protección al consumidor. Allí no se vota.",
    ),
    (
        115, HR, date(2019, 1, 3),
        "The 115th Congress ends without passing it. A bill ends with its Congress and has to start again.",
        "El 115.º Congreso termina sin aprobarlo. Un proyecto termina con su Congreso y tiene que empezar de nuevo.",
    ),
    (
        116, HR, date(2019, 6, 12),
        "It starts again in both chambers, now also against call-center work that is contracted out abroad.",
        "Empieza de nuevo en ambas cámaras, ahora también contra el trabajo que se subcontrata en el extranjero.",
    ),
    (
        117, HR, date(2021, 7, 21),
        "It starts again in both chambers, led by members of both parties in the House.",
        "Empieza de nuevo en ambas cámaras, con apoyo de los dos partidos en la Cámara de Representantes.",
    ),
    (118, HR, date(2024, 5, 8), "It starts again in the House.", "Empieza de nuevo en la Cámara de Representantes."),
    (118, S, date(2024, 5, 9), "The Senate's bill follows a day later.", "Un día después sigue el proyecto del Senado."),
    (
        119, S, date(2025, 7, 29),
        "It comes back in the Senate with a new name and a new point: you must be told when you talk with a machine.",
        "Vuelve al Senado con otro nombre y un punto nuevo: hay que avisarle cuando habla con una máquina.",
    ),
    (
        119, HR, date(2025, 8, 12),
        "The House's bill follows. Both wait in committee.",
        "Sigue el proyecto de la Cámara. Ambos esperan en comisión.",
    ),
)  # fmt: skip
# Congress, what the House's bill provides; in English, in Spanish.
PROVISIONS = {
    115: (
        (
            "A company with 50 or more call-center workers tells the Department of Labor 120 days before it moves a center abroad.",
            "La empresa con 50 o más trabajadores de centros de llamadas avisa al Departamento de Trabajo 120 días antes de llevarse un centro.",
        ),
        (
            "Who moves the jobs abroad stands on a public list for up to three years.",
            "Quien se lleva los empleos figura en una lista pública hasta tres años.",
        ),
        (
            "Who is on the list gets no federal grants and no loans that taxpayers back for five years.",
            "Quien figura en la lista no recibe ayudas federales ni préstamos garantizados con impuestos durante cinco años.",
        ),
        (
            "Whoever answers a call says where they are, and passes you on to the United States when you ask.",
            "Quien contesta dice dónde está y le pasa con los Estados Unidos cuando usted lo pide.",
        ),
    ),
    119: (
        (
            "You are told when you talk with a machine, and may ask for a person in the United States.",
            "Le avisan cuando habla con una máquina, y puede pedir una persona en los Estados Unidos.",
        ),
        (
            "A company that sends 30 percent of its calls abroad counts as one that has moved.",
            "La empresa que manda el 30 por ciento de sus llamadas al extranjero cuenta como una que se ha ido.",
        ),
        (
            "A company may stand on the public list for up to five years, and loses a part of its federal grants each month.",
            "Una empresa puede figurar en la lista hasta cinco años y pierde cada mes una parte de sus ayudas federales.",
        ),
        (
            "Once a year companies state to the Federal Trade Commission that they keep to the law.",
            "Una vez al año las empresas declaran ante la Comisión Federal de Comercio que cumplen la ley.",
        ),
    ),
}
CHAMBERS = {HR: "house-bill", S: "senate-bill"}


def load() -> None:
    """Put the petition and its bills in."""
    bills = _bills()
    petition = Petition.objects.create(slug=SLUG, goal=25_000, first_goal=5000)
    petition.measures.set([bills[115, HR], bills[115, S]])
    PetitionVersion.objects.create(
        petition=petition,
        number=1,
        title="Save Call Center Jobs",
        ask=ASK,
        text=TEXT.strip(),
        title_es="Salvemos los empleos de los centros de llamadas",
        ask_es=ASK_ES,
        text_es=TEXT_ES.strip(),
    )
    publishing.publish_text(petition=petition, by=None)
    PetitionPoint.objects.bulk_create(
        PetitionPoint(
            petition=petition, position=n, icon=icon, title=title, text=text, title_es=title_es, text_es=text_es
        )
        for n, (icon, title, text, title_es, text_es) in enumerate(POINTS, start=1)
    )


def _bills() -> dict[tuple[int, str], Measure]:
    """Every bill of the line with its events, by Congress and chamber; the last Congress first, as each names its heir."""
    bills: dict[tuple[int, str], Measure] = {}
    for congress, title, house, house_lead, senate, senate_lead in reversed(LINE):
        for kind, number, lead in ((HR, house, house_lead), (S, senate, senate_lead)):
            bills[congress, kind] = Measure.objects.create(
                congress=congress,
                kind=kind,
                number=number,
                title=title,
                lead=lead,
                url=_address(congress, kind, number),
                companion=bills.get((congress, HR)),
                successor=bills.get((congress + 1, kind)),
            )
        Measure.objects.filter(pk=bills[congress, HR].pk).update(companion=bills[congress, S])
    Provision.objects.bulk_create(
        Provision(measure=bills[congress, HR], position=position, text=text, text_es=text_es)
        for congress, said in PROVISIONS.items()
        for position, (text, text_es) in enumerate(said, start=1)
    )
    MeasureEvent.objects.bulk_create(
        MeasureEvent(
            measure=bills[congress, kind],
            happened_on=day,
            what=what,
            what_es=what_es,
            source_url=bills[congress, kind].url,
        )
        for congress, kind, day, what, what_es in EVENTS
    )
    return bills


def _address(congress: int, kind: str, number: int) -> str:
    return f"https://www.congress.gov/bill/{congress}th-congress/{CHAMBERS[Measure.Kind(kind)]}/{number}"
