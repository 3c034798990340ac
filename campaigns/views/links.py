"""Links that were lost, or that somebody has who should not: sent again, and replaced."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.private_page import relinking
from campaigns.private_page.private_forms import LostLinkForm
from campaigns.private_page.relinking import Visit
from campaigns.views.posts import posted
from campaigns.views.visits import behind_a_link, private_form_page
from csan.lib.forms import EmptyForm
from csan.lib.origin import public_post
from csan.lib.pages import form_page, see_other


@public_post
@require_http_methods(["GET", "HEAD", "POST"])
def lost_link(request: HttpRequest) -> HttpResponse:
    """Send the link again by local number and e-mail. The answer is the same for everybody."""
    form = LostLinkForm(posted(request), request=request)
    if form.is_trapped:
        return see_other("campaigns:link-sent")
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "campaigns/lost_link.html", form)
    data = form.cleaned_data
    relinking.send_link(affiliate=data["local_affiliate"], number=data["local_number"], email=data["email"])
    return see_other("campaigns:link-sent")


@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    """What to do next, the same for everybody; it names neither a local nor an address."""
    return render(request, "campaigns/link_sent.html")


@public_post
@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def replace_link(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The link dies and a new one goes out by letter; it is not shown here, where a thief of the old one may be."""
    form = EmptyForm(posted(request), request=request)
    if form.is_trapped:
        return see_other("campaigns:link-sent")
    if request.method != "POST" or not form.is_valid():
        return private_form_page(request, "campaigns/registration_link.html", form, visit)
    relinking.replace_link(visit=visit)
    return see_other("campaigns:link-sent")
