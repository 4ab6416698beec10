"""What can go wrong with an embedded server, said in one sentence to the person at the keyboard."""


class EmbeddedError(RuntimeError):
    """A server cannot be provided; the message says why and what to do."""


class PortTakenError(EmbeddedError):
    """Somebody else took the port between looking and binding; starting again picks another one."""


class AlreadyRunningError(EmbeddedError):
    """Another process of this clone holds the servers; `holder` is its process id, if it is known."""

    def __init__(self, message: str, *, holder: int | None) -> None:
        super().__init__(message)
        self.holder = holder


# What a server says in its log, and what that means for the person who started it. First match wins.
_EXPLANATIONS = (
    ("No space left on device", "the disk is full; free some space and start again"),
    ("Disk quota exceeded", "the disk quota is used up; free some space and start again"),
    ("File too large", "the limit for file sizes (ulimit -f) is too small; raise it and start again"),
    (
        "File size limit exceeded",
        "the limit for file sizes (ulimit -f) is too small; raise it and start again",
    ),
    ("Read-only file system", "the file system is read-only"),
    ("Cannot allocate memory", "there is not enough free memory"),
    ("could not map anonymous shared memory", "there is not enough free memory"),
    ("Permission denied", "the server's user may not use its own folder; check the owner and mode of .fynlo"),
)


def explain(log: str) -> str | None:
    """Return the meaning of the first known complaint in a server's log, or None."""
    for complaint, meaning in _EXPLANATIONS:
        if complaint in log:
            return meaning
    return None
