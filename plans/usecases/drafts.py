"""What every change to a draft shares: the lock, the units of the register, the settled doubt."""

from collections.abc import Sequence
from datetime import datetime

from accounts.authorize import authorize
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import Department, District, User
from accounts.usecase import lock, refuse_unless
from plans.choices import EditionStatus
from plans.models import Doubt, Edition


def open_draft(edition_id: int, by: User, expected_version: int | None) -> Edition:
    """Lock the edition and raise its version; only a draft can be corrected."""
    edition = locked_draft(edition_id, by, expected_version)
    edition.version += 1
    edition.save(update_fields=["version"])
    return edition


def locked_draft(edition_id: int, by: User, expected_version: int | None) -> Edition:
    """Lock the edition of which nothing that was read is to change; refuse an issued one."""
    edition = lock(Edition, edition_id, expected_version)
    authorize(by, "plans.check_edition", edition)
    refuse_unless(edition.status == EditionStatus.DRAFT, "已经交办，识别结果不能再改。")
    return edition


def units_of(district: District, ids: Sequence[int]) -> list[Department]:
    """Return the departments in the order asked for, each once."""
    found = Department.objects.filter(district=district).in_bulk(ids)
    if set(found) != set(ids):
        raise InvalidError("所选单位不在本区名录里，请重新选择。")
    return [found[pk] for pk in dict.fromkeys(ids)]


def settle(doubt: Doubt, edition: Edition, answer: str, *, by: User, at: datetime) -> None:
    """Fill in the answer; the caller saves."""
    doubt.settled_at, doubt.settled_by, doubt.answer = at, by, answer
    _record(doubt, edition, "settle_doubt", by=by, at=at)


def reopen(doubt: Doubt, edition: Edition, *, by: User, at: datetime) -> None:
    """Take the answer out; the caller saves."""
    _record(doubt, edition, "reopen_doubt", by=by, at=at)
    doubt.settled_at, doubt.settled_by, doubt.answer = None, None, ""


def _record(doubt: Doubt, edition: Edition, action: str, *, by: User, at: datetime) -> None:
    """Note what became of a doubt."""
    record(
        doubt,
        action,
        by=by,
        at=at,
        within=edition,
        district=edition.plan.district_id,
        note=doubt.answer,
        data={"code": doubt.code, "doubt": doubt.message},
    )
