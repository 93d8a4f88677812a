"""People by HTTP: oneself, and those of the own units."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import Guarded, Resource, actor
from accounts.api.serializers import DepartmentRefSerializer, DistrictRefSerializer
from accounts.choices import Role
from accounts.filters import KeyFilter
from accounts.models import Membership, User


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    """A role in a unit, from a day to a day."""

    department = DepartmentRefSerializer(read_only=True)
    district = DistrictRefSerializer(source="department.district", read_only=True)

    class Meta:
        model = Membership
        fields = ("department", "district", "role", "from_on", "until_on")


class PersonSerializer(serializers.ModelSerializer[User]):
    """A person with the roles that have not ended."""

    memberships = MembershipSerializer(source="seats", many=True, read_only=True)

    class Meta:
        model = User
        fields = ("id", "username", "name", "email", "phone", "memberships")


class PersonFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows people."""

    department = KeyFilter(label="单位", method="of_unit")
    role = filters.ChoiceFilter(label="角色", choices=Role.choices, method="in_role")
    q = filters.CharFilter(label="姓名", field_name="name", lookup_expr="contains")

    class Meta:
        model = User
        fields: list[str] = []

    def of_unit(self, rows: Any, name: str, department: int) -> Any:
        """Leave people of the unit."""
        seats = Membership.objects.active().filter(department=department)
        return rows.filter(pk__in=seats.values("user"))

    def in_role(self, rows: Any, name: str, role: str) -> Any:
        """Leave people with the role."""
        return rows.filter(pk__in=Membership.objects.active().filter(role=role).values("user"))


def with_seats(rows: Any) -> Any:
    """Read people with the roles that have not ended."""
    seats = Membership.objects.active().select_related("department__district").order_by("id")
    return rows.prefetch_related(Prefetch("memberships", seats, to_attr="seats"))


class PersonViewSet(Resource[User]):
    """People of the own units; a coordinator sees those of the district."""

    queryset = User.objects.none()
    serializer_class = PersonSerializer
    filterset_class = PersonFilterSet
    ordering = ("id",)
    orderings = ("name", "id")

    def get_queryset(self) -> Any:
        """Leave those whom the person may see."""
        return with_seats(User.objects.visible_to(actor(self.request)))


class Me(Guarded):
    """The person who calls."""

    action = "retrieve"

    @extend_schema(responses=PersonSerializer)
    def get(self, request: Request) -> Response:
        """Give the person who calls, with the roles."""
        person = with_seats(User.objects.filter(pk=actor(request).pk)).get()
        return Response(PersonSerializer(person).data)
