"""Sample content for an empty database: the Take Action page of autumn 2017 in our own words, and what makes it live.

Names, dates, bill numbers and slogans are the program's; every other sentence is ours.
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from campaigns.models import Campaign, Illustration, WeekOfAction
from csan import sample_congress, sample_petition, sample_weeks
from csan.sample_petition import SLUG, TEXT, TEXT_ES
from csan.sample_weeks import THEME, THEME_ES
from members import newsletter
from members.models import Issue, Post
from petitions.models import Petition

HOCUS_POCUS = """
A center closes. A press release says “efficiency”. A year later the same calls are answered abroad, for lower pay, and
the bonus of the one who decided it has grown. **There is no magic in it.**

In the Week of Action we show the trick. Locals hand petitions over at a company store, tell the local paper what a closed
center does to a town, and bring more customer-service workers into the network. And because the people who take the calls
are the heart of it, the week also says thank you to them.
"""
HOCUS_POCUS_ES = """
Cierra un centro. Un comunicado habla de «eficiencia». Un año después las mismas llamadas se contestan en el extranjero, con
salarios más bajos, y ha crecido el bono de quien lo decidió. **Ahí no hay magia.**

En la Semana de Acción mostramos el truco. Las locales entregan peticiones en una tienda de la empresa, cuentan al periódico
qué le pasa a un pueblo cuando cierra su centro y suman a más trabajadores de servicio al cliente a la red. Y como quienes
contestan las llamadas son el corazón de todo, la semana también les da las gracias.
"""
FAIR_CONTRACT = """
People at AT&T Mobility bargain together, whatever state they work in. They ask for three things:
**no more closings without notice, fair schedules, and raises that keep up with rent.**

You can help from anywhere: read how talks stand, talk with the person next to you, and come when there is an action.
"""
FAIR_CONTRACT_ES = """
La gente de AT&T Mobility negocia unida, sin importar en qué estado trabaje. Pide tres cosas:
**ningún cierre más sin aviso, horarios justos y aumentos que alcancen para la renta.**

Usted puede ayudar desde cualquier lugar: lea cómo van las negociaciones, hable con quien tiene al lado y venga cuando haya una acción.
"""
HOW_TO = """
1. **Pick one thing that happened.** A center that closed, a caller who asked where you are, a colleague who had to move.
2. **Write to the reader, not to the company.** She lives in your town. Tell her what it means for the town.
3. **Keep it short.** Most papers print up to 200 words. Say the most important thing first.
4. **Ask for one thing.** Such as: *call your representative and ask for a vote on the call-center bill.*
5. **Sign together.** Put the names and offices of the local's elected leaders under it, and a telephone number for the editor.

A first sentence, if you need one: “Last spring, four hundred neighbors of ours answered the phone for the last time.”

When it is printed, send us the link.
"""


class NotEmpty(Exception):
    """There is content already; the sample never mixes with it."""


@transaction.atomic
def load() -> None:
    """Put the sample in. Raises NotEmpty."""
    if Petition.objects.exists() or WeekOfAction.objects.exists() or Post.objects.exists():
        raise NotEmpty
    sample_petition.load()
    sample_congress.load()
    sample_weeks.load()
    _campaigns()
    _issue(_posts())


def _campaigns() -> None:
    for position, add in enumerate((_bill_campaign, _week_campaign, _contract_campaign), start=1):
        add(position=position, published_at=timezone.now())


def _bill_campaign(**more: object) -> None:
    Campaign.objects.create(
        slug="save-call-center-jobs",
        title="Save Call Center Jobs",
        summary="A bill in Congress would let callers know and choose where their call is answered. It needs your name.",
        title_es="Salvemos los empleos de los centros de llamadas",
        summary_es="Un proyecto de ley en el Congreso permitiría saber y elegir dónde se contesta su llamada. Necesita su firma.",
        body=TEXT.strip(),
        body_es=TEXT_ES.strip(),
        hashtag="#SaveCallCenterJobs",
        action_label="Sign the petition",
        action_label_es="Firme la petición",
        action_path=f"/petitions/{SLUG}/",
        illustration=Illustration.HEADSET,
        figure="120",
        figure_label="days of notice before a call center is moved abroad, once the bill is law",
        figure_label_es="días de aviso antes de llevarse un centro de llamadas, cuando la ley esté vigente",
        figure_source_url="https://www.congress.gov/bill/115th-congress/house-bill/1300/text",
        **more,
    )


def _week_campaign(**more: object) -> None:
    Campaign.objects.create(
        slug="end-ceo-hocus-pocus",
        title=THEME,
        summary="Once a year, in one week, locals act together: petition drives, letters to the editor, a growing network.",
        title_es=THEME_ES,
        summary_es="Una vez al año, en una semana, las locales actúan juntas: firmas, cartas al periódico, una red que crece.",
        hashtag="#EndCEOHocusPocus",
        action_label="Join the Week of Action",
        action_label_es="Participe en la Semana de Acción",
        action_path=f"/week-of-action/{timezone.localdate().year}/",
        illustration=Illustration.TILES,
        figure="12,000+",
        figure_label="call-center jobs that AT&T cut between 2011 and 2017",
        figure_label_es="empleos de centros de llamadas que AT&T eliminó entre 2011 y 2017",
        figure_source_url="https://cwa-union.org/2017-customer-service-week-of-action",
        body=HOCUS_POCUS.strip(),
        body_es=HOCUS_POCUS_ES.strip(),
        **more,
    )


def _contract_campaign(**more: object) -> None:
    Campaign.objects.create(
        slug="fair-contract-at-att-mobility",
        title="A fair contract at AT&T Mobility",
        summary="One contract covers workers in 36 states and DC. When they bargain together, nobody stands alone at the table.",
        title_es="Un contrato justo en AT&T Mobility",
        summary_es="Un solo contrato vale en 36 estados y DC. Cuando negocian juntos, nadie está solo en la mesa.",
        body=FAIR_CONTRACT.strip(),
        body_es=FAIR_CONTRACT_ES.strip(),
        hashtag="#CSAction",
        action_label="See how the talks are going",
        action_label_es="Lea cómo van las negociaciones",
        action_path="/news/seven-months-at-the-table/",
        illustration=Illustration.TABLE,
        figure="21,000",
        figure_label="workers under the AT&T Mobility “Orange” contract in 2017",
        figure_label_es="trabajadores con el contrato «Orange» de AT&T Mobility en 2017",
        **more,
    )


def _at(*, days: int, hour: int) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    return datetime.combine(day, time(hour), timezone.get_current_timezone())


def _posts() -> list[Post]:
    """What the first issue carries; the how-to stands on the site only."""
    _post(
        Post.Kind.STORY,
        "How to write a letter to the editor",
        "Five steps and a first sentence, from a local that has done it nine times.",
        HOW_TO.strip(),
        byline="A local president",
    )
    return [*_actions(), *_words_of_members()]


def _actions() -> list[Post]:
    return [
        _post(
            Post.Kind.ACTION,
            "National call-in day",
            "Three minutes on your break: call your representative and ask for a vote on the call-center bill.",
            "Take your phone, take your break, take a breath. Say your name, your town and your local, and ask: *Will you "
            "vote for the call-center bill?* Write down what you hear and send it to us.",
            starts_at=_at(days=10, hour=12),
            place="Wherever you are",
        ),
        _post(
            Post.Kind.ACTION,
            "Story night at the union hall",
            "Tell in two minutes what your work is worth. We help you find the words; bring a colleague.",
            "Members of Congress remember people, not numbers. We sit in small circles, tell each other what happened at "
            "our centers, and write it down on postcards that we hand over together.\n\n"
            "- doors open at half past five, with supper\n- somebody interprets from and to Spanish\n- children are welcome",
            starts_at=_at(days=24, hour=18),
            place="Union hall, 501 Third Street NW, Washington, DC",
        ),
    ]


def _words_of_members() -> list[Post]:
    return [
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
            "Contesto en dos idiomas",
            "Una delegada cuenta por qué su centro de llamadas no se puede mudar.",
            "Por la mañana me llama un abuelo que no entiende su factura; por la tarde, su nieta, que la entiende pero no la "
            "puede pagar. Los dos viven a diez cuadras de mí. **Eso no se contesta desde lejos.**",
            byline="Una delegada sindical",
            language="es",
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
            f"<p>Dear friends,</p><p>welcome to the newsletter of {timezone.localdate().year}. Here is what is coming up, how bargaining goes, and a "
            "story from one of us. Read it on your break, and pass it on.</p>"
        ),
        subject_es="Tres minutos por los empleos de los centros de llamadas, y más noticias",
        intro_es=(
            "<p>Queridas amigas, queridos amigos:</p><p>Aquí está lo que viene, cómo van las negociaciones y una historia de "
            "una de nosotras. Léanlo en su descanso y compártanlo.</p>"
        ),
    )
    kinds = list(Post.Kind)  # as an issue has them: what is coming up first
    for post in sorted(
        posts, key=lambda post: (kinds.index(Post.Kind(post.kind)), post.starts_at or post.published_at)
    ):
        newsletter.add_post(issue=issue, post=post)


def _post(kind: str, title: str, summary: str, body: str, **more: object) -> Post:
    return Post.objects.create(
        kind=kind,
        title=title,
        slug=slugify(title),
        summary=summary,
        body=body,
        status=Post.Status.PUBLISHED,
        published_at=timezone.now(),
        **more,
    )
