"""The only module that knows every area: puts the application together."""

import sys
from pathlib import Path

from flask import Flask, request, session
from flask_babel import Babel
from flask_compress import Compress
from flask_migrate import Migrate

from crowd import wiring
from crowd.accounts.gates import AFTER_SIGN_IN, login_manager, still_here
from crowd.config import Settings
from crowd.organizations.gates import load_actor
from crowd.pages.queries.badges import badges
from crowd.store.db import AFTER_COMMIT, AT_BEGIN, db, leave
from crowd.store.jobs import JobRunner
from crowd.web import assets, errors, incoming, logs, security, templating, text
from crowd.web.access import current_actor, try_quickly, use_actor_loader

ROOT = Path(__file__).parent.parent
LANGUAGES = ("en", "es")


def create_app(settings: Settings) -> Flask:
    """An application for these settings. Nothing is read from the environment here."""
    settings.data.mkdir(parents=True, exist_ok=True)
    app = Flask("crowd", root_path=str(ROOT), static_folder=None, template_folder="templates")
    app.jinja_environment = templating.Environment
    app.extensions["settings"] = settings
    app.testing = settings.testing
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        BABEL_DEFAULT_LOCALE="en",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "crowd" / "translations"),
        COMPRESS_ALGORITHM=["br", "gzip"],
    )
    incoming.configure(app)
    security.configure(app, settings)
    app.before_request(try_quickly)
    db.init_app(app)
    app.teardown_appcontext(leave)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=False)
    login_manager.init_app(app)
    use_actor_loader(app, load_actor)
    app.extensions[AFTER_SIGN_IN] = wiring.AFTER_SIGN_IN
    app.extensions[AT_BEGIN] = (still_here,)
    text.configure(app, Babel(app, locale_selector=_language, timezone_selector=_time_zone))
    Compress(app)
    assets.configure(app, ROOT / "static")
    errors.register(app)
    templating.configure(app, badges)
    templating.keep_compiled(app, settings.data / "templates")
    for sentences in wiring.SENTENCES:
        _add_once(sentences)
    for blueprint in wiring.BLUEPRINTS:
        app.register_blueprint(blueprint)
    for group in wiring.COMMANDS:
        app.cli.add_command(group)
    _start_jobs(app, settings)
    logs.configure(settings.log_level)
    return app


def _engine_options(settings: Settings) -> dict[str, object]:
    """Values of statements stay out of errors, and so out of logs.

    PostgreSQL plans each statement anew, but for those that `store.prepared` asks it to keep: a plan kept since a table was small would be
    used until the next ANALYZE.
    """
    if settings.sqlite:
        return {"connect_args": {"timeout": 15}, "hide_parameters": True}
    pool = {"pool_size": settings.threads, "max_overflow": 4}
    return {"connect_args": {"prepare_threshold": sys.maxsize}, "hide_parameters": True, **pool}


def _add_once(sentences: dict[str, object]) -> None:
    if not sentences.keys() <= errors.SENTENCES.keys():
        errors.add_sentences(sentences)


def _start_jobs(app: Flask, settings: Settings) -> None:
    runner = JobRunner(app, settings, wiring.JOBS)
    app.extensions["jobs"] = runner
    app.extensions[AFTER_COMMIT] = [] if settings.testing else [runner.poke]


def _language() -> str:
    chosen = session.get("language") or current_actor().language
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "en"


def _time_zone() -> str | None:
    return current_actor().time_zone
