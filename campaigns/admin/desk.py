"""The desk: what needs somebody, whom to call today, which locals are not in yet; by districts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaigns.admin.desk_forms import CalledForm
from campaigns.admin.frame import may, page, require
from campaigns.desk import attention, digest, phoning, scopes, uncovered
from campaigns.models import Call, Registration, WeekOfAction
from csan.lib import csv
from csan.lib.pages import see_other
from csan.lib.staff import staff_of
from members.models import Local

MOST = 200  # rows of the queue on one page, the oldest first


def week_of(request: HttpRequest) -> WeekOfAction | None:
    """The week that `?week=` asks for by its year; else the one that the desk works on."""
    year = request.GET.get("week", "")
    return get_object_or_404(WeekOfAction, year=year) if year.isdecimal() else digest.current_week()


@require_http_methods(["GET", "HEAD", "POST"])
def needs_attention(request: HttpRequest) -> HttpResponse:
    """The queue, with the reasons of each; plan a call, or say that a doubt is settled."""
    require(may(request, "view_registration"))
    week, scope = week_of(request), scopes.of(staff_of(request))
    seen, hidden = scope.registrations(Registration.objects.filter(week=week))
    if request.method == "POST":
        return _act_on(request, get_object_or_404(seen, pk=request.POST.get("registration", "")))
    chosen = request.GET.get("reason", "")
    chosen = chosen if chosen in attention.REASONS else ""
    rows = attention.with_reasons(attention.needing(seen, chosen)).order_by("created_at", "pk")
    context: dict[str, Any] = {
        "week": week,
        "hidden_count": hidden,
        "chosen": chosen,
        "reasons": [(attention.REASONS[code], count) for code, count in attention.counts(seen).items()],
        "rows": [(row, attention.details_of(row), attention.reasons_of(row)) for row in rows[:MOST]],
        "most": MOST,
        "may_act": may(request, "change_registration"),
    }
    return page(request, "desk/attention", "Needs attention", model=Registration, **context)


def _act_on(request: HttpRequest, registration: Registration) -> HttpResponse:
    require(may(request, "change_registration"))
    do, code, by = request.POST.get("do", ""), request.POST.get("code", ""), staff_of(request)
    if do == "call" and code in attention.REASONS:
        phoning.plan_call(registration=registration, about=code, due_on=timezone.localdate(), by=by)
        messages.success(request, f"{registration.local} is on today's list of calls.")
    elif do == "settle":
        try:
            attention.settle(registration=registration, code=code, by=by)
            messages.success(request, f"Settled for {registration.local}.")
        except attention.CannotBeSettled:
            messages.warning(request, "This goes only by what is done about it.")
    return back(request, "admin:campaigns_registration_attention")


@require_http_methods(["GET", "HEAD", "POST"])
def calls(request: HttpRequest) -> HttpResponse:
    """Today's calls with number and script; note what was said, and when to call again."""
    require(may(request, "view_registration"))
    today, scope = timezone.localdate(), scopes.of(staff_of(request))
    seen = Call.objects.filter(scope.only("registration__local__district"))
    form = CalledForm(request.POST or None)
    if request.method == "POST":
        require(may(request, "change_registration"))
        call = get_object_or_404(seen.select_related("registration__local", "registration__week"), pk=_number(request))
        if form.is_valid():
            return _note(request, call, form)
    waiting = phoning.to_make(seen, today)
    wrong = request.POST.get("call", "")
    context: dict[str, Any] = {
        "waiting": [(call, phoning.words(call.about), phoning.script(call.about)) for call in waiting[:MOST]],
        "done": [(call, phoning.words(call.about)) for call in phoning.made_on(seen, today)[:MOST]],
        "later": seen.filter(made_at=None, due_on__gt=today).count(),
        "form": form,
        "wrong": wrong,
        "may_act": may(request, "change_registration"),
    }
    status = 422 if form.errors else 200
    return page(request, "desk/calls", "Calls to make", model=Registration, status=status, **context)


def _number(request: HttpRequest) -> int:
    number = request.POST.get("call", "")
    return int(number) if number.isdecimal() else 0


def _note(request: HttpRequest, call: Call, form: CalledForm) -> HttpResponse:
    try:
        phoning.note_call(call=call, by=staff_of(request), **form.cleaned_data)
        messages.success(request, f"Noted: the call to {call.registration.local}.")
    except phoning.AlreadyMade:
        messages.warning(request, "Somebody has noted this call already. Nothing changed.")
    return see_other("admin:campaigns_registration_calls")


@require_http_methods(["GET", "HEAD", "POST"])
def not_in(request: HttpRequest) -> HttpResponseBase:
    """The locals that are not in yet, by district, with the members whom nobody reaches; as a file, too."""
    require(may(request, "view_registration"))
    week, scope = week_of(request), scopes.of(staff_of(request))
    seen, hidden = scope.locals(Local.objects.exclude(district="", state=""))
    rows = uncovered.not_in(week, seen) if week else seen.none()
    if request.method == "POST" and week:
        require(may(request, "export_registration"))
        lines = uncovered.take_along(week=week, rows=rows, by=staff_of(request))
        return csv.stream(lines, filename=f"locals-not-in-{week.year}.csv")
    districts = uncovered.by_district(rows)
    context: dict[str, Any] = {
        "week": week,
        "hidden_count": hidden,
        "districts": districts,
        "locals": sum(len(each.locals) for each in districts),
        "members": sum(each.members for each in districts),
        "may_export": may(request, "export_registration"),
    }
    return page(request, "desk/not_in", "Locals not yet in", model=Registration, **context)


def back(request: HttpRequest, name: str) -> HttpResponse:
    """To the page with what was chosen on it."""
    answer = see_other(name)
    query = request.GET.urlencode()
    if query:
        answer["Location"] += f"?{query}"
    return answer
