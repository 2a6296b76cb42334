"""A local Slack workspace that an unmodified app connects to. It knows Slack's protocol and nothing else."""
