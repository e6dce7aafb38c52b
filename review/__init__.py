"""The desk: the web page on which people read and judge alerts. It never opens the warehouse."""
