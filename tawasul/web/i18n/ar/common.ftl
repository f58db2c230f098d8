## كلمات تشترك فيها الصفحات كلها

app-name = تواصل
skip-to-content = انتقل إلى المحتوى
header-nav = اللغة والحساب
language-other = English
sign-out = تسجيل الخروج
role-desk = استقبال
role-office = مكتب سمو الأمير
role-admin = إدارة الخدمة
role-agency = جهة
form-optional = (اختياري)

## صفحة الخطأ

error-what-now = يمكنك العودة إلى الصفحة الأولى، أو سؤال موظف الاستقبال.
error-stay-calm = سُجِّل الخلل لدينا. أعد المحاولة بعد قليل، وإن تكرر فأخبر موظف الاستقبال بالرمز أدناه.
error-home = الصفحة الأولى
error-code = رمز الحالة:
error-no-answer = تعذّر الوصول إلى الخدمة. تحقّق من الاتصال ثم أعد المحاولة.
