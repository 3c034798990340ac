"""Sign-up sheets that came back: take one in, key its rows beside its photo, have somebody else check them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from csan.lib import private_files
from csan.lib.forms import LineField, ZipField
from csan.lib.pages import see_other
from csan.lib.pictures import UnusablePhoto
from csan.lib.staff import ReadOnlyAdmin, staff_of
from members.models import Local
from petitions import paper
from petitions.admin.frame import may, page, require
from petitions.models import PaperLine, PaperSheet, Petition

Status = PaperSheet.Status
STATUS_COLOURS = {
    Status.KEYING: "info",
    Status.KEYED: "warning",
    Status.CHECKED: "success",
    Status.SET_ASIDE: "danger",
}
MOVED_ON = "That is not possible any more; the sheet has moved on."


class SheetForm(forms.Form):
    """A sheet that came back."""

    petition = forms.ModelChoiceField(Petition.objects.order_by("-opens_at"), widget=UnfoldAdminSelectWidget)
    number = forms.IntegerField(
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text="As printed on the sheet. Empty: the next one; write it on the sheet.",
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
    )
    local = forms.ModelChoiceField(
        Local.objects.order_by("affiliate", "number"),
        required=False,
        empty_label="none",
        widget=UnfoldAdminSelectWidget,
    )
    photo = forms.FileField(
        required=False, help_text="JPEG, PNG, WebP or HEIC, up to 15 MB.", widget=UnfoldAdminFileFieldWidget
    )


class RowForm(forms.Form):
    """One row, as it stands on the sheet."""

    name = LineField(label="First and last name", max_length=200)
    zip_code = ZipField()
    is_attested = forms.BooleanField(label="Signed", required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {"placeholder": "First and last name", "autocomplete": "off"}
        self.fields["zip_code"].widget.attrs |= {"placeholder": "ZIP code", "autocomplete": "off", "size": 10}
        for name, field in self.fields.items():
            if self.errors.get(name):
                field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"{self[name].auto_id}_error"}


@admin.register(PaperSheet)
class PaperSheetAdmin(ReadOnlyAdmin):
    """Sheets and their rows. Who keys a sheet does not check it."""

    list_display = ("number", "petition", "local", "status_label", "keyed_by", "checked_by", "created_at")
    list_filter = ("status", "petition")
    list_select_related = ("petition", "local", "keyed_by", "checked_by")
    search_fields = ("=number", "local__number")
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request, "key_papersheet")

    @display(description="Status", ordering="status", label=STATUS_COLOURS)
    def status_label(self, sheet: PaperSheet) -> tuple[str, str]:
        return sheet.status, sheet.get_status_display()

    def get_urls(self) -> list[URLPattern]:
        photo = path("<int:pk>/photo/", self.admin_site.admin_view(self.photo), name="petitions_papersheet_photo")
        return [photo, *super().get_urls()]

    def photo(self, request: HttpRequest, pk: int) -> FileResponse:
        """The photo, for who may see the sheet."""
        require(self.has_view_permission(request))
        sheet = get_object_or_404(PaperSheet, pk=pk)
        try:
            if not sheet.photo:
                raise private_files.Gone
            response = FileResponse(private_files.open_file(sheet.photo), content_type="image/jpeg")
        except private_files.Gone as error:
            raise Http404 from error
        response["Cache-Control"] = "private, no-store"
        return response

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A sheet has come back."""
        require(self.has_add_permission(request))
        form = SheetForm(request.POST or None, request.FILES or None, initial={"petition": self._newest()})
        if form.is_valid():
            data = form.cleaned_data
            number = data["number"] or paper.next_number(data["petition"])
            try:
                sheet = paper.take_in(
                    petition=data["petition"],
                    number=number,
                    local=data["local"],
                    photo=data["photo"],
                    by=staff_of(request),
                )
                return see_other("admin:petitions_papersheet_change", sheet.pk)
            except paper.NumberTaken:
                form.add_error("number", f"Sheet {number} has been taken in before.")
            except UnusablePhoto as error:
                form.add_error("photo", str(error))
        status = 422 if form.errors else 200
        return page(request, "papersheet/take_in", "A sheet came back", model=PaperSheet, status=status, form=form)

    @staticmethod
    def _newest() -> Petition | None:
        return Petition.objects.order_by("-opens_at").first()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The sheet's page: its photo, its rows, and what can be done with them now."""
        require(self.has_view_permission(request))
        rows = PaperSheet.objects.select_related("petition", "local", "keyed_by", "checked_by")
        sheet = get_object_or_404(rows, pk=object_id)
        do = request.POST.get("do", "") if request.method == "POST" else ""
        if do in ("add", "correct"):
            return self._key(request, sheet, do)
        if do in MOVES:
            return self._move(request, sheet, do)
        return self._show(request, sheet)

    def _show(
        self,
        request: HttpRequest,
        sheet: PaperSheet,
        *,
        new: RowForm | None = None,
        wrong: dict[int, RowForm] | None = None,
    ) -> HttpResponse:
        may_key = sheet.status == Status.KEYING and may(request, "key_papersheet")
        may_check = (
            sheet.status == Status.KEYED
            and may(request, "check_papersheet")
            and sheet.keyed_by_id != staff_of(request).pk
            and not sheet.lines.filter(keyed_by=staff_of(request)).exists()
        )
        form = new or RowForm(auto_id="new_%s")
        if may_key and not wrong:
            form.fields["name"].widget.attrs["autofocus"] = True
        lines = list(sheet.lines.order_by("position"))
        context = {
            "sheet": sheet,
            "lines": [(line, (wrong or {}).get(line.pk) or _form_of(line, may_key or may_check)) for line in lines],
            "doubles": sum(line.is_double for line in lines),
            "new": form,
            "next": lines[-1].position + 1 if lines else 1,
            "may_key": may_key,
            "may_check": may_check,
            "may_edit": may_key or may_check,
            "may_set_aside": may(request, "check_papersheet"),
        }
        status = 422 if wrong or (new and new.errors) else 200
        return page(request, "papersheet/sheet", str(sheet), model=PaperSheet, status=status, **context)

    def _key(self, request: HttpRequest, sheet: PaperSheet, do: str) -> HttpResponse:
        """A row is saved before the next one is begun."""
        needed = "check_papersheet" if sheet.status == Status.KEYED else "key_papersheet"
        require(may(request, needed))
        line = None
        if do == "correct":
            pk = request.POST.get("line", "")
            line = get_object_or_404(sheet.lines, pk=pk if pk.isdecimal() and len(pk) < 19 else 0)
        form = RowForm(request.POST, auto_id=f"row{line.pk}_%s" if line else "new_%s")
        if not form.is_valid():
            if line:
                return self._show(request, sheet, wrong={line.pk: form})
            return self._show(request, sheet, new=form)
        by, data = staff_of(request), form.cleaned_data
        try:
            if line:
                paper.correct_line(line=line, by=by, **data)
            else:
                paper.add_line(sheet=sheet, by=by, **data)
        except paper.WrongState:
            messages.warning(request, MOVED_ON)
        return see_other("admin:petitions_papersheet_change", sheet.pk)

    def _move(self, request: HttpRequest, sheet: PaperSheet, do: str) -> HttpResponse:
        permission, move = MOVES[do]
        is_own = sheet.status == Status.KEYING and may(request, "key_papersheet")
        require(may(request, permission) or (do == "set-aside" and is_own))
        try:
            move(sheet=sheet, by=staff_of(request))
        except paper.SamePerson:
            messages.warning(request, "Whoever keys a sheet does not check it. Ask somebody else.")
        except paper.NothingKeyed:
            messages.warning(request, "There is no row yet.")
        except paper.WrongState:
            messages.warning(request, MOVED_ON)
        return see_other("admin:petitions_papersheet_change", sheet.pk)


def _form_of(line: PaperLine, may_edit: bool) -> RowForm:
    kept = {"name": line.name, "zip_code": line.zip_code, "is_attested": line.is_attested}
    form = RowForm(initial=kept, auto_id=f"row{line.pk}_%s")
    if not may_edit:
        for field in form.fields.values():
            field.disabled = True
    return form


Move = Callable[..., PaperSheet]
MOVES: dict[str, tuple[str, Move]] = {
    "hand-on": ("key_papersheet", paper.hand_on),
    "hand-back": ("check_papersheet", paper.hand_back),
    "approve": ("check_papersheet", paper.approve),
    "set-aside": ("check_papersheet", paper.set_aside),
}
