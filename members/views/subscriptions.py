"""Subscribing, confirming, leaving, the private page: one form, one call, one redirect. GET changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from csan.lib.origin import is_cross_site, public_post
from csan.lib.pages import form_page, see_other
from members import subscriptions
from members.forms import LanguageForm, SubscribeForm
from members.models import Subscription


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


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, key: str) -> HttpResponse:
    """Leave: a button on GET; one click of a mail program by RFC 8058, which gets a plain 200 and no redirect.

    The key is all it takes: the RFC wants no cookie and no login, and a mail program's POST comes from anywhere.
    """
    subscription = get_object_or_404(Subscription.objects.select_related("person"), key=key)
    if request.method != "POST":
        return render(request, "members/unsubscribe.html", {"subscription": subscription})
    one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    if not one_click and is_cross_site(request):
        return render(request, "403.html", status=403)
    subscriptions.unsubscribe(key=key)
    return (
        HttpResponse(_("You are unsubscribed.") + "\n", content_type="text/plain; charset=utf-8")
        if one_click
        else see_other("members:unsubscribed")
    )


@require_safe
def unsubscribed(request: HttpRequest) -> HttpResponse:
    """You have left; the way back."""
    return render(request, "members/unsubscribed.html")


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, key: str) -> HttpResponse:
    """A subscriber's private page: what is kept, in which language, the way out."""
    subscription = get_object_or_404(Subscription.objects.select_related("person"), key=key)
    data = request.POST if request.method == "POST" else None
    form = LanguageForm(data, request=request, initial={"language": subscription.person.language})
    if form.is_trapped:
        return see_other("members:preferences", key)
    if form.is_valid():
        subscriptions.set_language(subscription=subscription, language=form.cleaned_data["language"])
        return see_other("members:preferences", key)
    return form_page(request, "members/preferences.html", form, subscription=subscription)
