"""A busy year on a site: what its pages look like when everything is there, some of it as long as it may be.

Run inside the program, which has the sample content: `from tests.e2e.crowd import fill; fill()`. Nobody in it exists.
"""

from datetime import date, timedelta
from itertools import cycle, islice

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageOps

from campaigns.models import Box, Campaign, Registration, ShipTo, WeekOfAction, WeekPhoto
from csan.lib.addresses import email_key
from csan.lib.pictures import prepare
from members import newsletter, pictures
from members.models import Issue, Local, Person, Picture, Post, Subscription
from petitions import tallies
from petitions.models import Petition, PetitionVersion, Signature
from tests.e2e.names import (
    BEGINNING,
    CLOSED,
    FIRST_ISSUE,
    LONG,
    LONG_CAMPAIGN,
    LONG_ISSUE,
    PAST_WEEK,
    QUIET_WEEK,
)
from tests.pictures import photo

SIGNERS = 2000
SHOWN = 20  # of the first, those who wrote a comment are stories on the page
LOCALS = 64
READERS = 30
SENT_ISSUES = 14
POSTS_OF_A_KIND = 15
FIRST_LOCAL = 6001  # the tests register locals with smaller numbers

LONG_TITLE = (
    "Interdepartmental customer-communications representatives of the unincorporated boroughs ask for "
    "notice before any center is closed"
)[:140]
LONG_TITLE_ES = (
    "Representantes interdepartamentales de comunicaciones con la clientela de los municipios no incorporados "
    "piden aviso antes de cada cierre"
)[:140]
PLACES = (  # ZIP code, city, state
    ("10001", "New York", "NY"), ("02139", "Cambridge", "MA"), ("20001", "Washington", "DC"),
    ("78701", "Austin", "TX"), ("94103", "San Francisco", "CA"), ("60601", "Chicago", "IL"),
    ("30303", "Atlanta", "GA"), ("85001", "Phoenix", "AZ"), ("98101", "Seattle", "WA"),
    ("37201", "Nashville", "TN"), ("87102", "Albuquerque", "NM"), ("44101", "Cleveland", "OH"),
    ("00901", "San Juan", "PR"), ("96813", "Honolulu", "HI"), ("99501", "Anchorage", "AK"),
    ("33101", "Miami", "FL"), ("04101", "Portland", "ME"), ("15201", "Pittsburgh", "PA"),
)  # fmt: skip
NAMES = (
    ("Ana", "Reyes"), ("Wilhelmina-Josephine", "Featherstonehaugh-Okonkwo"), ("Li", "Wu"), ("José", "Núñez"),
    ("Ruth", "Okafor"), ("Dolores", "Lind"), ("Sam", "O’Neill"), ("Zoë", "Ng"),
)  # fmt: skip
COMMENTS = (
    "My center closed in spring with two weeks' notice. Four hundred of us went home.",
    "I trained the people who replaced me.",
    "",
    "Mi madre trabajó aquí veinte años. Ahora contesto yo, y quiero que mi hija pueda hacerlo también.",
    "",
    "Callers ask me where I am. I am proud to tell them: four blocks from the courthouse, above the bakery, in a room "
    "with a window that looks at the river. " * 2,
    "",
)
PHOTOS = (  # size, two colours, caption
    ((1600, 1000), "#4c1450", "#ffb81c", "The morning shift in Albuquerque."),
    ((1200, 1200), "#12736b", "#fff0c9", ""),
    ((900, 1400), "#ff6b4a", "#ffe1d6", "Postcards for Congress, four hundred of them, written in one lunch break."),
)
SIGNED_AS = (*["confirmed"] * 14, "pending", "pending", "pending", "withdrawn", "invalid", "pending")
REGISTERED_AS = ("received", "approved", "approved", "approved", "declined", "approved", "withdrawn", "received")
BOXED_AS = ("planned", "packed", "shipped", "delivered", "lost", None)
TEXT = "\n\n".join(
    (
        "We met again on Tuesday, in a room that was too small. **Nobody left early.**",
        "- fair schedules, told two weeks before\n- raises that keep up with rent\n- no closing without notice",
        "> The phones rang the whole time. We let them ring.",
        "Read [what we ask for](/petitions/save-call-center-jobs/), and talk with the person next to you.",
    )
)


@transaction.atomic
def fill() -> None:
    """Put everything in, once."""
    if Local.objects.filter(number=str(FIRST_LOCAL)).exists():
        return
    _signers()
    _other_petitions()
    _other_weeks()
    _locals()
    _readers()
    posts = _posts()
    _issues(posts)
    shown = _photos()
    Post.objects.filter(pk=posts[-1].pk).update(picture=shown[1])
    Campaign.objects.create(
        slug=LONG_CAMPAIGN,
        title=LONG_TITLE,
        title_es=LONG_TITLE_ES,
        summary=f"{LONG_TITLE}. {LONG_TITLE}"[:300],
        body=TEXT,
        hashtag="#NoticeBeforeAnyCenterCloses",
        action_label="Ask the company what it plans",
        action_path=f"/petitions/{LONG}/",
        picture=shown[0],
        position=9,
        published_at=timezone.now(),
    )


def _signers() -> None:
    """In every state, from many places; the first comments are shown to the public."""
    petition, now = Petition.objects.get(slug="save-call-center-jobs"), timezone.now()
    rows = zip(range(SIGNERS), cycle(SIGNED_AS), cycle(NAMES), cycle(PLACES), cycle(COMMENTS), strict=False)
    Signature.objects.bulk_create(
        Signature(
            petition=petition,
            version=petition.current_version,
            email=f"crowd{n}@example.org",
            email_key=email_key(f"crowd{n}@example.org"),
            given_name=given,
            family_name=family,
            zip_code=zip_code,
            state=state,
            comment=comment,
            story_shown_at=now if status == "confirmed" and comment and n < SHOWN else None,
            show_name=n % 3 == 0,
            language="es" if n % 6 == 0 else "en",
            status=status,
            confirmed_at=None if status == "pending" else now,
            withdrawn_at=now if status == "withdrawn" else None,
            asked_at=now - timedelta(hours=n),
            suspicion=n % 97 == 0,
        )
        for n, status, (given, family), (zip_code, _, state), comment in rows
    )
    tallies.recount()


def _other_petitions() -> None:
    """One that has closed, one without a signer or a bill, one whose every word is long. The sample's stays newest."""
    earlier = timezone.now() - timedelta(days=400)
    closes = {CLOSED: timezone.now() - timedelta(days=30)}
    for slug, title in ((CLOSED, "Keep the Fresno center open"), (BEGINNING, "A petition that begins"), (LONG, "")):
        petition = Petition.objects.create(slug=slug, goal=1_250_000, opens_at=earlier, closes_at=closes.get(slug))
        PetitionVersion.objects.create(
            petition=petition,
            number=1,
            title=title or LONG_TITLE,
            title_es="" if title else LONG_TITLE_ES,
            ask=f"{title or LONG_TITLE}: that is what we ask for."[:300],
            text=TEXT if title else TEXT * 3,
            published_at=earlier,
        )


def _other_weeks() -> None:
    """One that asks nothing and has nobody, and one that is over; this year's stays the newest."""
    for year, theme, theme_es in ((QUIET_WEEK, "Quiet", ""), (PAST_WEEK, LONG_TITLE, LONG_TITLE_ES)):
        start = date(year, 10, 14)
        WeekOfAction.objects.create(
            year=year,
            theme=theme,
            theme_es=theme_es,
            intro=TEXT,
            register_by=start - timedelta(days=30),
            freeze_on=start - timedelta(days=20),
            ship_by=start - timedelta(days=10),
            starts_on=start,
            ends_on=start + timedelta(days=6),
            report_by=start + timedelta(days=30),
            published_at=timezone.now(),
        )


def _photos() -> list[Picture]:
    """Of the week that is over, wide, square and high; this year's shows them as long as it has none of its own."""
    week, taken = WeekOfAction.objects.get(year=PAST_WEEK), []
    for number, (size, low, high, caption) in enumerate(PHOTOS):
        scene = ImageOps.colorize(Image.radial_gradient("L").resize(size), high, low)
        file = photo(image=scene)
        alt = f"Members of a local hold a banner in front of their call center, scene {number + 1}."
        taken.append(pictures.add(photo=prepare(file), alt=alt, credit="A steward"))
        WeekPhoto.objects.create(week=week, picture=taken[-1], caption=caption, position=number)
    return taken


def _locals() -> None:
    """Registered for this year's week, as everything a registration can be; enough in a few states for the map."""
    week, now = WeekOfAction.objects.public().latest("year"), timezone.now()
    rows = zip(range(LOCALS), cycle(REGISTERED_AS), cycle(PLACES[:6]), cycle(NAMES), cycle(BOXED_AS), strict=False)
    for n, status, (zip_code, city, state), (given, family), boxed in rows:
        local = Local.objects.create(number=str(FIRST_LOCAL + n), city=city, state=state, size=40 + 13 * n)
        moment = {f"{status}_at": now} if status != "received" else {}
        registration = Registration.objects.create(
            week=week,
            local=local,
            status=status,
            contact_name=f"{given} {family}",
            contact_role="president",
            email=f"local{FIRST_LOCAL + n}@example.org",
            email_key=email_key(f"local{FIRST_LOCAL + n}@example.org"),
            phone="202-555-0134",
            members_count=20 + 7 * n,
            notes=COMMENTS[n % len(COMMENTS)],
            **moment,
        )
        ShipTo.objects.create(
            registration=registration,
            name=f"{given} {family}",
            address1=f"{100 + n} Main Street",
            city=city,
            state=state,
            zip_code=zip_code,
        )
        registration.tasks.set(week.tasks.all()[: n % 4])
        if boxed and status == "approved":
            _box(registration, boxed)


def _box(registration: Registration, status: str) -> None:
    has_left = status not in ("planned", "packed")
    left = {"carrier": "ups", "tracking_number": f"1Z999AA1{registration.pk:010}", "shipped_at": timezone.now()}
    Box.objects.create(
        registration=registration,
        place=registration.place,
        code=f"{registration.week.year % 100:02}-C{registration.local.number[1:]}",
        status=status,
        delivered_at=timezone.now() if status == "delivered" else None,
        **(left if has_left else {}),
    )


def _readers() -> None:
    now = timezone.now()
    people = Person.objects.bulk_create(
        Person(email=f"reader{n}@example.org", email_key=email_key(f"reader{n}@example.org"), given_name="Ada")
        for n in range(READERS)
    )
    Subscription.objects.bulk_create(
        Subscription(person=each, status="active", wording="yes", source="/", asked_at=now, confirmed_at=now)
        for each in people
    )


def _posts() -> list[Post]:
    """Of each kind, more than one page of a list, the first with everything as long as it may be."""
    now, posts = timezone.now(), []
    for number in range(POSTS_OF_A_KIND):
        for kind, slug in (("action", "action"), ("bargaining", "bargaining-update"), ("story", "story")):
            is_first = number == 0
            post = Post(
                kind=kind,
                slug=f"{slug}-{number}",
                title=LONG_TITLE if is_first else f"What happened in week {52 - number}",
                summary=f"{LONG_TITLE}. {LONG_TITLE}."[:300] if is_first else "In short: we were many, and it helped.",
                body=TEXT * (4 if is_first else 1),
                byline="Wilhelmina-Josephine Featherstonehaugh-Okonkwo, chief steward" if kind == "story" else "",
                employer="Consolidated Telecommunications of North America" if kind == "bargaining" else "",
                starts_at=now + timedelta(days=number - 5, hours=1) if kind == "action" else None,
                place="In front of the center, 1400 Independence Avenue, Albuquerque" if kind == "action" else "",
                status="published",
                published_at=now - timedelta(days=7 * number + 1),
            )
            posts.append(post)
    return Post.objects.bulk_create(posts)


def _issues(posts: list[Post]) -> None:
    """Sent over more than two years, each with a few posts; the sample's draft keeps its number."""
    now = timezone.now()
    for n in range(SENT_ISSUES):
        moment = now - timedelta(days=61 * (SENT_ISSUES - n))
        issue = Issue.objects.create(
            number=FIRST_ISSUE + n,
            subject=LONG_TITLE[:120] if FIRST_ISSUE + n == LONG_ISSUE else f"What we did together, part {n + 1}",
            subject_es="" if n % 2 else f"Lo que hicimos juntas y juntos, parte {n + 1}",
            intro="<p>Dear friends,</p><p>here it is.</p>",
            status="sent",
            candidates=READERS,
            frozen_at=moment,
            finished_at=moment + timedelta(hours=1),
        )
        own = islice(cycle(posts), n * 4, n * 4 + 12)
        for post in own:
            newsletter.add_post(issue=issue, post=post)
