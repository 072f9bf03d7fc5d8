"""The contact card: every way to reach the specialist, with what to expect; and one for address books."""

from datetime import datetime

from flask import Blueprint, make_response, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.guards import current_settings, locale_of, may, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.availability import service as availability
from app.availability.queries import own_days
from app.booking import service as booking
from app.booking.in_words import Reader
from app.booking.offers.wish import Wishes
from app.booking.shared.views import nudge_all
from app.config import Settings
from app.customers import service as customers
from app.customers.profiles import ContactProfile, SpecialistProfile
from app.customers.reaching import mail_to, number_to
from app.customers.roster import Served
from app.desk import sla
from app.desk.callbacks.service import promised_in
from app.lib import clock
from app.lib.db import db
from app.lib.intervals import Interval
from app.lib.rates import LISTINGS
from app.lib.zones import local
from app.portal.contact_card.card_page import CardFacts, Channels, card_page
from app.portal.contact_card.vcard import Card, write_vcard
from app.settings.values import Feature

blueprint = Blueprint("contact_card", __name__)


@blueprint.get("/contact")
@may(Right.ASK_DESK)
@limited(LISTINGS)
def show() -> str:
    """The card; raises NotEntitled and NoSpecialist."""
    return render_template("portal/contact.html", page=card_page(_facts()))


@blueprint.get("/contact.vcf")
@may(Right.ASK_DESK)
def download() -> Response:
    """The person on it as a vCard (RFC 6350)."""
    who, now, settings = _who(), clock.now(), current_settings()
    today = local(now, settings.service_time_zone).date()
    profile = customers.serving(db.session(), who.company_id, today).person
    channels = _channels(settings, profile)
    card = Card(
        public_id=profile.public_id,
        name=profile.name,
        title=profile.title(locale_of()),
        organisation=settings.organisation,
        email=channels.mail,
        phone=channels.phone,
        languages=tuple(code for code in profile.spoken_languages.replace(" ", "").split(",") if code),
        zone=settings.service_time_zone,
        url=url_for("contact_card.show", _external=True),
    )
    answer = make_response(write_vcard(card))
    answer.headers["Content-Type"] = "text/vcard; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="contact.vcf"'
    return answer


def _who() -> ContactProfile:
    who = customers.contact_profile(db.session(), signed_in_user().id)
    customers.require_entitled(who, clock.now(), current_settings())
    return who


def _facts() -> CardFacts:
    session, now, settings, who = db.session(), clock.now(), current_settings(), _who()
    availability.keep_looks(session)
    reader = Reader(locale_of(), who.time_zone, settings.service_time_zone)
    policy = sla.policy_of(settings, own_days(session))
    wishes = booking.wishes_for(session, now, settings, who, booking.call_types(session)[0])
    served = wishes.served[0] or Served(wishes.first.specialist, wishes.first.specialist)
    next_free = _next_free(wishes, now, settings)
    return CardFacts(
        now=now,
        reader=reader,
        served=served,
        presence=availability.presence(session, now, settings, served.person, reader.language),
        hours=sla.business(policy),
        policy=policy,
        callback_due=promised_in(session, now, settings, who.time_zone),
        callback_hours=settings.callback_hours,
        next_free=next_free,
        channels=_channels(settings, served.person),
    )


def _next_free(wishes: Wishes, now: datetime, settings: Settings) -> datetime | None:
    ahead = Interval(now, now + wishes.first.rules.horizon)
    found = booking.times_for(db.session(), now, settings, wishes, ahead)
    nudge_all(now, found)
    return found.offer.slots[0].start if found.offer.slots else None


def _channels(settings: Settings, specialist: SpecialistProfile) -> Channels:
    return Channels(
        mail=mail_to(settings, specialist.email),
        phone=number_to(settings, specialist.phone),
        takes_voicemail=settings.phone is not None,
        has_chat=settings.offers(Feature.CHAT),
        has_callbacks=settings.offers(Feature.CALLBACKS),
        standard_chat_url=settings.standard_chat_url,
        standard_email=settings.standard_email,
    )
