"""What stands around every page: policy, sign-in, request keys, and errors in the user's words."""

import hashlib
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.api.parsers import ROOM_FOR_FIELDS, is_larger
from accounts.errors import DomainError
from accounts.request_keys import RequestKeyClaim, carrying

Handler = Callable[[HttpRequest], HttpResponse]


def form_targets(provider: str) -> list[str]:
    """Return where forms may lead: here, and to the provider that signs people in."""
    parts = urlsplit(provider)
    return ["'self'", f"{parts.scheme}://{parts.netloc}"] if provider else ["'self'"]


POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    f"form-action {' '.join(form_targets(settings.OIDC_SERVER_URL))}; frame-ancestors 'none'"
)
LONGEST_KEY = 64
OPEN_PATHS = ("/accounts/", "/static/", "/api/", "/feed/")
WATCHED = ("/healthz", "/readyz", "/metrics")


def content_security_policy(get_response: Handler) -> Handler:
    """Allow nothing on a page but what we serve ourselves."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return handle


class SignInRequired:
    """Deny by default: whoever is not signed in gets the sign-in page, but for the open paths.

    A part of a page that asks by itself is told, so that the page stays as it is.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_open = request.path_info in WATCHED or request.path_info.startswith(OPEN_PATHS)
        if is_open or request.user.is_authenticated:
            return self.get_response(request)
        if "HX-Request" in request.headers:
            return HttpResponse(status=401)
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


class RequestKeys:
    """Hand the key that a form or an API call carries to the use case that runs in this request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = self._key(request)
        if not key:
            return self.get_response(request)
        if len(key) > LONGEST_KEY:
            key = hashlib.sha256(key.encode()).hexdigest()
        with carrying(RequestKeyClaim(key=key, body_hash=self._body_hash(request))):
            return self.get_response(request)

    def _key(self, request: HttpRequest) -> str:
        if request.method not in {"POST", "PUT", "PATCH", "DELETE"}:
            return ""
        if request.path_info.startswith("/api/"):
            # The hash reads the body; what every view refuses for its size is not read here either.
            if is_larger(request, settings.UPLOAD_MAX_BYTES + ROOM_FOR_FIELDS):
                return ""
            return request.headers.get("Idempotency-Key", "")
        return request.POST.get("request_key", "")

    def _body_hash(self, request: HttpRequest) -> str:
        digest = hashlib.sha256(request.path.encode())
        is_form = (request.content_type or "").startswith("multipart/")
        if request.path_info.startswith("/api/") and not is_form:
            digest.update(request.body)
        else:
            for name, values in sorted(request.POST.lists()):
                if name != "csrfmiddlewaretoken":
                    digest.update(repr((name, values)).encode())
            for name, files in sorted(request.FILES.lists()):
                for upload in files:
                    digest.update(repr((name, upload.name)).encode())
                    for chunk in upload.chunks():
                        digest.update(chunk)
                    upload.seek(0)
        return digest.hexdigest()


class DomainErrors:
    """Show a refusal as a page with its own sentence and status."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        return render(request, "refused.html", {"error": error}, status=error.status)
