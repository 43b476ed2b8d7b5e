"""A talk that has just begun."""

import pytest

from tests.flows.rehearsal import Rehearsal, begin


@pytest.fixture
def talk() -> Rehearsal:
    return begin()
