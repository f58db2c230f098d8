"""Every page with sample data, to be looked at: `python tests/support/gallery.py [folder] [name…]` draws them.

The pages are the real ones, served by the real base; only their rooms' answers are samples. The scripts that hold a
line to the server are empty, so that each state can be set by hand; the desk's page runs, and is led to its states.
"""

import re
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request
from playwright.sync_api import Page, sync_playwright
from starlette.responses import Response

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.gallery_agency import AGENCY_PICTURES, add_agency
from support.gallery_agenda import AGENDA_PICTURES, add_agenda
from support.gallery_booking import add_booking
from support.gallery_day import NOW
from support.gallery_desk import add_desk
from support.gallery_desk_cases import DESK_CASES_PICTURES, add_desk_cases
from support.gallery_follow_through import FOLLOW_THROUGH_PICTURES, add_follow_through
from support.gallery_planning import add_planning
from support.gallery_receipt import CHANGED, GENUINE, GENUINE_LONG, NOT_OURS, add_receipt
from support.gallery_tasks import add_tasks
from support.gallery_ticket import add_ticket
from support.gallery_track import TRACK_PICTURES, add_track
from support.gallery_waitlist import add_waitlist
from support.web_server import Announced

from tawasul.access.policy import StaffPrincipal
from tawasul.domain.errors import LinkExpired
from tawasul.domain.people import Role, StaffId
from tawasul.domain.places import Name
from tawasul.domain.sign_in import SignInId
from tawasul.web.base import install
from tawasul.web.pages import render
from tawasul.web.static_files import FOR_EVER

CHROMIUM = "/usr/bin/chromium"
_STATES = sorted(
    Path(__file__).parent.glob("gallery_*.js"), key=lambda path: (path.name != "gallery_fill.js", path.name)
)
FILL = "".join(path.read_text() for path in _STATES)
"""Every page's states: those of `gallery_fill.js` first, which the others add to."""
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES = {"phone": (390, 844), "desktop": (1280, 800), "upright": (1080, 1920)}
REGION = Name("إمارة منطقة المدينة المنورة", "Emirate of Madinah Region")
HELD_BACK = re.compile(r"/static/[^/]+/js/(office|join)\.js")
"""The scripts of rooms stay away: the state of the page is ours to set."""


@dataclass(frozen=True)
class Picture:
    """One page in one state: `fill` names a function in `gallery_fill.js`."""

    name: str
    path: str
    fill: str = ""
    locale: str = "ar"


PICTURES = (
    Picture("home", "/"),
    Picture("home-english", "/", locale="en"),
    Picture("sign-in", "/sign-in"),
    Picture("sign-in-refused", "/sign-in", "signInRefused"),
    Picture("error", "/expired"),
    Picture("office-waiting", "/office", "officeWaiting"),
    Picture("office-nobody", "/office", "officeNobody"),
    Picture("office-calling", "/office", "officeCalling"),
    Picture("office-call", "/office", "officeCall"),
    Picture("office-compare", "/office", "officeCompare"),
    Picture("office-details", "/office", "officeDetails"),
    Picture("office-details-english", "/office", "officeDetails", locale="en"),
    Picture("office-not-private", "/office", "officeNotPrivate"),
    Picture("office-turned-away", "/office", "officeTurnedAway"),
    Picture("office-call-directive", "/office", "officeCallDirective"),
    Picture("office-reconnecting", "/office", "officeReconnecting"),
    Picture("office-heard", "/office", "officeHeard"),
    Picture("office-in-the-room", "/office", "officeInTheRoom"),
    Picture("office-english", "/office", "officeCall", locale="en"),
    Picture("office-help", "/office", "officeHelp"),
    Picture("desk", "/desk", "desk"),
    Picture("desk-several", "/desk", "deskSeveral"),
    Picture("desk-register", "/desk", "deskRegister"),
    Picture("desk-citizen", "/desk", "deskCitizen"),
    Picture("desk-times", "/desk", "deskTimes"),
    Picture("desk-nearest", "/desk", "deskNearest"),
    Picture("desk-none", "/desk", "deskNone"),
    Picture("desk-taken", "/desk", "deskTaken"),
    Picture("desk-held", "/desk", "deskHeld"),
    Picture("desk-group", "/desk", "deskGroup"),
    Picture("desk-walk-in", "/desk", "deskWalkIn"),
    Picture("desk-wait", "/desk", "deskWait"),
    Picture("desk-move", "/desk", "deskMove"),
    Picture("desk-booked", "/desk", "deskBooked"),
    Picture("desk-arrive", "/desk", "deskArrive"),
    Picture("desk-missed", "/desk", "deskMissed"),
    Picture("desk-menu", "/desk", "deskMenu"),
    Picture("desk-files", "/desk", "deskFiles"),
    Picture("desk-keys", "/desk", "deskKeys"),
    Picture("desk-english", "/desk", "desk", locale="en"),
    Picture("desk-times-english", "/desk", "deskTimes", locale="en"),
    Picture("desk-held-english", "/desk", "deskHeld", locale="en"),
    Picture("desk-booked-english", "/desk", "deskBooked", locale="en"),
    *(Picture(*each) for each in DESK_CASES_PICTURES),
    Picture("planning", "/planning", "planning"),
    Picture("planning-closures", "/planning#closures", "planningClosures"),
    Picture("planning-preview", "/planning#closures", "planningPreview"),
    Picture("planning-done", "/planning#closures", "planningDone"),
    Picture("planning-days", "/planning#days", "planningDays"),
    Picture("planning-ramadan", "/planning#days", "planningRamadan"),
    Picture("planning-centres", "/planning#centres", "planningCentres"),
    Picture("planning-hours", "/planning#centres", "planningHours"),
    Picture("planning-pauses", "/planning#centres", "planningPauses"),
    Picture("planning-stops", "/planning#centres", "planningStops"),
    Picture("planning-english", "/planning", "planning", locale="en"),
    Picture("planning-preview-english", "/planning#closures", "planningPreview", locale="en"),
    Picture("waitlist", "/desk/waitlist", "waitlist"),
    Picture("waitlist-sure", "/desk/waitlist", "waitlistSure"),
    Picture("waitlist-english", "/desk/waitlist", "waitlist", locale="en"),
    Picture("tasks", "/desk/tasks", "tasks"),
    Picture("tasks-done", "/desk/tasks", "tasksDone"),
    Picture("tasks-english", "/desk/tasks", "tasks", locale="en"),
    Picture("ticket", "/desk/tickets/sample"),
    Picture("ticket-sheet", "/desk/tickets/sample?paper=a4"),
    Picture("ticket-english", "/desk/tickets/sample", locale="en"),
    Picture("receipt", "/receipt"),
    Picture("receipt-genuine", f"/receipt#{GENUINE}"),
    Picture("receipt-genuine-long", f"/receipt#{GENUINE_LONG}"),
    Picture("receipt-genuine-english", f"/receipt#{GENUINE_LONG}", locale="en"),
    Picture("receipt-changed", f"/receipt#{CHANGED}"),
    Picture("receipt-not-ours", f"/receipt#{NOT_OURS}"),
    Picture("receipt-unreadable-english", "/receipt#1234", locale="en"),
    Picture("receipt-paper", "/desk/cases/sample/receipt"),
    Picture("receipt-paper-long", "/desk/cases/long/receipt"),
    Picture("receipt-paper-sheet", "/desk/cases/sample/receipt?paper=a4"),
    Picture("receipt-paper-english", "/desk/cases/sample/receipt", locale="en"),
    Picture("booking", "/booking#booked"),
    Picture("booking-fixed", "/booking#fixed"),
    Picture("booking-times", "/booking#booked", "bookingTimes"),
    Picture("booking-times-none", "/booking#full", "bookingTimes"),
    Picture("booking-moved", "/booking#booked", "bookingMoved"),
    Picture("booking-sure", "/booking#booked", "bookingSure"),
    Picture("booking-given-up", "/booking#booked", "bookingGivenUp"),
    Picture("booking-expired", "/booking#expired"),
    Picture("booking-english", "/booking#booked", locale="en"),
    *(Picture(*each) for each in AGENCY_PICTURES),
    *(Picture(*each) for each in AGENDA_PICTURES),
    *(Picture(*each) for each in FOLLOW_THROUGH_PICTURES),
    Picture("offer", "/offer#open"),
    Picture("offer-accepted", "/offer#open", "offerAccepted"),
    Picture("offer-sure", "/offer#open", "offerSure"),
    Picture("offer-sure-last", "/offer#last", "offerSure"),
    Picture("offer-declined", "/offer#open", "offerDeclined"),
    Picture("offer-english", "/offer#open", locale="en"),
    *(Picture(*each) for each in TRACK_PICTURES),
    Picture("join-welcome", "/join", "joinWelcome"),
    Picture("join-devices", "/join", "joinDevices"),
    Picture("join-devices-asking", "/join", "joinDevicesAsking"),
    Picture("join-waiting", "/join", "joinWaiting"),
    Picture("join-call", "/join", "joinCall"),
    Picture("join-compare", "/join", "joinCompare"),
    Picture("join-compare-english", "/join", "joinCompare", locale="en"),
    Picture("join-ended", "/join", "joinEnded"),
    Picture("join-turned-away", "/join", "joinTurnedAway"),
    Picture("join-thanks", "/join", "joinThanks"),
    Picture("join-problem", "/join", "joinProblem"),
    Picture("join-english", "/join", "joinWaiting", locale="en"),
)


def gallery_app() -> FastAPI:
    """The base with one route a page."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    # Held back here and not in the browser: one that is told to stop a request keeps nothing of what it fetched.
    @app.middleware("http")
    async def hold_back(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if HELD_BACK.fullmatch(request.url.path):
            return Response(media_type="text/javascript", headers={"cache-control": FOR_EVER})
        return await call_next(request)

    install(app, REGION)

    def staff(request: Request, name: str, role: Role) -> None:
        request.state.principal = StaffPrincipal(StaffId("sample"), role, None, SignInId("sample"), name)
        request.state.csrf = "sample"

    @app.get("/")
    async def home(request: Request) -> Response:
        return render(request, "home.html")

    @app.get("/sign-in")
    async def sign_in(request: Request) -> Response:
        return render(request, "sign-in.html")

    @app.get("/office")
    async def office(request: Request) -> Response:
        staff(request, "أحمد (عيّنة)", Role.OFFICE)
        return render(request, "office.html", planning="/planning")

    @app.get("/desk")
    async def desk(request: Request) -> Response:
        staff(request, "سارة (عيّنة)", Role.DESK)
        return render(request, "desk.html")

    add_agency(app)
    add_desk(app)
    add_desk_cases(app)
    add_agenda(app)
    add_booking(app)
    add_tasks(app)
    add_follow_through(app)
    add_planning(app)
    add_receipt(app)
    add_ticket(app)
    add_track(app)
    add_waitlist(app)

    @app.get("/join")
    async def join(request: Request) -> Response:
        return render(request, "join.html")

    @app.get("/expired")
    async def expired() -> Response:
        raise LinkExpired

    return app


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """`app` on a free port of this machine; its address."""
    settled = threading.Event()
    server = Announced(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off"), settled.set)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    settled.wait()
    if not server.started:
        raise RuntimeError("the gallery's server did not start")
    try:
        yield server.address
    finally:
        server.should_exit = True
        thread.join()


def show(page: Page, address: str, picture: Picture) -> None:
    """Opens the page of `picture` and puts it into its state."""
    host = address.removeprefix("http://").split(":")[0]
    page.context.add_cookies(
        [{"name": "tawasul_language", "value": picture.locale, "domain": host, "path": "/"}],
    )
    page.goto(address + picture.path, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    if picture.fill:
        page.evaluate(FILL)
        page.evaluate("([name, locale]) => window.gallery[name](locale)", [picture.fill, picture.locale])
        page.wait_for_timeout(250)


def main(folder: str, wanted: list[str]) -> None:
    """Writes a picture of each page at each size."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with serving(gallery_app()) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        for size, (width, height) in SIZES.items():
            for picture in PICTURES:
                if wanted and not any(picture.name.startswith(word) for word in wanted):
                    continue
                context = browser.new_context(viewport={"width": width, "height": height}, locale="ar-SA")
                page = context.new_page()
                page.clock.set_fixed_time(NOW)
                page.on("console", lambda message: print("console:", message.text))
                page.on("pageerror", lambda error: print("error:", error))
                show(page, address, picture)
                page.screenshot(path=target / f"{picture.name}-{size}.png", full_page=size == "phone")
                context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "tests/browser/screenshots/gallery", sys.argv[2:])
