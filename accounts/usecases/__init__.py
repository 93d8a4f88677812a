"""What people and the installation do with the register, its people and the calendar."""

from accounts.usecases.people import add_person
from accounts.usecases.register import BY_HAND, LoadedRegister, fill_calendar, load_register

__all__ = ["BY_HAND", "LoadedRegister", "add_person", "fill_calendar", "load_register"]
