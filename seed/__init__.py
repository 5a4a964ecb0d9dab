"""Sample data: a fictional demo network, and generated services for load tests."""
