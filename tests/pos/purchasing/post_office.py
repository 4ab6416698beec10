"""A mail server on this machine, as far as tests need one: it takes letters, or refuses as it is told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class PostOffice:
    """What came in; `refuses` is the answer to every recipient instead of taking letters."""

    port: int = 0
    refuses: str = ""
    taken: list[tuple[list[str], EmailMessage]] = field(default_factory=list)


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """A mail server that listens while the block runs."""
    office = PostOffice()

    class Counter(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            recipients: list[str] = []
            self.say("220 post office")
            while line := self.rfile.readline():
                verb = line[:4].decode().upper().strip()
                if verb == "RCPT":
                    recipients.append(line.split(b"<")[1].split(b">")[0].decode())
                    self.say(office.refuses or "250 known")
                elif verb == "DATA":
                    self.say("354 go on")
                    office.taken.append((recipients, self.letter()))
                    self.say("250 taken")
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 good")

        def letter(self) -> EmailMessage:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.removeprefix(b"."))
            letter = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(letter, EmailMessage)
            return letter

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Counter) as server:
        server.daemon_threads = True
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join()
