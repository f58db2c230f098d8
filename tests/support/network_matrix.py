"""The matrix of networks: which calls are made over the bed, and docs/networks.md, which a run of them writes.

Each cell that was run stands in the document twice: in a table, and as one line of JSON in a comment, which is read
back, so that a run of a few cells keeps the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from support.impairment import BAD_LINE
from support.network_bed import Bed
from support.network_kinds import CLOSED, NATS, Kind, meet_without_relay
from support.network_reports import LEAST_PICTURES, LEAST_SOUND, STAYS, CallReport, EndKind, EndReport, Engine, Scene

MARK = "<!-- cell "
AT = {EndKind.NATIVE: "kiosk", EndKind.CHROMIUM: "Chromium"}
"""At what the citizen is."""
PATIENCE = 60.0
"""Seconds that an end waits for anything, which on an idle machine comes within six."""

NATIVE = Scene()
AT_CHROMIUM = Scene(office=EndKind.CHROMIUM)
AT_HOME = Scene(citizen=EndKind.CHROMIUM)
BOTH_CHROMIUM = Scene(citizen=EndKind.CHROMIUM, office=EndKind.CHROMIUM)
BY_COTURN = Scene(Engine.COTURN)


@dataclass(frozen=True)
class Cell:
    """One call. ``bad``: the citizen's line is as bad as a call must bear. ``scene``: whose relay, what ends."""

    citizen: Kind
    office: Kind
    bad: bool = False
    scene: Scene = NATIVE

    @property
    def name(self) -> str:
        """As in a test's name."""
        line = ", bad line" if self.bad else ""
        home = ", from home" if self.at_home else ""
        browser = ", Chromium" if self.scene.office is EndKind.CHROMIUM else ""
        coturn = ", coturn" if self.scene.engine is Engine.COTURN else ""
        return f"{self.citizen.value} to {self.office.value}{line}{home}{browser}{coturn}"

    @property
    def at_home(self) -> bool:
        """Whether the citizen is, and not at a kiosk."""
        return self.scene.citizen is EndKind.CHROMIUM

    @property
    def needs_relay(self) -> bool:
        """Whether no other path is possible, or allowed: the office never learns where a home is."""
        return self.at_home or not meet_without_relay(self.citizen, self.office)

    def call(self, bed: Bed, folder: Path, patience: float = PATIENCE) -> CallReport:
        """Makes it, on a bed of its own. Raises CommandFailed."""
        citizen = bed.site("citizen", self.citizen, wire=BAD_LINE if self.bad else None)
        office = bed.site("office", self.office)
        words = (*(f"{site.host.pid}@{site.internet}" for site in (citizen, office)), str(folder))
        words += ("--engine", self.scene.engine.value)
        words += ("--citizen-end", self.scene.citizen.value, "--office-end", self.scene.office.value)
        said = bed.program("support.network_call", *words, "--patience", str(patience), patience=8 * patience)
        if citizen.wire is not None:
            citizen.wire.end()
            # Else the line was not in the way, and the cell would prove nothing.
            assert min(counts["lost"] for counts in citizen.wire.counts.values()) > 0
        return CallReport.parsed(said)


OFFICES = (Kind.PORT_RESTRICTED, Kind.SYMMETRIC)
LINES = (False, True)
HOMES = (Kind.PORT_RESTRICTED, Kind.SYMMETRIC, Kind.DOUBLE_NAT, *CLOSED)
CELLS = (
    *(Cell(kiosk, office, bad) for bad in LINES for office in OFFICES for kiosk in (*NATS, *CLOSED)),
    *(Cell(Kind.PORT_RESTRICTED, office) for office in CLOSED),
    *(Cell(kiosk, office, bad, AT_CHROMIUM) for bad in LINES for office in OFFICES for kiosk in NATS),
    *(Cell(kiosk, Kind.PORT_RESTRICTED, False, AT_CHROMIUM) for kiosk in CLOSED),
    *(Cell(Kind.PORT_RESTRICTED, office, False, AT_CHROMIUM) for office in CLOSED),
    # From home all go by the relay: which network there is, matters for how it is reached.
    *(Cell(home, office, False, AT_HOME) for office in OFFICES for home in HOMES),
    *(Cell(home, Kind.PORT_RESTRICTED, True, AT_HOME) for home in HOMES if home is not Kind.DOUBLE_NAT),
    Cell(Kind.SYMMETRIC, Kind.PORT_RESTRICTED, False, BOTH_CHROMIUM),
    # Those that cannot do without a relay.
    *(
        Cell(kiosk, Kind.SYMMETRIC, bad, BY_COTURN)
        for bad in LINES
        for kiosk in (Kind.PORT_RESTRICTED, Kind.SYMMETRIC, Kind.DOUBLE_NAT, Kind.UDP_BLOCKED, Kind.ONLY_TCP_443)
    ),
)

HEAD = f"""# Networks

Written by `make matrix`; changes made here by hand are lost. Each row is one call over the whole service: a citizen's
and an office's end, each in a network namespace of its own behind the network named, the service and its relay in a
third. The citizen is at a native kiosk (aiortc), or at home in Chromium, on the page to which the invitation's link
leads. The office is native, too, or it is Chromium at its packaged console (`tawasul office`). Kiosk and office prove
themselves, and both ends know the other's sound by its tone and its pictures by their pattern.

What a row demands. Of the kiosk: that at one moment it has decoded ten of the office's pictures, and hears its tone. Of
a native office: the same, and that {STAYS:.0f} seconds later or more it has decoded ten more pictures and more sound,
and still hears the tone. Of Chromium: five pictures and the tone, and then, time and again (at the office until
{STAYS:.0f} seconds are over), ten different pictures and the tone; and at home, before the call, that the page's own
check of the network finds the relay. Over the whole call each end must have decoded {LEAST_PICTURES} pictures, and each
native end {LEAST_SOUND:.0f} seconds of sound; how much it was is in the row. For each of this {PATIENCE:.0f} seconds
are waited at most, and the office ends the call when both ends have it. So a row says that sound and picture went both
ways, and not that neither ever stopped for a while. *Not run yet* stands where no run has come to that; a row is of the
last run that did.

From a kiosk both ends may use any path; which one they took is in the table, and where there can be no other, a test
demands the relay. From home it always does: the office never learns a citizen's address. What each network does to
datagrams is confirmed in `make test` by two clients that are not ours (coturn's `turnutils_natdiscovery`, RFC 5780, and
Debian's `stun`, RFC 3489) and by sockets of our own.

*Bad line*: at the citizen {BAD_LINE.loss:.0%} loss, {BAD_LINE.delay * 1000:.0f} ms and {BAD_LINE.rate / 1e6:.0f}
Mbit/s, each way, by a seed. *Decoded after*: seconds from calling in until the office decodes both; not a benchmark,
since the machine may do other work meanwhile. *Sound*: seconds of it that a native end decoded; Chromium does not count
them.

| Citizen behind | Office behind | Citizen | Office | Line | Relay | Path | Decoded after |\
 Pictures: citizen, office | Sound: citizen, office |
|---|---|---|---|---|---|---|---|---|---|
"""

EXPLAINED = """
*reflexive*: straight from end to end, through what the NATs let in. *relay*: over the relay named; coturn has the
configuration that is rendered for it from ours (`media_relay/coturn`), and our own cannot be reached then. Where a
straight path is possible too, native ends take whichever answers first (aioice nominates aggressively): there the relay
in a row means that it was quicker, and another run may say otherwise. On a bad line the two ends can settle on
different paths; the row then says both.

How the kiosk speaks with the relay is what it remembers for its next call; how the page at home does, its browser says.
Behind *UDP blocked* and *only TCP 443* a kiosk tries UDP first, and what that costs is in the time until the picture;
from the second call on it begins with what worked. A browser tries all at once. Behind *only IPv6* an end comes to
service and relay by IPv6, and the relay gives it an IPv4 address, which is what RFC 8656 section 7.2 has for those who
ask for no family: so the other end needs no IPv6.

On a bad line the picture of a native end is late by what repairs need, and stands now and then: what is missing is
asked for until it comes, and where nothing else helps a whole picture is. The sound goes on
([ADR 39](adr/0039-pictures-that-come-in.md)).

"""


@dataclass(frozen=True)
class Row:
    """A cell that was run, and what became of it."""

    cell: str
    report: CallReport


def update(path: Path, new: Row) -> None:
    """Writes the document anew with this row in it."""
    rows = {row.cell: row for row in (*read(path), new)}
    path.write_text(rendered(rows.values()))


def read(path: Path) -> list[Row]:
    """The rows that a document holds; none when there is no document yet."""
    lines = path.read_text().splitlines() if path.exists() else []
    marked = [json.loads(line.removeprefix(MARK).removesuffix(" -->")) for line in lines if line.startswith(MARK)]
    return [Row(each["cell"], CallReport.parsed(json.dumps(each["report"]))) for each in marked]


def rendered(rows: Iterable[Row]) -> str:
    """The whole document. A cell without a run that proves its call is named as such; a row of no cell is left out."""
    reports = {row.cell: row.report for row in rows if row.report.lacks is None}
    table = "".join(_line(cell, reports.get(cell.name)) for cell in CELLS)
    kept = [Row(cell.name, reports[cell.name]) for cell in CELLS if cell.name in reports]
    marks = "".join(f"{MARK}{json.dumps(asdict(row))} -->\n" for row in kept)
    return f"{HEAD}{table}{EXPLAINED}{marks}"


def _line(cell: Cell, report: CallReport | None) -> str:
    ends, line = cell.scene, "bad" if cell.bad else "good"
    where = (cell.citizen.value, cell.office.value, AT[ends.citizen], ends.office.value, line, ends.engine.value)
    if report is None or report.citizen is None or report.office is None:
        return _row(*where, "not run yet", "–", "–", "–")
    citizen, office = report.citizen, report.office
    path = f"{citizen.path} at the citizen, {office.path} at the office"
    path = str(citizen.path) if citizen.path == office.path else path
    again = "" if report.attempts == 1 else f" (attempt {report.attempts})"
    seen, heard = f"{citizen.pictures}, {office.pictures}", f"{_heard(citizen)}, {_heard(office)}"
    return _row(*where, f"{path}{again}", f"{report.until_decoded} s", seen, heard)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def _heard(end: EndReport) -> str:
    return "–" if end.seconds is None else f"{end.seconds} s"
