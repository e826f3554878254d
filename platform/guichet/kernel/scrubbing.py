"""Takes out of a text what tells who somebody is: the last net, for words that should not have been written.

It knows forms, not meanings: a name goes through. Whoever writes a log line leaves people out of it.
"""

import re

PUT_INSTEAD = "[…]"
# What is longer is cut: nobody reads it, and a hostile text must not keep a process busy.
LONGEST = 20_000

# What follows a word that stays.
_TOLD = (
    # The row that PostgreSQL refused: free text of a person may be in it, line ends included.
    re.compile(
        r"(?P<kept>\b(?:DETAIL|CONTEXT): ).+?(?=\n(?:HINT|CONTEXT):|\n\n(?:The above|During handling)|\Z)",
        re.DOTALL,
    ),
    # What pydantic was given.
    re.compile(r"(?P<kept>\binput_value=).*?(?=, input_type=|$)", re.MULTILINE),
    # Whoever sent gunicorn a request that it could not read.
    re.compile(r"(?P<kept>\bip=)[\da-f.:]+", re.IGNORECASE),
)
# Our own references: opaque, and of use only whole.
_REFERENCE = re.compile(r"((?<![\w-])[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}(?![\w-]))", re.IGNORECASE)
_SPACE = r"[ \u00a0\u202f]"
_GAP = r"[ .\-\u00a0\u202f]?"
# Each begins where no word goes on to the left, so that a long one is read once.
_FORMS = (
    re.compile(r"(?<![\w.+%-])[\w.+%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"),
    # IBAN: a country, a key, then 11 to 30 letters and digits, in one piece or by fours.
    re.compile(r"(?<!\w)[a-z]{2}\d{2}[a-z\d]{11,30}(?!\w)", re.IGNORECASE),
    re.compile(
        rf"(?<!\w)[a-z]{{2}}\d{{2}}(?:{_SPACE}[a-z\d]{{4}}){{2,7}}(?:{_SPACE}[a-z\d]{{1,4}})?(?!\w)",
        re.IGNORECASE,
    ),
    # NIR: sex, year, month, department (2A and 2B are Corsica), municipality, order, then perhaps the key.
    re.compile(
        rf"(?<!\d)[1-478]{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}\d[\dAB]{_GAP}\d{{3}}{_GAP}\d{{3}}(?:{_GAP}\d{{2}})?(?!\d)",
        re.IGNORECASE,
    ),
    # A French phone, then one of any country, which its + gives away.
    re.compile(rf"(?<!\d)(?:(?:\+|00)33{_GAP}(?:\(0\){_GAP})?|0)[1-9](?:{_GAP}\d{{2}}){{4}}(?!\d)"),
    re.compile(rf"\+\d(?:{_GAP}\(?\d\)?){{7,14}}(?!\d)"),
    # Identifiers, subscriber codes, cards, and whatever else is as long.
    re.compile(r"\d{10,}"),
)


def scrub(text: str) -> str:
    """The text, with `[…]` for each e-mail address, phone, NIR, IBAN and number of ten digits or more. UUIDs stay."""
    if len(text) > LONGEST:
        text = text[:LONGEST] + PUT_INSTEAD
    for told in _TOLD:
        text = told.sub(rf"\g<kept>{PUT_INSTEAD}", text)
    parts = _REFERENCE.split(text)
    return "".join(part if position % 2 else _without_forms(part) for position, part in enumerate(parts))


def _without_forms(text: str) -> str:
    for form in _FORMS:
        text = form.sub(PUT_INSTEAD, text)
    return text
