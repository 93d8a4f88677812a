"""群机器人 over HTTP: only to the origins of ROBOT_HOSTS, at an address looked up and then kept."""

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Mapping
from email.message import EmailMessage
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import urllib3
from django.conf import settings

from accounts import clock
from notifications.channels.base import LostError, NotNowError, RefusedError
from notifications.choices import RobotKind
from notifications.models import Robot

SECONDS = urllib3.Timeout(connect=5, read=5)
LONGEST_ANSWER = 64 * 1024
LONGEST_TEXT = 1900  # bytes; 企业微信 takes 2,048
PORTS = {"http": 80, "https": 443}
BUSY_STATUSES = (408, 425, 429)
BUSY_CODES = (45009, 130101, 9499, 11232)
NEVER_SENT = (
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.SSLError,
)


class RobotChannel:
    """Posts one message to one robot; follows no redirect and sends nothing to another host."""

    def __init__(self) -> None:
        self.robot: Robot | None = None
        self.ip = ""

    def offer(self, sender: str, address: str) -> None:
        """Look the robot and its host up; refused where it is not allowed (any more)."""
        robot = Robot.objects.filter(pk=key_of(address), ended_at=None).first()
        if robot is None:
            raise RefusedError("群机器人已停用")
        if origin_of(robot.url) not in allowed_origins():
            raise RefusedError("群机器人的地址不在允许的范围内（ROBOT_HOSTS）")
        self.robot, self.ip = robot, _look_up(robot.url)

    def hand_over(self, message: EmailMessage) -> None:
        """Post the subject and the plain text."""
        robot = self.robot
        assert robot is not None
        body = message.get_body(("plain",))
        text = body.get_content().strip() if body else ""
        path, payload, headers = _request(robot, str(message["Subject"]), text, message)
        try:
            status, answer = self._post(robot.url, path, payload, headers)
        except NEVER_SENT as error:
            raise NotNowError(f"连接不上群机器人：{type(error).__name__}") from error
        except urllib3.exceptions.HTTPError as error:
            raise LostError(f"交付时连接中断：{type(error).__name__}") from error
        _judge(robot.kind, status, answer)

    def drop(self) -> None:
        """Forget the robot."""
        self.robot = None

    def close(self) -> None:
        """Nothing is held open."""

    def _post(
        self, url: str, path: str, payload: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
        pool: urllib3.HTTPConnectionPool
        if parts.scheme == "https":
            pool = urllib3.HTTPSConnectionPool(
                self.ip,
                port,
                timeout=SECONDS,
                cert_reqs="CERT_REQUIRED",
                server_hostname=parts.hostname,
                assert_hostname=parts.hostname,
            )
        else:
            pool = urllib3.HTTPConnectionPool(self.ip, port, timeout=SECONDS)
        with pool:
            response = pool.request(
                "POST",
                path,
                body=payload,
                headers={"Host": parts.netloc, "Content-Type": "application/json", **headers},
                retries=False,
                redirect=False,
                preload_content=False,
            )
            answer = response.read(LONGEST_ANSWER)
            response.close()
        return response.status, answer


def address_of(robot: Robot) -> str:
    """Return the name under which the outbox knows a robot; its real address is a secret."""
    return f"robot-{robot.pk}@local"


def key_of(address: str) -> int:
    """Return the robot's key of such a name."""
    return int(address.removeprefix("robot-").removesuffix("@local"))


def origin_of(url: str) -> str:
    """Return scheme, host and port: https://oapi.dingtalk.com; "" for what is no such address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
        return ""
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    is_usual = port in (None, PORTS[parts.scheme])
    return f"{parts.scheme}://{name}" + ("" if is_usual else f":{port}")


def allowed_origins() -> set[str]:
    """Return what ROBOT_HOSTS allows; a bare host means https."""
    given = (host if "://" in host else f"https://{host}" for host in settings.ROBOT_HOSTS)
    return {origin for origin in map(origin_of, given) if origin}


def _look_up(url: str) -> str:
    """Return the address of the host, at which the message is then sent; private ones are refused
    unless ROBOT_PRIVATE."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    try:
        found = socket.getaddrinfo(
            parts.hostname, parts.port or PORTS[parts.scheme], type=socket.SOCK_STREAM
        )
    except OSError as error:
        raise NotNowError("查不到群机器人主机的地址") from error
    addresses = [ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    if not settings.ROBOT_PRIVATE and not all(address.is_global for address in addresses):
        raise RefusedError("群机器人的主机在内网；确需使用的，请系统管理员设 ROBOT_PRIVATE")
    return str(addresses[0])


def _request(
    robot: Robot, subject: str, text: str, message: EmailMessage
) -> tuple[str, bytes, dict[str, str]]:
    """Return path, body and headers in the words of the robot's kind."""
    parts = urlsplit(robot.url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    headers: dict[str, str] = {}
    words = _short(f"{subject}\n{text}")
    payload: dict[str, Any]
    now = clock.real_now().timestamp()
    match robot.kind:
        case RobotKind.FEISHU:
            payload = {"msg_type": "text", "content": {"text": words}}
            if robot.signing:
                moment = str(int(now))
                key = f"{moment}\n{robot.signing}".encode()
                payload |= {"timestamp": moment, "sign": _signed(key, b"")}
        case RobotKind.PLAIN:
            payload = {"id": str(message["Message-ID"]), "subject": subject, "text": text}
        case _:
            payload = {"msgtype": "text", "text": {"content": words}}
            if robot.kind == RobotKind.DINGTALK and robot.signing:
                moment = str(int(now * 1000))
                sign = _signed(robot.signing.encode(), f"{moment}\n{robot.signing}".encode())
                query += [("timestamp", moment), ("sign", sign)]
    body = json.dumps(payload, ensure_ascii=False).encode()
    if robot.kind == RobotKind.PLAIN and robot.signing:
        digest = hmac.new(robot.signing.encode(), body, hashlib.sha256).hexdigest()
        headers["X-Signature"] = f"sha256={digest}"
    path = (parts.path or "/") + (f"?{urlencode(query)}" if query else "")
    return path, body, headers


def _signed(key: bytes, words: bytes) -> str:
    return base64.b64encode(hmac.new(key, words, hashlib.sha256).digest()).decode()


def _short(text: str) -> str:
    data = text.encode()
    if len(data) <= LONGEST_TEXT:
        return text
    return data[:LONGEST_TEXT].decode(errors="ignore") + "……"


def _judge(kind: str, status: int, answer: bytes) -> None:
    """Raise what the answer means, unless it says that the message was taken."""
    if 300 <= status < 400:
        raise RefusedError(f"{status} 对方要求转到别的地址，没有跟随")
    if status >= 500 or status in BUSY_STATUSES:
        raise NotNowError(f"{status} 对方暂时不能接收")
    if status >= 400:
        raise RefusedError(f"{status} 对方不接收")
    if kind == RobotKind.PLAIN:
        return
    try:
        said = json.loads(answer)
        code = said.get("errcode", said.get("code", said.get("StatusCode")))
    except (ValueError, AttributeError):
        said, code = {}, None
    if code == 0:
        return
    words = str(said.get("errmsg") or said.get("msg") or "没有说明")[:200]
    raise (NotNowError if code in BUSY_CODES else RefusedError)(f"对方没有接收（{code}）：{words}")
