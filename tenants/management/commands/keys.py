"""`manage.py keys rotate | status`."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.sealing import key_mark
from tenants.keys.rotate_keys import Standing, rotate_keys, standing
from tenants.models import Caisse
from tenants.selectors import caisses_with_schema

# How many rows that do not open are named: the first are enough to look into it.
NAMED = 5


class Command(BaseCommand):
    help = "The master key: what stands under it, and bringing everything under a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        rotate = commands.add_parser(
            "rotate", help="seal anew, with GUICHET_MASTER_KEY, what older keys have sealed; may be run again"
        )
        status = commands.add_parser("status", help="what is not under GUICHET_MASTER_KEY; changes nothing")
        for each in (rotate, status):
            each.add_argument("schemas", nargs="*", help="all caisses when none is named")

    def handle(self, *args: Any, **options: Any) -> None:
        caisses = named_caisses(options["schemas"])
        self.stdout.write(f"clé maîtresse : {key_mark(settings.MASTER_KEY)}")
        for title, keys in (
            ("prochaine clé", settings.NEXT_MASTER_KEY),
            ("clé précédente", settings.PREVIOUS_MASTER_KEYS),
        ):
            for key in keys:
                self.stdout.write(f"{title} : {key_mark(key)}")
        stands = []
        for position, caisse in enumerate(caisses, start=1):
            self.stdout.write(f"{caisse.schema_name} ({position}/{len(caisses)})")
            with tenant_context(caisse):
                if options["command"] == "rotate":
                    self._rotate()
                stands.append(standing(now=timezone.now()))
            self._describe(stands[-1])
        self._conclude(stands, whole=not options["schemas"])

    def _rotate(self) -> None:
        rotated = rotate_keys(now=timezone.now(), progress=self._progress)
        for label, keys in rotated.broken.items():
            some = ", ".join(map(str, keys[:NAMED]))
            self.stdout.write(f"  {label} : {len(keys)} valeur(s) qu’aucune clé n’ouvre (lignes {some})")

    def _progress(self, label: str, done: int, total: int) -> None:
        self.stdout.write(f"  {label} : {done}/{total}")

    def _describe(self, stands: Standing) -> None:
        for label, count in stands.left.items():
            if count:
                self.stdout.write(f"  {label} : {count} sous une autre clé")
        for label, count in stands.waiting.items():
            if count:
                self.stdout.write(f"  {label} : {count}")

    def _conclude(self, stands: Sequence[Standing], *, whole: bool) -> None:
        """When the old key may go, and what goes with it."""
        left = sum(sum(each.left.values()) for each in stands)
        if left:
            raise CommandError(
                f"{left} valeur(s) ne sont pas sous la clé maîtresse : gardez les anciennes clés,"
                " puis `manage.py keys rotate`"
            )
        self.stdout.write("tout est sous la clé maîtresse")
        if not settings.PREVIOUS_MASTER_KEYS:
            return
        until = timezone.localtime(max(each.until for each in stands))
        self.stdout.write(
            f"Les liens et les codes envoyés jusqu’ici servent au plus tard le {until:%d/%m/%Y à %H:%M} :"
            " gardez la clé précédente jusque-là."
        )
        if waiting := sum(sum(each.waiting.values()) for each in stands):
            self.stdout.write(
                f"{waiting} code(s) en dépendent encore, que seules les personnes peuvent renouveler :"
                " sans elle, ils ne servent plus."
            )
        if not whole:
            self.stdout.write("Seules les caisses nommées ont été regardées.")


def named_caisses(schemas: Sequence[str]) -> list[Caisse]:
    """All of them when none is named. Raises CommandError."""
    found = {caisse.schema_name: caisse for caisse in caisses_with_schema()}
    unknown = [schema for schema in schemas if schema not in found]
    if unknown:
        raise CommandError(f"aucune caisse « {unknown[0]} » : `manage.py caisse list` les montre")
    return [found[schema] for schema in schemas] if schemas else list(found.values())
