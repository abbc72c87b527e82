"""`flask run`, `flask …` and any WSGI server start here."""

import gc
import sys

gc.disable()  # looking through modules, none of which is ever garbage, was a quarter of the start

if sys.argv[1:2] == [
    "tally"
]:  # counts a file: needs neither settings nor database, and starts in a fraction of the time
    from flask import Flask

    from crowd.voting.cli import tally_file

    app = Flask("crowd")
    app.cli.add_command(tally_file)
else:
    from crowd.config import Settings, SettingsError
    from crowd.factory import create_app

    try:
        settings = Settings.from_env()
    except SettingsError as error:
        sys.stderr.write("\n- ".join(["Apertura cannot start:", *error.faults]) + "\n")
        raise SystemExit(2) from None
    app = create_app(settings)

gc.freeze()
gc.enable()
