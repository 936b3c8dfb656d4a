"""Hands one message to the mail server under test."""

import smtplib

SENDER = "sender@sender.example.com"


def submit(port, *recipients, sender=SENDER, client="127.0.0.1"):
    """What becomes of the message shows in the log, also if the server refuses the recipient. `client` is the address that
    it comes from."""
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=30, source_address=(client, 0)) as session:
            session.sendmail(sender, recipients, "Subject: test\r\n\r\nA message.\r\n")
    except smtplib.SMTPRecipientsRefused:
        pass
