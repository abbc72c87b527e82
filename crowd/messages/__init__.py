"""Messages from an organization to a group of people in a call."""
