"""One line of a file of clients: what it says, or all that is wrong with it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError

from guichet.kernel.names import visible
from guichet.kernel.phones import PhoneRefusedError, Why
from tenant_apps.clients.contact_rules import LONGEST_EMAIL, normal_email, normal_mobile
from tenant_apps.clients.models import Client
from tenant_apps.clients.register_client import POSTAL_LINE_LENGTH
from tenant_apps.exchange.domain.table import NEEDED, Problem, Row, has_control, is_formula
from tenant_apps.identity.give_access import identifier_in_file
from tenants.policy.document import Policy
from tenants.policy.identifiers import IdentifierRefused, format_of

T = TypeVar("T")
OLDEST = date(1900, 1, 1)
_NUMBER = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z ./-]{0,18}[0-9A-Za-z])?", re.ASCII)
_POSTCODE = re.compile(r"[0-9]{5}", re.ASCII)
_ADDRESS = tuple(f"adresse_{n}" for n in range(1, 5))
_LONGEST = {
    "numero_client": 20,
    "nom": 80,
    "prenom": 80,
    "email": LONGEST_EMAIL,
    **dict.fromkeys(_ADDRESS, POSTAL_LINE_LENGTH),
    "code_postal": 12,
    "ville": 60,
    "pays": 60,
    "identifiant": LONGEST_EMAIL,
}
_LONGEST_OTHER = 40
_TITLES = {
    "": Client.Title.NONE,
    **dict.fromkeys(("mme", "madame", "mlle", "mademoiselle"), Client.Title.MADAM),
    **dict.fromkeys(("m", "m.", "mr", "monsieur"), Client.Title.SIR),
}
_LANGUAGES = {"": "fr", "fr": "fr", "francais": "fr", "français": "fr", "en": "en", "anglais": "en"}
_PHONES: dict[Why, str] = {
    "not_a_number": "ce n’est pas un numéro de téléphone",
    "not_french": "ce numéro n’est ni de France ni d’outre-mer",
    "not_a_mobile": "c’est le numéro d’un téléphone fixe",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLine:
    """What a good line says. None, of `title`, `language`, `birth_date` and `address`: nothing.

    `identifier`: in its normal form; `given`: the file names it itself, it is not the number or the e-mail.
    """

    line: int
    number: str
    first_name: str
    last_name: str
    title: str | None
    language: str | None
    birth_date: date | None
    email: str
    mobile: str
    address: "Address | None"
    identifier: str
    given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    postal_lines: tuple[str, ...]
    postcode: str
    town: str
    country: str


class _RefusedError(ValueError):
    """In French, without what the field holds."""


class _Reading:
    """Takes each field by itself, so that all that is wrong with a line is told at once."""

    def __init__(self, row: Row) -> None:
        self.fields, self.line = row.fields, row.line
        self.problems: list[Problem] = []
        number = row.fields["numero_client"]
        # What stands in its place may be a name.
        self.number = number if _NUMBER.fullmatch(number) else ""

    def take(self, column: str, read: Callable[[str], T], otherwise: T) -> T:
        text = self.fields.get(column, "")
        try:
            _refuse_what_is_no_text(column, text)
            return read(visible(text))
        except _RefusedError as error:
            self.wrong(str(error), column)
            return otherwise

    def wrong(self, why: str, column: str = "") -> None:
        self.problems.append(Problem(self.line, why, column, self.number))


def read_client(row: Row, *, policy: Policy, today: date) -> ClientLine | list[Problem]:
    """The line, or every reason against it; none of them says what a field holds."""
    reading = _Reading(row)
    number = reading.take("numero_client", _number, "")
    email = reading.take("email", _email, "")
    identifier, given = _identifier(reading, number=number, email=email, policy=policy)
    read = ClientLine(
        line=row.line,
        number=number,
        first_name=reading.take("prenom", _name, ""),
        last_name=reading.take("nom", _name, ""),
        title=_said(reading, "civilite", _title),
        language=_said(reading, "langue", _language),
        birth_date=reading.take("date_naissance", lambda text: _day(text, today), None),
        email=email,
        mobile=reading.take("mobile", _mobile, ""),
        address=_address(reading),
        identifier=identifier,
        given=given,
    )
    return reading.problems or read


def _said(reading: _Reading, column: str, read: Callable[[str], str]) -> str | None:
    return reading.take(column, read, "") if reading.fields.get(column) else None


def _refuse_what_is_no_text(column: str, text: str) -> None:
    if not text and column in NEEDED:
        raise _RefusedError("il manque")
    longest = _LONGEST.get(column, _LONGEST_OTHER)
    if len(text) > longest:
        raise _RefusedError(f"trop long, {longest} signes au plus")
    if has_control(text):
        raise _RefusedError("un signe qui ne peut pas y être (fin de ligne, NUL…)")
    if is_formula(text):
        raise _RefusedError("commence comme une formule de tableur")


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise _RefusedError("ce n’est pas un numéro : des chiffres et des lettres sans accents")
    return text


def _name(text: str) -> str:
    if not any(mark.isalpha() for mark in text):
        raise _RefusedError("ce n’est pas un nom")
    return text


def _title(text: str) -> str:
    found = _TITLES.get(text.casefold())
    if found is None:
        raise _RefusedError("Mme ou M. est attendu, ou rien")
    return found.value


def _language(text: str) -> str:
    found = _LANGUAGES.get(text.casefold())
    if found is None:
        raise _RefusedError("fr ou en est attendu, ou rien")
    return found


def _day(text: str, today: date) -> date | None:
    if not text:
        return None
    french = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text, re.ASCII)
    try:
        if french:
            day, month, year = map(int, french.groups())
            born = date(year, month, day)
        else:
            born = date.fromisoformat(text)
    except ValueError:
        raise _RefusedError("ce n’est pas une date comme 21/10/1960") from None
    if not OLDEST <= born <= today:
        raise _RefusedError("cette date n’est pas celle d’une naissance")
    return born


def _email(text: str) -> str:
    try:
        return normal_email(text) if text else ""
    except ValidationError:
        raise _RefusedError("ce n’est pas une adresse e-mail") from None


def _mobile(text: str) -> str:
    try:
        return normal_mobile(text) if text else ""
    except PhoneRefusedError as error:
        raise _RefusedError(_PHONES[error.why]) from None


def _address(reading: _Reading) -> Address | None:
    """All of it, or none: half an address is no correction of another half."""
    lines = tuple(line for column in _ADDRESS if (line := reading.take(column, str, "")))
    postcode, town, country = (reading.take(column, str, "") for column in ("code_postal", "ville", "pays"))
    if country.casefold() == "france":
        country = ""
    if not (lines or postcode or town or country):
        return None
    bare = postcode.replace(" ", "")
    if not country and not _POSTCODE.fullmatch(bare):
        reading.wrong("cinq chiffres sont attendus, ou un pays", "code_postal")
    for column, value in (("adresse_1", lines), ("ville", town)):
        if not value:
            reading.wrong("il manque à l’adresse", column)
    return Address(postal_lines=lines, postcode=postcode if country else bare, town=town, country=country)


def _identifier(reading: _Reading, *, number: str, email: str, policy: Policy) -> tuple[str, bool]:
    """What the caisse's clients sign in by, in its normal form, and whether the file names it itself."""
    if policy.identifier.kind in {"nir", "digits"}:
        return reading.take("identifiant", lambda text: _normal(text, policy), ""), True
    if reading.fields.get("identifiant"):
        reading.wrong("laissez vide : à cette caisse c’est l’e-mail ou le numéro de client", "identifiant")
        return "", False
    found = identifier_in_file(email=email, number=number, policy=policy)
    if not found and number:
        column = "email" if policy.identifier.kind == "email" else "numero_client"
        reading.wrong("les clients se connectent avec, et ceci n’en a pas la forme", column)
    return found, False


def _normal(text: str, policy: Policy) -> str:
    if not text:
        raise _RefusedError("il manque")
    try:
        return format_of(policy.identifier).normalise(text)
    except IdentifierRefused as error:
        raise _RefusedError(str(error)[:1].lower() + str(error)[1:].rstrip(".")) from None
