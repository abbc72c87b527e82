"""Asking for one's account to be erased, taking that back, and erasing it."""

from crowd.privacy.actions.asking import ask_to_be_erased, confirm, keep_account
from crowd.privacy.actions.erasing import erase_account, tell_of_obstacles

__all__ = ["ask_to_be_erased", "confirm", "erase_account", "keep_account", "tell_of_obstacles"]
