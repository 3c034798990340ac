"""Every letter as its reader gets it, with words such as there are; no database is asked."""

from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import override

from csan.lib.mail import Letter, build
from csan.lib.urls import absolute_reverse
from members import newsletter
from members.models import Issue, IssueItem, Post, Section
from members.newsletter.contents import Contents, Part, entry_of
from members.outbox.renditions import personal_letter_of

READER = "maria.del.carmen@example.org"
KEY = "Zk3v9QxW1mB7tRn5"
TOKEN = "eyJzIjoxMjM0NTY3LCJtIjoiMjAyNi0wMy0wMVQxMjowMCJ9:1vRk2p:3uVbXq8Zp0sYw5N4mJt7LcHdGfEaQiRoUxTzKvPwSyM"
SHIP_LINES = ["María del Carmen Reyes", "CWA Local 1101", "501 Third Street NW, Suite 400", "Washington, DC 20001"]
TRACKING = "https://www.ups.com/track?tracknum=1Z999AA10123456784"
ASK = {
    "en": "Tell callers where they are calling, let them choose a U.S. call center, and stop public money for "
    "offshoring.",
    "es": "Que quien llama sepa adónde llama, que pueda pedir un centro de llamadas en EE. UU., y que no haya dinero "
    "público para llevarse los empleos.",
}
TITLE = {"en": "Save Call Center Jobs", "es": "Salvemos los empleos de los centros de llamadas"}
THEME = {
    "en": "End CEO Hocus Pocus: Stop Offshoring & Outsourcing Good Jobs",
    "es": "Fin al truco de los ejecutivos: alto al traslado y la subcontratación de buenos empleos",
}
ANSWER = {
    "en": "The box leaves on Monday, so this is the last change.",
    "es": "La caja sale el lunes, así que este es el último cambio.",
}
FULL_ISSUE = "members/issue"
SHORT_ISSUE = "members/issue, short"
SUMMARY = (
    "The committee met for the ninth time this week. On the table: no more closings without notice, fair schedules, "
    "and raises that keep up with rent. The company answered with questions; members answered at the door, two "
    "hundred of them."
)
NEXT_ISSUE_ON = date(2027, 5, 15)


def every_letter(language: str) -> dict[str, Letter]:
    """A letter of each kind by its template's name, the newsletter as a full and as a short issue."""
    letters = {
        template: build(template, to=READER, language=language, context=context, reference="1.letter")
        for template, context in contexts(language).items()
    }
    letters[FULL_ISSUE] = issue_letter(language, posts=posts())
    letters[SHORT_ISSUE] = issue_letter(language, posts=[])
    return letters


def contexts(language: str) -> dict[str, dict[str, Any]]:
    """What each letter but the newsletter is filled with, by its template's name."""
    return {
        **_to_subscribers(language),
        **_to_authors(language),
        **_to_signers(language),
        **_to_locals(language),
        **_to_staff(language),
    }


def _to_subscribers(language: str) -> dict[str, dict[str, Any]]:
    private = {
        "name": "María",
        "preferences_url": absolute_reverse("members:preferences", KEY, language=language),
        "unsubscribe_url": absolute_reverse("members:unsubscribe", KEY, language=language),
        "archive_url": absolute_reverse("members:archive", language=language),
    }
    confirm_url = absolute_reverse("members:confirm", TOKEN, language=language)
    return {
        "members/confirm_subscription": {"name": "", "confirm_url": confirm_url},
        "members/confirm_import": {
            "name": "María",
            "source": "hoja de la reunión de octubre" if language == "es" else "sign-up sheet of the October meeting",
            "confirm_url": confirm_url,
        },
        "members/remind_subscription": {"name": "María", "confirm_url": confirm_url},
        "members/already_subscribed": private,
        "members/welcome": private,
    }


def _to_staff(language: str) -> dict[str, dict[str, Any]]:
    spanish = language == "es"
    sentences = [
        "El envío de «Nueve semanas en la mesa» se detuvo solo."
        if spanish
        else "Sending “Nine weeks” has stopped by itself.",
        "Rebotaron 5 de 200 cartas." if spanish else "5 of 200 letters bounced; the limit is 2 %.",
    ]
    subject = "El boletín se detuvo solo, n.º 12" if spanish else "Paused by itself: the newsletter, no. 12"
    url = absolute_reverse("admin:members_issue_sending", 12)
    button = "Decidir" if spanish else "Decide"
    return {
        "petitions/staff_note": {
            "subject_line": "Muchas firmas vienen de un mismo lugar" if spanish else "Many signatures from one place",
            "sentences": [
                "«save-call-center-jobs»: 214 firmas en una hora desde el dominio example.com; lo normal son 1.5."
                if spanish
                else "“save-call-center-jobs”: 214 signatures within an hour from the mail domain example.com; 1.5 "
                "are usual."
            ],
            "button": "Abrir la mesa" if spanish else "Open the fraud desk",
            "url": absolute_reverse("admin:petitions_fraudfigures_changelist"),
        },
        "campaigns/low_stock": {
            "item": "Calcomanía roja «No al traslado»" if spanish else "Red sticker “Stop offshoring”",
            "on_hand": 180,
            "low_at": 200,
            "url": absolute_reverse("admin:campaigns_item_stock", 3),
        },
        "members/staff_note": {"subject_line": subject, "sentences": sentences, "button": button, "url": url},
    }


def _to_authors(language: str) -> dict[str, dict[str, Any]]:
    title = {"en": "What the picket line taught me", "es": "Lo que me enseñó el piquete"}[language]
    private = {
        "name": "María del Carmen Reyes",
        "story_url": absolute_reverse("members:yours", KEY, language=language),
    }
    published = {**private, "title": title}
    return {
        "members/confirm_story": {**private, "sent_title": title},
        "members/story_received": {**private, "sent_title": title},
        "members/approve_story": {**published, "note_lines": ["We cut the second half.", "Is the name right?"]},
        "members/story_declined": {
            **private,
            "sent_title": title,
            "reason_lines": ["We printed a story much like it in spring."],
            "submit_url": absolute_reverse("members:submit", language=language),
        },
        "members/story_published": {
            **published,
            "post_url": absolute_reverse("members:post", "what-the-picket-line-taught-me", language=language),
        },
        "members/story_went_out": {
            **published,
            "number": 12,
            "readers": 12345,
            "issue_url": absolute_reverse("members:issue", 12, language=language),
        },
    }


def _to_signers(language: str) -> dict[str, dict[str, Any]]:
    words = {
        "name": "María",
        "title": TITLE[language],
        "ask": ASK[language],
    }
    private = {
        **words,
        "signature_url": absolute_reverse("petitions:signature", KEY, language=language),
        "petition_url": absolute_reverse("petitions:petition", "save-call-center-jobs", language=language),
    }
    confirm_url = absolute_reverse("petitions:confirm", TOKEN, language=language)
    code_url = absolute_reverse("petitions:confirm-code", language=language)
    to_confirm = {**words, "confirm_url": confirm_url, "code": "7KQ2-M9AX", "code_url": code_url}
    return {
        "petitions/confirm_signature": to_confirm,
        "petitions/remind_signature": to_confirm,
        "petitions/already_signed": private,
        "petitions/thank_you": private,
        "petitions/reaffirm": {
            **private,
            "bill": "H.R.4954 (119.º Congreso)" if language == "es" else "H.R.4954 (119th Congress)",
            "measure": "Keep Call Centers in America Act of 2025",
        },
    }


def _report_url(language: str) -> str:
    return absolute_reverse("campaigns:registration-report", KEY, language=language)


def _to_locals(language: str) -> dict[str, dict[str, Any]]:
    spanish = language == "es"
    common = {
        "name": "María del Carmen Reyes",
        "local": "CWA Local 1101",
        "year": 2027,
        "theme": THEME[language],
        "registration_url": absolute_reverse("campaigns:registration", KEY, language=language),
    }
    box = {
        "members_count": 240,
        "ship_lines": SHIP_LINES,
        "freeze_on": "29 de septiembre de 2027" if spanish else "September 29, 2027",
        "ship_by": "6 de octubre de 2027" if spanish else "October 6, 2027",
    }
    parcel = {"code": "27-7K3Q", "carrier": "UPS", "tracking_number": "1Z999AA10123456784", "tracking_url": TRACKING}
    return {
        "campaigns/registration_received": {
            **common,
            **box,
            "branches": [{"label": "Call center north", "members_count": 60, "lines": SHIP_LINES}],
            "mail_lines": ["PO Box 1101", "Washington, DC 20001"],
            "calendar_url": absolute_reverse("campaigns:registration-calendar", KEY, language=language),
        },
        "campaigns/registration_approved": {**common, **box},
        "campaigns/what_we_send": {
            **common,
            "ship_by": "28 de septiembre de 2026" if language == "es" else "September 28, 2026",
            "boxes": [{"place": SHIP_LINES, "contents": ["160 × Buttons", "3 × Banner"]}],
        },
        "campaigns/report_thanks": {**common, "report_url": _report_url(language)},
        "campaigns/report_reminder": {
            **common,
            "report_url": _report_url(language),
            "report_by": "15 de noviembre de 2027" if spanish else "November 15, 2027",
        },
        "campaigns/someone_else_registered": {
            **common,
            "others_url": absolute_reverse("campaigns:registration-others", KEY, language=language),
        },
        "campaigns/box_shipped": {
            **common,
            **parcel,
            "ship_lines": SHIP_LINES,
            "contents": ["160 × Buttons", "3 × Banner"],
        },
        "campaigns/did_it_arrive": {
            **common,
            "code": "27-7K3Q",
            "is_delivered": False,
            "tracking_url": TRACKING,
            "arrived_url": absolute_reverse("campaigns:registration-arrived", KEY, "27-7K3Q", language=language),
        },
        "campaigns/change_approved": {**common, "answer": ANSWER[language]},
        "campaigns/change_declined": {**common, "answer": ANSWER[language]},
        "campaigns/colleague_added": {**common, "contact": "Ada Reyes"},
        "campaigns/registration_link": {**common, "is_new": True},
        **_from_the_desk(language, common),
    }


def _from_the_desk(language: str, common: dict[str, Any]) -> dict[str, dict[str, Any]]:
    spanish = language == "es"
    return {
        "campaigns/invitation": {
            **{name: common[name] for name in ("name", "local", "year", "theme")},
            "members_count": 240,
            "last_year": 2026,
            "starts_on": "18 de octubre de 2027" if spanish else "October 18, 2027",
            "register_by": "22 de septiembre de 2027" if spanish else "September 22, 2027",
            "register_url": absolute_reverse("campaigns:register", 2027, language=language),
        },
        "campaigns/address_problem": {**common, "ship_lines": SHIP_LINES},
        "campaigns/registration_closes": {
            **{name: common[name] for name in ("name", "local", "year", "theme")},
            "last_year": 2026,
            "register_by": "22 de septiembre de 2027" if spanish else "September 22, 2027",
            "register_url": absolute_reverse("campaigns:register", 2027, language=language),
        },
        "campaigns/task_of_the_day": {
            **common,
            "task": "Una carta al periódico" if spanish else "A letter to the editor",
            "description_lines": [
                "Cuente en 150 palabras por qué importa su trabajo."
                if spanish
                else "Say in 150 words why your job matters."
            ],
            "toolkit_url": absolute_reverse("campaigns:week", 2027, language=language),
        },
        "campaigns/staff_digest": {
            "sentences": [
                "12 se inscribieron ayer, 30 por aprobar." if spanish else "12 registered yesterday, 30 to approve.",
                "3 por llamar hoy." if spanish else "3 to call today.",
            ],
            "url": absolute_reverse("admin:campaigns_registration_attention"),
        },
    }


KINDS = (
    (Section.Kind.ACTIONS, Post.Kind.ACTION),
    (Section.Kind.BARGAINING, Post.Kind.BARGAINING),
    (Section.Kind.STORIES, Post.Kind.STORY),
)


def issue_letter(language: str, *, posts: list[Post]) -> Letter:
    """An issue as one reader gets it."""
    issue = Issue(
        number=12,
        subject="Nine weeks at the table, and a rally on March 1",
        intro="<p>Dear friends,</p><p>Here is <strong>what is coming up</strong>, how bargaining goes, and stories "
        'from some of us. Read it on your break, and <a href="https://www.example.org/share?from=letter&amp;issue=12">'
        "pass it on</a>.</p><ul><li>Call your representative</li><li>Bring a coworker to the rally</li></ul>"
        "<blockquote><p>We answer the calls. Together we keep the jobs.</p></blockquote>",
        subject_es="Nueve semanas en la mesa, y una concentración el 1 de marzo",
        intro_es="<p>Queridas amigas, queridos amigos:</p><p>Aquí está <strong>lo que viene</strong>, cómo van las "
        "negociaciones y algunas historias nuestras. Léanlo en su descanso y "
        '<a href="https://www.example.org/share?from=letter&amp;issue=12">compártanlo</a>.</p>'
        "<ul><li>Llame a su representante</li><li>Traiga a la concentración a alguien de su trabajo</li></ul>"
        "<blockquote><p>Contestamos las llamadas. En unión, defendemos los empleos.</p></blockquote>",
    )
    next_issue_on = NEXT_ISSUE_ON if posts else None
    with override(language):
        subject, intro = issue.local_subject, issue.local_intro
        parts = [
            Part(section, str(section.label), language, entries)
            for section, kind in KINDS
            if (entries := [entry_of(IssueItem(post=post)) for post in posts if post.kind == kind])
        ]
        contents = Contents(language, str(subject), subject.language, str(intro), intro.language, parts)
    rendition = newsletter.compose(issue=issue, contents=contents, next_issue_on=next_issue_on)
    return personal_letter_of(rendition, to=READER, reference="2.letter", values={"key": KEY})


def posts() -> list[Post]:
    """Twelve, with long words and short ones; posts have the language they were written in."""
    actions = [
        Post(
            kind=Post.Kind.ACTION,
            title=title,
            slug=f"action-{day}",
            summary=SUMMARY[: 60 * day],
            starts_at=datetime(2027, 3, day, 17, 30, tzinfo=UTC),
            place=place,
        )
        for day, title, place in (
            (1, "Rally for call-center jobs", "City Hall Park, Broadway and Murray Street, New York"),
            (2, "National call-in day", "Wherever you are"),
            (4, "Informational picket at the flagship store: bring a coworker, a sign and comfortable shoes", ""),
        )
    ]
    updates = [
        Post(kind=Post.Kind.BARGAINING, title=title, slug=f"update-{number}", summary=SUMMARY, employer=employer)
        for number, (title, employer) in enumerate(
            (
                ("Seven months at the table", "AT&T Mobility"),
                ("Scheduling: won", "Frontier"),
                ("A contract for 1,200 agents", "American Airlines"),
                ("Talks begin", "Verizon"),
                ("What members want, in their own words", ""),
            )
        )
    ]
    stories = [
        Post(kind=Post.Kind.STORY, title=title, slug=f"story-{number}", summary=SUMMARY, byline=byline)
        for number, (title, byline) in enumerate(
            (
                ("What the picket line taught me", "A steward in the call center"),
                ("Forty-five days", "Sam O'Neil, Local 1101"),
                ("My first grievance", ""),
                ("Why I answer", "Zoë D'Arcy & friends"),
            )
        )
    ]
    return [*stories, *updates, *actions]
