"""The form by which anybody joins, for the foot of every page."""

from typing import Any

from django import template
from django.template.context import Context

from members.forms import SubscribeForm

register = template.Library()


@register.simple_tag(takes_context=True)
def join_form(context: Context) -> Any:
    """A form of its own, whose ids differ from those of the form that the page may be about."""
    return SubscribeForm(request=context["request"], auto_id="join_%s")
