"""External ids inside the rows that bear them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from accounts.choices import ExternalKind
from accounts.models import ExternalId


class ExternalRefSerializer(serializers.ModelSerializer[ExternalId]):
    """What another system calls a row."""

    class Meta:
        model = ExternalId
        fields = ("source", "value")


def attach_external_ids(kind: ExternalKind, rows: Mapping[str, Any]) -> None:
    """Set ``external_ids`` of rows, given by the keys that they bear them under: one query."""
    found: dict[str, list[ExternalId]] = defaultdict(list)
    for known in ExternalId.objects.filter(kind=kind, key__in=list(rows)).order_by("id"):
        found[known.key].append(known)
    for key, row in rows.items():
        row.external_ids = found[key]
