"""Units as the API shows them."""

from typing import Any

from rest_framework import serializers

from accounts.api.external_ids import ExternalRefSerializer
from accounts.api.fields import IdField
from accounts.choices import DepartmentKind
from accounts.links import absolute
from accounts.models import Department, DepartmentName, District, StoredFile


class DepartmentRefSerializer(serializers.ModelSerializer[Department]):
    """A unit inside another row."""

    class Meta:
        model = Department
        fields = ("id", "name")


class DepartmentNameSerializer(serializers.ModelSerializer[DepartmentName]):
    """Another name of a unit."""

    class Meta:
        model = DepartmentName
        fields = ("name", "kind")


class DistrictRefSerializer(serializers.ModelSerializer[District]):
    """A district inside another row, with its 行政区划代码."""

    class Meta:
        model = District
        fields = ("id", "name", "code")


class DepartmentSerializer(serializers.ModelSerializer[Department]):
    """A unit of the register; ``code`` stays whatever the unit is called."""

    district = DistrictRefSerializer(read_only=True)
    external_ids = ExternalRefSerializer(many=True, read_only=True)
    names = DepartmentNameSerializer(many=True, read_only=True)
    host = DepartmentRefSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Department
        fields = (
            *("id", "code", "district", "name", "full_name", "kind", "credit_code", "host"),
            *("names", "external_ids", "is_confirmed", "ended_on", "version"),
        )


class NamesField(serializers.ListField):
    """Other names of a unit."""

    def __init__(self) -> None:
        name = serializers.CharField(max_length=100)
        super().__init__(child=name, required=False, max_length=50)

    def to_internal_value(self, data: Any) -> Any:
        """Return them as the register takes them."""
        return tuple(super().to_internal_value(data))


class UnitChangeSerializer(serializers.Serializer[Any]):
    """What the register is to say of a unit; what is not sent stays."""

    name = serializers.CharField(max_length=60, required=False)
    full_name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=DepartmentKind.choices, required=False)
    host = IdField(required=False, allow_null=True, source="host_id")
    credit_code = serializers.CharField(max_length=40, required=False, allow_blank=True)
    aliases = NamesField()
    former = NamesField()
    is_confirmed = serializers.BooleanField(required=False)


class UnitSerializer(UnitChangeSerializer):
    """A new unit."""

    district = IdField()
    name = serializers.CharField(max_length=60)


class StoredFileSerializer(serializers.ModelSerializer[StoredFile]):
    """A file; its bytes come from ``download_url``, which asks again who may have them."""

    download_url = serializers.SerializerMethodField()

    class Meta:
        model = StoredFile
        fields = ("id", "name", "size", "media_type", "sha256", "scan", "download_url")

    def get_download_url(self, file: StoredFile) -> str:
        """Return the address of the bytes."""
        return absolute("accounts:file", file.pk)
