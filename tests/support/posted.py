"""Looks at every mail and feed that a test made, whatever the test was about (tests/support/strict.py)."""

from flask import Flask, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.mail.models import OutgoingMail
from tests.support.strict import faults_of_feed, faults_of_mail


def faults_of_posted(session: Session) -> list[str]:
    """What is wrong with the mails that wait or were sent."""
    rows = session.execute(select(OutgoingMail.subject_key, OutgoingMail.content)).all()
    return [f"{key}: {fault}" for key, content in rows if content for fault in faults_of_mail(content)]


def watch_feeds(app: Flask) -> list[str]:
    """What is wrong with each calendar that the application answers with from now on."""
    faults: list[str] = []

    def look(answer: Response) -> Response:
        if answer.status_code == 200 and answer.mimetype == "text/calendar" and not answer.is_streamed:
            data = answer.get_data()
            if data and not answer.content_encoding:
                faults.extend(f"{answer.headers}: {fault}" for fault in faults_of_feed(data))
        return answer

    app.after_request(look)
    return faults
