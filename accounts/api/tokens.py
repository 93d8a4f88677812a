"""The caller's own tokens by HTTP."""

from datetime import timedelta
from typing import Any

import django_filters as filters
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import clock
from accounts.api.base import Resource, actor, body_of
from accounts.choices import TokenScope
from accounts.models import ApiToken
from accounts.querysets import ApiTokenQuerySet
from accounts.tokens import LONGEST, create_token, revoke_token


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """A token as it can be looked at: never its secret."""

    scopes = serializers.ListField(child=serializers.ChoiceField(TokenScope.choices))

    class Meta:
        model = ApiToken
        fields = ("id", "name", "scopes", "created_at", "expires_at", "revoked_at", "last_used_on")


class MadeTokenSerializer(TokenSerializer):
    """A new token; ``secret`` is shown this once, and empty where the same request comes again."""

    secret = serializers.CharField(read_only=True)

    class Meta:
        model = ApiToken
        fields = (*TokenSerializer.Meta.fields, "secret")


class NewTokenSerializer(serializers.Serializer[Any]):
    """What the token is for, what it may do and until when."""

    name = serializers.CharField(max_length=60)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(TokenScope.choices), min_length=1, max_length=len(TokenScope)
    )
    expires_at = serializers.DateTimeField(
        required=False, help_text="At most a year away; ninety days, or as long as the own token"
    )


class TokenFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows tokens; there is nothing to narrow by."""

    class Meta:
        model = ApiToken
        fields: list[str] = []


class TokenViewSet(Resource[ApiToken]):
    """The caller's own tokens, with those that have ended."""

    queryset = ApiToken.objects.none()
    serializer_class = TokenSerializer
    filterset_class = TokenFilterSet
    ordering = ("-id",)

    def get_queryset(self) -> ApiTokenQuerySet:
        """Leave the person's own."""
        return ApiToken.objects.filter(user=actor(self.request))

    @extend_schema(request=NewTokenSerializer, responses={201: MadeTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make a token; one that was asked for with a token can do no more and lives no longer."""
        data, now = body_of(request, NewTokenSerializer), clock.real_now()
        held = request.auth if isinstance(request.auth, ApiToken) else None
        usual = min(now + timedelta(days=90), held.expires_at if held else now + LONGEST)
        token = create_token(
            user=actor(request),
            name=data["name"],
            scopes=[TokenScope(scope) for scope in data["scopes"]],
            expires_at=data.get("expires_at", usual),
            by=actor(request),
            at=now,
            asked_with=held,
        )
        return Response(MadeTokenSerializer(token).data, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> HttpResponse:
        """End a token at once; the one that asks too, if it is named."""
        revoke_token(token_id=self.get_object().pk, by=actor(request), at=clock.real_now())
        return Response(status=204)
