"""Sign-in through an identity provider: a real server of ours against a small provider."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.test import Client

from tests.accounts.fake_provider import CLIENT, SECRET, Provider, running

ROOT = Path(__file__).parent.parent.parent
PEOPLE = """
from datetime import date
from accounts.choices import Role
from accounts.models import Department, District, Membership, User
district = District.objects.create(name="某区")
unit = Department.objects.create(district=district, name="区某局", kind="government")
for name in ("zhang", "wang", "li", "gone"):
    person = User.objects.create_user(name, name=name, is_active=name != "gone")
    Membership.objects.create(user=person, department=unit, role=Role.SUPERVISOR,
                              from_on=date(2016, 1, 1))
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running() as found:
        yield found


@pytest.fixture(scope="module")
def site(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Our own server with the settings of the provider, on a database of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {
        **{key: value for key, value in os.environ.items() if key != "DATABASE_URL"},
        "DATA_DIR": str(tmp_path_factory.mktemp("oidc")),
        "SECRET_KEY": "x",
        "DEBUG": "1",
        "BASE_URL": url,
        "OIDC_SERVER_URL": provider.url,
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_NAME": "全区统一认证",
    }

    def manage(*arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)

    manage("migrate", "--verbosity", "0")
    manage("shell", "-c", PEOPLE)
    server = subprocess.Popen(
        [sys.executable, "manage.py", "runserver", "--noreload", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(url)
        yield url
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if requests.get(f"{url}/healthz", timeout=2).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


def enter(site: str) -> requests.Response:
    """Press the button on the sign-in page and follow to the end."""
    with requests.Session() as browser:
        page = browser.get(f"{site}/accounts/login/", timeout=30)
        assert "用全区统一认证登录" in page.text
        assert re.search(r"form-action 'self' http://127", page.headers["Content-Security-Policy"])
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token is not None
        return browser.post(
            f"{site}/accounts/oidc/house/login/",
            data={"csrfmiddlewaretoken": token[1]},
            headers={"Referer": page.url},
            timeout=30,
        )


def test_a_registered_person_comes_in_by_the_username_and_needs_no_second_factor(
    site: str, provider: Provider
) -> None:
    provider.person = {"sub": "1001", "preferred_username": "Zhang"}

    home = enter(site)

    assert (home.status_code, home.url) == (200, f"{site}/")


def test_the_subject_stays_with_the_person_when_the_name_changes(
    site: str, provider: Provider
) -> None:
    provider.person = {"sub": "1002", "preferred_username": "wang"}
    assert enter(site).url == f"{site}/"

    provider.person = {"sub": "1002", "preferred_username": "wang.new"}

    assert enter(site).url == f"{site}/"


def test_a_name_that_belongs_to_another_subject_is_refused(site: str, provider: Provider) -> None:
    provider.person = {"sub": "1003", "preferred_username": "li"}
    assert enter(site).url == f"{site}/"

    provider.person = {"sub": "6666", "preferred_username": "li"}
    answer = enter(site)

    assert answer.status_code == 403
    assert "这个用户名已对应另一个身份" in answer.text


@pytest.mark.parametrize("name", ["stranger", "gone", ""])
def test_nobody_signs_up_and_who_has_left_stays_out(
    site: str, provider: Provider, name: str
) -> None:
    provider.person = {"sub": f"x-{name}", "preferred_username": name}

    answer = enter(site)

    assert answer.status_code == 403
    assert "人员名册里没有您的账号" in answer.text


def test_a_code_of_somebody_else_is_refused(site: str) -> None:
    answer = requests.get(
        f"{site}/accounts/oidc/house/login/callback/",
        params={"code": "stolen", "state": "guessed"},
        timeout=30,
    )

    assert answer.status_code == 403
    assert "没有确认您的身份" in answer.text


@pytest.mark.parametrize("path", ["/accounts/3rdparty/", "/accounts/3rdparty/signup/"])
def test_pages_by_which_people_tie_accounts_together_are_not_there(site: str, path: str) -> None:
    assert requests.get(f"{site}{path}", timeout=30).status_code == 404


def test_without_the_settings_nothing_is_shown(client: Client, db: None) -> None:
    assert "统一" not in client.get("/accounts/login/").content.decode()
    assert client.get("/accounts/oidc/house/login/").status_code == 404


def test_ldap_without_its_package_says_what_to_do() -> None:
    environment = {**os.environ, "LDAP_URL": "ldap://127.0.0.1", "LDAP_USER_DN": "uid=%(user)s"}

    found = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.returncode
    assert "没有安装 ldap 附加包" in found.stderr
