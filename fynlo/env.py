"""Typed values from the process environment: the only module that reads configuration variables.

Every reader names the variable in its error and says what is allowed. An empty variable counts as unset,
because `FYNLO_X= command` and an empty line in a compose file mean "not given". Values of secrets never
appear in an error message or in a repr. Standard library only: settings, manage.py and the embedded services
all start from here.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

ENVIRONMENTS: Final = ("development", "test", "production")
DATABASE_ENGINE: Final = "fynlo.core.postgres"

_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})
_SHORTEST_SECRET: Final = 16
_CURRENCY_LETTERS: Final = 3
_EMAIL_FORM: Final = "smtp://user:password@host:port"
_EMAIL_BACKENDS: Final = "django.core.mail.backends"
_EMAIL_PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_DATABASE_FORM: Final = "postgres://user:password@host:port/name?option=value"
_DATABASE_SCHEMES: Final = frozenset({"postgres", "postgresql"})
# Options libpq understands; others are refused so that a typing error does not silently mean "no TLS".
_INTEGER_OPTIONS: Final = frozenset(
    {
        "connect_timeout",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "tcp_user_timeout",
    }
)
_TEXT_OPTIONS: Final = frozenset(
    {
        "application_name",
        "channel_binding",
        "client_encoding",
        "gssencmode",
        "options",
        "passfile",
        "service",
        "sslcert",
        "sslcrl",
        "sslkey",
        "sslmode",
        "sslnegotiation",
        "sslrootcert",
        "target_session_attrs",
    }
)


class EnvironmentValueError(ValueError):
    """A variable is missing or cannot be read; `variable` is its name."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable}: {problem}")
        self.variable = variable


class SecretText(str):
    """A string that does not show itself in a repr, so that tracebacks and settings dumps stay clean."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'********'"


class Env:
    """Readers over one mapping of variables (the process environment unless another is given)."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values: Mapping[str, str] = os.environ if values is None else values

    def __repr__(self) -> str:
        return f"<Env of {len(self._values)} variables>"

    def has(self, name: str) -> bool:
        """Whether the variable is given and not empty."""
        return bool(self._values.get(name, "").strip())

    def text(self, name: str, default: str | None = None, *, allowed: Sequence[str] | None = None) -> str:
        """Return the trimmed text; without a default an unset variable is an error."""
        value = self._values.get(name, "").strip()
        if not value:
            if default is None:
                raise EnvironmentValueError(name, "is not set and has no default")
            return default
        if allowed is not None and value not in allowed:
            raise EnvironmentValueError(name, f"{value!r} is not allowed; allowed are {', '.join(allowed)}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a yes/no value: 1, true, yes, on or 0, false, no, off, in any case."""
        if not self.has(name):
            return default
        value = self.text(name).lower()
        if value in _TRUE:
            return True
        if value in _FALSE:
            return False
        raise EnvironmentValueError(
            name, f"{value!r} is not a yes/no value; allowed are 1, true, yes, on, 0, false, no, off"
        )

    def amounts(self, name: str) -> dict[str, int]:
        """Return minor units by currency: `EUR=10,GBP=8`. Nothing when unset."""
        found = {}
        for entry in filter(None, (each.strip() for each in self._values.get(name, "").split(","))):
            currency, _, minor = entry.partition("=")
            is_currency = len(currency) == _CURRENCY_LETTERS and currency.isascii() and currency.isupper()
            if not (is_currency and minor.isascii() and minor.isdigit()):
                raise EnvironmentValueError(name, f"{entry!r} is no amount; write EUR=10, in minor units")
            found[currency] = int(minor)
        return found

    def integer(
        self, name: str, default: int | None = None, *, minimum: int | None = None, maximum: int | None = None
    ) -> int:
        """Return a whole number in ASCII digits, optionally bounded at both ends (inclusive)."""
        if not self.has(name) and default is not None:
            return default
        value = self.text(name)
        bounds = _bounds(minimum, maximum)
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()):
            raise EnvironmentValueError(name, f"{value!r} is not a whole number{bounds}")
        number = int(value)
        if (minimum is not None and number < minimum) or (maximum is not None and number > maximum):
            raise EnvironmentValueError(name, f"{number} is out of range{bounds}")
        return number

    def list(self, name: str, default: Sequence[str] = ()) -> list[str]:
        """Return the comma-separated parts, trimmed, without empty ones."""
        if not self.has(name):
            return [*default]
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def secret(self, name: str, default: str | None = None) -> SecretText:
        """Return a secret of at least 16 characters; its value is never part of a message."""
        if not self.has(name) and default is not None:
            return SecretText(default)
        value = self.text(name)
        if len(value) < _SHORTEST_SECRET:
            raise EnvironmentValueError(name, f"is shorter than {_SHORTEST_SECRET} characters")
        return SecretText(value)

    def secrets(self, name: str, default: Sequence[str]) -> Sequence[SecretText]:
        """Return comma-separated secrets of at least 16 characters each; no value is part of a message."""
        values = self.list(name, default)
        if any(len(value) < _SHORTEST_SECRET for value in values):
            raise EnvironmentValueError(name, f"has a secret shorter than {_SHORTEST_SECRET} characters")
        return [SecretText(value) for value in values]

    def database(self, name: str = "DATABASE_URL", default: str | None = None) -> dict[str, Any]:
        """Return the Django DATABASES entry for the URL in a variable; see `database_settings`."""
        return database_settings(self.text(name, default), variable=name)

    def email(self, name: str, default: str) -> dict[str, Any]:
        """Return Django's e-mail settings for the URL in a variable; see `email_settings`."""
        return email_settings(self.text(name, default), variable=name)

    def environment(self) -> str:
        """Return "development", "test" or "production" (`FYNLO_ENV`).

        Unset means production as soon as somebody names a database: forgetting the variable on a server must
        never switch the protections off.
        """
        default = "production" if self.has("DATABASE_URL") else "development"
        return self.text("FYNLO_ENV", default, allowed=ENVIRONMENTS)


def environment() -> str:
    """Return the environment of this process; see `Env.environment`."""
    return Env().environment()


def database_settings(url: str, *, variable: str = "DATABASE_URL") -> dict[str, Any]:
    """Turn `postgres://user:password@host:port/name?option=value` into a Django DATABASES entry.

    User, password, host and name are percent-decoded (a socket directory is `%2Fvar%2Frun%2Fpostgresql`).
    Options are libpq's; unknown ones are refused. Raises EnvironmentValueError naming `variable` and never
    repeating the URL, which holds a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise EnvironmentValueError(
            variable, f"is not a valid address; the form is {_DATABASE_FORM}"
        ) from None
    if parts.scheme not in _DATABASE_SCHEMES:
        raise EnvironmentValueError(
            variable, f"must start with postgres:// or postgresql://; the form is {_DATABASE_FORM}"
        )
    database = unquote(parts.path.removeprefix("/"))
    if not database or "/" in database:
        raise EnvironmentValueError(variable, f"does not name one database; the form is {_DATABASE_FORM}")
    if parts.fragment:
        raise EnvironmentValueError(variable, "contains a bare '#'; write it as %23")
    return {
        "ENGINE": DATABASE_ENGINE,
        "NAME": database,
        "USER": unquote(parts.username or ""),
        "PASSWORD": SecretText(unquote(parts.password or "")),
        "HOST": _host(parts.netloc),
        "PORT": str(port) if port is not None else "",
        "OPTIONS": _database_options(parts.query, variable),
    }


def email_settings(url: str, *, variable: str = "FYNLO_EMAIL_URL") -> dict[str, Any]:
    """Turn the address of a mail server into Django's settings.

    `smtp://user:password@host:port` (25), `smtp+starttls://…` (587), `smtps://…` (465); `console:` prints letters,
    `file:///folder` keeps them there. Raises EnvironmentValueError naming `variable`, never repeating the URL.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise EnvironmentValueError(variable, f"is not a valid address; the form is {_EMAIL_FORM}") from None
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": f"{_EMAIL_BACKENDS}.console.EmailBackend"}
    if parts.scheme == "file":
        if not parts.path.strip("/"):
            raise EnvironmentValueError(variable, "names no folder; the form is file:///folder")
        return {
            "EMAIL_BACKEND": f"{_EMAIL_BACKENDS}.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(parts.path),
        }
    if parts.scheme not in _EMAIL_PORTS or not parts.hostname:
        raise EnvironmentValueError(variable, f"is no mail server; the form is {_EMAIL_FORM}")
    return {
        "EMAIL_BACKEND": f"{_EMAIL_BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": _host(parts.netloc),
        "EMAIL_PORT": port if port is not None else _EMAIL_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": SecretText(unquote(parts.password or "")),
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }


def _host(netloc: str) -> str:
    """Return the host as written: urlsplit's own `hostname` lowers the case, which breaks socket paths."""
    host = netloc.rpartition("@")[2]
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return unquote(host.partition(":")[0])


def _database_options(query: str, variable: str) -> dict[str, str | int]:
    options: dict[str, str | int] = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        if key in _INTEGER_OPTIONS:
            if not (value.isascii() and value.isdigit()):
                raise EnvironmentValueError(variable, f"option {key} must be a whole number")
            options[key] = int(value)
        elif key in _TEXT_OPTIONS:
            options[key] = value
        else:
            known = ", ".join(sorted(_INTEGER_OPTIONS | _TEXT_OPTIONS))
            raise EnvironmentValueError(variable, f"unknown option {key!r}; known are {known}")
    return options


def _bounds(minimum: int | None, maximum: int | None) -> str:
    if minimum is not None and maximum is not None:
        return f"; allowed is {minimum} to {maximum}"
    if minimum is not None:
        return f"; allowed is {minimum} or more"
    if maximum is not None:
        return f"; allowed is {maximum} or less"
    return ""
