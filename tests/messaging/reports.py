"""Delivery reports as mail servers write them (RFC 3464)."""

REPORT = """\
Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@relais.example.org
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="limit"

--limit
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--limit
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.example.org
Arrival-Date: Wed, 21 Oct 2026 14:00:00 +0200

Final-Recipient: rfc822; client@alpha.example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--limit
Content-Type: message/rfc822

Subject: Nouvelle connexion
To: client@alpha.example.org

Bonjour
--limit--
"""


def report(
    to: str, *, action: str = "failed", status: str = "5.1.1", said: str = "550 5.1.1 User unknown"
) -> bytes:
    return REPORT.format(to=to, action=action, status=status, said=said).replace("\n", "\r\n").encode()
