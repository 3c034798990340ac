"""Staff who may do just what a test says."""

from django.contrib.auth.models import Permission, User

from tests.members.factories import StaffFactory


def permitted(*names: str) -> User:
    """Somebody with these permissions, such as `view_issue`, and no others."""
    user: User = StaffFactory(is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user
