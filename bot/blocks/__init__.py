"""Pure functions that turn a result into Block Kit: no session, no clock, no Slack client."""
