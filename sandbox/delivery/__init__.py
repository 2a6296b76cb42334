"""How what Slack has to tell reaches the app: one way (`ToApp`), over Socket Mode or signed HTTP."""
