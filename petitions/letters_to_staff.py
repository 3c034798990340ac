"""What staff are told of petitions by letter: each of those whom it concerns, once for each occasion."""

from datetime import date

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.formats import date_format, number_format

from csan.lib.addresses import InvalidAddress
from csan.lib.urls import absolute
from members import outbox
from members.models import Post
from petitions.models import Petition

BACKEND = "django.contrib.auth.backends.ModelBackend"  # where permissions are looked up


def milestone(petition: Petition, step: int, post: Post) -> None:
    """To everybody who may publish posts: a draft waits. Once for each step, whoever asks how often."""
    count = number_format(step, force_grouping=True)
    title = petition.current_version.title
    _tell(
        "members.change_post",
        f"milestone:{petition.pk}:{step}",
        template="members/staff_note",
        subject_line=f"{count} signatures: {title}",
        sentences=[
            f"“{title}” has passed {count} confirmed signatures.",
            "A post about it waits as a draft, in English and in Spanish. Nothing is published by itself.",
        ],
        button="Look at the draft",
        url=absolute(reverse("admin:members_post_change", args=[post.pk])),
    )


def signers_go(petition: Petition, on: date, nameless: int) -> None:
    """To everybody who may change petitions: in a week its signers become nameless. Once for each day that is set."""
    title, day = petition.current_version.title, date_format(on, "F j, Y")
    count = number_format(nameless, force_grouping=True)
    _tell(
        "petitions.change_petition",
        f"forgets:{petition.pk}:{on}",
        subject_line=f"On {day} we forget who signed: {title}",
        sentences=[
            f"On {day} the names, addresses and comments of those who signed “{title}” are erased. "
            f"That is {count} signatures today. The numbers stay.",
            "It cannot be undone. If a delivery is still to come, make the packets first or move the day.",
        ],
        button="See what goes and what stays",
        url=absolute(reverse("admin:petitions_petition_forgetting", args=[petition.pk])),
    )


def many_from_one_place(day: date, sentences: list[str]) -> None:
    """To everybody who may look into it, once a day at most: where many signatures come from.

    The sentences name mail domains, and never a person or a network address.
    """
    _tell(
        "petitions.review_fraud",
        f"fraud:{day}",
        subject_line="Many signatures come from one place",
        sentences=sentences,
        button="Open the fraud desk",
        url=absolute(reverse("admin:petitions_fraudfigures_changelist")),
    )


def _tell(permission: str, occasion: str, *, template: str = "petitions/staff_note", **words: object) -> None:
    """A letter to each of the staff with the permission, their group's, or as superusers, once for the occasion.

    Who has no usable address is not told.
    """
    for user in User.objects.with_perm(permission, backend=BACKEND).filter(is_active=True, is_staff=True):
        try:
            outbox.enqueue(key=f"staff:{user.pk}:{occasion}", template=template, to=user.email, context=words)
        except InvalidAddress:
            continue
