"""The words of a page, as its reader meets them."""

import re
from html import unescape

from django.http import HttpResponse


def text(response: HttpResponse) -> str:
    """All of them, without tags and in single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def title(response: HttpResponse) -> str:
    """What stands on its tab."""
    found = re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)
    return unescape(found[1]).strip() if found else ""
