"""The API's frame: cursor pages and RFC 9457 problem documents."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from accounts.errors import DomainError


class Pages(CursorPagination):
    """Fifty rows a page in the view's own order; no exact count, it costs hundreds of pages."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 200


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer every refusal as application/problem+json with a stable code and a sentence."""
    if isinstance(error, DomainError):
        set_rollback()
        return _problem(error.status, error.code, error.message)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        answer = _problem(400, "invalid", "提交的内容有误，请按各字段的提示修改。")
        answer.data["errors"] = response.data
        return answer
    if isinstance(error, Http404):
        return _problem(404, "not_found", "没有这条记录，或您无权查看。")
    if isinstance(error, PermissionDenied):
        return _problem(403, "forbidden", "您没有权限做这一步。")
    assert isinstance(error, exceptions.APIException)
    answer = _problem(response.status_code, error.default_code, str(error.detail))
    for name, value in response.headers.items():
        if name not in {"Content-Type"}:
            answer[name] = value
    return answer


def _problem(status: int, code: str, message: str) -> Response:
    body = {"type": f"urn:problem:{code}", "title": message, "status": status, "code": code}
    return Response(body, status=status, content_type="application/problem+json")
