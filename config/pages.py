"""Cursor pages by key: the next page starts after the last row, however many share its date."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from rest_framework import exceptions
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.paging import COUNTED_UP_TO

COUNT = {"1": True, "true": True, "0": False, "false": False}
LINK = {"type": ["string", "null"], "format": "uri"}


class Pages(BasePagination):
    """Fifty rows a page in the view's ``ordering``; no exact count, it costs hundreds of pages.

    The ordering names columns of the model itself, none null, the last one unique. DRF's own cursor
    counts an offset among rows with one date, and stops at a thousand.
    """

    page_size = 50
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return the rows of the page that the request asks for."""
        self.request = request
        self.ordering: tuple[str, ...] = view.order()
        self.count = self._count(queryset)
        size = self._size()
        at, is_back = self._cursor(queryset.model)
        order = [_turned(name) for name in self.ordering] if is_back else list(self.ordering)
        rows = queryset.order_by(*order)
        if at is not None:
            rows = rows.filter(_after(order, at))
        page = list(view.read(rows, size + 1))
        has_more, page = len(page) > size, page[:size]
        if is_back:
            page.reverse()
        self.next = self._link(page[-1], "a") if page and (has_more or is_back) else None
        has_previous = has_more if is_back else at is not None
        self.previous = self._link(page[0], "b") if page and has_previous else None
        return page

    def get_paginated_response(self, data: Any) -> Response:
        """Wrap the rows with the links to the pages around."""
        around = {"next": self.next, "previous": self.previous}
        return Response(around | self.count | {"results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the page."""
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": LINK,
                "previous": LINK,
                "count": {"type": "integer", "description": "Where ?count=1 asks for it"},
                "count_is_bounded": {
                    "type": "boolean",
                    "description": f"There are more than the {COUNTED_UP_TO} that were counted",
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe the parameters of every list."""
        columns = [sign + name for name in view.orderings for sign in ("", "-")]
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": 50}
        return [
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
            {"name": "page_size", "in": "query", "required": False, "schema": size},
            {
                "name": "ordering",
                "in": "query",
                "required": False,
                "schema": {"type": "string", "enum": columns},
            },
            {
                "name": "count",
                "in": "query",
                "required": False,
                "schema": {"type": "string", "enum": sorted(COUNT)},
            },
        ]

    def _count(self, rows: Any) -> dict[str, Any]:
        asked = self.request.query_params.get("count", "0")
        if asked not in COUNT:
            raise exceptions.ValidationError({"count": ["要总数填 1，不要填 0。"]})
        if not COUNT[asked]:
            return {}
        counted = rows.order_by().values("pk")[: COUNTED_UP_TO + 1].count()
        return {
            "count": min(counted, COUNTED_UP_TO),
            "count_is_bounded": counted > COUNTED_UP_TO,
        }

    def _size(self) -> int:
        text = self.request.query_params.get("page_size", str(self.page_size))
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= self.max_page_size):
            raise exceptions.ValidationError({"page_size": [f"请填 1 至 {self.max_page_size}。"]})
        return int(text)

    def _cursor(self, model: type[Model]) -> tuple[list[Any] | None, bool]:
        text = self.request.query_params.get("cursor", "")
        if not text:
            return None, False
        try:
            way, *values = json.loads(urlsafe_b64decode(text.encode()))
            fields = [model._meta.get_field(name.lstrip("-")) for name in self.ordering]
            at = [
                field.to_python(value)  # type: ignore[union-attr]
                for field, value in zip(fields, values, strict=True)
            ]
        except (ValueError, TypeError, ValidationError, RecursionError) as error:
            raise exceptions.ValidationError({"cursor": ["请使用上一页给出的链接。"]}) from error
        if None in at or way not in ("a", "b"):
            raise exceptions.ValidationError({"cursor": ["请使用上一页给出的链接。"]})
        return at, way == "b"

    def _link(self, row: Any, way: str) -> str:
        names = [name.lstrip("-") for name in self.ordering]
        read = row.__getitem__ if isinstance(row, dict) else partial(getattr, row)
        values = [str(read(name)) for name in names]
        cursor = urlsafe_b64encode(json.dumps([way, *values]).encode()).decode()
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _after(order: list[str], at: list[Any]) -> Q:
    """Return the rows that come later in the order than the row with these values."""
    later, same = Q(), Q()
    for name, value in zip(order, at, strict=True):
        column, comparison = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        later |= same & Q(**{f"{column}__{comparison}": value})
        same &= Q(**{column: value})
    return later
