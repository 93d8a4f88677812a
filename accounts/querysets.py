"""Questions to districts, departments, people, files and events."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from accounts.choices import EventResult, Role
from accounts.scope import scope_of

if TYPE_CHECKING:
    from accounts.models import (
        ApiToken,
        Department,
        Event,
        ExternalId,
        Group,
        Membership,
        SignInCode,
        StoredFile,
        User,
    )

IN_HOUSE = ("save", "send_for_sign_off", "take_back")
"""What a unit does with a report before it leaves the house."""


class DepartmentQuerySet(QuerySet["Department"]):
    """Units of the register."""

    def visible_to(self, user: "User") -> Self:
        """Leave the units of the districts in which the person has a role."""
        return self.filter(district__in=scope_of(user).districts)

    def current(self) -> Self:
        """Leave the units that have not ended in a reorganisation."""
        return self.filter(ended_on=None)

    def named(self, name: str) -> Self:
        """Find units by their own, full or other name; the caller narrows to a district."""
        return self.filter(Q(name=name) | Q(full_name=name) | Q(names__name=name)).distinct()


class GroupQuerySet(QuerySet["Group"]):
    """Collective names such as 各乡镇."""

    def visible_to(self, user: "User") -> Self:
        """Leave the groups of the person's districts."""
        return self.filter(district__in=scope_of(user).districts)


class ExternalIdQuerySet(QuerySet["ExternalId"]):
    """Numbers in other systems."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of the person's districts."""
        return self.filter(district__in=scope_of(user).districts)


class MembershipQuerySet(QuerySet["Membership"]):
    """Who is what, where."""

    def held(self) -> Self:
        """Leave what has not ended and whose person or service account is in use."""
        return self.filter(until_on=None, user__is_active=True)

    def active(self) -> Self:
        """Leave what has not ended and whose person can sign in; a service account is nobody who
        could be told, asked or relied on."""
        return self.held().filter(user__is_service=False)

    def of_role(self, *roles: Role) -> Self:
        """Leave memberships of one of these roles."""
        return self.filter(role__in=roles)


class UserQuerySet(QuerySet["User"]):
    """People."""

    def visible_to(self, user: "User") -> Self:
        """Leave the people of the person's own units, and of districts that the person runs."""
        scope = scope_of(user)
        run = scope.districts_as(Role.COORDINATOR)
        seats = apps.get_model("accounts", "Membership").objects.active()
        seats = seats.filter(
            Q(department__in=scope.departments) | Q(department__district__in=run),
            user=OuterRef("pk"),
        )
        return self.filter(Exists(seats))


class StoredFileQuerySet(QuerySet["StoredFile"]):
    """Uploaded and made files."""

    def visible_to(self, user: "User") -> Self:
        """Leave files of the person's units, and those of districts that the person oversees."""
        scope = scope_of(user)
        seen = scope.departments | scope.watched
        return self.filter(Q(department__in=seen) | Q(district__in=scope.overseen))


class ApiTokenQuerySet(QuerySet["ApiToken"]):
    """Keys of programs."""

    def visible_to(self, user: "User") -> Self:
        """Leave the person's own; a system administrator sees those of the whole district."""
        run = scope_of(user).districts_as(Role.SYSTEM_ADMIN)
        seats = apps.get_model("accounts", "Membership").objects.filter(
            department__district__in=run, user=OuterRef("user")
        )
        return self.filter(Q(user=user) | Exists(seats))

    def usable(self, *, at: datetime) -> Self:
        """Leave those that were not revoked, have not run out, and whose person can sign in."""
        return self.filter(revoked_at=None, expires_at__gt=at, user__is_active=True)


class SignInCodeQuerySet(QuerySet["SignInCode"]):
    """Printed codes."""

    def live(self) -> Self:
        """Leave those neither used nor replaced by a newer one."""
        return self.filter(used_at=None, ended_at=None)

    def usable(self, *, at: datetime) -> Self:
        """Leave those that still set a password, of people who may sign in."""
        return self.live().filter(expires_at__gt=at, user__is_active=True)


class EventQuerySet(QuerySet["Event"]):
    """What happened."""

    def visible_to(self, user: "User") -> Self:
        """Leave the steps of work that the person may see: of the own units all, of others what
        they did once it had left the house; coordinators see the plans and registers too."""
        scope = scope_of(user)
        runs = scope.districts_as(Role.COORDINATOR)
        work = Q(object_kind__startswith="tracking.")
        seen = Q(department__in=scope.watched) | Q(department__district__in=scope.overseen)
        return self.filter(
            (work & Q(department__in=scope.departments))
            | (work & seen & ~Q(action__in=IN_HOUSE))
            | Q(district__in=runs),
            result=EventResult.DONE,
        )

    def about(self, thing: Model) -> Self:
        """Leave events of this object and of the objects inside it."""
        label = thing._meta.label_lower
        return self.filter(
            Q(object_kind=label, object_id=thing.pk) | Q(within_kind=label, within_id=thing.pk)
        )

    def newest_first(self) -> Self:
        """Order for a timeline."""
        return self.order_by("-seq")
