"""Messages to citizens: what is planned with a booking, when it is due, and how it leaves."""
