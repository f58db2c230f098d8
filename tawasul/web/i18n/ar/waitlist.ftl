# The waitlist at the desk.

waitlist-lead = حين يتاح وقت يُعرض على أول من يناسبه. الترتيب للمنطقة كلها، وسببه ظاهر.
waitlist-offered = عُرض عليهم وقت
waitlist-offered-lead = الوقت محفوظ لهم حتى يردّوا. من لا يصل إلى الرسالة فاتصل به.
waitlist-empty = لا أحد ينتظر موعدًا
waitlist-empty-text = حين لا تجد لمستفيد وقتًا يناسبه أضفه إلى القائمة من صفحة الحجز.
waitlist-wish = ‏{ $place }، { $days }
waitlist-days = من { $from } إلى { $to }
waitlist-offer = ‏{ $day }، { $time }
waitlist-left = بقي للرد: { $wait }
waitlist-lapsing = انتهت مدة الرد
waitlist-accept = قبِل
waitlist-decline = لا يناسبه
waitlist-withdraw = أزله من القائمة
waitlist-accept-sure = هل قبِل الوقت المعروض؟
waitlist-decline-sure = ألا يناسبه الوقت؟ سيُعرض على من بعده.
waitlist-withdraw-sure = هل تزيله من القائمة؟
waitlist-accepted = تم الحجز له.
waitlist-declined = سيُعرض الوقت على من بعده.
waitlist-withdrawn = أُزيل من القائمة.
waitlist-restored = عاد إلى مكانه في القائمة.
waitlist-why-rebooked = فقد موعدًا بلا ذنب منه
waitlist-why-disabled = ذو إعاقة
waitlist-why-elderly = كبير سن
waitlist-why-travelled-far = قادم من بعيد
waitlist-why-governorate-behind = محافظته أقل حظًا هذا الشهر
waitlist-why-joined = بحسب وقت التسجيل
