"""What every public form shares: a honeypot, budgets, clean values, and fields drawn by one component."""

import re
import time
import unicodedata
from collections.abc import Container
from copy import deepcopy
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from django import forms
from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from csan.lib.addresses import InvalidAddress, normalise
from csan.lib.ratelimit import Budget, BudgetSpent, client_network, spend

T = TypeVar("T")

NAME_LENGTH = 100
HASTE = 3  # seconds; people need longer to fill in a form, scripts do not
WEB_ADDRESS = re.compile(
    r"://|\bwww\.|\b[\w-]+\.(?:com|net|org|info|biz|ru|cn|io|xyz|top|site|online)\b", re.IGNORECASE
)
ZIP_CODE = re.compile(r"(\d{5})(?:-?(\d{4}))?")
NO_ADDRESS = gettext_lazy("This is not a complete e-mail address. It should look like name@example.org.")
PLEASE_FILL_IN = gettext_lazy("Please fill this in.")
NO_ZIP_CODE = gettext_lazy("A ZIP code has five digits, such as 02139.")
CANADIAN = re.compile(r"[A-Z]\d[A-Z]-?\d[A-Z]\d", re.IGNORECASE)
IS_CANADIAN = gettext_lazy(
    "This looks like a Canadian postal code. We need a U.S. ZIP code, which has five digits, such as 02139."
)
IS_FOREIGN = gettext_lazy(
    "This looks like a postal code of another country. We need a U.S. ZIP code, which has five digits, such as 02139."
)
# Joiners and direction marks are parts of real names and words; other control characters are not.
KEPT_FORMAT_CHARACTERS = "\u200c\u200d\u200e\u200f"


class Renderer(TemplatesSetting):
    """Draws each field by `templates/components/field.html` and the errors by `errors.html`."""

    field_template_name = "components/field.html"


def has_any(text: str, categories: Container[str], *, but: str) -> bool:
    """Whether a character of these Unicode categories stands in the text. None is printable, as most texts are."""
    return not text.isprintable() and any(unicodedata.category(c) in categories and c not in but for c in text)


class EmailField(forms.CharField):
    """An address as we store it: trimmed, lower-case, one that mail can reach."""

    widget = forms.EmailInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": gettext_lazy("E-mail"), "max_length": 254, **kwargs})
        self.widget.attrs.setdefault("autocomplete", "email")
        self.widget.attrs["data-wrong"] = NO_ADDRESS
        self.widget.attrs.setdefault("inputmode", "email")
        self.widget.attrs.setdefault("spellcheck", "false")

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return normalise(text)
        except InvalidAddress as error:
            raise forms.ValidationError(NO_ADDRESS, code="invalid") from error


class LineField(forms.CharField):
    """One line of text as people write it: any script, no control characters, no web address."""

    def __init__(self, *, autocomplete: str = "", **kwargs: Any) -> None:
        super().__init__(**{"max_length": NAME_LENGTH, **kwargs})
        if autocomplete:
            self.widget.attrs["autocomplete"] = autocomplete

    def clean(self, value: Any) -> str:
        text = " ".join(str(super().clean(value)).split())
        if has_any(text, ("Cc", "Cf", "Cs"), but=KEPT_FORMAT_CHARACTERS):
            raise forms.ValidationError(
                _("This has characters that cannot be shown. Please type it again."), code="control"
            )
        if WEB_ADDRESS.search(text):
            raise forms.ValidationError(_("Please leave web addresses out of this field."), code="web_address")
        return unicodedata.normalize("NFC", text)


class TextField(forms.CharField):
    """Several lines of text."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 2000, "required": False, **kwargs})
        self.widget.attrs["rows"] = rows

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).replace("\r\n", "\n")
        if has_any(text, ("Cc", "Cs"), but="\n\t"):
            raise forms.ValidationError(
                _("This has characters that cannot be shown. Please type it again."), code="control"
            )
        return text


class ZipField(forms.CharField):
    """A U.S. ZIP code: five digits, or nine; kept as five, or as `12345-6789`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": gettext_lazy("ZIP code"), "max_length": 20, **kwargs})
        self.widget.attrs.update(autocomplete="postal-code", inputmode="numeric")
        self.widget.attrs.update({"pattern": r"\s*[0-9]{5}(?:[ \-]*[0-9]{4})?\s*", "data-wrong": NO_ZIP_CODE})

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).replace(" ", "")
        if not text:
            return ""
        found = ZIP_CODE.fullmatch(text)
        if not found:
            raise forms.ValidationError(self.complaint_about(text), code="invalid")
        return f"{found[1]}-{found[2]}" if found[2] else found[1]

    @staticmethod
    def complaint_about(text: str) -> Any:
        """What to say about something that is none: most who type letters live abroad."""
        if CANADIAN.fullmatch(text):
            return IS_CANADIAN
        return IS_FOREIGN if any(c.isalpha() for c in text) and any(c.isdecimal() for c in text) else NO_ZIP_CODE


class Fields(dict[str, forms.Field]):
    """The fields of a form class, which a form shares until it is drawn or changes one: see `PublicForm.fields`."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "Fields":
        return self


def own_copy(field: forms.Field) -> forms.Field:
    """A field that a form may change. Those that say themselves how they are copied are asked.

    The others are copied without the general machinery of `copy`, which takes three times as long.
    """
    own_ways = type(field).__deepcopy__, type(field.widget).__deepcopy__
    if own_ways != (forms.Field.__deepcopy__, forms.Widget.__deepcopy__):
        return deepcopy(field)
    copied = shallow_copy(field)
    copied.widget = shallow_copy(field.widget)
    copied.widget.attrs = field.widget.attrs.copy()
    copied.error_messages = field.error_messages.copy()
    copied.validators = field.validators[:]
    return copied


def shallow_copy(thing: T) -> T:
    """Another one with the same attributes."""
    other = object.__new__(type(thing))
    other.__dict__.update(thing.__dict__)
    return other


class PublicForm(forms.Form):
    """A form anybody may post.

    A subclass names its `scope` (a key of `settings.BUDGETS`). `is_trapped` says that the honeypot was filled in
    (answer as if all went well, store nothing; ask it first). After `is_valid()`: `retry_after` is set when a budget
    is spent (answer 429), `suspicion` is a score from 0 (none) that staff may sort by and that refuses nobody.
    `missing` has for each field that is needed the sentence that asks for it.
    """

    scope = "private"
    missing: ClassVar[dict[str, Any]] = {}
    is_prepared: ClassVar[bool]
    template_name = "components/form.html"
    default_renderer = Renderer

    website = forms.CharField(required=False, label=gettext_lazy("Leave this empty"))
    began = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        if "is_prepared" not in type(self).__dict__:
            self._prepare()
        super().__init__(*args, **kwargs)
        del self.fields  # Django has put the class's there
        self.request = request
        self.retry_after = 0
        self.initial.setdefault("began", str(int(time.time())))

    @classmethod
    def _prepare(cls) -> None:
        """What all forms of a class have in common; once, because a crowd may post them."""
        order = {name: at for at, name in enumerate(cls.field_order or ())}
        names = sorted(cls.base_fields, key=lambda name: order.get(name, len(order)))
        fields = Fields((name, deepcopy(cls.base_fields[name])) for name in names)
        for name, field in fields.items():
            missing = cls.missing.get(name, PLEASE_FILL_IN)
            field.error_messages["required"] = missing
            if field.required:
                field.widget.attrs["data-missing"] = missing  # for static/js/longform.js, which asks before the server
        fields["website"].widget.attrs.update(autocomplete="off", tabindex="-1")
        cls.base_fields, cls.is_prepared = fields, True

    def order_fields(self, field_order: Any) -> None:
        """Those of the class have been in order since `_prepare`, and are not this form's to move."""

    @cached_property
    def fields(self) -> dict[str, forms.Field]:  # type: ignore[override]  # Django sets it, we make it when asked
        """Copies that this form may change, made when it is drawn. Most that are posted are valid and never drawn."""
        return {name: own_copy(field) for name, field in self.base_fields.items()}

    def _clean_fields(self) -> None:
        """As Django does it, but a field that reads its own value only is spared the `BoundField` that draws it."""
        for name, field in self.__dict__.get("fields", self.base_fields).items():
            try:
                if field.disabled or isinstance(field, forms.FileField):  # which has an initial value of its own
                    value = field._clean_bound_field(self[name])
                else:
                    raw = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
                    value = field.clean(raw)
                self.cleaned_data[name] = value
                if own_way := getattr(self, f"clean_{name}", None):
                    self.cleaned_data[name] = own_way()
            except forms.ValidationError as error:
                self.add_error(name, error)

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("website"))

    @property
    def client_budget(self) -> str:
        """The key of `settings.BUDGETS` that says how much may come from one network address."""
        return self.scope

    @property
    def suspicion(self) -> int:
        """1 where the form came back faster than a person types; the page may be cached, so slow proves nothing."""
        began = str(self.cleaned_data.get("began") or "")
        return int(began.isdecimal() and time.time() - int(began) < HASTE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.is_trapped or self.errors:
            return cleaned
        client, limits = self.client_budget, settings.BUDGETS[self.scope]
        budgets = [Budget(f"{client}:client", client_network(self.request), *settings.BUDGETS[client]["client"])]
        if email := cleaned.get("email"):
            budgets.append(Budget(f"{self.scope}:email", email, *limits["email"]))
        try:
            spend(*budgets)
        except BudgetSpent as error:
            self.retry_after = error.retry_after
            minutes = -(-error.retry_after // 60)
            raise forms.ValidationError(
                ngettext(
                    "There were many attempts from here in a short time. Please try again in %(minutes)s minute.",
                    "There were many attempts from here in a short time. Please try again in %(minutes)s minutes.",
                    minutes,
                )
                % {"minutes": minutes},
                code="budget",
            ) from error
        return cleaned

    @property
    def visible(self) -> list[forms.BoundField]:
        """The fields to draw, without the honeypot, which `form.html` hides from people."""
        return [field for field in self.visible_fields() if field.name != "website"]

    @property
    def complaints(self) -> list[tuple[str, str]]:
        """What is wrong, field by field: the id to go to, and a sentence that names the field."""
        found = []
        for field in self.visible_fields():
            target = f"{field.auto_id}_0" if field.use_fieldset else field.auto_id  # a group, by its first box
            for error in field.errors.as_data():
                words = " ".join(error.messages)
                names_it = error.code == "required" and field.name in self.missing
                found.append((target, words if names_it else f"{field.label} – {words}"))
        return found

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows this form again."""
        return 429 if self.retry_after else 422


class EmptyForm(PublicForm):
    """A button and nothing to fill in; the honeypot and the budgets still hold."""
