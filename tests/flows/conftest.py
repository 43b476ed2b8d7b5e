"""A recovery that has just begun."""

import pytest

from tests.flows.recovery_driver import RecoveryDriver, begin_recovery


@pytest.fixture
def driver() -> RecoveryDriver:
    return begin_recovery()
