"""Times of people: their working hours, as typed and as shown, and their time zones."""
