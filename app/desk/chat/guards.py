"""What every page's frame says of chats: how much is new for whoever looks at it."""

from flask import current_app
from sqlalchemy.exc import DBAPIError

from app.accounts.guards import current_settings, current_user
from app.accounts.rights import Right, may
from app.accounts.values import CONTACT
from app.desk.chat import queries
from app.lib import clock
from app.lib.db import db


def unread_chats() -> int:
    """How many messages a contact has not read, or in how many chats something waits for one of ours.

    One query for contacts, three for staff; 0 on the page that says that the database does not answer.
    """
    user = current_user()
    if user is None or not may(user.role, Right.WRITE_DESK):
        return 0
    session = db.session()
    try:
        if user.role == CONTACT:
            return queries.unread_by_contact(session, user.id)
        return queries.unread_by_staff(session, clock.now(), current_settings(), user)
    except DBAPIError as error:
        current_app.logger.warning("unread chats could not be counted: %s", error.orig)
        session.rollback()
        return 0
