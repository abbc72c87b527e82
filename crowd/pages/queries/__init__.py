"""What composed pages read; one module for each kind of page."""
