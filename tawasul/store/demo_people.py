"""The sample citizens of a demonstration: plainly samples by their names, with IDs that nobody has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from stdnum import luhn

from tawasul.domain.party import Group, Party, Priority, Proof, Relation, Representative
from tawasul.domain.people import Citizen, CitizenId
from tawasul.domain.places import GovernorateId, KioskId
from tawasul.domain.venue import AtKiosk, InPerson, OwnLocation, Venue

_OWN: Final = OwnLocation()


@dataclass(frozen=True, slots=True)
class Sample:
    """A citizen (``number`` from 1, a resident if ``iqama``), where and why they are heard, and who comes with them."""

    number: int
    name: str
    venue: Venue
    governorate_id: GovernorateId
    subject: str
    iqama: bool = False
    party: Party | None = None
    priorities: tuple[Priority, ...] = ()

    @property
    def citizen_id(self) -> CitizenId:
        """Plainly a sample's."""
        return CitizenId(f"sample-{self.number}")

    def citizen(self, now: datetime) -> Citizen:
        """Registered now."""
        return Citizen.register(
            self.citizen_id,
            name=self.name,
            national_id=sample_id(self.number, iqama=self.iqama),
            mobile=f"05000000{self.number - 1:02}",
            now=now,
        )


def sample_id(number: int, *, iqama: bool = False) -> str:
    """A valid number of a range in which nobody has one. The robots of rehearsals have 10 to 99 of the lowest."""
    place = number - 1 if number <= len(TODAY) else number + 5000
    body = f"{'2' if iqama else '1'}{place:08}"
    return body + str(luhn.calc_check_digit(body))


def _sample(number: int, name: str, where: Venue | str, governorate: str, subject: str, **more: object) -> Sample:
    venue = AtKiosk(KioskId(where)) if isinstance(where, str) else where
    return Sample(number, f"عينة: {name}", venue, GovernorateId(governorate), subject, **more)  # type: ignore[arg-type]


TODAY: Final = (
    _sample(1, "سالم بن محمد", "badr-1", "badr", "طلب تعبيد طريق القرية المؤدي إلى المدرسة"),
    _sample(2, "نورة بنت عبدالله", "yanbu-1", "yanbu", "متابعة معاملة صك أرض متأخرة"),
    _sample(3, "فهد بن سعود", _OWN, "badr", "طلب نقل علاج والدته إلى مستشفى متخصص"),
    _sample(4, "عائشة بنت أحمد", "alula-1", "alula", "شكوى من انقطاع المياه المتكرر في الحي"),
    _sample(5, "محمد إقبال", "yanbu-2", "yanbu", "طلب النظر في تأخر مستحقات مالية", iqama=True),
    _sample(6, "عبدالرحمن بن علي", _OWN, "yanbu", "مقترح إنشاء حديقة عامة وممشى"),
    _sample(7, "مريم بنت خالد", "khaybar-1", "khaybar", "طلب توظيف في برنامج التأهيل"),
    _sample(8, "تركي بن ناصر", "badr-2", "badr", "شكر وطلب افتتاح فرع للأحوال المدنية"),
    _sample(9, "هند بنت يوسف", _OWN, "alais", "طلب مساعدة لأسرة متضررة من السيول"),
)
"""Booked in the sitting that is open now."""

_HIS_SON: Final = Representative.named(
    name="عينة: خالد بن حمد",
    national_id=sample_id(900),
    relation=Relation.CHILD.value,
    proof=Proof.FAMILY_RECORD.value,
    proof_number="77-1204",
    proof_seen=False,
)

COMING: Final = (
    _sample(
        10,
        "حمد بن صالح",
        "badr-1",
        "badr",
        "طلب كرسي متحرك وتهيئة المنزل",
        party=_HIS_SON,
        priorities=(Priority.DISABLED, Priority.ELDERLY),
    ),
    _sample(
        11,
        "سعد بن مطلق",
        InPerson(),
        "badr",
        "طلب إيصال الكهرباء",
        party=Group.named(name="أهالي القرية", size=6),
    ),
    _sample(12, "فاطمة بنت إبراهيم", "yanbu-1", "yanbu", "طلب سداد فاتورة متعثرة", priorities=(Priority.ELDERLY,)),
    _sample(13, "بندر بن عوض", "almahd-1", "almahd", "طلب مدرسة ابتدائية", priorities=(Priority.TRAVELLED_FAR,)),
    _sample(14, "لطيفة بنت سعد", "alhanakiyah-1", "alhanakiyah", "متابعة طلب ضمان اجتماعي"),
    _sample(15, "يوسف بن عمر", "wadi-alfara-1", "wadi-alfara", "شكوى من تأخر مشروع طريق"),
)
"""Booked on the coming days only, as some of the others are again."""

WAITING: Final = (
    _sample(16, "منصور بن فهد", "badr-1", "badr", "طلب ترميم مسجد الحي"),
    _sample(17, "جواهر بنت عيد", _OWN, "badr", "طلب علاج لابنها", priorities=(Priority.ELDERLY,)),
)
"""Wait for a time on the next working day, which is full."""
