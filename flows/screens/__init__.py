"""What people see, as neutral elements drawn from the state: card, panel, home and forms."""
