"""Subscribing and confirming: one form, one call, one redirect. GET changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from csan.lib.origin import public_post
from csan.lib.pages import form_page, see_other
from members import subscriptions
from members.forms import SubscribeForm


@public_post
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Ask for the newsletter. The answer is the same for every address."""
    form = SubscribeForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_trapped:
        return see_other("members:check-your-email")
    if not form.is_valid():
        return form_page(request, "members/subscribe.html", form)
    data = form.cleaned_data
    subscriptions.subscribe(
        email=data["email"],
        given_name=data["given_name"],
        family_name=data["family_name"],
        zip_code=data["zip_code"],
        local=data["local"],
        employer=data["employer"],
        language=data["language"],
        wording=str(form.wording),
        source=data["source"],
    )
    return see_other("members:check-your-email")


@require_safe
def check_your_email(request: HttpRequest) -> HttpResponse:
    """What to do next, the same for everybody."""
    return render(request, "members/check_your_email.html")


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the letter: GET shows the button, because mail scanners follow links; POST confirms."""
    try:
        if request.method == "POST":
            subscriptions.confirm(token=token)
            return see_other("members:confirmed")
        subscription = subscriptions.subscription_of(token)
    except subscriptions.LinkExpired:
        return render(request, "members/link_expired.html", status=404)
    return render(request, "members/confirm.html", {"subscription": subscription})


@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """You are in; what else there is to do."""
    return render(request, "members/confirmed.html")


@require_safe
def unsubscribed(request: HttpRequest) -> HttpResponse:
    """You have left; the way back."""
    return render(request, "members/unsubscribed.html")
