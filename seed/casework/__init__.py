"""What happened in the demo network: invented clients, and referrals with the timing of life."""
