"""What a browser says of itself, and what it reads of a page before it posts the page's form."""

import re

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
FORM = "application/x-www-form-urlencoded"
TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the field's name
_TOKEN = re.compile(rf'name="{TOKEN}" value="(\w+)"')


class NoFormError(RuntimeError):
    """The page has no form to post."""


def token_of(page: str) -> str:
    found = _TOKEN.search(page)
    if found is None:
        raise NoFormError("the page has no form to post")
    return found[1]
