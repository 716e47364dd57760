"""The benchmark of the service: requests a second over loopback while a generation is published."""
