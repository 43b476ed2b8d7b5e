"""What an honest person notices while others attack the server: `make load`."""
