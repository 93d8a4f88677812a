"""A small OpenID provider on localhost that signs in whoever the test names."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

CLIENT, SECRET = "plans", "a-secret-of-the-client-for-tests-only"


class Provider(ThreadingHTTPServer):
    """Hands out one code a visit; ``person`` is who sits at its screen."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.person: dict[str, str] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, str]] = {}


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        match parts.path:
            case "/.well-known/openid-configuration":
                self._configuration()
            case "/authorize":
                code = secrets.token_urlsafe()
                self.server.codes[code] = asked | self.server.person
                back = urlencode({"code": code, "state": asked["state"]})
                self.send_response(302)
                self.send_header("Location", f"{asked['redirect_uri']}?{back}")
                self.end_headers()
            case "/userinfo":
                token = self.headers["Authorization"].removeprefix("Bearer ")
                self._json(self.server.tokens[token])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {key: values[0] for key, values in parse_qs(body).items()}
        asked = self.server.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or asked.get("code_challenge") != challenge
            or (sent.get("client_id"), sent.get("client_secret")) != (CLIENT, SECRET)
        ):
            self._json({"error": "invalid_grant"}, status=400)
            return
        known = ("sub", "preferred_username")
        person: dict[str, str] = {key: asked[key] for key in known if key in asked}
        access, now = secrets.token_urlsafe(), int(time.time())
        self.server.tokens[access] = person
        claims: dict[str, Any] = {"iss": self.server.url, "aud": CLIENT, "exp": now + 60, **person}
        self._json(
            {
                "access_token": access,
                "token_type": "Bearer",
                "id_token": jwt.encode(claims, SECRET, algorithm="HS256"),
            }
        )

    def _configuration(self) -> None:
        url = self.server.url
        self._json(
            {
                "issuer": url,
                "authorization_endpoint": f"{url}/authorize",
                "token_endpoint": f"{url}/token",
                "userinfo_endpoint": f"{url}/userinfo",
                "jwks_uri": f"{url}/jwks",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        )

    def _json(self, data: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[Provider]:
    """Serve until the end of the block."""
    provider = Provider()
    Thread(target=provider.serve_forever, daemon=True).start()
    yield provider
    provider.shutdown()
    provider.server_close()
