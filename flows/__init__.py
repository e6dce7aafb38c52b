"""The shell: clock, network, Prefect flows, notifications, command line."""
