"""The shape of a ticket, for the API's document."""

from typing import Any

from rest_framework import serializers


class TicketOutput(serializers.Serializer[Any]):
    """Send `ticket` in the first message on `path`, within `expires_in` seconds; it works once."""

    ticket = serializers.CharField()
    expires_in = serializers.IntegerField()
    path = serializers.CharField()
