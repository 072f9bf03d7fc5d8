"""Which routes belong to which feature: when it is switched off there is nothing at them."""

from collections.abc import Mapping

from app.settings.values import Feature

# Whole blueprints by their name, single routes by their endpoint.
_ROUTES: Mapping[Feature, tuple[str, ...]] = {
    Feature.WAITING_LIST: (
        "booking.join",
        "booking.place",
        "booking.take_offer",
        "booking.decline_offer",
        "booking.leave_line",
        "waiting_list",
    ),
    Feature.SERIES: (
        "booking.repeat",
        "booking.book_series",
        "booking.series",
        "booking.series_state",
        "booking.cancel_series",
        "api_series",
    ),
    Feature.SENIORS: ("booking.senior", "booking.bring_senior", "booking.drop_senior"),
    Feature.GUESTS: ("booking.guests", "booking.add_guest", "booking.remove_guest", "api_attendees"),
    Feature.CALLBACKS: ("callbacks.new", "callbacks.ask"),
    Feature.API: (
        "api",
        "api_attendees",
        "api_senior",
        "api_series",
        "api_requests",
        "waiting_list",
        "api-docs",
    ),
    Feature.CHAT: ("chat",),
}
# What only customers lose: staff bring seniors in all the same.
FOR_CUSTOMERS = frozenset({Feature.SENIORS})


def features_of(endpoint: str) -> frozenset[Feature]:
    """The features that a route needs; none for most."""
    blueprint = endpoint.partition(".")[0]
    return frozenset(
        feature for feature, routes in _ROUTES.items() if endpoint in routes or blueprint in routes
    )


def named_routes() -> frozenset[str]:
    """All blueprints and endpoints that the table names."""
    return frozenset(name for routes in _ROUTES.values() for name in routes)
