"""How many examples property tests are given: the same ones each time in `make test`, random ones in `make fuzz`."""

from hypothesis import HealthCheck, settings

FUZZ_FACTOR = 30
"""`make fuzz` gives each property test so many times the examples of `make test`."""
USUAL = 300
RECOVERIES, FUZZ_RECOVERIES = 150, 51_000
"""Random recoveries of each flow. Those of the fuzz are shorter, so that it ends within half an hour."""


def register_profiles() -> None:
    """The two ways to run property tests. The usual one chooses its examples by the test's source, so not by chance.

    Neither has a database of failures, a deadline or a check of speed: how fast a machine is must not decide a test.
    """
    settings.register_profile(
        "test",
        max_examples=USUAL,
        stateful_step_count=25,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.register_profile(
        "fuzz",
        settings.get_profile("test"),
        max_examples=USUAL * FUZZ_FACTOR,
        stateful_step_count=15,
        derandomize=False,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    settings.load_profile("test")


def examples(count: int) -> settings:
    """Decorates a property test that is given so many examples in `make test`."""
    return settings(max_examples=count * FUZZ_FACTOR if _is_fuzz() else count)


def random_recoveries(count: int = 0, steps: int = 0) -> settings:
    """For a state machine: so many recoveries of so many events each; by default as many as time allows."""
    usual = FUZZ_RECOVERIES if _is_fuzz() else RECOVERIES
    of = settings(
        examples(count) if count else settings(max_examples=usual),
        suppress_health_check=list(HealthCheck),  # a recovery has many events, which count as much data
    )
    return settings(of, stateful_step_count=steps) if steps else of


def _is_fuzz() -> bool:
    return settings.get_current_profile_name().startswith("fuzz")
