"""Installing the app in a workspace."""
