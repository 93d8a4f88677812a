"""The one door: transactions, request keys, events and denials."""

from datetime import datetime

import pytest
from django.db import transaction

from accounts.authorize import authorize
from accounts.errors import ForbiddenError, InvalidError, KeyReusedError
from accounts.events import record
from accounts.models import District, Event, RequestKey, User
from accounts.request_keys import RequestKeyClaim, carrying
from accounts.usecase import usecase
from tests.conftest import NOON


@usecase
def found_district(*, name: str, by: User, at: datetime, fails: bool = False) -> District:
    district = District.objects.create(name=name)
    record(district, "found", by=by, at=at)
    if fails:
        raise InvalidError("不行")
    return district


@usecase
def manage(*, by: User, at: datetime) -> None:
    District.objects.create(name="不该留下")
    authorize(by, "accounts.manage_register")


def test_events_get_numbers_without_a_gap_even_after_a_refusal(coordinator: User) -> None:
    found_district(name="甲", by=coordinator, at=NOON)
    with pytest.raises(InvalidError):
        found_district(name="乙", by=coordinator, at=NOON, fails=True)
    found_district(name="丙", by=coordinator, at=NOON)

    assert list(Event.objects.order_by("seq").values_list("seq", "action")) == [
        (1, "found"),
        (2, "found"),
    ]
    assert not District.objects.filter(name="乙").exists()


def test_the_same_key_twice_is_carried_out_once(coordinator: User) -> None:
    with carrying(RequestKeyClaim("k1", "a" * 64)):
        first = found_district(name="甲", by=coordinator, at=NOON)
        again = found_district(name="甲", by=coordinator, at=NOON)

    assert first == again
    assert Event.objects.count() == 1
    assert RequestKey.objects.get().object_id == first.pk


def test_the_same_key_with_another_body_is_refused(coordinator: User) -> None:
    with carrying(RequestKeyClaim("k1", "a" * 64)):
        found_district(name="甲", by=coordinator, at=NOON)

    with carrying(RequestKeyClaim("k1", "b" * 64)), pytest.raises(KeyReusedError):
        found_district(name="乙", by=coordinator, at=NOON)


def test_a_key_of_a_failed_request_can_be_used_again(coordinator: User) -> None:
    with carrying(RequestKeyClaim("k1", "a" * 64)):
        with pytest.raises(InvalidError):
            found_district(name="甲", by=coordinator, at=NOON, fails=True)
        district = found_district(name="甲", by=coordinator, at=NOON)

    assert district.name == "甲"


def test_a_refusal_rolls_back_and_leaves_a_denied_event(liaison: User) -> None:
    with pytest.raises(ForbiddenError):
        manage(by=liaison, at=NOON)

    assert not District.objects.filter(name="不该留下").exists()
    event = Event.objects.get()
    assert (event.action, event.result, event.actor) == ("manage", "denied", liaison)


def test_a_use_case_inside_another_fails_at_once(coordinator: User) -> None:
    @usecase
    def outer(*, by: User, at: datetime) -> None:
        found_district(name="甲", by=by, at=at)

    with pytest.raises(RuntimeError, match="called inside"):
        outer(by=coordinator, at=NOON)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_use_case_inside_a_transaction_fails_at_once() -> None:
    user = User.objects.create_user("someone", name="某人")

    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        found_district(name="甲", by=user, at=NOON)


def test_an_undeclared_permission_is_a_bug_and_not_a_silent_no(coordinator: User) -> None:
    with pytest.raises(LookupError):
        authorize(coordinator, "accounts.manage_regster")
