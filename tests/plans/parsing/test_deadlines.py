import pytest

from tests.plans.parsing.cases import Case, cases, check


@pytest.mark.parametrize("case", [*cases("deadlines"), *cases("days")])
def test_the_case_is_read_as_written_beside_it(case: Case) -> None:
    check(case)
