"""Search by HTTP: the same findings as on the page, and a refusal of what makes no sense."""

from collections.abc import Callable

import pytest

from accounts.models import User
from tests.api.conftest import Caller
from tests.factories import SubmissionFactory
from tracking.models import Milestone

Call = Callable[[User | None], Caller]


def test_what_the_person_may_read_is_found_by_kind(
    call: Call, milestone: Milestone, liaison: User, outsider: User
) -> None:
    sent = SubmissionFactory.create(
        milestone=milestone, narrative="已建成数据共享平台", accepted=True
    )

    found = call(liaison).get("search/", q="共享").json()

    assert found == {
        "results": [
            {
                "key": "reports",
                "label": "进展反馈",
                "has_more": False,
                "hits": [
                    {
                        "url": f"/submissions/{sent.pk}/",
                        "title": f"{milestone.department} {milestone.reference}第1次反馈",
                        "pieces": [
                            {"text": "已建成数据", "is_found": False},
                            {"text": "共享", "is_found": True},
                            {"text": "平台", "is_found": False},
                        ],
                    }
                ],
            }
        ]
    }
    assert call(outsider).get("search/", q="共享").json() == {"results": []}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "q"),
        ({"q": "  "}, "q"),
        ({"q": "字" * 51}, "q"),
        ({"q": "共享", "in": "secrets"}, "in"),
        ({"q": "共享", "page": "2"}, "page"),
    ],
)
def test_what_cannot_be_searched_for_is_refused(
    call: Call, liaison: User, query: dict[str, str], field: str
) -> None:
    answer = call(liaison).get("search/", **query)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
