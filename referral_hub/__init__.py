"""Inter-agency referral and resource directory network."""
