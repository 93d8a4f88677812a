"""Units as the API shows them."""

from rest_framework import serializers

from accounts.links import absolute
from accounts.models import Department, DepartmentName, StoredFile


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


class DepartmentSerializer(serializers.ModelSerializer[Department]):
    """A unit of the register."""

    names = DepartmentNameSerializer(many=True, read_only=True)
    host = DepartmentRefSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Department
        fields = ("id", "name", "full_name", "kind", "host", "names", "is_confirmed")


class StoredFileSerializer(serializers.ModelSerializer[StoredFile]):
    """A file; its bytes come from ``download_url``, which asks again who may have them."""

    download_url = serializers.SerializerMethodField()

    class Meta:
        model = StoredFile
        fields = ("id", "name", "size", "media_type", "sha256", "scan", "download_url")

    def get_download_url(self, file: StoredFile) -> str:
        """Return the address of the bytes."""
        return absolute("accounts:file", file.pk)
