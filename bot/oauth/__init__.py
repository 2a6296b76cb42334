"""Installing the app by OAuth: Slack's pages, ours, and the token in our database."""
