"""In the demo a message can be made to come back, so that the agency's list shows something."""

from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.messaging.deliver_message import deliver_message
from tenant_apps.messaging.models import Message
from tenants.models import Caisse
from tests.identity.steps import enter_secret
from tests.world import ANNE

MAILBOX = "/demo/messages/"


def test_a_message_of_the_mailbox_comes_back_by_its_button(alpha: Caisse) -> None:
    browser = Browser(HTTP_HOST=ANNE.host, SERVER_NAME=ANNE.host)
    enter_secret(browser)
    with tenant_context(alpha):
        message = Message.objects.get(kind="sms_code")
        deliver_message(uuid=message.uuid, now=message.created_at)
    page = browser.get(MAILBOX).content.decode()
    button = f"{MAILBOX}{message.uuid}/retour/"
    assert f'action="{button}"' in page
    for _ in range(2):
        done = browser.post(button, follow=True)
        assert "le message est revenu" in done.content.decode().replace("\u202f", " ")
    with tenant_context(alpha):
        message.refresh_from_db()
    assert message.state == Message.State.BOUNCED
