"""Items and their stock: what there is, what came and went, and the count on the shelf."""

from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import models
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from campaigns import kits
from campaigns.models import Item, KitRule, StockMove, ToolkitItem
from csan.lib import audit
from csan.lib.pages import see_other
from csan.lib.staff import NamedFields, staff_of

Kind = StockMove.Kind
MOST = 10_000_000  # pieces; more is a slip of the finger


class StockForm(forms.Form):
    """What happened on the shelf. `key` was made with the page, so that a form sent twice is one move."""

    kind = forms.ChoiceField(
        label="What happened",
        choices=[
            (Kind.RECEIVED, "Came in"),
            (Kind.COUNTED, "Counted: there are now"),
            (Kind.WRITTEN_OFF, "Damaged or lost"),
        ],
        widget=UnfoldAdminSelectWidget,
    )
    pieces = forms.IntegerField(min_value=0, max_value=MOST, widget=UnfoldAdminIntegerFieldWidget)
    note = forms.CharField(max_length=200, required=False, widget=UnfoldAdminTextInputWidget)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") != Kind.COUNTED and cleaned.get("pieces") == 0:
            self.add_error("pieces", "No piece is no move.")
        return cleaned


class IsLowFilter(admin.SimpleListFilter):
    """Items of which there are fewer than their mark."""

    title = "stock"
    parameter_name = "low"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Running low")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        return queryset.filter(on_hand__lt=F("low_at")) if self.value() == "yes" else queryset


@admin.register(Item)
class ItemAdmin(ModelAdmin):
    """The things that go into boxes. How many there are is changed on the page of the stock only."""

    list_display = ("name", "sku", "unit", "pack_size", "weight_grams", "on_hand", "is_low", "is_retired")
    list_filter = (IsLowFilter, "is_retired")
    search_fields = ("name", "sku")
    ordering = ("is_retired", "name")
    prepopulated_fields: ClassVar = {"sku": ("name",)}
    actions = ("retire", "pack_again")
    actions_detail = ("stock",)
    actions_row = ("stock",)
    fieldsets = (
        (None, {"fields": ("name", "name_es", "sku", "is_retired")}),
        ("One of it", {"fields": ("unit", "pack_size", "weight_grams", "print_twin")}),
        ("Stock", {"fields": ("low_at", "on_hand")}),
    )
    readonly_fields = ("on_hand",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What has a ledger is retired, not deleted."""
        return bool(super().has_delete_permission(request, obj)) and (obj is None or not obj.moves.exists())

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "print_twin":
            kwargs["queryset"] = ToolkitItem.objects.select_related("week").order_by("-week__year", "position")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_keep_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who may move stock and retire items."""
        return bool(request.user.has_perm("campaigns.change_item"))

    @display(description="Low", boolean=True)
    def is_low(self, item: Item) -> bool:
        return item.on_hand < item.low_at

    @action(description="Retire: no longer packed", permissions=["keep"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Item]) -> None:
        """The rules that name them stand still; the stock stays."""
        self._set_retired(request, queryset, True, "Retired")

    @action(description="Pack again", permissions=["keep"])
    def pack_again(self, request: HttpRequest, queryset: QuerySet[Item]) -> None:
        """Undo that."""
        self._set_retired(request, queryset, False, "Packed again")

    def _set_retired(self, request: HttpRequest, queryset: QuerySet[Item], is_retired: bool, did: str) -> None:
        rows = list(queryset.exclude(is_retired=is_retired))
        Item.objects.filter(pk__in=[row.pk for row in rows]).update(is_retired=is_retired)
        audit.record(by=staff_of(request), objects=rows, did=did)
        self.message_user(request, f"{did}: {len(rows)}.")

    @action(description="Stock and ledger", permissions=["keep"], url_path="stock", icon="inventory_2")
    def stock(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Receive, count, write off; and all that was before."""
        item = get_object_or_404(Item, pk=object_id)
        form = StockForm(request.POST if request.method == "POST" else None, initial={"key": uuid4()})
        if form.is_valid() and self._move(request, item, form):
            return see_other("admin:campaigns_item_stock", item.pk)
        moves = item.moves.select_related("by").order_by("-pk")
        context = {
            **self.admin_site.each_context(request),
            "title": f"Stock of {item}",
            "opts": self.opts,
            "item": item,
            "form": form,
            "moves": Paginator(moves, 100).get_page(request.GET.get("page")),
        }
        return render(request, "admin/campaigns/item/stock.html", context, status=422 if form.errors else 200)

    def _move(self, request: HttpRequest, item: Item, form: StockForm) -> bool:
        """Whether there is no more to do on the page; what there is to say has been said."""
        kind, pieces, note = (form.cleaned_data[name] for name in ("kind", "pieces", "note"))
        key, by = f"staff:{form.cleaned_data['key']}", staff_of(request)
        try:
            if kind == Kind.COUNTED:
                kits.count_stock(item=item, counted=pieces, key=key, note=note, by=by)
            else:
                amount = pieces if kind == Kind.RECEIVED else -pieces
                kits.move_stock(item=item, amount=amount, kind=kind, key=key, note=note, by=by)
        except kits.OutOfStock as error:
            form.add_error("pieces", f"There are only {error.on_hand}. Count anew if that is wrong.")
            return False
        item.refresh_from_db()
        messages.success(request, f"{item}: {item.on_hand} on hand.")
        return True


class KitRuleInline(NamedFields, TabularInline):
    """What the boxes of the week hold, and by which rule how many."""

    model = KitRule
    extra = 0
    fields = (
        "item", "kind", "amount", "over_percent", "minimum", "maximum", "rounds_to_pack", "districts", "task",
    )  # fmt: skip
    ordering = ("item__name", "pk")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[KitRule]:
        return KitRule.objects.select_related("item", "task", "week")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        self.week = obj
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only the week's own tasks."""
        if db_field.name == "task":
            kwargs["queryset"] = db_field.related_model.objects.filter(week=getattr(self, "week", None))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
