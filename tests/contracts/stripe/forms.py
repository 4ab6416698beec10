"""Stripe's form bodies: `a[b][0][c]=1` becomes `{"a": {"b": {"0": {"c": "1"}}}}`; the types come later."""

import re
from dataclasses import dataclass
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qsl

KEY = re.compile(r"^(?P<head>[^\[\]]+)(?P<rest>(\[[^\[\]]*\])*)$")


class BadForm(Exception):
    """The body is not a form Stripe could read."""


@dataclass(frozen=True)
class Upload:
    """A file in a multipart body."""

    name: str
    content: bytes


def decode_multipart(body: bytes, content_type: str) -> dict[str, Any]:
    """The fields of an upload: text as text, files as `Upload`."""
    message = BytesParser().parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    if not message.is_multipart():
        raise BadForm("The body is not multipart/form-data")
    fields: dict[str, Any] = {}
    for part in message.walk():
        if part.is_multipart():
            continue
        content, filename = bytes(part.get_payload(decode=True) or b""), part.get_filename()  # type: ignore[arg-type]
        name = str(part.get_param("name", header="content-disposition"))
        fields[name] = Upload(filename, content) if filename else content.decode()
    return fields


def decode(text: str) -> dict[str, Any]:
    """Nested dictionaries of strings; list positions stay keys until the validator knows that it is a list."""
    root: dict[str, Any] = {}
    for key, value in parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)):
        match = KEY.match(key)
        if match is None:
            raise BadForm(f"Invalid parameter name: {key}")
        _put(root, [match["head"], *re.findall(r"\[([^\[\]]*)\]", match["rest"])], value, name=key)
    return root


def _put(node: dict[str, Any], keys: list[str], value: str, *, name: str) -> None:
    for key in keys[:-1]:
        node = node.setdefault(key or str(len(node)), {})
        if not isinstance(node, dict):
            raise BadForm(f"Invalid parameter name: {name}")
    last = keys[-1] or str(len(node))
    if last in node:
        raise BadForm(f"Parameter given twice: {name}")
    node[last] = value
