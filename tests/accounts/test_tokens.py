"""API tokens: shown once, hashed, expiring, revocable."""

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from accounts import tokens
from accounts.errors import ConflictError, InvalidError
from accounts.models import ApiToken, Event, User
from accounts.tokens import NewToken, create_token, revoke_token

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def token_of(user: User, days: int = 90) -> NewToken:
    return create_token(
        user=user, name="报表脚本", expires_at=NOW + timedelta(days=days), by=None, at=NOW
    )


def test_the_secret_is_found_again_and_stands_nowhere_in_the_table(liaison: User) -> None:
    made = token_of(liaison)

    found = tokens.find(made.secret, at=NOW)

    assert found == made.token
    assert found.user == liaison
    row = ApiToken.objects.values().get()
    assert not any(made.secret in str(value) for value in row.values())
    assert Event.objects.get().action == "create_token"
    assert made.secret not in str(Event.objects.values().get())


def test_the_day_of_use_is_noted_once_a_day(liaison: User) -> None:
    made = token_of(liaison)

    tokens.find(made.secret, at=NOW)

    made.token.refresh_from_db()
    assert made.token.last_used_on == NOW.date()


def test_a_token_that_ran_out_opens_nothing(liaison: User) -> None:
    made = token_of(liaison, days=1)

    assert tokens.find(made.secret, at=NOW + timedelta(days=1)) is None


def test_a_revoked_token_opens_nothing_and_is_revoked_once(liaison: User) -> None:
    made = token_of(liaison)

    revoke_token(token_id=made.token.pk, by=None, at=NOW)

    assert tokens.find(made.secret, at=NOW) is None
    with pytest.raises(ConflictError):
        revoke_token(token_id=made.token.pk, by=None, at=NOW)


def test_the_token_of_a_person_out_of_use_opens_nothing(liaison: User) -> None:
    made = token_of(liaison)

    liaison.is_active = False
    liaison.save()

    assert tokens.find(made.secret, at=NOW) is None


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_lives_at_most_a_year(liaison: User, days: int) -> None:
    with pytest.raises(InvalidError):
        token_of(liaison, days=days)


def test_the_command_prints_the_secret_alone(liaison: User) -> None:
    out, err = io.StringIO(), io.StringIO()

    call_command("create_token", liaison.username, stdout=out, stderr=err)

    secret = out.getvalue().strip()
    assert secret.startswith("pt_")
    assert ApiToken.objects.get().digest == tokens.digest(secret)
    assert secret not in err.getvalue()


def test_the_command_revokes_by_number(liaison: User) -> None:
    made = token_of(liaison)

    call_command("revoke_token", str(made.token.pk), stderr=io.StringIO())

    made.token.refresh_from_db()
    assert made.token.revoked_at is not None


def test_the_command_knows_when_there_is_no_such_person(db: None) -> None:
    with pytest.raises(CommandError, match="nobody"):
        call_command("create_token", "nobody")
