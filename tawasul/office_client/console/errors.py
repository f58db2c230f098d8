"""What can be wrong with a console or with the server behind it.

::

    TawasulError
    ├── ConsoleRefused               it does not start; told in a sentence on the command line
    │   ├── AddressNotUsable         not an address of a service, or plain HTTP to another machine
    │   ├── AnchorNotUsable          the region's anchor cannot be read
    │   ├── AuthorityNotUsable       the file of certificates to trust cannot be read
    │   └── ConsolePortTaken         another program listens there
    ├── WrongPage                    the page is of a session that is over
    └── ServerTrouble                a request of the page cannot be carried to the server
        ├── ServerAway               it does not answer, or not in time
        ├── ServerOtherVersion       it speaks another version of the protocol
        ├── ServerAnswerRefused      it answered something that is not the protocol
        └── NotThroughConsole        the page asked for what the console does not carry

Those of the last two branches are answered to the page: their codes have sentences in ``tawasul.protocol.problems``.
"""

from __future__ import annotations

from pathlib import Path

from tawasul.domain.errors import TawasulError


class ConsoleRefused(TawasulError):
    """The console does not start."""

    code = "console-refused"


class AddressNotUsable(ConsoleRefused):
    """``reason`` is a sentence's end."""

    code = "console-address"

    def __init__(self, reason: str) -> None:
        super().__init__(f"--server: {reason}")


class AnchorNotUsable(ConsoleRefused):
    """The file is missing, or is not an anchor."""

    code = "console-anchor"

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"--anchor: {file} is not the region's anchor: {reason}")


class AuthorityNotUsable(ConsoleRefused):
    """The file is missing, or holds no certificates."""

    code = "console-authority"

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"--trust: {file} cannot be used: {reason}")


class ConsolePortTaken(ConsoleRefused):
    """Another port would be another console: a browser keeps the office's key by address and port."""

    code = "console-port-taken"

    def __init__(self, port: int, reason: str) -> None:
        super().__init__(f"port {port} of this machine cannot be listened on: {reason}")


class WrongPage(TawasulError):
    """The page does not carry the token of its session."""

    code = "csrf"


class ServerTrouble(TawasulError):
    """A request of the page cannot be carried to the server."""

    code = "server-away"


class ServerAway(ServerTrouble):
    """The server does not answer, or not in time."""


class ServerOtherVersion(ServerTrouble):
    """The server speaks another version of the protocol, or does not say which."""

    code = "server-other-version"


class ServerAnswerRefused(ServerTrouble):
    """The server answered something that is not the protocol: no JSON, too much, a redirect."""

    code = "server-answer-refused"


class NotThroughConsole(ServerTrouble):
    """The page asked for what the console does not carry."""

    code = "not-found"
