## رسائل المستفيدين: محايدة، بلا اسم ولا رقم ولا غرض، في جزء أو جزأين.

message-when = { $weekday } { $hijri }هـ ({ $gregorian }م) { $time }
message-soon = { $weekday } { $time }
message-morning = { $time } ص
message-evening = { $time } م
message-place = المكان: { $place }
message-link = للتفاصيل: { $link }

message-booked = موعدك { $when }
message-moved = موعدك الجديد { $when }
message-cancelled = أُلغي موعدك { $when }
message-reminder-day = تذكير: موعدك { $when }
message-reminder-hours = تذكير: موعدك { $when }
message-offer = أُتيح لك موعد. نرجو الرد قبل { $soon }
message-offer-lapsed = انتهت مهلة الرد على الموعد المتاح.
message-offer-withdrawn = نعتذر، لم يعد الموعد الذي أُتيح لك متاحًا، ودورك في الانتظار محفوظ.
message-rebooked = تغيّر موعدك إلى { $when }
message-time-lost = نعتذر، تعذّر موعدك { $when } وسنتصل بك
message-answer-ready = لكم رد، والاعتراض حتى { $when }
message-answer-closes-soon = يُقبل الرد ما لم تعترضوا قبل { $when }
message-question = نحتاج منكم إلى إيضاح، وسنتصل بكم.
