"""The blueprint that all pages of the administrator belong to."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__)
