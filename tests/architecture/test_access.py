"""Every address says who may use it."""

from flask import Flask

from crowd.core.permissions import Permission
from crowd.web.access import ACCESS


def test_every_view_is_public_or_names_its_permission(application: Flask) -> None:
    silent = [
        f"{rule.endpoint} {rule.rule}"
        for rule in application.url_map.iter_rules()
        if not hasattr(application.view_functions[rule.endpoint], ACCESS)
    ]
    assert silent == []


def test_every_named_permission_exists(application: Flask) -> None:
    known = {permission.value for permission in Permission} | {"public"}
    named = {
        word for view in application.view_functions.values() for word in str(getattr(view, ACCESS, "public")).split()
    }
    assert named <= known


def test_nothing_changes_by_being_looked_at(application: Flask) -> None:
    """An address that names an act (`…/withdraw`) takes only POST, or shows its form on GET beside it."""
    for rule in application.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods <= {"GET", "POST"}, rule.rule
