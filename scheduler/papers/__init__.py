"""What is printed and carried away: tickets, and the list of the day."""
