"""The code of a unit: made once, so that other systems can name it whatever it is called."""

from django.utils.crypto import get_random_string

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8


def unit_code() -> str:
    """Return a code for a new unit, of signs that nobody mistakes for another."""
    return get_random_string(LENGTH, SIGNS)
