"""Sign-in through the identity provider of the house: only people of the register come in."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render

from accounts.attempts import same_name
from accounts.models import User


class RegisteredAlone(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Finds the person by the provider's stable subject, the first time by the username."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Say no: accounts come from the register."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Let in whom the register knows and who may sign in; the subject stays with the person.

        A name that is tied to another subject already is not let in under a new one.
        """
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                raise ImmediateHttpResponse(_refusal(request, "您的账号已停用。"))
            return
        name = same_name(str(_claims(sociallogin).get(settings.OIDC_USERNAME_CLAIM) or ""))
        people = User.objects.filter(username=name, is_active=True, is_service=False)
        person = people.first() if name else None
        if person is None:
            raise ImmediateHttpResponse(_refusal(request, "本系统的人员名册里没有您的账号。"))
        if SocialAccount.objects.filter(
            user=person, provider=sociallogin.account.provider
        ).exists():
            raise ImmediateHttpResponse(_refusal(request, "这个用户名已对应另一个身份。"))
        sociallogin.connect(request, person)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        """Say that the provider did not answer or did not confirm."""
        raise ImmediateHttpResponse(_refusal(request, f"{settings.OIDC_NAME}没有确认您的身份。"))


def _claims(sociallogin: Any) -> dict[str, Any]:
    """Return what the provider says of the person, the signed part first."""
    said = sociallogin.account.extra_data
    return (said.get("userinfo") or {}) | (said.get("id_token") or {})


def _refusal(request: HttpRequest, why: str) -> Any:
    return render(request, "accounts/oidc_refused.html", {"why": why}, status=403)
