"""The plan's words in templates."""

from django import template

from plans import typography

register = template.Library()


@register.filter
def full_width(text: str) -> str:
    """Show half-width marks beside Chinese characters full-width."""
    return typography.full_width(text)
