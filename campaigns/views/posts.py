"""What a form is bound to."""

from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: also a POST without any field is one."""
    return request.POST if request.method == "POST" else None
