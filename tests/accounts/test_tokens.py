"""API tokens: shown once, hashed, expiring, revocable."""

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from accounts import tokens
from accounts.choices import TokenScope
from accounts.errors import ConflictError, ForbiddenError, InvalidError
from accounts.models import ApiToken, Event, User
from accounts.tokens import create_token, revoke_token, warn_of_ending_tokens
from notifications.models import Notice
from notifications.usecases import sweep

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def token_of(user: User, days: int = 90) -> ApiToken:
    return create_token(
        user=user, name="报表脚本", expires_at=NOW + timedelta(days=days), by=None, at=NOW
    )


def test_the_secret_is_found_again_and_stands_nowhere_in_the_table(liaison: User) -> None:
    made = token_of(liaison)

    found = tokens.find(made.secret, at=NOW)

    assert found == made
    assert found.user == liaison
    row = ApiToken.objects.values().get()
    assert not any(made.secret in str(value) for value in row.values())
    assert Event.objects.get().action == "create_token"
    assert made.secret not in str(Event.objects.values().get())


def test_the_day_of_use_is_noted_once_a_day(liaison: User) -> None:
    made = token_of(liaison)

    tokens.find(made.secret, at=NOW)

    made.refresh_from_db()
    assert made.last_used_on == NOW.date()


def test_a_token_that_ran_out_opens_nothing(liaison: User) -> None:
    made = token_of(liaison, days=1)

    assert tokens.find(made.secret, at=NOW + timedelta(days=1)) is None


def test_a_revoked_token_opens_nothing_and_is_revoked_once(liaison: User) -> None:
    made = token_of(liaison)

    revoke_token(token_id=made.pk, by=None, at=NOW)

    assert tokens.find(made.secret, at=NOW) is None
    with pytest.raises(ConflictError):
        revoke_token(token_id=made.pk, by=None, at=NOW)


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

    call_command("revoke_token", str(made.pk), stderr=io.StringIO())

    made.refresh_from_db()
    assert made.revoked_at is not None


def test_the_command_knows_when_there_is_no_such_person(db: None) -> None:
    with pytest.raises(CommandError, match="nobody"):
        call_command("create_token", "nobody")


def test_a_token_may_what_was_chosen_in_the_order_of_the_list(liaison: User) -> None:
    made = create_token(
        user=liaison,
        name="x",
        scopes=[TokenScope.FEED, TokenScope.READ],
        expires_at=NOW + timedelta(days=1),
        by=liaison,
        at=NOW,
    )

    assert made.scopes == ["read", "feed"]
    assert made.scope_labels == "查询、变更订阅"
    assert Event.objects.get().data["scopes"] == ["read", "feed"]


def test_a_token_without_a_scope_is_refused(liaison: User) -> None:
    with pytest.raises(InvalidError):
        create_token(
            user=liaison,
            name="x",
            scopes=[],
            expires_at=NOW + timedelta(days=1),
            by=liaison,
            at=NOW,
        )


def test_nobody_has_more_than_twenty_tokens_in_use(liaison: User) -> None:
    made = [token_of(liaison) for _ in range(20)]

    with pytest.raises(ConflictError, match="20"):
        token_of(liaison)
    revoke_token(token_id=made[0].pk, by=liaison, at=NOW)
    token_of(liaison)


def test_nobody_revokes_the_token_of_another(liaison: User, coordinator: User) -> None:
    made = token_of(liaison)

    with pytest.raises(ForbiddenError):
        revoke_token(token_id=made.pk, by=coordinator, at=NOW)


def test_the_owner_is_told_once_two_weeks_before_the_end(liaison: User) -> None:
    token_of(liaison, days=90)
    token_of(liaison, days=7)

    early = warn_of_ending_tokens(at=NOW, now=NOW + timedelta(days=75))
    told = [warn_of_ending_tokens(at=NOW, now=NOW + timedelta(days=77)) for _ in range(2)]
    sweep(at=NOW, today=NOW.date())

    assert (early, told) == (0, [1, 0])
    assert "2026年8月2日失效" in Notice.objects.get(recipient=liaison).text


def test_the_command_gives_the_scopes_that_it_is_told(liaison: User) -> None:
    call_command(
        "create_token",
        liaison.username,
        "--scopes",
        "read",
        "feed",
        stdout=io.StringIO(),
        stderr=io.StringIO(),
    )

    assert ApiToken.objects.get().scopes == ["read", "feed"]
