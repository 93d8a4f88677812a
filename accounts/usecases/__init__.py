"""What people and the installation do with the register, its people and the calendar."""

from accounts.usecases.calendar import BY_HAND, enter_notice, fill_calendar, set_calendar_day
from accounts.usecases.codes import issue_code, set_password_by_code, unlock_sign_in
from accounts.usecases.external_ids import add_external_id, drop_external_id
from accounts.usecases.people import NewPerson, add_person, change_contact, name_liaison
from accounts.usecases.register import LoadedRegister, load_register
from accounts.usecases.roster import enrol
from accounts.usecases.seats import set_charges, set_sign_off
from accounts.usecases.services import ROLES_OF_SERVICES, add_service, end_service
from accounts.usecases.units import (
    UnitEntry,
    add_unit,
    edit_group,
    edit_unit,
    entry_of,
    refuse_future,
    rename_unit,
)

__all__ = [
    "BY_HAND",
    "ROLES_OF_SERVICES",
    "LoadedRegister",
    "NewPerson",
    "UnitEntry",
    "add_external_id",
    "add_person",
    "add_service",
    "add_unit",
    "change_contact",
    "drop_external_id",
    "edit_group",
    "edit_unit",
    "end_service",
    "enrol",
    "enter_notice",
    "entry_of",
    "fill_calendar",
    "issue_code",
    "load_register",
    "name_liaison",
    "refuse_future",
    "rename_unit",
    "set_calendar_day",
    "set_charges",
    "set_password_by_code",
    "set_sign_off",
    "unlock_sign_in",
]
