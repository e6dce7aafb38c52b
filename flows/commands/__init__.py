"""A module a command: `configure(parser)` says what it takes, `run(args)` returns an exit code.

Import heavy libraries inside `run`: `casewatch --help` must answer at once.
"""
