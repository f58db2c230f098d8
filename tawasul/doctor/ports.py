"""The ports of pages (TCP) and relay (UDP): free, or held by our own running service; or by somebody else."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil

from media_relay.config import RelayConfig
from media_relay.directory import RelayDirectory, RelayState
from media_relay.probe import binding
from tawasul.doctor.finding import Finding, Words, ok, warning, wrong
from tawasul.doctor.service import Noted, health
from tawasul.settings import ServerConfig

PAGES, RELAY = "pages-port", "relay-port"


def pages_port(config: ServerConfig, service: Noted | None) -> Finding:
    """The port on which pages are served."""
    if config.port == 0:
        return _system_chooses(PAGES)
    where = f"{config.host} TCP {config.port}"
    error = _cannot_bind(socket.SOCK_STREAM, config.host, config.port)
    if error is None:
        return _free(PAGES, where)
    if error.errno != errno.EADDRINUSE:
        return _refused(PAGES, where, error)
    if service is not None and service.running and service.port == config.port:
        return _held_by_us(PAGES, where)
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)  # noqa: S104 - compared, not bound
    host = f"[{host}]" if ":" in host else host
    if any(health(f"{scheme}://{host}:{config.port}") for scheme in ("http", "https")):
        return _held_by_another_of_ours(PAGES, where)
    return _held_by_another(PAGES, where, "tcp", config.port, "TAWASUL_SERVER__PORT")


def relay_ports(config: RelayConfig, directory: Path) -> Iterator[Finding]:
    """The relay's port on each of its addresses. ``directory``: where it keeps its state."""
    if config.port == 0:
        yield _system_chooses(RELAY)
        return
    for address in config.addresses:
        yield _relay_port(str(address), config.port, RelayDirectory(directory.resolve()))


def _relay_port(host: str, port: int, files: RelayDirectory) -> Finding:
    where = f"{host} UDP {port}"
    error = _cannot_bind(socket.SOCK_DGRAM, host, port)
    if error is None:
        return _free(RELAY, where)
    if error.errno != errno.EADDRINUSE:
        return _refused(RELAY, where, error)
    answers = asyncio.run(binding(host, port, attempts=2)) is not None
    state = RelayState.read(files.state)
    if state is not None and (host, port) in state.listening and state.process(files.config) is not None:
        return _held_by_us(RELAY, where) if answers else _silent(where, state.pid)
    holder = _holder("udp", port)
    if answers and holder is not None and _is_relay_of_ours(holder):
        return _held_by_another_of_ours(RELAY, where)
    return _held_by_another(RELAY, where, "udp", port, "TAWASUL_RELAY__PORT")


def _cannot_bind(kind: socket.SocketKind, host: str, port: int) -> OSError | None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind) as probe:
        try:
            if kind == socket.SOCK_STREAM:
                # As the service does: what a server that has just ended left behind is no hindrance.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
        except OSError as error:
            return error
    return None


def _holder(kind: str, port: int) -> psutil.Process | None:
    """Who holds the port, as far as the system lets this user see."""
    try:
        for connection in psutil.net_connections(kind):
            listens = kind == "udp" or connection.status == psutil.CONN_LISTEN
            if listens and connection.pid and connection.laddr and connection.laddr.port == port:
                return psutil.Process(connection.pid)
    except psutil.Error:
        return None
    return None


def _is_relay_of_ours(process: psutil.Process) -> bool:
    try:
        return "media_relay" in process.cmdline()
    except psutil.Error:
        return False


def _free(name: str, where: str) -> Finding:
    return ok(name, Words(f"{where} is free.", f"المنفذ {where} متاح."))


def _system_chooses(name: str) -> Finding:
    return ok(name, Words("The system chooses the port at each start.", "يختار النظام المنفذ عند كل تشغيل."))


def _held_by_us(name: str, where: str) -> Finding:
    return ok(name, Words(f"{where} is held by our own running service.", f"المنفذ {where} تستخدمه خدمتنا العاملة."))


def _held_by_another_of_ours(name: str, where: str) -> Finding:
    return warning(
        name,
        Words(
            f"{where} is held by a Tawasul service of another data folder, such as the demonstration.",
            f"المنفذ {where} تستخدمه خدمة تواصل أخرى لها مجلد بيانات مختلف، كالعرض التجريبي.",
        ),
        Words(
            "If that is the one you mean, name its folder (TAWASUL_DIRECTORY). Otherwise end it before starting this.",
            "إن كانت هي المقصودة فحدّد مجلدها بالمتغيّر TAWASUL_DIRECTORY، وإلا فأوقفها قبل تشغيل هذه.",
        ),
    )


def _held_by_another(name: str, where: str, kind: str, port: int, variable: str) -> Finding:
    holder = _holder(kind, port)
    try:
        who = f"{holder.name()}, process {holder.pid}" if holder is not None else None
    except psutil.Error:
        who = None
    return wrong(
        name,
        Words(
            f"{where} is held by another program{f' ({who})' if who else ''}.",
            f"المنفذ {where} يستخدمه برنامج آخر{f' ({who})' if who else ''}.",
        ),
        Words(
            f"End that program, or choose another port ({variable}).",
            f"أوقف ذلك البرنامج، أو اختر منفذًا آخر بالمتغيّر {variable}.",
        ),
        None if who else f"ss --listening --numeric --processes --{kind} 'sport = :{port}'",
    )


def _silent(where: str, pid: int) -> Finding:
    return wrong(
        RELAY,
        Words(f"Our relay holds {where} but does not answer.", f"خادم الترحيل يستخدم {where} لكنه لا يجيب."),
        Words(
            "End it; the service starts another one within a second.",
            "أوقفه، وستشغّل الخدمة غيره خلال ثانية.",
        ),
        f"kill {pid}",
    )


def _refused(name: str, where: str, error: OSError) -> Finding:
    if error.errno == errno.EACCES:
        return wrong(
            name,
            Words(f"{where} may not be used by this user.", f"لا يملك هذا المستخدم صلاحية استخدام المنفذ {where}."),
            Words("Choose a port from 1024 up.", "اختر منفذًا من 1024 فأعلى."),
        )
    return wrong(
        name,
        Words(f"{where} cannot be listened on: {error.strerror}.", f"تعذّر الاستماع على {where}: {error.strerror}."),
        Words(
            "Name addresses that this machine has.",
            "حدّد عناوين موجودة على هذا الجهاز.",
        ),
        "ip address show",
    )
