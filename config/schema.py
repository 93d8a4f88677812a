"""What every operation of the API has in common, said once for the OpenAPI document."""

import inspect
from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from config.api import MEDIA_TYPE, TITLES, Problem

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A UUID of the caller: the same request sent twice is carried out once.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag of the row as it was read, such as "v7".',
)
READING, WRITING, CONDITIONAL = (400, 401, 404, 429), (403, 409, 413, 415, 422), (412, 428)


class Schema(AutoSchema):
    """Names operations by resource and action; adds the headers of writes and the refusals."""

    def get_operation_id(self) -> str:
        """Return the name that clients are generated with, such as submissions_accept."""
        return f"{self.get_tags()[0]}_{self._action}"

    def get_description(self) -> str:  # type: ignore[override]
        """Describe reading by the resource and every step by itself."""
        if self._action in {"list", "retrieve"}:
            return inspect.getdoc(type(self.view)) or ""
        return str(super().get_description())

    def get_override_parameters(self) -> list[Any]:
        """Name the headers that this operation reads."""
        if self.method == "GET":
            return []
        return [IDEMPOTENCY_KEY, *([IF_MATCH] if self._is_conditional else [])]

    @property
    def _action(self) -> str:
        return str(getattr(self.view, "action", ""))

    @property
    def _is_conditional(self) -> bool:
        return self._action in getattr(self.view, "conditional", ())

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        codes = READING if self.method == "GET" else READING + WRITING
        for code in sorted(codes + (CONDITIONAL if self._is_conditional else ())):
            refusal = self._get_response_for_code(  # type: ignore[no-untyped-call]
                Problem, str(code), [MEDIA_TYPE]
            )
            bodies[str(code)] = refusal | {"description": TITLES[code]}
        return bodies
