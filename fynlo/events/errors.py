"""Named failures of reading the feed."""

from fynlo.core.errors import Conflict


class FeedPositionAhead(Conflict):
    """The position was never given out by this feed; start again from what the server has."""

    code, title = "feed_position_ahead", "The feed has not come that far"
