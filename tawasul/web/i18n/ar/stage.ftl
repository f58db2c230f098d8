## منصة المكالمة عند الطرفين

stage-label = المكالمة المرئية
stage-remote = صورة الطرف الآخر
stage-own = صورتك كما تُرسل
stage-own-picture-off = صورتك موقوفة
stage-clock = مدة المكالمة
stage-controls = أزرار المكالمة
stage-mute-sound = كتم صوتي
stage-unmute-sound = صوتي مكتوم – تشغيل
stage-mute-picture = إيقاف صورتي
stage-unmute-picture = صورتي موقوفة – تشغيل
stage-hang-up = إنهاء المكالمة
stage-remote-sound-off = الصوت مكتوم
stage-remote-picture-off = الصورة موقوفة
stage-idle-title-office = لا مكالمة الآن
stage-idle-text-office = عند دعوة المستفيد للدخول تظهر صورته هنا خلال ثانية أو ثانيتين.
stage-idle-title-citizen = يجري الاتصال بمكتب سمو الأمير
stage-idle-text-citizen = لحظات وتظهر الصورة.
