"""Fields that many bodies have."""

from typing import Any

from rest_framework import serializers


class IdField(serializers.IntegerField):
    """The id of a row; databases fail on larger numbers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=2**63 - 1, **options)


class VersionField(serializers.IntegerField):
    """The version of a row as it was read; 0 where there may be none yet."""

    def __init__(self, *, min_value: int = 1, **options: Any) -> None:
        super().__init__(min_value=min_value, max_value=2**31 - 1, **options)


class NameField(serializers.CharField):
    """The name of somebody or something that is read from a row beside; null where none stands
    there."""

    def __init__(self, source: str) -> None:
        super().__init__(source=source, default=None, allow_null=True, read_only=True)
