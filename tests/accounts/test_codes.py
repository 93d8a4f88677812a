"""开通码: the first sign-in and the forgotten password."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.choices import Role
from accounts.errors import ConflictError, ForbiddenError, InvalidError, TooManyError
from accounts.models import ApiToken, Department, Event, FailedSignIn, SignInCode, User
from accounts.tokens import create_token
from accounts.usecases import issue_code, set_password_by_code, unlock_sign_in
from tests.conftest import NOON
from tests.factories import member

GOOD = "wangyuan-7319"
NOW = NOON
URL = "/accounts/code/"


@pytest.fixture
def head(bureau: Department) -> User:
    return member(bureau, Role.HEAD)


def code_for(person: User, by: User) -> str:
    return issue_code(user_id=person.pk, by=by, at=NOON, now=NOW).secret


def use(person: User | str, code: str, **changes: object) -> User | None:
    values = {
        "username": person if isinstance(person, str) else person.username,
        "code": code,
        "password": GOOD,
        "source": "10.0.0.1",
        "at": NOON,
        "now": NOW,
    }
    return set_password_by_code(**(values | changes))  # type: ignore[arg-type]


def test_a_code_sets_a_password_once(liaison: User, head: User) -> None:
    code = code_for(liaison, head)

    assert use(liaison, code) == liaison
    liaison.refresh_from_db()
    assert liaison.check_password(GOOD)
    assert use(liaison, code) is None
    assert list(Event.objects.values_list("action", "actor")) == [
        ("issue_code", head.pk),
        ("set_password_by_code", liaison.pk),
    ]


def test_a_code_is_kept_as_a_hash_and_read_however_it_is_typed(liaison: User, head: User) -> None:
    code = code_for(liaison, head)

    assert code.replace("-", "") not in str(SignInCode.objects.values())
    assert use(liaison.username.upper(), f" {code.lower().replace('-', ' ')} ") == liaison


def test_a_code_lives_three_days_and_until_the_next_one(liaison: User, head: User) -> None:
    old = code_for(liaison, head)
    new = code_for(liaison, head)

    assert use(liaison, old) is None
    assert use(liaison, new, now=NOW + timedelta(days=3)) is None
    assert use(liaison, new, now=NOW + timedelta(days=2, hours=23)) == liaison


def test_a_code_of_somebody_else_or_of_a_person_out_of_use_opens_nothing(
    liaison: User, head: User, coordinator: User
) -> None:
    code = code_for(liaison, head)

    assert use(head, code) is None
    User.objects.filter(pk=liaison.pk).update(is_active=False)
    assert use(liaison, code) is None


def test_a_weak_password_leaves_the_code_usable(liaison: User, head: User) -> None:
    code = code_for(liaison, head)

    with pytest.raises(InvalidError):
        use(liaison, code, password="123456")
    assert use(liaison, code) == liaison


def test_tokens_and_sessions_end_with_the_old_password(
    client: Client, liaison: User, head: User
) -> None:
    now = clock.real_now()
    create_token(user=liaison, name="x", expires_at=now + timedelta(days=1), by=None, at=now)
    client.force_login(liaison)

    use(liaison, code_for(liaison, head), now=NOW)

    assert not ApiToken.objects.filter(revoked_at=None).exists()
    assert client.get("/").status_code == 302


def test_five_wrong_codes_close_the_way_from_there_only(liaison: User, head: User) -> None:
    code = code_for(liaison, head)
    for _ in range(5):
        assert use(liaison, "AAAA-AAAA-AAAA") is None

    with pytest.raises(TooManyError):
        use(liaison, code)
    assert use(liaison, code, source="10.0.0.2") == liaison


def test_the_way_opens_after_a_quarter_of_an_hour_or_by_hand(liaison: User, head: User) -> None:
    code = code_for(liaison, head)
    for minute in range(5):
        use(liaison, "AAAA-AAAA-AAAA", now=NOW + timedelta(minutes=minute))

    with pytest.raises(TooManyError):
        use(liaison, code, now=NOW + timedelta(minutes=18))
    unlock_sign_in(user_id=liaison.pk, by=head, at=NOON)
    assert use(liaison, code, now=NOW + timedelta(minutes=18)) == liaison
    assert Event.objects.filter(action="unlock_sign_in", actor=head).exists()
    with pytest.raises(ConflictError, match="没有被锁定"):
        unlock_sign_in(user_id=liaison.pk, by=head, at=NOON)


def test_unknown_names_are_counted_like_known_ones(db: None) -> None:
    for _ in range(5):
        assert use("nobody", "AAAA-AAAA-AAAA") is None
    with pytest.raises(TooManyError):
        use("nobody", "AAAA-AAAA-AAAA")


def test_a_source_that_tries_many_names_is_slowed_down(db: None) -> None:
    FailedSignIn.objects.bulk_create(
        FailedSignIn(username=f"n{n}", source="10.0.0.1", at=NOW) for n in range(60)
    )

    with pytest.raises(TooManyError):
        use("another", "AAAA-AAAA-AAAA")


@pytest.mark.parametrize(
    ("by", "person", "is_allowed"),
    [
        ("head", "liaison", True),
        ("liaison", "colleague", True),
        ("coordinator", "liaison", True),
        ("coordinator", "supervisor", True),
        ("liaison", "head", False),
        ("liaison", "liaison", False),
        ("liaison", "coordinator", False),
        ("head", "outsider", False),
        ("supervisor", "liaison", False),
        ("viewer", "liaison", False),
        ("coordinator", "administrator", False),
        ("coordinator", "outsider", False),
    ],
)
def test_who_may_print_a_code_for_whom(
    bureau: Department,
    head: User,
    by: str,
    person: str,
    is_allowed: bool,
    request: pytest.FixtureRequest,
) -> None:
    made = {
        "colleague": member(bureau, Role.LIAISON),
        "administrator": member(bureau, Role.SYSTEM_ADMIN, Role.LIAISON),
    }
    who = request.getfixturevalue(by)
    whom = made.get(person) or request.getfixturevalue(person)

    if is_allowed:
        assert code_for(whom, who)
    else:
        with pytest.raises(ForbiddenError):
            code_for(whom, who)


def test_a_liaison_who_is_also_coordinator_is_not_opened_by_a_colleague(
    coordinator: User,
) -> None:
    office = coordinator.memberships.get().department
    colleague = member(office, Role.HEAD)

    with pytest.raises(ForbiddenError):
        code_for(coordinator, colleague)


def test_the_slip_shows_the_code_once_and_the_page_takes_it(
    client: Client, bureau: Department, liaison: User, head: User
) -> None:
    client.force_login(head)
    url = reverse("accounts:issue-code", args=[liaison.pk])

    slip = client.post(url, {"request_key": "k"})
    again = client.post(url, {"request_key": "k"}, follow=True)
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", slip.content.decode())

    assert code
    assert code[0] not in again.content.decode()
    assert "已经显示过一次" in again.content.decode()
    assert "no-store" in slip["Cache-Control"]
    stranger = Client()
    typed = {"username": liaison.username, "code": code[0], "password": GOOD, "again": GOOD}
    done = stranger.post(URL, typed, follow=True)
    assert "密码已经设好" in done.content.decode()
    assert stranger.login(username=liaison.username, password=GOOD)


def test_the_page_answers_alike_for_known_and_unknown_names(client: Client, liaison: User) -> None:
    typed = {"code": "AAAA-AAAA-AAAA", "password": GOOD, "again": GOOD}

    def answer(name: str) -> str:
        page = client.post(URL, typed | {"username": name})
        assert page.status_code == 400
        return re.sub(r"csrf[^>]*>|" + name, "", page.content.decode())

    assert answer(liaison.username) == answer("personx")


def test_a_code_for_somebody_out_of_sight_is_not_found(
    client: Client, head: User, outsider: User
) -> None:
    client.force_login(head)

    assert client.post(reverse("accounts:issue-code", args=[outsider.pk])).status_code == 404
    assert client.get(reverse("accounts:issue-code", args=[outsider.pk])).status_code == 405


def test_five_wrong_passwords_close_the_sign_in_from_there(liaison: User) -> None:
    liaison.set_password(GOOD)
    liaison.save()

    def sign_in(password: str, source: str = "10.0.0.1") -> int:
        typed = {"login": liaison.username, "password": password}
        return Client(REMOTE_ADDR=source).post(reverse("account_login"), typed).status_code

    assert [sign_in("wrong") for _ in range(5)] == [200] * 5
    assert sign_in(GOOD) == 200
    assert sign_in(GOOD, "10.0.0.2") == 302
