## الدخول للموظفين

sign-in-title = دخول الموظفين
sign-in-lead = لموظفي مراكز الاستقبال ومكتب سمو الأمير.
sign-in-user-name = اسم المستخدم
sign-in-password = كلمة المرور
sign-in-reveal = أظهر كلمة المرور
sign-in-action = تسجيل الدخول
sign-in-citizen = المستفيد لا يحتاج إلى حساب؛ يدخل من الرابط الذي وصله من مركز الاستقبال.
