"""What `tawasul relay check` says of each trouble, in English and Arabic: what is wrong, and what to do or ask for."""

from __future__ import annotations

from media_relay.check import Trouble
from tawasul.doctor.finding import Words

MENDS = {
    Trouble.UNKNOWN_NAME: Words(
        "Look at the name for a slip of the pen; else ask the network's people to have it in their DNS, or give the "
        "address.",
        "تأكد من كتابة الاسم، أو اطلب من مسؤولي الشبكة إضافته إلى خوادم الأسماء DNS، أو استخدم العنوان الرقمي.",
    ),
    Trouble.SILENT: Words(
        "Usually a firewall drops it, here or before the relay. Ask the network's people to let {transport} out to "
        "{host} port {port}, and answers back in; and look whether the relay runs.",
        "غالبًا ما يحجبه جدار ناري هنا أو عند خادم الترحيل. اطلب من مسؤولي الشبكة السماح باتصال {transport} إلى {host} "
        "على المنفذ {port} وبمرور الردود، وتأكد من أن خادم الترحيل يعمل.",
    ),
    Trouble.CLOSED: Words(
        "The host is reached and refuses: the relay does not run or does not listen on this port, or a firewall "
        "refuses.",
        "وصل الاتصال إلى الجهاز فرفضه: إما أن خادم الترحيل لا يعمل أو لا يستقبل على هذا المنفذ، "
        "أو أن جدارًا ناريًا يرفضه.",
    ),
    Trouble.UNREACHABLE: Words(
        "There is no way to this address from here: ask the network's people for a route to {host}.",
        "لا يوجد مسار من هنا إلى هذا العنوان: اطلب من مسؤولي الشبكة فتح مسار إلى {host}.",
    ),
    Trouble.CUT: Words(
        "Something between lets the connection begin and then cuts it, as proxies and inspection do. Ask the network's "
        "people to let {transport} to {host} port {port} pass as it is.",
        "يسمح جهاز في الطريق ببدء الاتصال ثم يقطعه، كما تفعل الخوادم الوسيطة وأجهزة الفحص. اطلب من مسؤولي الشبكة تمرير "
        "{transport} إلى {host} على المنفذ {port} كما هو.",
    ),
    Trouble.NOT_STUN: Words(
        "Something else answers on this port: another server, or a proxy in between. Look at host and port.",
        "برنامج آخر يجيب على هذا المنفذ: خادم مختلف أو وسيط في الطريق. تأكد من العنوان والمنفذ.",
    ),
    Trouble.NOT_TLS: Words(
        "No TLS is spoken there, or not as we do: look at the port, and whether a proxy inspects TLS.",
        "لا يُستخدم TLS هناك أو لا يُستخدم بالطريقة نفسها: تأكد من المنفذ ومن عدم وجود وسيط يفحص TLS.",
    ),
    Trouble.CERTIFICATE: Words(
        "If the issuer is not yours, a device between inspects TLS: ask that {host} be exempt. Else renew the relay's "
        "certificate, or name your own authority (--trust).",
        "إن لم تكن جهة الإصدار جهتكم فثمة جهاز يفحص TLS: اطلب استثناء {host}. وإلا فجدّد شهادة خادم الترحيل أو حدّد جهة "
        "الإصدار الخاصة بكم بالخيار --trust.",
    ),
    Trouble.CREDENTIALS: Words(
        "The relay does not take these credentials: their time is over (`tawasul relay credentials` at the server "
        "makes new ones), its secret is another one, or a clock is wrong, here or there.",
        "لا يقبل خادم الترحيل بيانات الدخول هذه: انتهت مدتها (يصدر `tawasul relay credentials` عند الخادم غيرها)، أو "
        "أن سرّه مختلف، أو أن إحدى الساعتين هنا أو هناك غير صحيحة.",
    ),
    Trouble.DRAINING: Words(
        "This relay is being taken out of service and sends new calls to another one. Ask again when it is back.",
        "هذا الخادم قيد الإيقاف للصيانة ويحوّل المكالمات الجديدة إلى غيره. أعد الفحص بعد عودته.",
    ),
    Trouble.FULL: Words(
        "The relay has no place left, or is being taken out of service: look at its log.",
        "لا متسع في خادم الترحيل أو أنه قيد الإيقاف: راجع سجلّه.",
    ),
    Trouble.QUOTA: Words(
        "Too many allocations from this network or of this user: wait ten minutes, or raise the relay's quotas.",
        "تجاوز عدد الجلسات من هذه الشبكة أو لهذا المستخدم الحد المسموح: انتظر عشر دقائق أو ارفع الحدود في "
        "خادم الترحيل.",
    ),
    Trouble.FORBIDDEN: Words(
        "The relay may not send to its own relayed address. With coturn: look at allowed-peer-ip and denied-peer-ip.",
        "لا يُسمح لخادم الترحيل بالإرسال إلى عنوانه المُرحَّل. مع coturn راجع allowed-peer-ip وdenied-peer-ip.",
    ),
    Trouble.REFUSED: Words(
        "The relay refused with error {detail}: look at its log.",
        "رفض خادم الترحيل الطلب بالخطأ {detail}: راجع سجلّه.",
    ),
    Trouble.LOST: Words(
        "The relay answers, and packets do not come through it: look at the firewall on its host, at its relayed ports "
        "(UDP), and at its bandwidth.",
        "يجيب خادم الترحيل لكن الحزم لا تمر عبره: راجع الجدار الناري على جهازه، ومنافذ الترحيل (UDP)، وسعة الشبكة.",
    ),
    Trouble.LARGE_LOST: Words(
        "Small packets pass and large ones do not: sound without picture. Ask the network's people for the path's MTU "
        "(1,280 bytes at least), and that ICMP 'fragmentation needed' passes.",
        "تمر الحزم الصغيرة دون الكبيرة: صوت بلا صورة. اطلب من مسؤولي الشبكة ألا تقل وحدة النقل القصوى MTU عن 1280 بايت "
        "وألا تُحجب رسائل ICMP الخاصة بالتجزئة.",
    ),
}
"""What is the likely cause, and what to do or ask for."""

FAULTS = {
    Trouble.UNKNOWN_NAME: Words("no address is known for {host}", "لا يُعرف عنوان للاسم {host}"),
    Trouble.SILENT: Words("no answer came", "لم يصل رد"),
    Trouble.CLOSED: Words("it was refused", "رُفض الاتصال"),
    Trouble.UNREACHABLE: Words("the network knows no way ({detail})", "لا تعرف الشبكة طريقًا إليه ({detail})"),
    Trouble.CUT: Words("the connection was cut", "قُطع الاتصال"),
    Trouble.NOT_STUN: Words("what answers is no relay", "ما يجيب ليس خادم ترحيل"),
    Trouble.NOT_TLS: Words("no TLS session came about ({detail})", "لم تنشأ جلسة TLS ({detail})"),
    Trouble.CERTIFICATE: Words("the certificate is not trusted: {detail}", "الشهادة غير موثوقة: {detail}"),
    Trouble.CREDENTIALS: Words("the credentials were refused", "رُفضت بيانات الدخول"),
    Trouble.DRAINING: Words("it sends new calls elsewhere", "يحوّل المكالمات الجديدة إلى غيره"),
    Trouble.FULL: Words("it takes no more", "لا يقبل المزيد"),
    Trouble.QUOTA: Words("the quota is used up", "استُنفد الحد المسموح"),
    Trouble.FORBIDDEN: Words("it was forbidden to send", "مُنع من الإرسال"),
    Trouble.REFUSED: Words("it was refused ({detail})", "رُفض الطلب ({detail})"),
    Trouble.LOST: Words("the packets did not come back", "لم تعد الحزم"),
    Trouble.LARGE_LOST: Words("small packets came back, large ones did not", "عادت الحزم الصغيرة ولم تعد الكبيرة"),
}
