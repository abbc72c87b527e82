"""Deciding, advancing, publishing, crediting, correcting."""
