"""What a password must be and how long it lives."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts import clock
from accounts.models import ApiToken, Department, District, UsedPassword, User
from accounts.passwords import ClassesValidator, ContextValidator
from accounts.tokens import create_token

GOOD = "wangyuan-7319"


def set_password(user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("Ab1-xyzkqw", True),
        ("wangyuan-7319", True),
        ("长" * 3 + "zQ" + "7" * 60, True),
        ("Ab1-xyzkq", False),
        ("wangyuan7319", False),
        ("WANGYUANHE-", False),
    ],
)
def test_ten_signs_of_three_classes_are_wanted(db: None, password: str, is_good: bool) -> None:
    try:
        validate_password(password)
    except ValidationError:
        assert not is_good
    else:
        assert is_good


@pytest.mark.parametrize(
    "password",
    [
        "Password-2017",
        "Duban@2017!",
        "Fazhi-Zhengfu9",
        "利通区-2017abc",
        "Demo-2017-Ab",
        "Xitong#12345",
    ],
)
def test_words_of_the_house_and_the_place_are_refused(district: District, password: str) -> None:
    District.objects.update(name="利通区")

    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert any(
        error.code in ("password_context", "password_too_common")
        for error in refused.value.error_list
    )


def test_a_word_of_the_house_in_a_long_password_is_no_harm(db: None) -> None:
    ContextValidator().validate("fazhi-changcheng-wanli")


def test_common_passwords_are_refused_without_a_network(db: None) -> None:
    with pytest.raises(ValidationError):
        validate_password("1qaz2wsx3edc")


def test_the_last_five_are_not_used_again(liaison: User) -> None:
    words = [f"wangyuan-731{number}" for number in range(6)]
    for word in words:
        validate_password(word, liaison)
        set_password(liaison, word)

    with pytest.raises(ValidationError, match="最近五次"):
        validate_password(words[1], liaison)
    validate_password(words[0], liaison)
    assert UsedPassword.objects.filter(user=liaison).count() == 5


def test_a_new_password_ends_the_tokens(liaison: User) -> None:
    now = clock.real_now()
    create_token(user=liaison, name="x", expires_at=now + timedelta(days=1), by=None, at=now)

    set_password(liaison, GOOD)

    assert not ApiToken.objects.filter(revoked_at=None).exists()


def test_an_expired_password_leads_to_the_change_page_and_nowhere_else(
    client: Client, liaison: User
) -> None:
    set_password(liaison, GOOD)
    client.force_login(liaison)
    assert client.get("/").status_code == 200

    old = clock.real_now() - timedelta(days=90)
    User.objects.filter(pk=liaison.pk).update(password_set_at=old)

    for path in ("/", "/departments/", "/my-work/"):
        assert client.get(path)["Location"] == reverse("account_change_password")
    answer = client.get("/api/v1/plans/")
    assert (answer.status_code, answer.json()["code"]) == (403, "password_expired")
    new = {"oldpassword": GOOD, "password1": "wangyuan-7320", "password2": "wangyuan-7320"}
    client.post(reverse("account_change_password"), new)
    assert client.get("/").status_code == 200


def test_a_token_of_a_person_with_an_expired_password_is_refused(liaison: User) -> None:
    set_password(liaison, GOOD)
    now = clock.real_now()
    made = create_token(user=liaison, name="x", expires_at=now + timedelta(days=1), by=None, at=now)
    User.objects.filter(pk=liaison.pk).update(password_set_at=now - timedelta(days=91))

    answer = Client(headers={"Authorization": f"Bearer {made.secret}"}).get("/api/v1/plans/")

    assert (answer.status_code, answer.json()["code"]) == (403, "password_expired")


def test_without_ageing_an_old_password_stays_good(
    client: Client, liaison: User, settings: Settings
) -> None:
    settings.PASSWORDS_AGE = False
    set_password(liaison, GOOD)
    User.objects.update(password_set_at=clock.real_now() - timedelta(days=900))
    client.force_login(liaison)

    assert client.get("/").status_code == 200


def test_the_rules_are_told_in_words(bureau: Department, client: Client) -> None:
    page = client.get("/accounts/code/").content.decode()

    for rule in (ClassesValidator(), ContextValidator()):
        assert rule.get_help_text() in page
