"""What the door asks of pages: whose browser it is, which are for all, how a problem looks."""

from __future__ import annotations

from linker.config import Config
from linker.service.door.outgoing import Header, Outgoing
from linker.service.door.visit import Visit
from linker.service.pages.render import Reader, elsewhere, page
from linker.service.pages.session import TOKEN, Session, cookies, session_of
from linker.service.problems import TITLES, Problem


class DoorOfPages:
    """Pages, seen from the door."""

    def __init__(self, config: Config) -> None:
        """Know whether cookies travel by TLS alone."""
        self._secure = config.service.reached_by_tls

    def bearer(self, visit: Visit) -> str | None:
        """Return the token that a browser brings."""
        return self._session(visit).token

    def is_open(self, visit: Visit) -> bool:
        """Tell whether a page is for everybody: the first one, and signing in."""
        return (visit.method, visit.path) in {("GET", "/"), ("POST", "/sign-in")}

    def problem(self, visit: Visit, problem: Problem) -> Outgoing:
        """Return a problem as a page, or as the way to the page where one signs in."""
        if "text/html" not in visit.headers.get("accept", ""):
            return Outgoing.of_problem(problem, visit.request_id)
        session = self._session(visit)
        if problem.kind == "no-token":
            gone = cookies({TOKEN: None} if session.token else {}, secure=self._secure)
            made = elsewhere("/", gone)
        else:
            reader = Reader(visit.identity, session.form_key, visit.path)
            made = page(
                "problem.html",
                reader,
                status=problem.status,
                problem={
                    "title": TITLES[problem.kind],
                    "detail": problem.detail,
                    "status": problem.status,
                },
                request_id=visit.request_id,
            )
        return Outgoing(made.status_code, _headers(made.raw_headers), bytearray(made.body))

    def _session(self, visit: Visit) -> Session:
        return session_of(visit.headers.get("cookie", ""), secure=self._secure)


def _headers(raw: list[Header]) -> list[Header]:
    return [(bytes(name).lower(), bytes(value)) for name, value in raw]
