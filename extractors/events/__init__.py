"""Events: what an article says happened in a case, or may happen, and when."""

from extractors.events.find import find_events

__all__ = ["find_events"]
