"""What a stranger may upload: the page says what to do, and nothing of the file is kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import District, StoredFile, User
from plans.models import Edition, ImportJob
from tests.plans.readers.test_hostile import HOSTILE


@pytest.mark.parametrize("case", HOSTILE)
def test_the_page_says_why_and_what_to_do_and_keeps_nothing(
    case: str, litong: District, checker: User, client: Client
) -> None:
    name, content, reason = HOSTILE[case]
    client.force_login(checker)

    answer = client.post(
        reverse("plans:import"),
        {"file": SimpleUploadedFile(name, content), "district": litong.pk},
    )

    assert answer.status_code == 400
    ((message,),) = answer.context["form"].errors.values()
    assert reason in message
    assert "请" in message
    assert message in answer.content.decode()
    assert not Edition.objects.exists()
    assert not ImportJob.objects.exists()
    assert not StoredFile.objects.exists()
