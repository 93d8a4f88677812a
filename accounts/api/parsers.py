"""Bodies of the API: bounded in size and depth, text that every database can keep."""

from typing import IO, Any

from django.conf import settings
from rest_framework import exceptions, parsers

ROOM_FOR_FIELDS = 1024 * 1024


class TooLargeError(exceptions.APIException):
    """The body is larger than this installation takes."""

    status_code = 413
    default_code = "too_large"
    default_detail = "内容过大，请压缩或拆分后再提交。"


def is_larger(request: Any, limit: int) -> bool:
    """Say whether a body is larger; no more than Content-Length is read, so the header is it."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return not (length.isascii() and length.isdigit()) or int(length) > limit


def _refuse_larger(context: Any, limit: int) -> None:
    if is_larger(context["request"], limit):
        raise TooLargeError


class JSONParser(parsers.JSONParser):
    """JSON; the fields themselves refuse NUL and lone surrogates."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        """Return the body, or say why not: too large, too deep, not JSON."""
        _refuse_larger(parser_context, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError("JSON 嵌套过深。", code="too_deep") from error


class MultiPartParser(parsers.MultiPartParser):
    """A form with a file, refused before it is read when it is too large."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        """Return fields and files."""
        _refuse_larger(parser_context, settings.UPLOAD_MAX_BYTES + ROOM_FOR_FIELDS)
        return super().parse(stream, media_type, parser_context)
