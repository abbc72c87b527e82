"""What each process of the web server loads: the application behind a bridge, and the model of language beside its first requests."""

import sys

from app import app
from crowd.config import Settings
from crowd.meaning.encoder import warm
from crowd.web.bridge import Bridge

settings: Settings = app.extensions["settings"]
bridge = Bridge(app, settings.threads, app.config["MAX_CONTENT_LENGTH"])
sys.setswitchinterval(
    0.002
)  # seconds that the server's loop waits for a thread that computes; each request passes it twice
warm()
