"""Filling forms as a browser without script does: reading what a page would send."""

from html.parser import HTMLParser
from operator import itemgetter


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        if not self.forms:
            return
        fields, name = self.forms[-1][1], given.get("name", "")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind not in {"radio", "checkbox"} or "checked" in given:
                fields[name] = given.get("value", "on" if kind in {"radio", "checkbox"} else "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and (self._select not in fields or "selected" in given):
            fields[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area, fields[name] = name, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea" and self._area is not None:
            fields = self.forms[-1][1]
            fields[self._area] = fields[self._area].removeprefix("\r\n").removeprefix("\n")
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.forms[-1][1][self._area] += data


def fields_of(html: str, action: str | None = None) -> dict[str, str]:
    """Names and values of the form posted to `action`, or of the largest form of the page."""
    reader = _Forms()
    reader.feed(html)
    found = [(len(fields), fields) for target, fields in reader.forms if action in {None, target}]
    return max(found, key=itemgetter(0))[1]
