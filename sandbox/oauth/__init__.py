"""Installing the app by OAuth v2, and what ends an installation."""
