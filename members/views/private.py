"""A reader's private pages: see, correct, leave, come back, take along, erase. The key in the address opens them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from csan.lib.forms import EmptyForm
from csan.lib.origin import is_cross_site, public_post
from csan.lib.pages import form_page, see_other
from members import erasing, personal, subscriptions
from members.forms import NEWSLETTER_WORDING, LeavingForm, PreferencesForm
from members.models import Subscription

View = Callable[..., HttpResponse]


def of_reader(view: View) -> View:
    """Find the subscription by its key. Where there is none, or no more, a page says so without telling which."""

    @wraps(view)
    def found(request: HttpRequest, key: str, **more: Any) -> HttpResponse:
        try:
            subscription = Subscription.objects.select_related("person__local").get(key=key)
            return view(request, subscription, **more)
        except (Subscription.DoesNotExist, subscriptions.Gone):
            return render(request, "members/no_such_page.html", status=404)

    return found


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: also a POST without any field is one."""
    return request.POST if request.method == "POST" else None


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_reader
def unsubscribe(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """Leave: a button on GET; one click of a mail program by RFC 8058, which gets a plain 200 and no redirect.

    The key is all it takes: the RFC wants no cookie and no login, and a mail program's POST comes from anywhere.
    """
    if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
        subscriptions.unsubscribe(key=subscription.key)
        return HttpResponse(_("You are unsubscribed.") + "\n", content_type="text/plain; charset=utf-8")
    form = LeavingForm(posted(request), request=request)
    if request.method != "POST":
        return render(request, "members/unsubscribe.html", {"subscription": subscription, "form": form})
    if is_cross_site(request):
        return render(request, "403.html", status=403)
    subscriptions.unsubscribe(key=subscription.key, **form.said)
    return see_other("members:unsubscribed")


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_reader
def preferences(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """A reader's private page: what is kept, put it right, leave or come back, take it along, erase it."""
    form = PreferencesForm.showing(subscription.person, data=posted(request), request=request)
    if form.is_trapped:
        return see_other("members:preferences", subscription.key)
    if not form.is_valid():
        return private_page(request, subscription, form)
    details = {name: form.cleaned_data[name] for name in form.DETAILS}
    personal.correct_details(person=subscription.person, **details)
    return see_other("members:preferences", subscription.key)


def private_page(request: HttpRequest, subscription: Subscription, form: PreferencesForm) -> HttpResponse:
    """The page, with the form as it was filled in; each of its other forms is sent to a page of its own."""
    context = {
        "subscription": subscription,
        "leaving": LeavingForm(request=request, auto_id="leaving_%s"),
        "returning": EmptyForm(request=request, auto_id="returning_%s"),
        "stopped": subscriptions.stop_of(subscription.person),
        "wording": NEWSLETTER_WORDING,
    }
    return form_page(request, "members/preferences.html", form, **context)


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_reader
def come_back(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """Subscribe again with one press. What came of it, or why it cannot be, stands on the private page."""
    form = EmptyForm(posted(request), request=request)
    if form.is_trapped or request.method != "POST":
        return see_other("members:preferences", subscription.key)
    if not form.is_valid():
        context = {"subscription": subscription, "wording": NEWSLETTER_WORDING}
        return form_page(request, "members/come_back.html", form, **context)
    page = request.path.partition(subscription.key)[0]  # evidence names the page, not whose it is
    try:
        subscriptions.come_back(key=subscription.key, wording=str(NEWSLETTER_WORDING), source=page)
    except subscriptions.MailboxStopped:
        stopped = subscriptions.stop_of(subscription.person)
        return render(request, "members/mailbox_stopped.html", {"stopped": stopped}, status=422)
    return see_other("members:preferences", subscription.key)


@require_safe
@never_cache
@of_reader
def export(request: HttpRequest, subscription: Subscription) -> JsonResponse:
    """Everything we keep of a reader, to take along."""
    response = JsonResponse(personal.export(subscription), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, key: str) -> HttpResponse:
    """GET says what will happen; the button erases. A second press ends on the same page as the first."""
    form = EmptyForm(posted(request), request=request)
    if form.is_trapped:
        return see_other("members:erased")
    if not form.is_valid():
        return erase_page(request, key, form=form)
    erasing.erase(key=key)
    return see_other("members:erased")


@of_reader
def erase_page(request: HttpRequest, subscription: Subscription, *, form: EmptyForm) -> HttpResponse:
    """What will happen, for whoever has a page to erase."""
    return form_page(request, "members/erase.html", form, subscription=subscription)


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """Everything is gone; what stays, and the way back."""
    return render(request, "members/erased.html")
