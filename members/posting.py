"""A post's way onto the site."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from csan.lib import audit
from members.models import Post


@transaction.atomic
def publish(*, posts: Iterable[Post], by: User) -> int:
    """Show posts on the site from now on (after their embargo). How many had not been published before."""
    chosen = Post.objects.filter(pk__in=[post.pk for post in posts], published_at=None)
    rows = list(chosen.select_for_update())
    chosen.update(status=Post.Status.PUBLISHED, published_at=timezone.now())
    audit.record(by=by, objects=rows, did="Published")
    return len(rows)
