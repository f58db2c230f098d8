## أحوال المقابلة والهوية والمكان، كما تظهر في كل الصفحات

state-booked = محجوز
state-arrived = في الانتظار
state-called-in = دُعي للدخول
state-in-call = في المقابلة
state-heard = تُكتب النتيجة
state-concluded = اكتملت
state-cancelled = أُلغي
state-missed = لم يحضر

assurance-declared = هوية مصرَّح بها
assurance-seen-at-desk = شوهدت هويته
assurance-nafath = موثَّق بنفاذ

kind-citizen = مواطن
kind-resident = مقيم

priority-rebooked = أُعيد حجزه
priority-disabled = ذو إعاقة
priority-elderly = كبير سن
priority-travelled-far = قادم من بعيد
priority-other = أولوية
