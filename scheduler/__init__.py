"""The room of appointments: who is booked when and where, and who has arrived."""
