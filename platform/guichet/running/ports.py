"""The port of the demo: whether it is free, and whether the front door answers there."""

import errno
import http.client
import socket
import time

from guichet.running.obstacles import CannotGoOnError

LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
SUCCESS = range(200, 400)


def addresses(port: int) -> list[str]:
    """Browsers read *.localhost as ::1 first where the computer has it."""
    return [f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for _, host in LOOPBACKS if _has(host)]


def require_free(port: int, *, patience: float = 0.0) -> None:
    """Waits so long for a process that is just ending. Raises CannotGoOnError."""
    deadline = time.monotonic() + patience
    while _is_busy(port):
        if time.monotonic() >= deadline:
            raise CannotGoOnError(busy(port))
        time.sleep(0.1)


def busy(port: int) -> str:
    return f"Port {port} is busy: stop what listens there, or choose another with --port {port % 60000 + 1}."


def answers(port: int) -> bool:
    """The front door, by the name that browsers use."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status in SUCCESS
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _is_busy(port: int) -> bool:
    # A bind alone is not enough: some systems allow one beside a socket that listens on every address.
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            return True
    return any(_bind_fails(family, host, port) for family, host in LOOPBACKS)


def _bind_fails(family: socket.AddressFamily, host: str, port: int) -> bool:
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except PermissionError as error:
        raise CannotGoOnError(f"Port {port} is kept for the administrator: choose one above 1023.") from error
    except OSError as error:
        return error.errno == errno.EADDRINUSE
    return False


def _has(host: str) -> bool:
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.bind((host, 0))
    except OSError:
        return False
    return True
