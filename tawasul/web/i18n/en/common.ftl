## Words that all pages share

app-name = Tawasul
skip-to-content = Skip to the content
header-nav = Language and account
language-other = العربية
sign-out = Sign out
role-desk = Reception desk
role-office = The Amir’s office
role-admin = Administration
role-agency = Agency
form-optional = (optional)

## The error page

error-what-now = You can go back to the first page, or ask the reception staff.
error-stay-calm = We have a record of the fault. Try again in a little while; if it happens again, tell the reception staff the code below.
error-home = First page
error-code = Code:
error-no-answer = The service could not be reached. Check the connection and try again.
