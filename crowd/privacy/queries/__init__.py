"""Who may be erased, what it would touch, and everything that is kept about somebody."""
