"""The surge switches: one page, and the history of who switched what."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from csan.lib.staff import staff_of
from petitions import surge
from petitions.admin.fraud_desk import OnlyRowAdmin
from petitions.models import Surge


@admin.register(Surge)
class SurgeAdmin(OnlyRowAdmin):
    """What is switched off while more people come than ever. A change is seen everywhere within seconds."""

    fieldsets = (
        ("Signing", {"fields": ("is_paused", "pause_message", "pause_message_es")}),
        ("What costs most", {"fields": ("looks_up_districts", "shows_maps", "count_seconds")}),
        ("State", {"fields": ("changed_at",)}),
    )
    readonly_fields = ("changed_at",)

    def save_model(self, request: HttpRequest, obj: Surge, form: Any, change: bool) -> None:
        """Only what this colleague changed: another one's switch, thrown meanwhile, stays as it is."""
        surge.switch(by=staff_of(request), **{name: form.cleaned_data[name] for name in form.changed_data})

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Nothing more: the switch has recorded what was switched."""
