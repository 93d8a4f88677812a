"""群机器人: where messages may go, what they say, and what each answer means."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts import clock
from accounts.errors import ForbiddenError, InvalidError
from accounts.models import Department, User
from notifications.channels.robot import RobotChannel, origin_of
from notifications.choices import Channel, OutboxStatus, RobotKind
from notifications.models import Outbox, Robot
from notifications.usecases import add_robot, end_robot, queue_for_robots, send_outbox
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, MilestoneFactory
from tests.notifications.conftest import sweep_on

pytestmark = pytest.mark.usefixtures("calendar")
KEY = "a-secret-key"


class Sink:
    """An HTTP server on this machine that notes what it gets and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.answer: dict[str, Any] = {"errcode": 0}
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.got.append((self.path, dict(self.headers), json.loads(body)))
                self.send_response(sink.status)
                for name, value in sink.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(json.dumps(sink.answer).encode())

            def log_message(self, *args: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.origin = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    found = Sink()
    settings.ROBOT_HOSTS = [found.origin]
    settings.ROBOT_PRIVATE = True
    yield found
    found.server.shutdown()
    found.server.server_close()


def register(
    sink: Sink, unit: Department, by: User, kind: RobotKind = RobotKind.WECOM, **fields: Any
) -> Robot:
    given = {"user": None, "url": f"{sink.origin}/send?key={KEY}", "signing": ""} | fields
    return add_robot(kind=kind, department=unit, by=by, at=NOON, **given)


def deliver() -> int:
    """Sweep, queue and send what is for robots."""
    sweep_on(TODAY)
    queue_for_robots(at=NOON, today=TODAY)
    return send_outbox(channel=RobotChannel(), at=NOON, over=Channel.ROBOT)


@pytest.fixture
def owed(bureau: Department, liaison: User) -> None:
    MilestoneFactory.create(department=bureau, what="公布清单")


def test_a_unit_s_group_gets_one_message_a_day_of_its_own_work(
    sink: Sink, owed: None, bureau: Department, liaison: User, coordinator: User
) -> None:
    other = DepartmentFactory.create(district=bureau.district)
    liaison.memberships.create(department=other, role="liaison", from_on=TODAY)
    MilestoneFactory.create(department=other, what="别家的事")
    register(sink, bureau, coordinator)

    assert deliver() == 1
    assert deliver() == 0
    ((path, _, body),) = sink.got
    words = body["text"]["content"]
    assert path == f"/send?key={KEY}"
    assert "公布清单" in words
    assert "别家的事" not in words
    message = Outbox.objects.get(channel=Channel.ROBOT)
    assert message.status == OutboxStatus.SENT
    assert KEY not in message.address + message.body + message.subject
    assert Outbox.objects.get(channel=Channel.MAIL).status == OutboxStatus.QUEUED


@pytest.mark.parametrize("kind", RobotKind)
def test_each_kind_is_addressed_and_signed_in_its_own_words(
    sink: Sink, owed: None, bureau: Department, coordinator: User, kind: RobotKind
) -> None:
    sink.answer = {"code": 0} if kind == RobotKind.FEISHU else {"errcode": 0}
    register(sink, bureau, coordinator, kind, signing="盐")

    assert deliver() == 1
    ((path, headers, body),) = sink.got
    query = parse_qs(urlsplit(path).query)
    match kind:
        case RobotKind.WECOM:
            assert body["msgtype"] == "text"
            assert set(query) == {"key"}
        case RobotKind.DINGTALK:
            signed = f"{query['timestamp'][0]}\n盐".encode()
            digest = hmac.new("盐".encode(), signed, hashlib.sha256).digest()
            assert query["sign"] == [base64.b64encode(digest).decode()]
        case RobotKind.FEISHU:
            key = f"{body['timestamp']}\n盐".encode()
            digest = hmac.new(key, b"", hashlib.sha256).digest()
            assert body["sign"] == base64.b64encode(digest).decode()
            assert "公布清单" in body["content"]["text"]
        case RobotKind.PLAIN:
            assert headers["X-Signature"].startswith("sha256=")
            assert "公布清单" in body["text"]


@pytest.mark.parametrize(
    ("status", "answer", "outcome", "said"),
    [
        (200, {"errcode": 310000, "errmsg": "sign not match"}, OutboxStatus.DEAD, "sign not match"),
        (200, {"errcode": 45009, "errmsg": "freq"}, OutboxStatus.RETRY_WAIT, "45009"),
        (200, {}, OutboxStatus.DEAD, "对方没有接收"),
        (404, {}, OutboxStatus.DEAD, "404"),
        (429, {}, OutboxStatus.RETRY_WAIT, "429"),
        (503, {}, OutboxStatus.RETRY_WAIT, "503"),
        (302, {}, OutboxStatus.DEAD, "没有跟随"),
    ],
)
def test_an_answer_other_than_yes_is_kept_with_its_reason(
    sink: Sink,
    owed: None,
    bureau: Department,
    coordinator: User,
    status: int,
    answer: dict[str, Any],
    outcome: OutboxStatus,
    said: str,
) -> None:
    sink.status, sink.answer = status, answer
    sink.headers = {"Location": f"{sink.origin}/elsewhere"} if status == 302 else {}
    register(sink, bureau, coordinator)

    assert deliver() == 0
    message = Outbox.objects.get(channel=Channel.ROBOT)
    assert message.status == outcome
    assert said in message.reason
    assert len(sink.got) == 1


def test_a_host_that_is_away_is_tried_again_later(
    sink: Sink, owed: None, bureau: Department, coordinator: User
) -> None:
    register(sink, bureau, coordinator)
    sink.server.shutdown()
    sink.server.server_close()

    assert deliver() == 0
    message = Outbox.objects.get(channel=Channel.ROBOT)
    assert message.status == OutboxStatus.RETRY_WAIT
    assert message.next_at > clock.real_now() + timedelta(seconds=30)


@pytest.mark.parametrize("change", ["hosts", "private", "ended"])
def test_nothing_is_sent_to_what_is_no_longer_allowed(
    sink: Sink,
    owed: None,
    bureau: Department,
    coordinator: User,
    settings: Settings,
    change: str,
) -> None:
    robot = register(sink, bureau, coordinator)
    sweep_on(TODAY)
    queue_for_robots(at=NOON, today=TODAY)
    if change == "hosts":
        settings.ROBOT_HOSTS = ["oapi.dingtalk.com"]
    elif change == "private":
        settings.ROBOT_PRIVATE = False
    else:
        end_robot(robot_id=robot.pk, by=coordinator, at=NOON)
    send_outbox(channel=RobotChannel(), at=NOON, over=Channel.ROBOT)

    assert sink.got == []
    assert Outbox.objects.get(channel=Channel.ROBOT).status == OutboxStatus.DEAD
    robot.refresh_from_db()
    assert (robot.url == "") == (change == "ended")


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://OAPI.dingtalk.com/robot/send?x=1", "https://oapi.dingtalk.com"),
        ("https://oapi.dingtalk.com:443/", "https://oapi.dingtalk.com"),
        ("http://10.1.2.3:8080/a", "http://10.1.2.3:8080"),
        ("https://oapi.dingtalk.com@evil.example/", ""),
        ("https://oapi.dingtalk.com.evil.example/", "https://oapi.dingtalk.com.evil.example"),
        ("ftp://oapi.dingtalk.com/", ""),
        ("https://host:99999/", ""),
        ("oapi.dingtalk.com", ""),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_only_allowed_hosts_are_registered_and_only_by_the_coordinator(
    sink: Sink, bureau: Department, coordinator: User, liaison: User
) -> None:
    with pytest.raises(InvalidError, match="ROBOT_HOSTS"):
        register(sink, bureau, coordinator, url="https://evil.example/send")
    with pytest.raises(ForbiddenError):
        register(sink, bureau, liaison)
    with pytest.raises(ForbiddenError):
        register(sink, DepartmentFactory.create(), coordinator)


def test_the_page_is_hidden_until_a_host_is_allowed_and_never_shows_a_secret(
    client: Client, sink: Sink, bureau: Department, coordinator: User, settings: Settings
) -> None:
    client.force_login(coordinator, backend="django.contrib.auth.backends.ModelBackend")
    data = {"kind": "wecom", "department": bureau.pk, "signing": ""}
    refused = client.post("/robots/", data | {"url": f"https://evil.example/{KEY}"})
    page = client.post("/robots/", data | {"url": f"{sink.origin}/{KEY}"}, follow=True)

    assert refused.status_code == 400
    for answer in (refused, page, client.get("/robots/")):
        assert KEY not in answer.content.decode()
    assert "127.0.0.1" in page.content.decode()
    assert "群机器人" in client.get("/outbox/").content.decode()
    settings.ROBOT_HOSTS = []
    assert client.get("/robots/").status_code == 404
    assert "群机器人" not in client.get("/outbox/").content.decode()
