"""Which claims a list shows, and how many each choice would leave."""
