"""What petitions offer to readers of the newsletter: how far each open one has come, and who has not signed yet."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from csan.lib.offers import Act, Offer
from petitions.models import Petition, Signature


def offered(since: datetime | None, on: date) -> Iterator[Offer]:
    """Every petition that can be signed on that day, with its count and how many of it are new."""
    still_open = Q(closes_at__isnull=True) | Q(closes_at__date__gt=on)
    petitions = Petition.objects.public().filter(still_open).counted().order_by("opens_at", "pk").with_words()
    new = _new_signatures(petitions, since) if since else {}
    for petition in petitions:
        heading, words = {}, {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                said = petition.current_version.in_language(language)
                heading[language] = said.title
                words[language] = f"{_count(petition.signers, new.get(petition.pk, 0))} {said.ask}".strip()
                url = petition.get_absolute_url()
            if language == settings.LANGUAGE_CODE:
                path = url
        yield Offer(f"petition:{petition.slug}", heading, words, path, undone=key_of(petition))


def acts() -> Iterator[Act]:
    """Signing a petition, also one that has closed. Whoever has confirmed has done it."""
    for petition in Petition.objects.public().order_by("opens_at", "pk").with_words():
        label = _("sign “%(title)s”") % {"title": petition.current_version.title}
        yield Act(key_of(petition), label, partial(signed, petition.pk))


def signed(pk: int) -> QuerySet[Signature]:
    """Who has signed a petition and confirmed it."""
    return Signature.objects.counting().filter(petition=pk)


def key_of(petition: Petition) -> str:
    """The name of its act, as staff see it in the composer."""
    return f"petition:{petition.slug}"


def _new_signatures(petitions: list[Petition], since: datetime) -> dict[int, int]:
    confirmed = Signature.objects.counting().filter(petition__in=petitions, confirmed_at__gt=since)
    return dict(confirmed.order_by().values_list("petition").annotate(Count("pk")))


def _count(total: int, new: int) -> str:
    """3,240 signatures, 410 new. Nothing for none."""
    if not total:
        return ""
    signatures = ngettext("%(count)s signature", "%(count)s signatures", total) % {"count": _grouped(total)}
    if not new:
        return f"{signatures}."
    fresh = ngettext("%(count)s new", "%(count)s new", new) % {"count": _grouped(new)}
    return f"{signatures}, {fresh}."


def _grouped(number: int) -> str:
    return number_format(number, force_grouping=True)
