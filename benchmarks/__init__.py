"""What `make bench` runs; figures go to RESULTS.md with the machine named."""
