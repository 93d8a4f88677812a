"""Every refusal of the API as an RFC 9457 problem: a stable code and a sentence that helps."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework import exceptions, serializers
from rest_framework.views import exception_handler

from accounts.api.bulk import RefusedRows, RowAnswerSerializer
from accounts.errors import DomainError

API = "/api/"
MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "提交的内容有误",
    401: "需要登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持的方法",
    406: "不支持的返回格式",
    409: "当前状态下不能做这一步",
    412: "记录已被修改",
    413: "内容过大",
    415: "不支持的内容格式",
    422: "请求编号重复",
    428: "缺少 If-Match",
    429: "请求过于频繁",
    500: "系统出错",
}
SENTENCES = {
    "invalid": "提交的内容有误，请按 errors 中各字段的提示修改。",
    "not_authenticated": "请先登录，或在 Authorization 中带上令牌（Bearer …）。",
    "permission_denied": "您没有权限做这一步。",
    "not_found": "没有这条记录，或您无权查看。",
    "not_acceptable": "接口只返回 application/json，请修改 Accept。",
    "parse_error": "请求体无法解析，请检查是否为 UTF-8 编码的 JSON 或完整的表单。",
    "stale": "这条记录刚被他人修改，请重新读取，核对后再提交。",
    "too_large": "内容过大，请压缩或拆分后再提交。",
    "bad_request": "请求无法识别，请检查格式。",
    "server_error": "系统出错，已记入日志，请稍后再试。",
}


class Problem(serializers.Serializer[dict[str, Any]]):
    """The shape of every refusal, for the schema."""

    type = serializers.CharField(help_text="urn:problem: and the code")
    title = serializers.CharField(help_text="What sort of refusal, in Chinese")
    status = serializers.IntegerField(help_text="The HTTP status")
    detail = serializers.CharField(help_text="What to do, in Chinese")
    code = serializers.CharField(help_text="Stable, for programs")
    errors = serializers.JSONField(  # type: ignore[assignment]
        required=False, help_text="By field, where fields are wrong"
    )
    rows = RowAnswerSerializer(
        many=True, required=False, help_text="What became of each row, where a list was refused"
    )


def problem(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Answer a refusal whatever the renderer; None leaves an unknown error to be logged."""
    if isinstance(error, DomainError):
        return answer(error.status, error.code, SENTENCES.get(error.code, error.message))
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = exception_handler(error, context)
    if response is None:
        return None
    assert isinstance(error, exceptions.APIException)
    if isinstance(error, exceptions.ValidationError):
        refusal = answer(400, "invalid", SENTENCES["invalid"], errors=response.data)
    else:
        code = str(error.get_codes())
        sentence = SENTENCES.get(code, str(error.detail))
        more = {"rows": error.rows} if isinstance(error, RefusedRows) else {}
        refusal = answer(response.status_code, code, sentence, **more)
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response.headers:
            refusal[name] = response.headers[name]
    return refusal


def answer(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """Return the problem document."""
    title = TITLES.get(status, detail)
    body = {"type": f"urn:problem:{code}", "title": title, "status": status}
    return JsonResponse(
        body | {"detail": detail, "code": code} | more,
        status=status,
        content_type=MEDIA_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what was refused before a view was reached (handler400)."""
    if not request.path_info.startswith(API):
        return defaults.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return answer(413, "too_large", SENTENCES["too_large"])
    return answer(400, "bad_request", SENTENCES["bad_request"])


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error of ours without telling what it was (handler500)."""
    if not request.path_info.startswith(API):
        return defaults.server_error(request)
    return answer(500, "server_error", SENTENCES["server_error"])
