"""The directories of partners that are pulled, and who decides what a field says."""

from flask import Blueprint

blueprint = Blueprint("feeds", __name__, url_prefix="/network/feeds")
