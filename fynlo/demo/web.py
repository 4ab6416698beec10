"""A small HTTP client: any host name, one address. `*.localhost` is not known to every resolver."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

ADDRESS: Final = "127.0.0.1"
_TIMEOUT_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body of one answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; raises ValueError when it is something else."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass(frozen=True, slots=True)
class Site:
    """One host name on the local port."""

    host: str
    port: int

    def ask(
        self, method: str, path: str, *, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request and return the answer, whatever its status; raises OSError without an answer."""
        connection = http.client.HTTPConnection(ADDRESS, self.port, timeout=_TIMEOUT_SECONDS)
        sent = {
            "Host": f"{self.host}:{self.port}",
            "Accept": "application/json, text/plain",
            **(headers or {}),
        }
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        try:
            connection.request(method, path, body=content, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, dict(response.headers.items()), response.read())
        except http.client.HTTPException as problem:
            raise ConnectionError(str(problem)) from problem
        finally:
            connection.close()

    def is_ready(self) -> bool:
        """Whether a process serves here and reaches everything it needs."""
        try:
            return self.ask("GET", "/health/ready").status == http.HTTPStatus.OK
        except OSError:
            return False
