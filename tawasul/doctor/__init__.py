"""``tawasul doctor``: what is missing or wrong on this machine, in words, and how to mend it.

It changes nothing, asks nobody outside the machine but the issuer and the relays that the settings name, and prints no
secret and nothing personal. It also has to speak where the rest cannot even be imported (another project's
``signaling`` in the environment), so every part is imported inside its own check, and a check that fails becomes a
finding of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from tawasul.doctor.finding import Finding, State, Words, wrong

if TYPE_CHECKING:
    from tawasul.settings import Settings

Check = Callable[[], Iterable[Finding]]


def run_and_report(settings: Settings | None = None, *, as_json: bool = False) -> int:
    """Looks at everything and prints it; exit status 0 when nothing is wrong (warnings allowed), else 1.

    Without ``settings`` they are read from the environment, and what is wrong with them is a finding too.
    """
    from tawasul.doctor.report import print_json, print_words

    findings = list(examine(settings))
    (print_json if as_json else print_words)(findings)
    return int(any(finding.state is State.WRONG for finding in findings))


def examine(settings: Settings | None = None) -> Iterator[Finding]:
    """Every finding, in the order in which one would mend them. Never raises."""
    yield from _guarded("installation", _installation)
    if settings is None:
        try:
            from tawasul.settings import Settings

            settings = Settings.from_environment()
        except Exception as error:
            yield _unreadable(error)
    if settings is not None:
        given = settings
        yield from _guarded("data-folder", lambda: _folder(given))
        yield from _guarded("database", lambda: _database_and_clock(given))
        yield from _guarded("service", lambda: _service(given))
        yield from _guarded("relays", lambda: _relays(given))
        yield from _guarded("issuer", lambda: _trust(given))
    yield from _guarded("devices", _devices)


def _installation() -> Iterator[Finding]:
    from tawasul.doctor import installation

    yield installation.python_version()
    yield from installation.top_levels()
    yield from _guarded("browser-libraries", lambda: [installation.browser_libraries()])
    yield from _guarded("call-library", lambda: [installation.call_library()])


def _folder(settings: Settings) -> Iterator[Finding]:
    from tawasul.doctor import folder

    yield folder.data_folder(settings.directory)
    yield from folder.key_files(settings.directory, settings.server.certificate_key)
    yield folder.free_disk(settings.directory)
    if settings.server.certificate is not None:
        yield folder.certificate(settings.server.certificate)


def _database_and_clock(settings: Settings) -> Iterator[Finding]:
    from tawasul.doctor import clock, database

    condition = database.look(settings)
    yield condition.finding
    if condition.sealed_under is not None:
        yield database.personal_data_key(settings.directory, condition.sealed_under)
    yield clock.time_zone()
    yield clock.system_clock(newest_row=condition.newest_row)
    yield clock.synchronised(clock.ask_timedatectl())


def _service(settings: Settings) -> Iterator[Finding]:
    from tawasul.doctor import ports, service

    noted = service.noted(settings.directory)
    yield service.running_service(noted)
    yield ports.pages_port(settings.server, noted)
    yield from ports.relay_ports(settings.relay, settings.directory / "relay")


def _relays(settings: Settings) -> Iterator[Finding]:
    from tawasul.doctor.relays import relays

    fleet = settings.ice.relays
    context = settings.server.trusting if fleet else None
    yield from relays(fleet, secret_given=bool(settings.relay.secrets), context=context)


def _trust(settings: Settings) -> Iterator[Finding]:
    from tawasul.doctor import trust

    yield trust.issuer(str(settings.trust.issuer) if settings.trust.issuer else None)


def _devices() -> Iterator[Finding]:
    from tawasul.doctor import devices

    yield devices.camera()
    yield devices.microphone()


def _guarded(name: str, check: Check) -> Iterator[Finding]:
    """What ``check`` finds; where it fails itself, that, by the error's kind: its text may hold anything."""
    try:
        yield from check()
    except Exception as error:
        yield wrong(
            name,
            Words(
                f"This could not be looked at: {_kind(error)}.",
                f"تعذّر فحص هذا البند: {_kind(error)}.",
            ),
            Words(
                "Usually a part of the installation is missing: install it again, then run the doctor again.",
                "غالبًا ما يكون جزء من التثبيت مفقودًا: أعد التثبيت ثم أعد تشغيل الفحص.",
            ),
            "make setup",
        )


def _unreadable(error: Exception) -> Finding:
    # Only our own error's lines are known to name variables and never their values.
    lines = "; ".join(getattr(error, "lines", [])) or _kind(error)
    return wrong(
        "settings",
        Words(
            f"The settings cannot be read, so database, data folder and ports were not looked at: {lines}.",
            f"تعذّرت قراءة الإعدادات، فلم تُفحص قاعدة البيانات ولا مجلد البيانات ولا المنافذ: {lines}.",
        ),
        Words(
            "Mend what is named here or above, then run the doctor again.",
            "أصلح ما ذُكر هنا أو أعلاه ثم أعد تشغيل الفحص.",
        ),
    )


def _kind(error: Exception) -> str:
    missing = error.name if isinstance(error, ImportError) else None
    return f"{type(error).__name__} ({missing})" if missing else type(error).__name__
