"""What every resource of the API stands on."""

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from django.db.models import Model
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django_filters.rest_framework import FilterSet
from rest_framework import exceptions, views
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.models import User
from accounts.paging import rows_between

M = TypeVar("M", bound=Model)
ETAG = re.compile(r'(?:W/)?"v([0-9]{1,9})(?:\.[\w-]{1,40})?"')
PAGING = frozenset({"cursor", "page_size", "format", "ordering", "count"})


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


def body_of(request: Request, shape: type[Serializer[Any]]) -> dict[str, Any]:
    """Return what the caller sent in the shape that the step takes."""
    body = shape(data=request.data, context={"request": request})
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def tagged(request: Request, response: Response) -> HttpResponse:
    """Give an answer the ETag of what it says, after the version where it has one; say 304 to
    whoever has read just that."""
    is_reading = request.method in {"GET", "HEAD"}
    if response.status_code not in {200, 201} or not (is_reading or "ETag" in response):
        return response
    said = hashlib.blake2b(response.render().content, digest_size=9).digest()
    version = response.headers.get("ETag", "").strip('"')
    mark = urlsafe_b64encode(said).decode()
    response["ETag"] = f'"{version}.{mark}"' if version else f'"{mark}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if not is_reading or not any(
        tag.removeprefix("W/") in {"*", response["ETag"]} for tag in known
    ):
        return response
    unchanged = HttpResponseNotModified()
    for name in ("ETag", "Cache-Control", "Vary"):
        if name in response:
            unchanged[name] = response[name]
    return unchanged


class Guarded(views.APIView):
    """What every address has: nobody in between keeps answers, and refusals are counted."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let nobody between us and the caller keep what only the caller may see."""
        patch_cache_control(response, private=True, no_cache=True)
        response = super().finalize_response(request, response, *args, **kwargs)
        return tagged(request, response) if isinstance(response, Response) else response

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


class Resource(Guarded, ReadOnlyModelViewSet[M]):
    """Rows that the person may see: a list in cursor pages, and each by its number.

    ``conditional`` names the actions that want If-Match, ``orderings`` the columns besides
    ``ordering`` that a list can be asked for: of the table itself, never null.
    """

    ordering: ClassVar[tuple[str, ...]]
    orderings: ClassVar[tuple[str, ...]] = ("id",)
    conditional: ClassVar[frozenset[str]] = frozenset()
    filterset_class: ClassVar[type[FilterSet]]
    lookup_value_converter = "int"

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Refuse parameters that nobody reads: a mistyped filter must not answer with all rows."""
        known = PAGING | set(self.filterset_class.base_filters)
        if unknown := sorted(set(request.query_params) - known):
            sentence = f"没有这个参数；可用的有 {'、'.join(sorted(known))}。"
            raise exceptions.ValidationError({name: [sentence] for name in unknown})
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.show(rows))

    def read(self, rows: Any, count: int) -> Sequence[Any]:
        """Read the first rows of a list."""
        return rows_between(rows, 0, count)

    def show(self, rows: Any) -> Any:
        """Show the rows of a page."""
        return self.get_serializer(rows, many=True).data

    def order(self) -> tuple[str, ...]:
        """Return the columns by which the list is asked for, the last one unique."""
        asked = self.request.query_params.get("ordering", "")
        if not asked:
            return self.ordering
        sign, name = ("-", asked[1:]) if asked.startswith("-") else ("", asked)
        if name not in self.orderings:
            sentence = f"可以按{'、'.join(self.orderings)}排序，倒序在前面加“-”。"
            raise exceptions.ValidationError({"ordering": [sentence]})
        return (asked,) if name == "id" else (asked, f"{sign}id")

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
        version = self.version_of(row)
        if version is not None:
            response["ETag"] = f'"v{version}"'
        return response

    def version_of(self, row: M) -> int | None:
        """Return the version that a write on the row has to name; None where none is kept."""
        return getattr(row, "version", None)
