"""Sample content for an empty database: the Take Action page of autumn 2017 in our own words, and what makes it live.

The sample week's dates are those of 2017, so a week of the current year, open for registration, stands beside it.
Names, dates, bill numbers and slogans are the program's; every other sentence is ours.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from campaigns.models import Campaign, WeekOfAction, WeekTask
from members.models import Issue, IssueItem, Post
from petitions.models import Measure, Petition, PetitionVersion

SLUG = "save-call-center-jobs"
THEME = "End CEO Hocus Pocus: Stop Offshoring & Outsourcing Good Jobs"
THEME_ES = "Fin al truco de los ejecutivos: alto al traslado y la subcontratación de buenos empleos"

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
TASKS = (
    (
        "petition-drive",
        "Hold a petition drive",
        "Collect signatures at work and in town, and hand them over together.",
        "Organizar una jornada de firmas",
        "Reúnan firmas en el trabajo y en el barrio, y entréguenlas juntas.",
    ),
    (
        "letter-to-the-editor",
        "Write a letter to the editor",
        "Tell your local paper what offshoring means for your community, signed by the local's officers.",
        "Escribir una carta al periódico",
        "Cuenten a su periódico qué significa para su comunidad llevarse los empleos, con la firma de la directiva.",
    ),
    (
        "grow-the-network",
        "Grow the network",
        "Invite your customer-service members to the newsletter and share photos of your actions.",
        "Hacer crecer la red",
        "Inviten a sus miembros de servicio al cliente al boletín y compartan fotos de sus acciones.",
    ),
)


class NotEmpty(Exception):
    """There is content already; the sample never mixes with it."""


@transaction.atomic
def load() -> None:
    """Put the sample in. Raises NotEmpty."""
    if Petition.objects.exists() or WeekOfAction.objects.exists() or Post.objects.exists():
        raise NotEmpty
    _petition()
    _week_of_2017()
    _week_of_this_year()
    _campaigns()
    _issue(_posts())


def _petition() -> None:
    title = "United States Call Center Worker and Consumer Protection Act of 2017"
    senate = Measure.objects.create(congress=115, kind=Measure.Kind.S, number=515, title=title)
    house = Measure.objects.create(congress=115, kind=Measure.Kind.HR, number=1300, title=title, companion=senate)
    Measure.objects.filter(pk=senate.pk).update(companion=house)
    petition = Petition.objects.create(slug=SLUG, goal=5000)
    petition.measures.set([house, senate])
    PetitionVersion.objects.create(
        petition=petition,
        number=1,
        title="Save Call Center Jobs",
        ask=ASK,
        text=TEXT.strip(),
        title_es="Salvemos los empleos de los centros de llamadas",
        ask_es=ASK_ES,
        text_es=TEXT_ES.strip(),
        published_at=timezone.now(),
    )


def _week_of_2017() -> None:
    week = WeekOfAction.objects.create(
        year=2017,
        theme=THEME,
        theme_es=THEME_ES,
        hashtag="#EndCEOHocusPocus",
        intro=(
            "Profits appear, jobs disappear: that is no magic, it is a choice. In this week locals all over the country "
            "stood up for call-center jobs and thanked the people who do them."
        ),
        intro_es=(
            "Aparecen ganancias, desaparecen empleos: no es magia, es una decisión. En esta semana, locales de todo el "
            "país defendieron los empleos de los centros de llamadas y dieron las gracias a quienes los hacen."
        ),
        register_by=date(2017, 9, 22),
        freeze_on=date(2017, 9, 29),
        ship_by=date(2017, 10, 6),
        starts_on=date(2017, 10, 15),
        ends_on=date(2017, 10, 21),
        report_by=date(2017, 11, 10),
        published_at=timezone.now(),
    )
    _tasks(week)


def _sunday_after(days: int) -> date:
    """The first Sunday, on which a week begins, at least so many days from today."""
    day = timezone.localdate() + timedelta(days=days)
    return day + timedelta(days=(6 - day.weekday()) % 7)


def _week_of_this_year() -> None:
    today = timezone.localdate()
    starts_on = _sunday_after(42)
    if starts_on.year > today.year:  # late in the year everything comes sooner
        starts_on = _sunday_after(18)
    lead = starts_on - today
    week = WeekOfAction.objects.create(
        year=today.year,
        theme="Good Jobs Answer the Call",
        theme_es="Los buenos empleos contestan la llamada",
        hashtag="#GoodJobsAnswer",
        intro=(
            "One week, every local. Register yours in three minutes: tell us what you plan and where to send the box, "
            "and we send materials and a token of appreciation for each of your customer-service members."
        ),
        intro_es=(
            "Una semana, todas las locales. Registre la suya en tres minutos: díganos qué planean y adónde enviar la "
            "caja, y les mandamos materiales y un detalle de agradecimiento para cada miembro de servicio al cliente."
        ),
        register_by=today + lead / 2,
        freeze_on=today + lead * 2 / 3,
        ship_by=today + lead * 3 / 4,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=6),
        report_by=starts_on + timedelta(days=27),
        published_at=timezone.now(),
    )
    _tasks(week)


def _tasks(week: WeekOfAction) -> None:
    WeekTask.objects.bulk_create(
        WeekTask(
            week=week,
            code=code,
            title=title,
            description=description,
            title_es=title_es,
            description_es=description_es,
            position=position,
        )
        for position, (code, title, description, title_es, description_es) in enumerate(TASKS)
    )


def _campaigns() -> None:
    now = timezone.now()
    Campaign.objects.create(
        slug="save-call-center-jobs",
        title="Save Call Center Jobs",
        summary="A bill in Congress would let callers know and choose where their call is answered. It needs your name.",
        title_es="Salvemos los empleos de los centros de llamadas",
        summary_es="Una ley en el Congreso dejaría saber y elegir dónde se contesta su llamada. Necesita su nombre.",
        body=TEXT.strip(),
        body_es=TEXT_ES.strip(),
        hashtag="#SaveCallCenterJobs",
        action_label="Sign the petition",
        action_label_es="Firme la petición",
        action_path=f"/petitions/{SLUG}/",
        position=1,
        published_at=now,
    )
    year = timezone.localdate().year
    Campaign.objects.create(
        slug="end-ceo-hocus-pocus",
        title=THEME,
        summary="Once a year, in one week, locals act together: petition drives, letters to the editor, a growing network.",
        title_es=THEME_ES,
        summary_es="Una vez al año, en una semana, las locales actúan juntas: firmas, cartas al periódico, una red que crece.",
        hashtag="#EndCEOHocusPocus",
        action_label="Register your local",
        action_label_es="Registre su local",
        action_path=f"/week-of-action/{year}/",
        position=2,
        published_at=now,
    )


def _posts() -> list[Post]:
    noon = datetime.combine(timezone.localdate() + timedelta(days=10), time(12), timezone.get_current_timezone())
    return [
        _post(
            Post.Kind.ACTION,
            "National call-in day",
            "Three minutes on your break: call your representative and ask for a vote on the call-center bill.",
            "Take your phone, take your break, take a breath. Say your name, your town and your local, and ask: *Will you "
            "vote for the call-center bill?* Write down what you hear and send it to us.",
            starts_at=noon,
            place="Wherever you are",
        ),
        _post(
            Post.Kind.BARGAINING,
            "Seven months at the table",
            "Wages, job security and an end to closed centers: where talks stand.",
            "The committee met again this week. On the table: **no more closings without notice**, fair schedules and "
            "raises that keep up with rent. The company answered with questions; we answered with members at the door.",
            employer="AT&T Mobility",
        ),
        _post(
            Post.Kind.STORY,
            "What the picket line taught me",
            "A steward on forty-five days outside and what she took back in.",
            "On the first day I counted cars. On the tenth I knew every driver's horn. By the forty-fifth I knew that "
            "the people next to me would stand there for my job as I did for theirs. That is a union.",
            byline="A steward in the call center",
        ),
    ]


def _issue(posts: list[Post]) -> None:
    issue = Issue.objects.create(
        number=1,
        subject="Your three minutes for call-center jobs, and other news",
        intro=(
            f"Dear friends,\n\nwelcome to the newsletter of {timezone.localdate().year}. Here is what is coming up, how bargaining goes, and a "
            "story from one of us. Read it on your break, and pass it on."
        ),
        subject_es="Tres minutos por los empleos de los centros de llamadas, y más noticias",
        intro_es=(
            "Queridas amigas, queridos amigos:\n\nAquí está lo que viene, cómo van las negociaciones y una historia de "
            "una de nosotras. Léanlo en su descanso y compártanlo."
        ),
    )
    IssueItem.objects.bulk_create(
        IssueItem(issue=issue, post=post, position=position) for position, post in enumerate(posts)
    )


def _post(kind: str, title: str, summary: str, body: str, **more: object) -> Post:
    return Post.objects.create(
        kind=kind,
        title=title,
        slug=title.lower().replace(" ", "-"),
        summary=summary,
        body=body,
        status=Post.Status.PUBLISHED,
        published_at=timezone.now(),
        **more,
    )
