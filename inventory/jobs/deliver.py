"""Tell people of a report: a mail, a webhook. What goes wrong here is a warning and never fails the run."""

from __future__ import annotations

import json
import os
import smtplib
import ssl
import urllib.request
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from http.client import HTTPException
from typing import Any

from inventory.jobs.outputs import Written
from inventory.jobs.schema import Delivery, Mail, Webhook

TIMEOUT = 30.0  # seconds for a connection or an answer; a timer's run must not hang on a dead server
MAX_ATTACHMENT = 20_000_000  # bytes; larger mails are refused by most servers
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def deliver_report(delivery: Delivery, told: Mapping[str, Any], written: Sequence[Written], *, changed: bool) -> list[str]:
    """Send what the job asks for; what went wrong, one line each.

    Args:
        delivery: the block `deliver` of the job.
        told: what run.json says.
        written: the files of the run.
        changed: is the report another one than the last?
    """
    if not changed and delivery.when == "changed":
        return []
    wrong = []
    if delivery.mail is not None:
        try:
            _send_mail(delivery.mail, told, written)
        except (OSError, smtplib.SMTPException, ValueError) as fault:
            wrong.append(f"mail to {', '.join(delivery.mail.to)} by {delivery.mail.server}: {fault} — the report is written all the same")
    if delivery.webhook is not None:
        try:
            _post(delivery.webhook, told)
        except (OSError, HTTPException, ValueError) as fault:
            wrong.append(f"webhook {delivery.webhook.url}: {fault} — the report is written all the same")
    return wrong


def make_mail(mail: Mail, told: Mapping[str, Any], written: Sequence[Written]) -> EmailMessage:
    """The mail: a few figures, and the workbook unless it is too large."""
    changes = ", ".join(f"{number} {kind}" for kind, number in told.get("changes", {}).items() if number) or "no changes"
    message = EmailMessage()
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.to)
    message["Subject"] = f"{told['job']}: {changes}"
    lines = [f"Run {told['run_id']} of job {told['job']}: {told['documents']} documents, {told['facts']} facts, {changes}.",
             f"Conflicts: {told.get('conflicts', 0)}. Documents with issues: {told['issues']}."]  # fmt: skip
    lines += [f"Warning: {line}" for line in told["warnings"]]
    book = next((one for one in written if one.kind == "workbook"), None)
    if book is not None and mail.attach and book.size > MAX_ATTACHMENT:
        lines.append(f"The workbook is too large to attach ({book.size:,} bytes).")
    message.set_content("\n".join(lines) + "\n")
    if book is not None and mail.attach and book.size <= MAX_ATTACHMENT:
        name = f"{told['job']}-{book.path.name}"
        message.add_attachment(book.path.read_bytes(), maintype=_XLSX[0], subtype=_XLSX[1], filename=name)
    return message


def _send_mail(mail: Mail, told: Mapping[str, Any], written: Sequence[Written]) -> None:
    message = make_mail(mail, told, written)
    host, _, port = mail.server.partition(":")
    number = int(port or _PORTS[mail.security])
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if mail.security == "tls":
        server = smtplib.SMTP_SSL(host, number, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, number, timeout=TIMEOUT)
    with server:
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user is not None:
            password = os.environ.get(mail.password_variable or "")
            if password is None:
                raise ValueError(f"the environment variable {mail.password_variable or '(password_variable is not set)'} holds no password")
            server.login(mail.user, password)
        server.send_message(message)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """A report goes where the job says, nowhere else."""


def _post(webhook: Webhook, told: Mapping[str, Any]) -> None:
    body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    request = urllib.request.Request(webhook.url, body, {"Content-Type": "application/json; charset=utf-8"}, method="POST")
    opener = urllib.request.build_opener(_NoRedirect)
    with opener.open(request, timeout=TIMEOUT) as answer:
        answer.read(1000)
