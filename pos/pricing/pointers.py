"""Places in a document: JSON pointers (RFC 6901)."""


def pointer_to(parent: str, member: str) -> str:
    """The pointer to a member of what `parent` points to."""
    return f"{parent}/{member.replace('~', '~0').replace('/', '~1')}"
