"""Mail that came back, in the forms in which people show it to one another."""

import email
import email.policy
import html


def text_of(message):
    """What a mail program shows: the first part that is text."""
    parsed = email.message_from_bytes(message, policy=email.policy.default)
    part = parsed.get_body(("plain",)) or next(p for p in parsed.walk() if p.get_content_type() == "text/plain")
    return part.get_payload(decode=True).decode(part.get_content_charset("utf-8"), "replace")


def subject_of(message):
    return str(email.message_from_bytes(message, policy=email.policy.default)["Subject"])


def forms(message):
    """Yields (name, suffix of its file, bytes)."""
    text, subject = text_of(message), subject_of(message)
    yield "message", ".eml", message
    yield "pasted", ".txt", text.encode()
    yield "quoted", ".txt", "".join(f"> {line}\n" for line in text.splitlines()).encode()
    yield "forwarded", ".txt", f"""Can you see what this is about?

---------- Forwarded message ---------
From: Mail Delivery System <mailer-daemon@out.example.com>
Date: Mon, 5 Jan 2026 at 10:00
Subject: {subject}
To: <sender@sender.example.com>


{text}""".encode()
    yield "html", ".html", _html(text, subject).encode()


def _html(text, subject):
    paragraphs = "".join(f'<p class=MsoNormal>{html.escape(line) or "&nbsp;"}<o:p></o:p></p>\n' for line in text.splitlines())
    return f"""<html xmlns:o="urn:schemas-microsoft-com:office:office">
<head><style>p.MsoNormal {{margin:0cm; font-size:11.0pt}}</style></head>
<body lang=EN-GB><div class=WordSection1>
<p class=MsoNormal><b>Subject:</b> {html.escape(subject)}<o:p></o:p></p>
{paragraphs}</div></body></html>
"""
