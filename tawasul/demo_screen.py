"""What ``tawasul demo`` shows before it begins: the pages, how to sign in, what is for trial only."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from tawasul.domain.people import Role
from tawasul.domain.riyadh import RIYADH
from tawasul.issuer.demonstration import DemonstrationTrust
from tawasul.local_authority import LocalCertificate
from tawasul.store.demo import Demo as Samples
from tawasul.store.demo import SampleAudience

PAGES = {Role.OFFICE: "/office", Role.DESK: "/desk", Role.AGENCY: "/agency"}


def say(console: Console, text: str, style: str = "") -> None:
    """A line as it is, never folded: an address in half is none."""
    console.print(text, style=style, markup=False, emoji=False, highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Screen:
    """``here``: the pages' address on this machine; ``others``: by what addresses other machines reach them."""

    console: Console
    here: str
    others: list[str]

    def show(
        self,
        samples: Samples,
        guest: SampleAudience,
        certificate: LocalCertificate | None,
        trust: DemonstrationTrust,
    ) -> None:
        """Everything a newcomer needs. ``guest`` is the citizen whom the kiosk checks in."""
        self._say()
        self.console.print(self._people(samples))
        self._say(
            f"1. Open {self.here}/office and sign in.  "
            f"2. {guest.kiosk_id} checks in the citizen {guest.reference}: call them in.  "
            "3. Open the citizen's link in another window to be called in from there."
        )
        own = next(a for a in samples.audiences if a.link_token)
        self._say()
        self._say(f"The link of {own.name} ({own.reference}), who joins from their own location:")
        self._say(f"{self.here}/join#{own.link_token}", "green")
        self._say()
        self._say("The kiosk sends a synthetic citizen unless --camera and --microphone are given. Ctrl-C ends it all.")
        self._show_keys(trust, certificate)
        if certificate:
            self._show_authority(certificate, own)
        self._say()

    def _people(self, samples: Samples) -> Panel:
        table = Table(box=None, padding=(0, 2))
        table.add_column("")
        # Within 80 columns; where there are fewer the address is folded: half an address is none.
        table.add_column("page", overflow="fold")
        table.add_column("user", no_wrap=True)
        table.add_column("password", no_wrap=True)
        for person in samples.staff:
            if page := PAGES.get(person.role):
                where = f" ({person.governorate_id})" if person.governorate_id else ""
                signs_in = (f"[bold]{part}[/bold]" for part in (person.user_name, person.password))
                table.add_row(f"{person.role.value}{where}", f"{self.here}{page}", *signs_in)
        opens = samples.sitting.opens_at.astimezone(RIYADH)
        closes = samples.sitting.closes_at.astimezone(RIYADH)
        return Panel(
            table,
            title="Tawasul – a demonstration with sample people",
            subtitle=f"today's sitting {opens:%H:%M}–{closes:%H:%M}, Riyadh time",
            border_style="green",
            expand=False,
        )

    def _show_keys(self, trust: DemonstrationTrust, certificate: LocalCertificate | None) -> None:
        self._say()
        self._say(
            "FOR TRIAL ONLY: this machine is root, issuer and both stewards at once, and approves every device by "
            "itself. In a region they are in different hands: docs/operations.md, “Certificates of devices”.",
            "yellow",
        )
        authority = f" --trust {certificate.authority}" if certificate else ""
        self._say("The office's console from this package, whose code no server can change:")
        self._say(f"tawasul office --server {self.here} --anchor {trust.anchor_file}{authority}", "green")

    def _show_authority(self, certificate: LocalCertificate, own: SampleAudience) -> None:
        self._say()
        self._say(
            "For a phone or another computer on this network: its browser has to trust this machine's own authority."
        )
        self._say(f"The file is {certificate.authority}; a device can also fetch it, past one warning, from:")
        for address in self.others:
            self._say(f"  {address}/authority.crt", "green")
        self._say("Install it there as a trusted authority:")
        self._say("  Android: Settings → Security → Encryption & credentials → Install a certificate → CA certificate")
        self._say("  iPhone: open the file, install the profile, then Settings → General → About → Certificate Trust")
        self._say("  Firefox: Settings → Privacy → Certificates → Authorities → Import;  Chrome: the system's store")
        self._say("Then open the pages, or the citizen's link, by this machine's address:")
        for address in self.others:
            self._say(f"  {address}/", "green")
            self._say(f"  {address}/join#{own.link_token}", "green")

    def _say(self, text: str = "", style: str = "") -> None:
        say(self.console, text, style)
