"""`flask run`, `flask …` and any WSGI server start here."""

import sys

from crowd.config import Settings, SettingsError
from crowd.factory import create_app

try:
    settings = Settings.from_env()
except SettingsError as error:
    sys.stderr.write("\n- ".join(["Apertura cannot start:", *error.faults]) + "\n")
    raise SystemExit(2) from None

app = create_app(settings)
