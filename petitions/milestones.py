"""A count that passes a round number announces itself: a draft in each language, for staff to publish or not."""

from django.conf import settings
from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.urls import reverse
from django.utils import translation
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from csan.lib import ladder
from csan.lib.rows import insert_unless_known
from members import posting
from members.models import Post
from petitions import letters_to_staff
from petitions.models import Milestone, Petition


def announce() -> int:
    """Draft posts for the petitions whose count has passed a step since this was called last. How many petitions.

    Costs one statement where there is no news. Safe to call twice and at once: who gets the row in writes the posts.
    """
    highest = Milestone.objects.filter(petition=OuterRef("pk")).order_by().values("petition")
    petitions = Petition.objects.public().counted()
    known = petitions.annotate(highest=Subquery(highest.annotate(step=Max("step")).values("step")))
    done = 0
    for petition in known:
        steps = ladder.passed(petition.signers)
        if steps and steps[-1] > (petition.highest or 0):  # type: ignore[attr-defined]  # the annotation above
            done += _announce(petition, steps)
    return done


@transaction.atomic
def _announce(petition: Petition, steps: list[int]) -> bool:
    """Only the highest step is news where several were passed at once; the lower ones are never told any more."""
    *lower, step = steps
    if not insert_unless_known(Milestone(petition=petition, step=step)):
        return False
    Milestone.objects.bulk_create([Milestone(petition=petition, step=each) for each in lower], ignore_conflicts=True)
    posts = [post for language, _name in settings.LANGUAGES if (post := _draft(petition, step, language))]
    if posts:
        letters_to_staff.milestone(petition, step, posts[0])
    return True


def _draft(petition: Petition, step: int, language: str) -> Post | None:
    with translation.override(language):
        words = petition.current_version.in_language(language)
        facts = {
            "count": number_format(step, force_grouping=True),
            "title": words.title,
            "url": settings.BASE_URL + reverse("petitions:petition", args=[petition.slug]),
        }
        title = _("%(count)s signatures: %(title)s") % facts
        body = _(
            "More than %(count)s people have signed “%(title)s”, and each of them has confirmed it by e-mail.\n\n"
            "Thank you. If you have not signed yet, [sign the petition](%(url)s). Then ask a coworker to sign, too."
        )
        return posting.draft(
            kind=Post.Kind.STORY,
            title=Truncator(title).chars(140),
            slug=f"{petition.slug}-{step}" + ("" if language == settings.LANGUAGE_CODE else f"-{language}"),
            summary=words.ask,
            body=body % facts,
            byline=settings.SITE_NAME,
            language=language,
        )
