"""The exceptions of casewatch, as one tree.

CasewatchError            something failed and is named; the command line exits with 1
├── RegistryError         a file under seeds/ is wrong: problems with file, line and fix
├── FeedError             a feed's body cannot be read as a feed
├── PageError             a page gives no article
├── WarehouseError        the database file cannot be opened, migrated or asked
│   ├── WarehouseBusyError    another process holds it, and held it for as long as we waited
│   └── RecordError           a record of the archive cannot be read where its row says it lies
└── UsageError            a person asked for something that cannot be; exits with 2
"""


class CasewatchError(Exception):
    """Something failed; the message names what, and what to do about it."""


class RegistryError(CasewatchError):
    """A file under seeds/ is wrong. `problems` holds one line each: file:line: problem; fix."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class FeedError(CasewatchError):
    """A body cannot be read as a feed. `kind` is a failure class such as "parse" or "empty"."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class PageError(CasewatchError):
    """A page gives no article. `kind` is a failure class such as "no_text" or "not_html"."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class WarehouseError(CasewatchError):
    """The database file cannot be opened, migrated or asked."""


class WarehouseBusyError(WarehouseError):
    """Another process holds the warehouse; the message names it."""


class RecordError(WarehouseError):
    """A WARC record cannot be read. `kind` is missing_file, truncated or damaged."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class UsageError(CasewatchError):
    """A person asked for something that cannot be, such as a verdict that does not exist."""
