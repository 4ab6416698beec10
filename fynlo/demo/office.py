"""The back office as a person with a browser sees it: signs in, fills in forms, follows where they lead."""

import http.client
from collections.abc import Mapping
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode

from fynlo.demo.merchants import Employee
from fynlo.demo.seeing import CheckError
from fynlo.demo.web import ADDRESS, Site

_ADMIN: Final = "/admin"
_CSRF: Final = "fynlo-csrf"
_TIMEOUT_SECONDS: Final = 30.0


class Office:
    """A browser at one merchant's back office; it keeps its cookies."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._cookies: SimpleCookie = SimpleCookie()

    def sign_in(self, employee: Employee) -> None:
        """Fill in the sign-in page."""
        self.page("/login/")
        form = {"username": employee.email or "", "password": employee.password or ""}
        if self.send("/login/?next=/admin/", form) != "/":
            raise CheckError(f"{employee.name} was not let into the back office")

    def page(self, path: str) -> str:
        """What the page at `/admin<path>` says."""
        status, _, body = self._ask("GET", path)
        if status != HTTPStatus.OK:
            raise CheckError(f"{status} instead of 200 for /admin{path}")
        return body

    def send(self, path: str, form: Mapping[str, str]) -> str:
        """Send a form; where it leads to, without `/admin`."""
        status, location, body = self._ask("POST", path, form)
        if status != HTTPStatus.FOUND:
            raise CheckError(f"{status} instead of 302 from /admin{path}: {body[:300]}")
        return location.removeprefix(_ADMIN)

    def _ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        headers = {
            "Host": f"{self._site.host}:{self._site.port}",
            "Cookie": "; ".join(f"{each.key}={each.value}" for each in self._cookies.values()),
        }
        body = None
        if form is not None:
            body = urlencode({**form, "csrfmiddlewaretoken": self._cookies[_CSRF].value})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(ADDRESS, self._site.port, timeout=_TIMEOUT_SECONDS)
        try:
            connection.request(method, _ADMIN + path, body=body, headers=headers)
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                self._cookies.load(cookie)
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()
        except http.client.HTTPException as problem:
            raise ConnectionError(str(problem)) from problem
        finally:
            connection.close()
