"""外部编号: what other systems call our plans, measures and units."""

from datetime import datetime

from accounts.authorize import authorize
from accounts.choices import ExternalKind
from accounts.errors import ConflictError, InvalidError
from accounts.events import record
from accounts.models import District, ExternalId, User
from accounts.usecase import lock, usecase


@usecase
def add_external_id(
    *,
    district_id: int,
    kind: ExternalKind,
    key: str,
    source: str,
    value: str,
    by: User,
    at: datetime,
) -> ExternalId:
    """Note what another system calls something; noting it again changes nothing.

    ConflictError where that system calls something else so.
    """
    district = lock(District, district_id)
    authorize(by, "accounts.set_external_id", district)
    source, value = source.strip(), value.strip()
    if not source or not value or ":" in source:
        raise InvalidError("请填写外部系统（不含冒号）和外部编号。", code="no_external_id")
    same = ExternalId.objects.filter(district=district, kind=kind, source=source, value=value)
    known = same.first()
    if known is not None and known.key != key:
        raise ConflictError(
            f"{source}的编号{value}已经对应另一{ExternalKind(kind).label}，请先删除原来的对应。",
            code="external_id_taken",
        )
    if known is not None:
        return known
    made = ExternalId.objects.create(
        district=district, kind=kind, key=key, source=source, value=value
    )
    _record(made, "add_external_id", by=by, at=at)
    return made


@usecase
def drop_external_id(*, external_id: int, by: User, at: datetime) -> None:
    """Forget what another system calls something."""
    row = lock(ExternalId, external_id, along="district")
    authorize(by, "accounts.set_external_id", row.district)
    _record(row, "drop_external_id", by=by, at=at)
    row.delete()


def _record(row: ExternalId, action: str, *, by: User, at: datetime) -> None:
    told = {"kind": row.kind, "key": row.key, "source": row.source, "value": row.value}
    record(row, action, by=by, at=at, district=row.district_id, data=told)
