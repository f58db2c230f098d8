"""``tawasul relay check``: what gets through to a relay from here, in words or for programs, and the exit status."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from rich.text import Text

from media_relay.check import Outcome, Step, Wanted, check
from media_relay.stun.address import TransportAddress
from tawasul.doctor.finding import Finding, Words, ok, warning, wrong
from tawasul.doctor.report import plain, print_table
from tawasul.relay_words import FAULTS, MENDS

ALL, SOME, NONE = 0, 1, 2
"""Exit statuses: how many of the transports get through with everything that was tried."""

RENEW_WITHIN = timedelta(days=14)


def run_and_report(wanted: Wanted, *, as_json: bool = False) -> int:
    """Tries everything and prints it. Exit status: ``ALL``, ``SOME`` or ``NONE`` of the transports get through."""
    outcomes = asyncio.run(check(wanted))
    findings = [finding_of(outcome, wanted.host) for outcome in outcomes]
    status = status_of(outcomes)
    if as_json:
        steps = [{**_facts(outcome), **plain(finding)} for outcome, finding in zip(outcomes, findings, strict=True)]
        passes = {ALL: "all", SOME: "some", NONE: "none"}[status]
        json.dump({"host": wanted.host, "passes": passes, "steps": steps}, sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        title = f"What gets through to {wanted.host} from here · ما يصل من هنا إلى {wanted.host}"
        print_table(title, findings, _summary(status, asked_to_carry=wanted.credentials is not None))
    return status


def status_of(outcomes: Sequence[Outcome]) -> int:
    """A transport gets through when each of its steps does."""
    transports = {outcome.transport for outcome in outcomes}
    failed = {outcome.transport for outcome in outcomes if not outcome.passed}
    if not failed:
        return ALL
    return NONE if failed == transports else SOME


def finding_of(outcome: Outcome, host: str, now: datetime | None = None) -> Finding:
    """The outcome in words."""
    name = f"{outcome.transport}-{outcome.step}"
    if outcome.trouble is not None:
        fault, mend = FAULTS[outcome.trouble], MENDS[outcome.trouble]
        return wrong(name, _failed(outcome, _filled(fault, outcome, host), host), _filled(mend, outcome, host))
    if outcome.step is Step.CARRY:
        return ok(name, _carried(outcome))
    certificate = outcome.certificate
    if certificate is not None and certificate.ends - (now or datetime.now(UTC)) < RENEW_WITHIN:
        mend = Words("Have the relay's certificate renewed.", "جدّد شهادة خادم الترحيل.")
        return warning(name, _reached(outcome, host), mend)
    return ok(name, _reached(outcome, host))


def _reached(outcome: Outcome, host: str) -> Words:
    assert outcome.seen_as is not None
    where, took, seen = _where(outcome, host), _milliseconds(outcome), _shown(outcome.seen_as)
    behind = ("behind a NAT", "خلف NAT") if outcome.translated else ("with no NAT between", "دون NAT في الطريق")
    english = f"{_name(outcome)} gets through to {where}, {took} ms. It sees us as {seen}, {behind[0]}."
    arabic = f"يصل {_name(outcome)} إلى {where} خلال {took} مللي ثانية. يرانا بالعنوان {seen} {behind[1]}."
    if outcome.certificate is not None:
        names, ends = ", ".join(outcome.certificate.names), f"{outcome.certificate.ends:%Y-%m-%d}"
        english += f" Its certificate is of {names}, by {outcome.certificate.issuer}, valid until {ends}."
        arabic += f" شهادته باسم {names} من {outcome.certificate.issuer} وصالحة حتى {ends}."
    return Words(english, arabic)


def _carried(outcome: Outcome) -> Words:
    took = _milliseconds(outcome)
    return Words(
        f"Sound and picture can go over it by {_name(outcome)}: packets came back from relay to relay in {took} ms.",
        f"يمكن للصوت والصورة المرور عبره باستخدام {_name(outcome)}: عادت الحزم بعد {took} مللي ثانية.",
    )


def _failed(outcome: Outcome, fault: Words, host: str) -> Words:
    where = _where(outcome, host)
    if outcome.step is Step.CARRY:
        return Words(
            f"{_name(outcome)} reaches {where}, but no call could go over it: {fault.english}.",
            f"يصل {_name(outcome)} إلى {where} لكن لا يمكن لمكالمة المرور عبره: {fault.arabic}.",
        )
    english = f"{_name(outcome)} does not get through to {where}: {fault.english}."
    arabic = f"لا يصل {_name(outcome)} إلى {where}: {fault.arabic}."
    if outcome.certificate is not None:
        names = ", ".join(outcome.certificate.names)
        english += f" It is of {names}, by {outcome.certificate.issuer}, until {outcome.certificate.ends:%Y-%m-%d}."
        arabic += f" وهي باسم {names} من {outcome.certificate.issuer} حتى {outcome.certificate.ends:%Y-%m-%d}."
    return Words(english, arabic)


def _summary(status: int, *, asked_to_carry: bool) -> Text:
    words = {
        ALL: ("All of it gets through.\nكل شيء يصل.", "green"),
        SOME: (
            "Some of it gets through: calls can be made from here, by the ways that do.\n"
            "يصل بعضه: يمكن إجراء المكالمات من هنا بالطرق التي تصل.",
            "yellow",
        ),
        NONE: (
            "Nothing gets through: no call can be made by this relay from here.\n"
            "لا شيء يصل: لا يمكن إجراء مكالمة من هنا.",
            "red",
        ),
    }[status]
    if asked_to_carry or status == NONE:
        return Text(words[0], style=words[1])
    only = (
        "\nNothing was sent through it: that needs --credentials-file, which `tawasul relay credentials` at the server "
        "writes.\nلم يُرسل شيء عبره: يلزم لذلك --credentials-file، وهو ملف يكتبه `tawasul relay credentials` عند الخادم."
    )
    return Text(words[0] + only, style=words[1])


def _facts(outcome: Outcome) -> dict[str, object]:
    certificate = outcome.certificate
    return {
        "transport": outcome.transport.value,
        "address": outcome.address.host,
        "port": outcome.address.port,
        "step": outcome.step.value,
        "trouble": outcome.trouble.value if outcome.trouble is not None else None,
        "detail": outcome.detail,
        "seen_as": list(outcome.seen_as) if outcome.seen_as is not None else None,
        "behind_nat": outcome.translated if outcome.seen_as is not None else None,
        "round_trip": outcome.round_trip,
        "certificate": certificate
        and {"names": list(certificate.names), "issuer": certificate.issuer, "ends": certificate.ends.isoformat()},
    }


def _filled(words: Words, outcome: Outcome, host: str) -> Words:
    given = {"transport": _name(outcome), "host": host, "port": outcome.address.port, "detail": outcome.detail}
    return Words(words.english.format(**given), words.arabic.format(**given))


def _where(outcome: Outcome, host: str) -> str:
    """By name and address, where they are two, and the port."""
    address, port = outcome.address
    return f"{host} {port}" if host == address else f"{host} ({address}) {port}"


def _shown(address: TransportAddress) -> str:
    return f"[{address.host}]:{address.port}" if ":" in address.host else f"{address.host}:{address.port}"


def _name(outcome: Outcome) -> str:
    return outcome.transport.value.upper()


def _milliseconds(outcome: Outcome) -> str:
    assert outcome.round_trip is not None
    return f"{outcome.round_trip * 1000:.1f}"
