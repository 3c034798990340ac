"""The table where boxes are packed: by a telephone that has read a box's code, line by line, by two people."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from unfold.widgets import UnfoldAdminTextInputWidget

from campaigns.boxes import packing, waves
from campaigns.desk import scopes
from campaigns.kits import OutOfStock
from campaigns.models import Box
from csan.lib.pages import SeeOther, see_other
from csan.lib.staff import staff_of

REFUSALS: dict[type[Exception], str] = {
    packing.NotAllIn: "Tick every line first; where there is too little, say how many and why.",
    packing.SamePerson: "You packed this box yourself. Please let a colleague check it.",
    packing.WrongState: "A colleague was faster: nothing changed.",
    waves.WrongState: "A colleague was faster: nothing changed.",
    waves.CannotSplit: "Both boxes must hold something, and neither more than there is.",
    OutOfStock: "There is not enough left in stock to send this again.",
}


class CodeForm(forms.Form):
    """A code that was read or typed."""

    code = forms.CharField(
        max_length=20,
        label="Box",
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "autofocus": True}),
        help_text="Such as 26-7K3Q. It stands on the slip and on the label.",
    )

    def __init__(self, data: Any, *, seen: QuerySet[Box]) -> None:
        super().__init__(data)
        self.seen = seen

    def clean_code(self) -> str:
        code = "".join(str(self.cleaned_data["code"]).split()).upper()
        if not self.seen.filter(code=code).exists():
            raise forms.ValidationError("There is no box of this code. Please read it once more.")
        return code


def table_page(request: HttpRequest, *, context: dict[str, Any]) -> HttpResponse:
    """Which box, by its code."""
    require(request)
    form = CodeForm(request.GET if "code" in request.GET else None, seen=_seen(request))
    if form.is_valid():
        return see_other("admin:campaigns_box_pack", form.cleaned_data["code"])
    page = {**context, "title": "Pack a box", "form": form}
    return render(request, "admin/campaigns/box/table.html", page, status=422 if form.errors else 200)


def box_page(request: HttpRequest, code: str, *, context: dict[str, Any]) -> HttpResponse:
    """A box: its lines to be ticked, and what can be done with it as it stands."""
    require(request)
    rows = _seen(request).select_related(
        "registration__local", "registration__week", "place", "wave", "packed_by", "checked_by"
    )
    box = get_object_or_404(rows, code=code.upper())
    if request.method == "POST":
        return _act(request, box)
    page = {
        **context,
        "title": f"Box {box}",
        "box": box,
        "lines": box.lines.select_related("item").order_by("item__sku"),
        "is_own": box.packed_by_id == request.user.pk,
        "replacement": Box.objects.filter(replaces=box).first(),
    }
    return render(request, "admin/campaigns/box/pack.html", page)


def _seen(request: HttpRequest) -> QuerySet[Box]:
    """The boxes of the districts of who asks."""
    return scopes.of(staff_of(request)).boxes(Box.objects.all())[0]


def _act(request: HttpRequest, box: Box) -> SeeOther:
    """Do what the button says, and say how it went. What was ticked is noted whatever else is refused."""
    by, then = staff_of(request), box
    try:
        match request.POST.get("do"):
            case "tick":
                packing.tick(box=box, lines=laid_in(request))
            case "packed":
                packing.tick(box=box, lines=laid_in(request))
                packing.finish_packing(box=box, by=by)
                messages.success(request, f"Box {box} is packed. Now a colleague checks it.")
            case "check":
                packing.check_box(box=box, by=by)
                messages.success(request, f"Box {box} is checked. It may leave.")
            case "open":
                packing.open_again(box=box, by=by)
            case "split":
                then = waves.split_box(box=box, moved=moved(request), by=by)
                messages.success(request, f"Box {box} was split; {then} is the other one.")
            case "resend":
                then = waves.resend_box(box=box, by=by)
                messages.success(request, f"Box {then} goes out for {box}.")
            case "cancel":
                waves.cancel_box(box=box, by=by)
                messages.success(request, f"Box {box} does not leave. What it held is in stock again.")
    except tuple(REFUSALS) as refusal:
        messages.warning(request, REFUSALS[type(refusal)])
    return see_other("admin:campaigns_box_pack", then.code)


def laid_in(request: HttpRequest) -> dict[int, packing.LaidIn]:
    """What the page says of each line."""
    told = {}
    for name in request.POST.getlist("line"):
        if name.isdecimal():
            fewer = request.POST.get(f"fewer-{name}", "").strip()
            told[int(name)] = packing.LaidIn(
                is_in=f"in-{name}" in request.POST,
                fewer=int(fewer) if fewer.isdecimal() else None,
                reason=request.POST.get(f"reason-{name}", "").strip()[:120],
            )
    return told


def moved(request: HttpRequest) -> dict[int, int]:
    """How many of each line go into the other box."""
    found = {}
    for name in request.POST.getlist("line"):
        number = request.POST.get(f"move-{name}", "").strip()
        if name.isdecimal() and number.isdecimal():
            found[int(name)] = int(number)
    return found


def require(request: HttpRequest) -> None:
    """Only who may move boxes."""
    if not request.user.has_perm("campaigns.change_box"):
        raise PermissionDenied


def frame(request: HttpRequest) -> dict[str, Any]:
    """What stands around each of these pages."""
    return {**admin.site.each_context(request), "opts": Box._meta}
