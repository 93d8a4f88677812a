"""A JSON list of rows: one transaction, or with ``?partial=1`` one for each row."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from accounts import clock
from accounts.api.base import actor
from accounts.bulk import BulkRow, RowsRefusedError, all_or_none
from accounts.errors import DomainError
from accounts.request_keys import carrying_row

F = TypeVar("F", bound=Callable[..., Any])
MOST_ROWS = 100
PARTIAL = "partial"
TOLD = ("code", "detail", "errors")


class RowAnswerSerializer(serializers.Serializer[Any]):
    """What became of one row: ``row`` as it stands now, or why it was refused."""

    index = serializers.IntegerField(help_text="Its place in the list, from 0")
    status = serializers.IntegerField(
        help_text="200; what the refusal of this row alone would be; 424 where others were refused"
    )
    row = serializers.JSONField(required=False)
    code = serializers.CharField(required=False)
    detail = serializers.CharField(required=False)
    errors = serializers.JSONField(required=False)  # type: ignore[assignment]


class RowAnswersSerializer(serializers.Serializer[Any]):
    """An answer for each row, in the order of the list."""

    rows = RowAnswerSerializer(many=True)


class RefusedRows(exceptions.APIException):  # named as what it answers
    """The whole list was refused; ``rows`` answers for each."""

    status_code = 409
    default_code = RowsRefusedError.code
    default_detail = RowsRefusedError.default_message

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        super().__init__()
        self.rows = rows


def takes_rows(shape: type[serializers.Serializer[Any]]) -> Callable[[F], F]:
    """Describe an action that takes a list of rows of this shape."""
    return extend_schema(
        request=shape(many=True),
        parameters=[
            OpenApiParameter(
                PARTIAL, bool, description="Each row in a transaction of its own; else all or none"
            )
        ],
        responses={200: RowAnswersSerializer, 207: RowAnswersSerializer},
    )


def take_rows(
    request: Request,
    shape: type[serializers.Serializer[Any]],
    row_of: Callable[[dict[str, Any]], BulkRow],
    shown: Callable[[list[dict[str, Any]]], list[Any]],
) -> Response:
    """Carry out each row of the body and answer for each.

    ``row_of`` says which use case a row calls and with what, ``shown`` how rows stand afterwards.
    Asked again with the same Idempotency-Key, nothing is done and the rows are shown.
    """
    refused: dict[int, Exception] = {}
    asked: dict[int, dict[str, Any]] = {}
    rows: dict[int, BulkRow] = {}
    given = _list_of(request)
    for place, one in enumerate(given):
        try:
            body = shape(data=one, context={"request": request})
            body.is_valid(raise_exception=True)
            asked[place] = dict(body.validated_data)
            rows[place] = row_of(asked[place])
        except (exceptions.APIException, DomainError) as error:
            refused[place] = error
    is_partial = request.query_params.get(PARTIAL) in {"1", "true"}
    if is_partial:
        refused |= _each(request, rows)
    elif not refused:
        refused |= _all(request, rows)
    if refused and not is_partial:
        raise RefusedRows([_answer(place, refused.get(place)) for place in range(len(given))])
    done = [place for place in range(len(given)) if place not in refused]
    stand = dict(zip(done, shown([asked[place] for place in done]), strict=True))
    answers = [_answer(place, refused.get(place), stand) for place in range(len(given))]
    return Response({"rows": answers}, status=207 if refused else 200)


def _list_of(request: Request) -> list[Any]:
    rows = request.data
    if not isinstance(rows, list):
        raise exceptions.ValidationError(["请提交一个 JSON 数组，每行一个对象。"])
    if not 1 <= len(rows) <= MOST_ROWS:
        raise exceptions.ValidationError([f"一次提交1至{MOST_ROWS}行，多的请分批。"])
    return rows


def _all(request: Request, rows: Mapping[int, BulkRow]) -> dict[int, Exception]:
    try:
        all_or_none(rows=list(rows.values()), by=actor(request), at=clock.now())
    except RowsRefusedError as error:
        return dict(error.refused)
    return {}


def _each(request: Request, rows: Mapping[int, BulkRow]) -> dict[int, Exception]:
    refused: dict[int, Exception] = {}
    for place, row in rows.items():
        try:
            with carrying_row(place):
                row.step(**row.details, by=actor(request), at=clock.now())
        except DomainError as error:
            refused[place] = error
    return refused


def _answer(
    place: int, error: Exception | None, stand: Mapping[int, Any] | None = None
) -> dict[str, Any]:
    if error is None:
        if stand is None:
            return {"index": place, "status": 424, "detail": "其他行不能办理，这一行没有办理。"}
        return {"index": place, "status": 200, "row": stand[place]}
    explain = cast("Callable[..., HttpResponse]", api_settings.EXCEPTION_HANDLER)
    refusal = explain(error, {})
    told = json.loads(refusal.content)
    return {"index": place, "status": refusal.status_code} | {
        key: told[key] for key in TOLD if key in told
    }
