import pytest

from tests.plans.parsing.cases import Case, cases, check


@pytest.mark.parametrize("case", [*cases("responsibility"), *cases("leads")])
def test_the_case_is_read_as_written_beside_it(case: Case) -> None:
    check(case)
