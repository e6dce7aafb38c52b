"""For all tests: no property test is timed, because machines are shared and noisy."""

from hypothesis import settings

settings.register_profile("casewatch", deadline=None)
settings.load_profile("casewatch")
