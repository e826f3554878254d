"""`manage.py deploy`: brings the database to the code."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.provisioning.blueprint import DumpFailedError
from tenants.provisioning.bootstrap import ServerTooOldError
from tenants.provisioning.connections import ServerUnreachableError
from tenants.provisioning.deploy import deploy


class Command(BaseCommand):
    help = "Create roles, migrate `public` and every caisse that is behind. A second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = deploy(say=self.stdout.write)
        except ServerUnreachableError as error:
            raise CommandError(f"PostgreSQL ne répond pas : {error}") from error
        except (ServerTooOldError, DumpFailedError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{done.caisses} caisse(s), {done.migrated} migrée(s), dont {done.replayed} par rejeu"
        )
