"""Stories and claims tagged; topics merged and renamed."""
