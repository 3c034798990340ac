"""The letters of a local run, in a browser. The addresses exist only where `LOCAL` is set and letters go to files."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SHOWN = 200  # letters on the list


def folder() -> Path:
    """Where the letters lie. 404 where mail does not go to files."""
    path = getattr(settings, "EMAIL_FILE_PATH", None)
    if not path:
        raise Http404
    return Path(path)


def read(name: str) -> EmailMessage:
    """One letter by its file's name. 404 for any other name."""
    path = folder() / f"{name}.eml"
    if path.parent != folder() or not path.is_file():
        raise Http404
    return message_from_bytes(path.read_bytes(), policy=policy.default)


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The newest letters."""
    names = sorted((path.stem for path in folder().glob("*.eml")), reverse=True)[:SHOWN] if folder().is_dir() else []
    return render(request, "mailbox/letters.html", {"letters": [(name, read(name)) for name in names]})


@require_safe
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One letter: headers, the text part with its links, the HTML part in a frame of its own."""
    message = read(name)
    text = message.get_body(("plain",))
    context = {
        "name": name,
        "headers": message.items(),
        "subject": message["Subject"],
        "text": text.get_content() if text else "",
    }
    response = render(request, "mailbox/letter.html", context)
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; frame-src 'self'; img-src 'self'"
    return response


@require_safe
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, as a mail program would show it."""
    html = read(name).get_body(("html",))
    if html is None:
        raise Http404
    response = HttpResponse(html.get_content())
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src *; frame-ancestors 'self'"
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response
