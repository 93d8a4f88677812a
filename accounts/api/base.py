"""What every resource of the API stands on."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from django.db.models import Model
from django.utils.cache import patch_cache_control
from django_filters.rest_framework import FilterSet
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.models import User

M = TypeVar("M", bound=Model)
ETAG = re.compile(r'(?:W/)?"v([0-9]{1,9})"')
PAGING = frozenset({"cursor", "page_size", "format"})


class IfMatchRequiredError(exceptions.APIException):
    """A write on a versioned row came without the version that was read."""

    status_code = 428
    default_code = "if_match_required"
    default_detail = '请在 If-Match 中带上读取时的 ETag（如 "v7"），以免覆盖他人的修改。'


def actor(request: Request) -> User:
    """Return the person who calls; permissions let nobody else in."""
    assert isinstance(request.user, User)
    return request.user


def if_match(request: Request) -> int:
    """Return the version that the caller has read: 428 without the header, 400 for nonsense."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise IfMatchRequiredError
    match = ETAG.fullmatch(header)
    if match is None:
        raise exceptions.ParseError(
            'If-Match 要照抄读取时的一个 ETag，如 "v7"。', code="if_match_invalid"
        )
    return int(match[1])


class Resource(ReadOnlyModelViewSet[M]):
    """Rows that the person may see: a list in cursor pages, and each by its number.

    ``conditional`` names the actions that want If-Match.
    """

    ordering: ClassVar[tuple[str, ...]]
    conditional: ClassVar[frozenset[str]] = frozenset()
    filterset_class: ClassVar[type[FilterSet]]
    lookup_value_converter = "int"

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Refuse parameters that nobody reads: a mistyped filter must not answer with all rows."""
        known = PAGING | set(self.filterset_class.base_filters)
        if unknown := sorted(set(request.query_params) - known):
            sentence = f"没有这个参数；可用的有 {'、'.join(sorted(known))}。"
            raise exceptions.ValidationError({name: [sentence] for name in unknown})
        return super().list(request, *args, **kwargs)

    def paginate_queryset(self, queryset: Any) -> Any:
        """Return the rows of a page with what their serializer shows besides."""
        page = super().paginate_queryset(queryset)
        if page is not None:
            self.attach(page)
        return page

    def attach(self, rows: Sequence[M]) -> None:
        """Read for these rows at once what no join gives."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give one row, with its version as ETag where it has one."""
        return self.answer(self.get_object())

    def answer(self, row: M, status: int = 200) -> Response:
        """Show a row in full."""
        self.attach([row])
        response = Response(self.get_serializer(row).data, status=status)
        if hasattr(row, "version"):
            response["ETag"] = f'"v{row.version}"'
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let nobody between us and the caller keep what only the caller may see."""
        patch_cache_control(response, private=True, no_cache=True)
        return super().finalize_response(request, response, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        """Count failed sign-ins against the throttle too."""
        try:
            super().perform_authentication(request)
        except exceptions.AuthenticationFailed:
            self.check_throttles(request)
            raise

    def permission_denied(
        self, request: Request, message: str | None = None, code: str | None = None
    ) -> Any:
        """Count refusals against the throttle too; DRF counts only what it lets in."""
        self.check_throttles(request)
        super().permission_denied(request, message, code)
