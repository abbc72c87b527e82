"""Comments on calls and proposals."""

from crowd.conversation.views import acts, crediting, thread
from crowd.conversation.views.blueprint import bp

__all__ = ["acts", "bp", "crediting", "thread"]
