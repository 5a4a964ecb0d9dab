"""Where the URLs are: pages for people, JSON for programs. Thin."""
