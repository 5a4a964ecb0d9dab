"""The engines that the hub is compared with, each at its best practice."""
