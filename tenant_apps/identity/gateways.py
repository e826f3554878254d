"""How two_factor's devices send: into the outbox, in the transaction that asked."""

from django.utils import timezone

from tenant_apps.identity.models import SmsDevice
from tenant_apps.messaging.queue_message import queue_message
from tenants.policy.current import current_policy


class OutboxGateway:
    """TWO_FACTOR_SMS_GATEWAY."""

    def send_sms(self, *, device: SmsDevice, token: str) -> None:
        lifetime = current_policy().second_factor.sms.lifetime
        client = device.user.client
        queue_message(
            kind="sms_code",
            channel="sms",
            to=device.phone,
            about=device.user.uuid,
            language=client.language if client else "fr",
            context={"code": token, "lifetime": lifetime},
            now=timezone.now(),
            lifetime=lifetime,
            secret=True,
        )
