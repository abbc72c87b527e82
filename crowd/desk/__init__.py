"""The manager's desk: the table of a call's proposals with private notes, labels and colleagues, its export, what is amiss."""
