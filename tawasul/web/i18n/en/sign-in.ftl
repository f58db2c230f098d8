## Signing in, for staff

sign-in-title = Staff sign-in
sign-in-lead = For staff of the reception centres and of the Amir’s office.
sign-in-user-name = User name
sign-in-password = Password
sign-in-reveal = Show the password
sign-in-action = Sign in
sign-in-citizen = Citizens need no account: they come in by the link that the reception centre sent them.
